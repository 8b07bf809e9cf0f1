package refs

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNumbersDivideEntries(t *testing.T) {
	got := Split("[1] A. One. First title. In X, 2001.\n[2] B. Two. Second title of two\n1998. Wrapped line with a year, pages\n[12] is no start. 2002.\n[3] C. Three. Third. 2003.")
	want := []string{
		"[1] A. One. First title. In X, 2001.",
		"[2] B. Two. Second title of two 1998. Wrapped line with a year, pages [12] is no start. 2002.",
		"[3] C. Three. Third. 2003.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	got = Split("1. A. One. First title. 2001.\n2. B. Two. Second. 2002\n3. C. Three. Third. 2003.")
	if len(got) != 3 || !strings.HasPrefix(got[2], "3. C.") {
		t.Errorf("dotted numbers: got %q", got)
	}
}

func TestHangingIndentsDivideEntries(t *testing.T) {
	var lines []Line
	add := func(page int, x0 float64, text string) {
		lines = append(lines, Line{Text: text, X0: x0, X1: x0 + 200, Page: page})
	}
	add(1, 50, "Bengio, Y. A first title that is")
	add(1, 60, "long. In Some Conference, 2001.")
	add(1, 50, "Glorot, X. and Bengio, Y. A second")
	add(1, 60, "title, over a column")
	add(1, 310, "break. In Another, 2010.") // right column, continued
	add(1, 300, "He, K. A third title, with more")
	add(1, 310, "words. In Third, 2016.")
	lines = append(lines, Line{Text: "9", X0: 400, X1: 404, First: true, Page: 1}, Line{Text: "and a last word.", X0: 60, X1: 200, First: true, Page: 2})
	add(2, 50, "Zhang, H. A fourth title. Venue,")
	add(2, 60, "2019.")
	got := SplitLines(lines)
	want := []string{
		"Bengio, Y. A first title that is long. In Some Conference, 2001.",
		"Glorot, X. and Bengio, Y. A second title, over a column break. In Another, 2010.",
		"He, K. A third title, with more words. In Third, 2016. and a last word.",
		"Zhang, H. A fourth title. Venue, 2019.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestBlocksDivideEntriesWithoutIndents(t *testing.T) {
	got := Split("Adams, A. A title that stands alone.\nJournal, 1999.\n\nvan Berg, B. Another title of a work.\nJournal, 2000.\n")
	if len(got) != 2 || got[0] != "Adams, A. A title that stands alone. Journal, 1999." {
		t.Errorf("got %q, want two entries", got)
	}
}

func TestAJoinedLineRunsOnWithoutASpace(t *testing.T) {
	got := SplitLines([]Line{{Text: "[1] A title with a hyphen", Joined: true}, {Text: "ated word. 2001."}, {Text: "[2] Another. 2002."}})
	if len(got) != 2 || got[0] != "[1] A title with a hyphenated word. 2001." {
		t.Errorf("got %q", got)
	}
}

func letters(s string) string { return strings.Join(strings.Fields(s), "") }

func TestSplittingKeepsEveryWord(t *testing.T) {
	text := "[1] A. One. First title, 2001.\n[2] B. Two.\n  Second, 2002.\n[3] C. Third, 2003."
	if got := letters(strings.Join(Split(text), "")); got != letters(text) {
		t.Errorf("got %q, want %q", got, letters(text))
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("[1] A. One. 2001.\n[2] B. Two. 2002.")
	f.Add("1. x\n2. y\n\n3. z")
	f.Add("Bengio, Y. A title,\n  2001.\nGlorot, X. More,\n  2010.")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		all := letters(text)
		for _, e := range Split(text) {
			at := strings.Index(all, letters(e))
			if at < 0 {
				t.Fatalf("%q: entry %q is not a part of it", text, e)
			}
			all = all[at+len(letters(e)):]
		}
	})
}
