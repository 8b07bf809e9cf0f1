package papers

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tenet/papers/pdfwrite"
)

func TestMarksOfAReaderComeInWithTheirWords(t *testing.T) {
	d := article(pdfwrite.Info{})
	if err := d.Highlight("Highlight", "says that something different happens in the final layers of a network.", "a note\nof two lines, θ"); err != nil {
		t.Fatal(err)
	}
	if err := d.Highlight("Underline", "Nevertheless the summary", ""); err != nil {
		t.Fatal(err)
	}
	d.Note(1, 100, 100, "a sticky note")
	got := opened(t, d.Bytes(pdfwrite.Form{})).Highlights
	if len(got) != 3 {
		t.Fatalf("got %d marks %+v, want 3", len(got), got)
	}
	for i, want := range []struct{ kind, text, note string }{
		{"highlight", "says that something different happens in the final layers of a network.", "a note\nof two lines, θ"},
		{"underline", "Nevertheless the summary", ""},
		{"note", "", "a sticky note"},
	} {
		if h := got[i]; h.Kind != want.kind || h.Text != want.text || h.Note != want.note || h.Page != 1 || len(h.Boxes) == 0 {
			t.Errorf("mark %d: got %+v, want %+v", i, h, want)
		}
	}
}

func TestAMarkOnATurnedPageStandsOnItsWords(t *testing.T) {
	for _, turn := range []int{0, 90, 180, 270} {
		b := &pdfwrite.Book{}
		c := b.Page(600, 800)
		c.Rotate = turn
		// Text that is upright once the page is turned.
		switch turn {
		case 0:
			c.Text(100, 700, pdfwrite.Font{}, 12, "upright words")
		default:
			m := map[int]string{90: "0 1 -1 0 500 100 cm", 180: "-1 0 0 -1 500 700 cm", 270: "0 -1 1 0 100 700 cm"}[turn]
			c.Raw("q " + m)
			c.Text(0, 0, pdfwrite.Font{}, 12, "upright words")
			c.Raw("Q")
		}
		d := opened(t, b.Bytes(pdfwrite.Form{}))
		if !strings.Contains(d.Pages[0].Text, "upright words") || len(d.Pages[0].Words) < 1 {
			t.Fatalf("turned by %d: got text %q", turn, d.Pages[0].Text)
		}
		w := d.Pages[0].Words[0].Box
		// The quad of the same word in the page's own space, turned back by hand.
		po := pageObject{MediaBox: [4]float64{0, 0, 600, 800}, Rotate: turn}
		own := map[int][2]float64{0: {105, 703}, 90: {497, 105}, 180: {495, 697}, 270: {103, 695}}[turn]
		x, y := shown(po, own[0], own[1])
		if x < w.X0-1 || x > w.X1+1 || y < w.Y0-1 || y > w.Y1+1 {
			t.Errorf("turned by %d: point %v is shown at %.0f,%.0f, outside the word at %+v", turn, own, x, y, w)
		}
	}
}

func TestTheMarksOfTheYardstickAreRead(t *testing.T) {
	unescape := strings.NewReplacer(`\n`, "\n", `\\`, `\`)
	for _, r := range rows(t, "corpus", "highlights.tsv") {
		d := paper(t, r[0])
		ok := slices.ContainsFunc(d.Highlights, func(h Highlight) bool {
			quads := number(t, r[3])
			if quads == 0 {
				quads = 1 // only a rectangle
			}
			return h.Page == number(t, r[1]) && strings.EqualFold(h.Kind, strings.Replace(r[2], "Text", "note", 1)) && slices.Equal(fold(h.Text), fold(r[4])) && h.Note == unescape.Replace(r[5]) && (h.Kind == "note" || len(h.Boxes) == quads)
		})
		if !ok {
			t.Errorf("%s page %s %s %q, note %q: not among %+v", r[0], r[1], r[2], r[4], r[5], d.Highlights)
		}
	}
}

var (
	brokenWord = regexp.MustCompile(`[-\x{2010}\x{ad}]\s+`) // as the yardstick writes a word over a line end
	noWord     = regexp.MustCompile(`[^\pL\pN]+`)
)

// markedWords are the words of a mark as they are compared: letters and digits only, hyphens at line ends undone.
func markedWords(s string) []string {
	var out []string
	for w := range strings.FieldsSeq(brokenWord.ReplaceAllString(s, "")) {
		if w = noWord.ReplaceAllString(string(fold(w)), ""); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// All 376 marks are there with page, kind and quads, and 96.8 % of the words agree. What differs are subscripts, which the yardstick
// counts as words of their own, the order of words where a line holds several heights, and 14 notes painted over the page, whose words
// the yardstick takes for the paper's.
func TestTheMarksThatReadersLeftAreReadWithTheirWords(t *testing.T) {
	all := rows(t, "corpus", "highlights-real.tsv")
	if len(all) != 376 {
		t.Fatalf("got %d marks in the yardstick, want 376", len(all))
	}
	agree, words := 0, 0
	used := map[string]bool{}
	for _, r := range all {
		want := markedWords(r[4])
		best, at := -1, ""
		var got []string
		for i, h := range paper(t, r[0]).Highlights {
			id := fmt.Sprint(r[0], " ", i)
			if used[id] || h.Page != number(t, r[1]) || !strings.EqualFold(h.Kind, r[2]) || len(h.Boxes) != max(1, number(t, r[3])) {
				continue
			}
			have := markedWords(h.Text)
			if fit := len(want) - missingWords(want, have); fit > best || fit == best && len(have) < len(got) {
				best, at, got = fit, id, have
			}
		}
		if at == "" {
			t.Errorf("%s page %s: no %s with %s quads for %q", r[0], r[1], r[2], r[3], r[4])
			continue
		}
		used[at] = true
		agree += 2 * best
		words += len(want) + len(got)
	}
	t.Logf("%d of %d words agree (%.1f %%)", agree/2, words/2, 100*float64(agree)/float64(words))
	if agree*1000 < words*965 {
		t.Errorf("got %d of %d words agreeing, want 96.5 %%", agree/2, words/2)
	}
}
