package index

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const snippetRunes = 160

// marks are byte ranges of a text that a query matched, and which of its terms did.
type mark struct {
	start, end int
	term       int
}

// highlighter finds in one text what a query looked for.
type highlighter struct{ terms []term }

func newHighlighter(e expr) highlighter {
	var h highlighter
	h.collect(e)
	return h
}

// collect takes the terms that a text has to show: not those of other fields, not the negated.
func (h *highlighter) collect(e expr) {
	switch e := e.(type) {
	case and:
		for _, p := range e {
			h.collect(p)
		}
	case or:
		for _, p := range e {
			h.collect(p)
		}
	case near:
		for _, t := range e.items {
			h.collect(t)
		}
	case term:
		if e.field == textField {
			h.terms = append(h.terms, e)
		}
	}
}

// marks lists the matches in text order.
func (h highlighter) marks(toks []token) []mark {
	var out []mark
	for i := range toks {
		for n, t := range h.terms {
			if t.standsAt(toks, i) {
				out = append(out, mark{toks[i].start, toks[i+len(t.words)-1].end, n})
			}
		}
	}
	return out
}

// standsAt tells whether the words of t begin at token i.
func (t term) standsAt(toks []token, i int) bool {
	for k, w := range t.words {
		if i+k >= len(toks) || toks[i+k].pos != toks[i].pos+k {
			return false
		}
		if got := toks[i+k].term; k < len(t.words)-1 && got != w || k == len(t.words)-1 && !t.accepts(got) {
			return false
		}
	}
	return true
}

// accepts tells whether a word of a text counts as the last word of t.
func (t term) accepts(got string) bool {
	w := t.words[len(t.words)-1]
	switch {
	case got == w:
		return true
	case t.prefix:
		return strings.HasPrefix(got, w)
	case t.fuzzy > 0:
		return edits(w, got, t.fuzzy) <= t.fuzzy
	}
	return false
}

// snippet cuts the part of text that shows most of what was looked for, at most
// runes long, with marks; weight says how much it shows.
func (h highlighter) snippet(text string, runes int) (s string, weight int) {
	if runes <= 0 {
		runes = snippetRunes
	}
	toks := tokenize(text)
	ms := h.marks(toks)
	from, to, weight := window(text, ms, runes)
	from, to = widen(text, toks, from, to, runes)
	var b strings.Builder
	if strings.TrimSpace(text[:from]) != "" {
		b.WriteString("…")
	}
	at := from
	for _, m := range ms {
		if m.start < at || m.end > to {
			continue // a shorter match inside a longer one, or outside
		}
		b.WriteString(text[at:m.start])
		b.WriteString(MarkOn)
		b.WriteString(text[m.start:m.end])
		b.WriteString(MarkOff)
		at = m.end
	}
	b.WriteString(text[at:to])
	if strings.TrimSpace(text[to:]) != "" {
		b.WriteString("…")
	}
	return oneLine(b.String()), weight
}

// window finds the stretch that holds most different terms, then most matches.
func window(text string, ms []mark, runes int) (from, to, weight int) {
	best := -1
	for i, m := range ms {
		seen := make([]int, 0, 8)
		w, end := 0, m.end
		for _, k := range ms[i:] {
			if k.end-m.start > runes*4 || utf8.RuneCountInString(text[m.start:k.end]) > runes {
				break
			}
			w++
			end = max(end, k.end)
			if !slices.Contains(seen, k.term) {
				seen = append(seen, k.term)
				w += 1000
			}
		}
		if w > best {
			best, from, to = w, m.start, end
		}
	}
	return from, to, max(best, 0)
}

// widen adds whole words on both sides while they fit, more after than before.
func widen(text string, toks []token, from, to, runes int) (int, int) {
	room := runes - utf8.RuneCountInString(text[from:to])
	before := room / 3
	i, _ := slices.BinarySearchFunc(toks, from, func(t token, at int) int { return t.start - at })
	for i > 0 {
		n := utf8.RuneCountInString(text[toks[i-1].start:from])
		if n > before {
			break
		}
		from, before, room = toks[i-1].start, before-n, room-n
		i--
	}
	if i == 0 && utf8.RuneCountInString(text[:from]) <= room {
		room -= utf8.RuneCountInString(text[:from])
		from = 0
	}
	j, _ := slices.BinarySearchFunc(toks, to, func(t token, at int) int { return t.end - at })
	for ; j < len(toks); j++ {
		if toks[j].end <= to {
			continue
		}
		n := utf8.RuneCountInString(text[to:toks[j].end])
		if n > room {
			break
		}
		to, room = toks[j].end, room-n
	}
	if rest := text[to:]; j >= len(toks) && utf8.RuneCountInString(rest) <= room {
		to = len(text)
	} else if r, n := utf8.DecodeRuneInString(rest); n > 0 && unicode.IsPunct(r) && r != '(' {
		to += n
	}
	return from, to
}

// oneLine makes every run of white space one space.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
}
