package layout

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A sheet paints glyphs for a test: every letter is half as wide as high, words
// are parted by a gap of a third of the size and no space character, as TeX does.
type sheet struct {
	glyphs []Glyph
	fonts  []Font
}

const (
	roman = iota
	bold
	italic
)

func newSheet() *sheet {
	return &sheet{fonts: []Font{{Name: "CMR10"}, {Name: "CMBX10", Bold: true}, {Name: "CMMI10"}}}
}

func (s *sheet) put(x, y, size float64, font int32, text string) *sheet {
	for _, r := range text {
		if r == ' ' {
			x += size / 3
			continue
		}
		s.glyphs = append(s.glyphs, Glyph{Text: string(r), X: x, Y: y, DX: size / 2, Size: size, Font: font})
		x += size / 2
	}
	return s
}

// lines paints lines one below the other, 1.2 sizes apart.
func (s *sheet) lines(x, y, size float64, lines ...string) *sheet {
	for i, l := range lines {
		s.put(x, y+1.2*size*float64(i), size, roman, l)
	}
	return s
}

func (s *sheet) page() *Page { return Analyse(612, 792, s.glyphs, s.fonts) }

func (s *sheet) text() Text { return Compose([]*Page{s.page()})[0] }

// kindOf finds the block that holds the words.
func kindOf(t *testing.T, x Text, words string) Kind {
	t.Helper()
	for _, b := range x.Blocks {
		if strings.Contains(cut(x.Text, b.Start, b.End), words) {
			return b.Kind
		}
	}
	t.Fatalf("no block says %q in %q", words, x.Text)
	return ""
}

func cut(s string, start, end int) string { return string([]rune(s)[start:end]) }

// check tells what is wrong with the offsets of a text.
func check(t testing.TB, x Text) {
	t.Helper()
	n, last := utf8.RuneCountInString(x.Text), 0
	w := 0
	for _, b := range x.Blocks {
		if b.Start < last || b.End < b.Start || b.End > n || len(b.Lines) == 0 || b.Kind == "" {
			t.Fatalf("block %d–%d (%q) after %d in %d runes", b.Start, b.End, b.Kind, last, n)
		}
		last = b.Start
		for _, l := range b.Lines {
			if l.Start < last || l.End < l.Start || l.End > b.End {
				t.Fatalf("line %d–%d after %d in block %d–%d", l.Start, l.End, last, b.Start, b.End)
			}
			for ; w < len(x.Words) && x.Words[w].Start < l.End; w++ {
				word := x.Words[w]
				if word.Start < l.Start || word.End > l.End || word.End < word.Start {
					t.Fatalf("word %d–%d in line %d–%d", word.Start, word.End, l.Start, l.End)
				}
			}
			last = l.End
		}
		last = b.End
	}
}
