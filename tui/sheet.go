package tui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is the unit of the Read screen: runes [start,end) of a page.
type sentence struct {
	id         string
	start, end int
	kind       string
}

// page is a page of text as Read shows it.
type page struct {
	number        int
	text          []rune
	sentences     []sentence
	width, height float64 // points
}

// srow is one row of laid-out text: runes [start,end) of the page.
type srow struct{ start, end int }

// layout breaks a page into rows of at most w cells. Offsets stay those of the
// page, so a sentence is found again whatever the cleaner leaves out when a
// row is drawn.
func layout(text []rune, w int) []srow {
	if w <= 0 || len(text) == 0 {
		return nil
	}
	var rows []srow
	start, used := 0, 0
	flush := func(end int) {
		for end > start && unicode.IsSpace(text[end-1]) {
			end--
		}
		rows = append(rows, srow{start, end})
		used = 0
	}
	for i := 0; i < len(text); {
		if text[i] == '\n' {
			flush(i)
			i++
			start = i
			continue
		}
		j := i
		for j < len(text) && unicode.IsSpace(text[j]) && text[j] != '\n' {
			j++
		}
		k := j
		for k < len(text) && !unicode.IsSpace(text[k]) {
			k++
		}
		gap, word := j-i, cells(text[j:k])
		switch {
		case used+gap+word <= w:
			used += gap + word
		case word <= w:
			if written(text[start:i]) {
				flush(i)
			}
			start, used = j, word
		default: // one word wider than the page: cut it where it stops fitting
			if written(text[start:i]) {
				flush(i)
			}
			start = j
			j = cutWord(text, j, k, w)
			if j < k {
				rows = append(rows, srow{start, j})
				start, used = j, 0
				i = j
				continue
			}
			used = cells(text[start:k])
		}
		i = k
	}
	if start < len(text) {
		flush(len(text))
	}
	return rows
}

// written says whether a stretch has anything but blanks; a mark that is no
// cell wide counts.
func written(text []rune) bool {
	for _, r := range text {
		if !unicode.IsSpace(r) {
			return true
		}
	}
	return false
}

// cutWord gives the end of the longest piece of a word that fits w cells; at
// least one rune, so that layout always moves on.
func cutWord(text []rune, from, to, w int) int {
	used := 0
	for i := from; i < to; i++ {
		used += max(cells(text[i:i+1]), 0)
		if used > w && i > from {
			return i
		}
	}
	return to
}

// cells is the width of a word once cleaned.
func cells(r []rune) int {
	for _, c := range r {
		if c < 0x20 || c > 0x7e {
			return width(clean(string(r)))
		}
	}
	return len(r)
}

// sentenceAt gives the index of the sentence that holds rune i, or -1.
func (p *page) sentenceAt(i int) int {
	for k, s := range p.sentences {
		if i >= s.start && i < s.end {
			return k
		}
	}
	return -1
}

// rowOf gives the first row that shows rune i.
func rowOf(rows []srow, i int) int {
	for k, r := range rows {
		if i < r.end {
			return k
		}
	}
	return max(len(rows)-1, 0)
}

// paragraph gives the index of the sentence that starts the next paragraph in
// direction d from sentence k.
func (p *page) paragraph(k, d int) int {
	for i := k + d; i >= 0 && i < len(p.sentences); i += d {
		s := p.sentences[i]
		if i == 0 || brokenBefore(p.text, s.start) {
			return i
		}
	}
	return k
}

// brokenBefore says whether a paragraph break stands right before rune i.
func brokenBefore(text []rune, i int) bool {
	for i--; i >= 0 && i < len(text) && unicode.IsSpace(text[i]); i-- {
		if text[i] == '\n' {
			return true
		}
	}
	return i < 0
}

// sentenceWith gives the first sentence that holds the most of the words,
// among those that reach into the runes [start,end); an end of 0 is the
// page's. Where none holds any it is the sentence at start. Words are lower
// case.
func (p *page) sentenceWith(start, end int, words []string) int {
	if end <= start {
		end = len(p.text)
	}
	best, most := p.sentenceAt(start), 0
	for i, s := range p.sentences {
		if s.end <= start || s.start >= end {
			continue
		}
		text, n := strings.ToLower(string(p.text[s.start:s.end])), 0
		for _, w := range words {
			if holdsWord(text, w) {
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}

// holdsWord says whether word stands in text with no letter or digit against
// it.
func holdsWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, n := utf8.DecodeRuneInString(text[i+len(word):])
		if !inWord(before) && !inWord(after) {
			return true
		}
		from = i + len(word) + max(n, 0)
		if from > len(text) {
			return false
		}
	}
}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
