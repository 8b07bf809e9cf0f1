package papers

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is text as it is compared: lower case, ligatures and accents taken apart, quotes and dashes made plain, and without white
// space, hyphens and invisible signs, because those are what two readings of the same print disagree about.
//
// Law: fold(s) does not depend on where lines and paragraphs of s end. (TestFoldingForgetsLineEnds)
type folded struct {
	text  []rune
	at    []int32 // offset of the rune in its page
	pages []pageStart
	size  map[int]int // length in runes of each page's Text
}

// pageStart says that text from index start on belongs to the page.
type pageStart struct{ start, number int }

// appendFolded appends what r is compared as.
func appendFolded(out []rune, r rune) []rune {
	if r < utf8.RuneSelf {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return append(out, r)
		case r >= 'A' && r <= 'Z':
			return append(out, r+'a'-'A')
		case r <= ' ', r == 0x7f, r == '-':
			return out
		case r == '`':
			return append(out, '\'')
		case r == '"':
			return append(out, '\'', '\'') // as TeX sources write it, and some readings keep it
		}
		return append(out, r)
	}
	switch r {
	case '‘', '’', '‚', '‛', '′', '´':
		return append(out, '\'')
	case '“', '”', '„', '‟', '″', '«', '»':
		return append(out, '\'', '\'')
	case '‐', '‑', '‒', '–', '—', '―', '−', '\u00ad', '\ufeff', '\ufffd':
		return out
	case 'ß':
		return append(out, 's', 's')
	case 'ø', 'Ø':
		return append(out, 'o')
	case 'ł', 'Ł':
		return append(out, 'l')
	case 'ı':
		return append(out, 'i')
	case '∗':
		return append(out, '*')
	}
	if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
		return out
	}
	var b [32]byte
	n := utf8.EncodeRune(b[:], r)
	var src [4]byte
	copy(src[:], b[:n])
	for _, k := range string(norm.NFKD.Append(b[:0], src[:n]...)) {
		switch {
		case unicode.Is(unicode.Mn, k), unicode.IsSpace(k), unicode.Is(unicode.Cf, k):
		case k == '⁄':
			out = append(out, '/')
		default:
			out = append(out, unicode.ToLower(k))
		}
	}
	return out
}

// fold folds a string.
func fold(s string) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		out = appendFolded(out, r)
	}
	return out
}

// foldPage appends the runes [start, end) of a page.
func (f *folded) foldPage(text []rune, start, end int) {
	for i := start; i < end; i++ {
		n := len(f.text)
		f.text = appendFolded(f.text, text[i])
		for range len(f.text) - n {
			f.at = append(f.at, int32(i))
		}
	}
}

// foldDocument folds all blocks that keep says yes to, in reading order over all pages.
func foldDocument(d *Document, runes [][]rune, keep func(BlockKind) bool) *folded {
	f := &folded{size: map[int]int{}}
	for i := range d.Pages {
		p := &d.Pages[i]
		f.size[p.Number] = len(runes[i])
		f.pages = append(f.pages, pageStart{len(f.text), p.Number})
		if len(p.Blocks) == 0 {
			f.foldPage(runes[i], 0, len(runes[i]))
		}
		for _, b := range p.Blocks {
			if keep(b.Kind) && b.Start >= 0 && b.End <= len(runes[i]) {
				f.foldPage(runes[i], b.Start, b.End)
			}
		}
	}
	return f
}

// pageAt gives the page of the folded rune at i, as an index into pages.
func (f *folded) pageAt(i int) int {
	lo, hi := 0, len(f.pages)
	for lo+1 < hi {
		if mid := (lo + hi) / 2; f.pages[mid].start <= i {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// span turns a range of folded text into a place in the document.
func (f *folded) span(start, end int) Located {
	first, last := f.pageAt(start), f.pageAt(end-1)
	l := Located{Page: f.pages[first].number, Start: int(f.at[start]), End: int(f.at[end-1]) + 1}
	if last != first {
		l.EndPage = f.pages[last].number
		l.End = int(f.at[f.pages[first+1].start-1]) + 1
	}
	return l
}
