package layout

import (
	"fmt"
	"testing"
)

func TestBlocksGetTheirKinds(t *testing.T) {
	s := newSheet()
	s.put(200, 60, 16, bold, "A title in large type")
	s.put(60, 90, 12, bold, "1 Introduction")
	s.lines(60, 110, 10, leftColumn...)
	s.put(60, 200, 10, roman, "Figure 3 shows what we mean by such a net")
	s.lines(60, 212, 10, rightColumn...)
	s.put(150, 310, 10, italic, "y = F x + W x").put(400, 310, 10, roman, "(1)")
	s.put(60, 340, 9, roman, "Figure 1. A block with an identity path.")
	s.put(60, 380, 9, roman, "block").put(120, 380, 9, roman, "relu")
	s.lines(60, 420, 9, "18 27.94 27.88", "34 28.54 25.03", "50 24.01 22.85")
	s.put(60, 690, 8, roman, "1 This holds for plain networks only.")
	x := s.text()
	for words, want := range map[string]Kind{
		"A title": Heading, "Introduction": Heading, "Deeper networks": Body, "Figure 3 shows": Body, "y=": Formula,
		"Figure 1. A": Caption, "relu": Figure, "28.54": Table, "This holds": Footnote,
	} {
		if words == "y=" {
			words = "y = F"
		}
		if got := kindOf(t, x, words); got != want {
			t.Errorf("%q is a %s, want %s", words, got, want)
		}
	}
	check(t, x)
}

// book is a document of n pages with a running head, a foot and page numbers.
func book(n, firstNumber int) []Text {
	var pages []*Page
	for i := range n {
		s := newSheet().put(60, 40, 9, roman, fmt.Sprintf("Some Authors %d", 2015))
		s.lines(60, 100+float64(i), 10, leftColumn...)
		s.put(60, 740, 9, roman, "Proceedings of a Conference").put(300, 770, 9, roman, fmt.Sprint(firstNumber+i))
		pages = append(pages, s.page())
	}
	return Compose(pages)
}

func TestRunningHeadsAndPageNumbersAreMarked(t *testing.T) {
	for i, x := range book(4, 770) {
		for words, want := range map[string]Kind{
			"Some Authors": Header, "Proceedings": Footer, fmt.Sprint(770 + i): PageNo, "Deeper networks": Body,
		} {
			if got := kindOf(t, x, words); got != want {
				t.Errorf("page %d: %q is a %s, want %s", i+1, words, got, want)
			}
		}
	}
}

func TestATextThatStandsOnceIsNoRunningHead(t *testing.T) {
	var pages []*Page
	for i := range 5 {
		s := newSheet().lines(60, 100, 10, leftColumn...)
		if i == 2 {
			s.put(60, 50, 12, bold, "A heading at the top of a page")
		}
		pages = append(pages, s.page())
	}
	if got := kindOf(t, Compose(pages)[2], "A heading"); got != Heading {
		t.Errorf("it is a %s, want %s", got, Heading)
	}
}

func TestLineNumbersAreMarked(t *testing.T) {
	s := newSheet()
	for i := range 12 {
		y := 100 + 12*float64(i)
		s.put(30, y, 7, roman, fmt.Sprintf("%03d", i+45))
		s.put(60, y, 10, roman, leftColumn[i%6])
	}
	x := s.text()
	for i := range 12 {
		if got := kindOf(t, x, fmt.Sprintf("%03d", i+45)); got != LineNo {
			t.Errorf("number %d is a %s, want %s", i+45, got, LineNo)
		}
	}
	if got := kindOf(t, x, "Deeper networks"); got != Body {
		t.Errorf("the text is a %s", got)
	}
}

func TestNumbersOfATableAreNoLineNumbers(t *testing.T) {
	s := newSheet().lines(60, 400, 10, leftColumn...)
	for i, n := range []string{"18", "34", "50", "101", "152", "20", "32", "44", "56", "110"} {
		s.put(60, 100+12*float64(i), 10, roman, n)
	}
	for _, b := range s.text().Blocks {
		if b.Kind == LineNo {
			t.Fatalf("%+v is taken for a line number", b)
		}
	}
}

func TestTheBibliographyIsMarkedUntilTheAppendix(t *testing.T) {
	s := newSheet().lines(60, 100, 10, leftColumn...)
	s.put(60, 190, 12, bold, "References")
	s.lines(60, 210, 10, "[1] A. Author. The first of the references listed", "in this list of them. 2015.", "[2] B. Author. The second of the references of", "this list of them. 2016.")
	s.put(60, 280, 12, bold, "A Appendix with proofs")
	s.lines(60, 300, 10, rightColumn...)
	x := s.text()
	for words, want := range map[string]Kind{"Deeper": Body, "References": Heading, "[1] A.": Reference, "[2] B.": Reference, "Appendix": Heading, "Identity paths": Body} {
		if got := kindOf(t, x, words); got != want {
			t.Errorf("%q is a %s, want %s", words, got, want)
		}
	}
}

func TestPageNumbersAreRead(t *testing.T) {
	for text, want := range map[string]int{"7": 7, "- 12 -": 12, "Page 3 of 9": 3, "page 4": 4, "12345": 12345, "1. Intro": -1, "": -1, "123456": -1, "iv": -1, "3 4": -1} {
		n, ok := pageNumber(text)
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q: got %d, want %d", text, n, want)
		}
	}
}
