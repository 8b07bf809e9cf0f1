package layout

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var leftColumn = []string{
	"Deeper networks are harder to train than", "shallow ones because the signal that flows", "back from the loss gets weaker with each",
	"layer that it passes on its way down to", "the first layers of a plain network as", "the depth of such a network increases.",
}

var rightColumn = []string{
	"Identity paths change that since they let", "the signal pass around the layers without", "any loss and so keep even the very first",
	"layers in touch with the loss that drives", "them so that a network of hundreds of", "layers learns as fast as a shallow one.",
}

func TestOneColumnIsOneParagraph(t *testing.T) {
	x := newSheet().lines(72, 100, 10, leftColumn...).text()
	if want := strings.Join(leftColumn, " "); x.Text != want || len(x.Blocks) != 1 || len(x.Blocks[0].Lines) != 6 {
		t.Errorf("got %d blocks\n got %q\nwant %q", len(x.Blocks), x.Text, want)
	}
	check(t, x)
}

func TestTwoColumnsAreReadDown(t *testing.T) {
	x := newSheet().lines(60, 100, 10, leftColumn...).lines(320, 100, 10, rightColumn...).text()
	if want := strings.Join(leftColumn, " ") + "\n\n" + strings.Join(rightColumn, " "); x.Text != want {
		t.Errorf("got %q\nwant %q", x.Text, want)
	}
}

func TestTwoColumnsPaintedAcrossAreReadDown(t *testing.T) {
	s := newSheet()
	for i := range leftColumn {
		s.put(60, 100+12*float64(i), 10, roman, leftColumn[i]).put(320, 100+12*float64(i), 10, roman, rightColumn[i])
	}
	if want := strings.Join(leftColumn, " ") + "\n\n" + strings.Join(rightColumn, " "); s.text().Text != want {
		t.Errorf("got %q\nwant %q", s.text().Text, want)
	}
}

func TestLinesPaintedFromTheBottomAreReadFromTheTop(t *testing.T) {
	s := newSheet()
	for i := len(leftColumn) - 1; i >= 0; i-- {
		s.put(60, 100+12*float64(i), 10, roman, leftColumn[i])
	}
	if want := strings.Join(leftColumn, " "); s.text().Text != want {
		t.Errorf("got %q\nwant %q", s.text().Text, want)
	}
}

func TestATitleOverTwoColumnsPaintedAcrossComesFirst(t *testing.T) {
	s := newSheet().put(60, 60, 14, bold, "A title that stands over both of the columns here")
	for i := range leftColumn {
		s.put(60, 100+12*float64(i), 10, roman, leftColumn[i]).put(320, 100+12*float64(i), 10, roman, rightColumn[i])
	}
	x := s.text()
	if got := strings.Split(x.Text, "\n\n"); len(got) != 3 || !strings.HasPrefix(got[0], "A title") || got[2] != strings.Join(rightColumn, " ") {
		t.Errorf("got %q", got)
	}
	if k := kindOf(t, x, "A title"); k != Heading {
		t.Errorf("the title is a %s", k)
	}
}

func TestParagraphsAreParted(t *testing.T) {
	for _, c := range []struct {
		name string
		s    *sheet
		want int
	}{
		{"by a gap", newSheet().lines(60, 100, 10, leftColumn...).lines(60, 190, 10, rightColumn...), 2},
		{"by an indent after a full stop", newSheet().lines(60, 100, 10, leftColumn...).put(75, 172, 10, roman, "Indented text begins").lines(60, 184, 10, rightColumn[1:]...), 2},
		{"by items", newSheet().lines(60, 100, 10, "[1] A. Author. The first of the references listed", "in this list. 2015.", "[2] B. Author. The second of the references of", "this list. 2016."), 2},
		{"not by a superscript", newSheet().put(60, 100, 10, roman, "as others").put(101, 96, 7, roman, "12").put(112, 100, 10, roman, "have said before us and").lines(60, 112, 10, leftColumn...), 1},
	} {
		if x := c.s.text(); len(x.Blocks) != c.want {
			t.Errorf("%s: %d blocks, want %d: %q", c.name, len(x.Blocks), c.want, x.Text)
		}
	}
}

