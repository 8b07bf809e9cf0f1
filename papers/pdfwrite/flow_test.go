package pdfwrite

import (
	"math"
	"strings"
	"testing"
)

func TestEveryWordLandsInsideTheMargins(t *testing.T) {
	d := sample()
	d.Bytes(Form{})
	if len(d.Places) < 500 {
		t.Fatalf("got %d places, want the words of the document", len(d.Places))
	}
	for _, p := range d.Places {
		if p.Kind == "header" || p.Kind == "pageno" || p.Kind == "lineno" {
			continue
		}
		if p.Box.X0 < 53.9 || p.Box.X1 > 612-53.9 || p.Box.Y0 < 53 || p.Box.Y1 > 792-50 {
			t.Errorf("%q on page %d: got %+v, outside the margins of 54 points", p.Text, p.Page, p.Box)
		}
	}
}

func TestNoWordIsLostInBreaking(t *testing.T) {
	text := "The official definition of efficient fluid connections says that something different happens, normally; nevertheless \u00abquotes\u00bb stand."
	for _, o := range []Options{{}, {Hyphenate: true}, {Hyphenate: true, Ligatures: true, Justify: true, Columns: 2}, {Hyphens: map[string]string{"definition": "def-i-ni-tion"}, Hyphenate: true}} {
		d := New(o)
		d.Paragraph(strings.Repeat(text+" ", 5))
		var b strings.Builder
		for _, p := range d.Places {
			b.WriteString(unligature(p.Text))
			if !p.Hyphen {
				b.WriteByte(' ')
			}
		}
		if got, want := strings.TrimSpace(b.String()), strings.TrimSpace(strings.Repeat(text+" ", 5)); got != want {
			t.Errorf("%+v: got %q, want %q", o, got, want)
		}
	}
}

func TestJustifiedLinesEndAtTheMargin(t *testing.T) {
	d := New(Options{Justify: true})
	d.Paragraph(strings.Repeat("some words of middling length for the measure ", 20))
	ends := map[int]float64{}
	for _, p := range d.Places {
		ends[p.line] = p.Box.X1
	}
	last := d.Places[len(d.Places)-1].line
	for l, x := range ends {
		if l != last && math.Abs(x-(612-72)) > 0.01 {
			t.Errorf("line %d ends at %.2f, want 540", l, x)
		}
	}
	if len(ends) < 5 {
		t.Errorf("got %d lines, want several", len(ends))
	}
}

// Widths from the font metrics: T 611, h 500, e 444 for Times-Roman, A 667, B 667 for Helvetica.
func TestWidthsAreThoseOfTheFont(t *testing.T) {
	b := &Book{}
	for _, c := range []struct {
		f    Font
		s    string
		want float64
	}{{Font{}, "The", 15.55}, {Font{Family: Helvetica}, "AB", 13.34}, {Font{Family: Courier}, "ab", 12}, {Font{}, "ﬁ", 5.56}} {
		if got := b.Width(c.f, 10, c.s); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("width of %q: got %v, want %v", c.s, got, c.want)
		}
	}
}

func TestAHighlightCoversItsWordsAndNoOthers(t *testing.T) {
	d := sample()
	if err := d.Highlight("Highlight", "efficient fluid connections says that θ and", "a note"); err != nil {
		t.Fatal(err)
	}
	a := d.Canvas(1).annots[0]
	quads := a["QuadPoints"].(Array)
	if len(quads)%8 != 0 || len(quads) < 8 {
		t.Fatalf("got %d numbers, want eight a quad", len(quads))
	}
	in := func(p Place) bool {
		x, y := (p.Box.X0+p.Box.X1)/2, 792-(p.Box.Y0+p.Box.Y1)/2
		for q := 0; q < len(quads); q += 8 {
			if x > quads[q].(float64) && x < quads[q+2].(float64) && y < quads[q+1].(float64) && y > quads[q+5].(float64) {
				return true
			}
		}
		return false
	}
	var words []string
	for _, p := range d.Places {
		if p.Page == 1 && in(p) {
			words = append(words, unligature(p.Text))
		}
	}
	if got := strings.Join(words, " "); got != "efficient fluid connections says that θ and" {
		t.Errorf("words under the quads: got %q", got)
	}
	if err := d.Highlight("Highlight", "words that are not there", ""); err == nil {
		t.Error("no error for words that are not in the document")
	}
}

func TestAHeadingIsNeverTheLastLineOfAColumn(t *testing.T) {
	for n := 40; n < 60; n++ {
		d := New(Options{})
		for range n {
			d.Paragraph("one line")
		}
		d.Heading(1, "Heading")
		d.Paragraph("The text below it.")
		last := d.Places[len(d.Places)-1]
		for _, p := range d.Places {
			if p.Text == "Heading" && p.Page != last.Page {
				t.Errorf("after %d lines: heading on page %d, its text on page %d", n, p.Page, last.Page)
			}
		}
	}
}
