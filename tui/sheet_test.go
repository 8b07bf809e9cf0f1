package tui

import (
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// Every letter of the page stands in exactly one row, rows do not overlap and
// none is wider than asked, whatever the page.
func TestLayoutLosesNothingAndKeepsTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []rune(rapid.StringOf(rapid.SampledFrom([]rune("ab c \n\n深👩\u200d\u0301\u202e\x1bxyzé-"))).Draw(t, "page"))
		w := rapid.IntRange(2, 30).Draw(t, "width")
		rows := layout(text, w)
		seen := make([]int, len(text))
		last := 0
		for _, r := range rows {
			if r.start < last || r.end < r.start || r.end > len(text) {
				t.Fatalf("row %+v after %d in %q", r, last, string(text))
			}
			last = r.end
			for i := r.start; i < r.end; i++ {
				seen[i]++
			}
			// One rune may be wider than the page, a shown control is eight.
			if n := cells(text[r.start:r.end]); n > w && r.end-r.start > 1 && n > w+8 {
				t.Fatalf("row %q is %d cells at width %d", string(text[r.start:r.end]), n, w)
			}
		}
		for i, n := range seen {
			if n == 0 && !unicode.IsSpace(text[i]) || n > 1 {
				t.Fatalf("rune %d of %q stands in %d rows", i, string(text), n)
			}
		}
	})
}

func TestParagraphsAndPagesAreWalked(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.show(roomRead)
	s.keys("J")
	if s.a.read.sent != 3 {
		t.Errorf("J leads to sentence %d, the second paragraph begins with 3", s.a.read.sent)
	}
	s.keys("J")
	if s.a.read.cur != 1 {
		t.Errorf("J at the last paragraph leads to page %d", s.a.read.cur)
	}
	s.keys("K", "down", "down")
	if s.a.read.cur != 0 || s.a.read.sent != 2 {
		t.Errorf("page %d sentence %d", s.a.read.cur, s.a.read.sent)
	}
	s.keys("]", "]")
	if s.a.read.cur != 2 {
		t.Errorf("] ] leads to page %d", s.a.read.cur)
	}
	checkFrame(t, s.frame(), 100, 30)
	s.keys("up")
	if s.a.read.cur != 1 || s.a.read.sent != 1 {
		t.Errorf("up from an empty page leads to page %d sentence %d", s.a.read.cur, s.a.read.sent)
	}
}

func TestProposalsAreWalkedBothWays(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.show(roomRead)
	s.keys("n")
	first := s.a.read.sent
	s.keys("n")
	second := s.a.read.sent
	s.keys("n", "N")
	if first != 1 || second != 3 || s.a.read.sent != 1 {
		t.Errorf("n, n, n, N lead to %d, %d, %d", first, second, s.a.read.sent)
	}
}

func TestASentenceSplitWronglyIsExtended(t *testing.T) {
	f := newFake()
	s := newStage(t, f, 100, 30)
	s.show(roomRead)
	s.keys("down", ">", "t", "enter", "+", "e")
	if !f.called("tag supports explicit reasoning P1 42-") || f.called("tag supports explicit reasoning P1 42-152") {
		t.Errorf("calls %q", f.calls)
	}
}