func TestAParagraphGoesOnInTheNextColumn(t *testing.T) {
	left := append(slices.Clone(leftColumn[:5]), "the depth of such a network grows and grad-")
	right := append([]string{"ually the first layers learn nothing at all"}, rightColumn[1:]...)
	x := newSheet().lines(60, 100, 10, left...).lines(320, 100, 10, right...).text()
	if !strings.Contains(x.Text, "grows and gradually the first") {
		t.Errorf("got %q", x.Text)
	}
	check(t, x)
}

func TestHyphensAtLineEnds(t *testing.T) {
	for _, c := range []struct {
		name, first, second, want string
		rest                      []string
		hyphen                    bool
	}{
		{"a broken word", "the net is train-", "ed on many pictures", "the net is trained on many pictures", nil, true},
		{"a word that the document writes with a hyphen", "it has a skip-", "connection in it", "it has a skip-connection in it", []string{"each skip-connection adds its input"}, false},
		{"a word that the document writes both ways", "it has a skip-", "connection in it", "it has a skipconnection in it", []string{"each skip-connection or skipconnection adds"}, true},
		{"before a capital", "shown by Erdos-", "Renyi graphs", "shown by Erdos-Renyi graphs", nil, false},
		{"before a digit", "trained on CIFAR-", "10 pictures", "trained on CIFAR-10 pictures", nil, false},
		{"after a digit", "in the years 2010-", "2015 they", "in the years 2010- 2015 they", nil, false},
		{"a dash by itself", "this is - ", "they say - true", "this is - they say - true", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := newSheet().lines(60, 100, 10, append([]string{c.first, c.second}, c.rest...)...).text()
			if !strings.HasPrefix(x.Text, c.want) {
				t.Errorf("got %q, want %q", x.Text, c.want)
			}
			if got := x.Blocks[0].Lines[0].Hyphen; got != c.hyphen {
				t.Errorf("the line says hyphen %v, want %v", got, c.hyphen)
			}
			check(t, x)
		})
	}
}

func TestLigaturesAndAccentsBecomeLetters(t *testing.T) {
	s := newSheet()
	s.glyphs = []Glyph{
		{Text: "e", X: 10, Y: 50, DX: 5, Size: 10},
		{Text: "ﬃ", X: 15, Y: 50, DX: 8, Size: 10},
		{Text: "c", X: 23, Y: 50, DX: 5, Size: 10},
		{Text: "´", X: 40, Y: 50, DX: 5, Size: 10},
		{Text: "e", X: 40.3, Y: 50, DX: 5, Size: 10},
		{Text: "¨", X: 45.2, Y: 50, DX: 5, Size: 10},
		{Text: "ı", X: 45.4, Y: 50, DX: 5, Size: 10},
		{Text: "~", X: 70, Y: 50, DX: 5, Size: 10},
		{Text: "a", X: 75, Y: 50, DX: 5, Size: 10},
	}
	if got := s.text().Text; got != "effic éï ~a" {
		t.Errorf("got %q, want %q", got, "effic éï ~a")
	}
}

func TestGapsPartWords(t *testing.T) {
	glyphs := func(gap float64, between string) string {
		s := newSheet()
		s.glyphs = append(s.glyphs, Glyph{Text: "a", X: 50, Y: 50, DX: 5, Size: 10})
		if between != "" {
			s.glyphs = append(s.glyphs, Glyph{Text: between, X: 55, Y: 50, DX: 2.5, Size: 10})
		}
		s.glyphs = append(s.glyphs, Glyph{Text: "b", X: 55 + gap, Y: 50, DX: 5, Size: 10})
		return s.text().Text
	}
	for _, c := range []struct {
		gap     float64
		between string
		want    string
	}{
		{0, "", "ab"},
		{0.9, "", "ab"},
		{-0.8, "", "ab"},
		{2.2, "", "a b"},
		{1.6, "", "a b"},
		{15, "", "a b"},
		{2.5, " ", "a b"},
		{0, " ", "a b"},
		{-0.7, " ", "a b"},
		{2.5, "\u00a0", "a b"},
		{30, "", "a b"},
		{200, "", "a\n\nb"},
	} {
		if got := glyphs(c.gap, c.between); got != c.want {
			t.Errorf("a gap of %v with %q between: got %q, want %q", c.gap, c.between, got, c.want)
		}
	}
}

func TestStackedScriptsAreTwoWords(t *testing.T) {
	s := newSheet().put(50, 50, 10, italic, "x").put(55, 46, 7, roman, "2").put(55, 53, 7, italic, "ij").put(64, 50, 10, roman, "next")
	if got := s.text().Text; got != "x2 ij next" {
		t.Errorf("got %q, want %q", got, "x2 ij next")
	}
}

func TestBoldByDoublePaintingIsReadOnce(t *testing.T) {
	s := newSheet().put(50, 50, 10, roman, "bold").put(50.3, 50, 10, roman, "bold")
	if got := s.text().Text; got != "bold" {
		t.Errorf("got %q, want %q", got, "bold")
	}
}

func TestUnknownSignsAreMarkedOnce(t *testing.T) {
	s := newSheet()
	for i, c := range []string{"a", Unknown, Unknown, Unknown, "b"} {
		s.glyphs = append(s.glyphs, Glyph{Text: c, X: 50 + 5*float64(i), Y: 50, DX: 5, Size: 10})
	}
	if got := s.text().Text; got != "a\uFFFDb" {
		t.Errorf("got %q, want one mark between the letters", got)
	}
}

func TestTurnedTextIsReadAlongItsDirection(t *testing.T) {
	s := newSheet().lines(60, 100, 10, leftColumn...)
	for i, r := range "arXiv:1512.03385v1" { // runs up the left edge
		s.glyphs = append(s.glyphs, Glyph{Text: string(r), X: 30, Y: 500 - 10*float64(i), DY: -10, Size: 20})
	}
	x := s.text()
	if !strings.HasSuffix(x.Text, "arXiv:1512.03385v1") {
		t.Fatalf("got %q", x.Text)
	}
	if k := kindOf(t, x, "arXiv:"); k != Header {
		t.Errorf("the stamp is a %s, want %s", k, Header)
	}
	b := x.Blocks[len(x.Blocks)-1].Box
	if b.X0 < 10 || b.X1 > 40 || b.Y0 < 300 || b.Y1 > 510 {
		t.Errorf("the stamp stands at %+v, want it at the left edge between 310 and 500", b)
	}
}

func TestEveryLetterComesOutOnce(t *testing.T) {
	s := newSheet().put(60, 40, 9, roman, "A running head").lines(60, 100, 10, leftColumn...).lines(320, 90, 10, rightColumn...).put(300, 770, 9, roman, "17")
	letters := func(s string) []rune {
		r := []rune(strings.Map(func(r rune) rune {
			if r == ' ' || r == '\n' {
				return -1
			}
			return r
		}, s))
		slices.Sort(r)
		return r
	}
	var in strings.Builder
	for _, g := range s.glyphs {
		in.WriteString(g.Text)
	}
	if got, want := letters(s.text().Text), letters(in.String()); !slices.Equal(got, want) {
		t.Errorf("letters out\n%q\nletters in\n%q", string(got), string(want))
	}
}

func TestOffsetsAgreeWithTheText(t *testing.T) {
	x := newSheet().lines(60, 100, 10, leftColumn...).text()
	words := strings.Fields(x.Text)
	if len(words) != len(x.Words) {
		t.Fatalf("%d words in the text, %d in the list", len(words), len(x.Words))
	}
	for i, w := range x.Words {
		if got := cut(x.Text, w.Start, w.End); got != words[i] {
			t.Errorf("word %d: %q, want %q", i, got, words[i])
		}
		if math.Abs(w.Box.X1-w.Box.X0-5*float64(len([]rune(words[i])))) > 1e-6 {
			t.Errorf("word %q is %v wide, want 5 a letter", words[i], w.Box.X1-w.Box.X0)
		}
	}
}

func TestLayoutIsDeterministic(t *testing.T) {
	make := func() []Text {
		var pages []*Page
		for i := range 4 {
			s := newSheet().put(60, 40, 9, roman, "A running head").lines(60, 100, 10, leftColumn...).put(300, 770, 9, roman, fmt.Sprint(i+3))
			s.lines(60, 300, 10, "[1] An Author. A title.", "[2] An Author. A title.")
			pages = append(pages, s.page())
		}
		return Compose(pages)
	}
	first := make()
	for range 20 {
		if again := make(); !reflect.DeepEqual(first, again) {
			t.Fatal("the same glyphs gave two readings")
		}
	}
}
