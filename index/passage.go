package index

import (
	"strings"

	"tenet/papers"
)

// A passage holds about a paragraph: short ones are joined, long ones cut
// between sentences.
const (
	passageWords = 60
	passageLimit = 220
)

// passage is a stretch of one page, in runes of its text.
type passage struct {
	page, start, end int
	kind             papers.BlockKind
}

// passages cuts a page. Running heads, page and line numbers are left out; the
// passages cover the rest in order and do not overlap.
func passages(p *papers.Page) []passage {
	c := cutter{p, []rune(p.Text)}
	var out []passage
	gap := false // something was left out since the last passage
	for _, b := range blocks(p) {
		switch b.Kind {
		case papers.Header, papers.Footer, papers.PageNo, papers.LineNo:
			gap = true
			continue
		}
		for _, piece := range c.pieces(b) {
			if n := len(out) - 1; n >= 0 && !gap && c.joins(out[n], piece) {
				out[n].end = piece.end
				if out[n].kind == papers.Heading {
					out[n].kind = piece.kind
				}
				continue
			}
			out = append(out, piece)
			gap = false
		}
	}
	return out
}

// cutter holds a page with its text as runes.
type cutter struct {
	p     *papers.Page
	runes []rune
}

// words counts the words of a passage.
func (c cutter) words(a passage) int {
	return len(strings.Fields(a.text(c.runes)))
}

// joins tells whether next belongs to what came before: a heading to its text,
// and short paragraphs of one kind to each other.
func (c cutter) joins(last, next passage) bool {
	if last.kind == papers.Heading {
		return true
	}
	return last.kind == next.kind && c.words(last) < passageWords && c.words(next) < passageLimit-passageWords
}

// blocks are the page's own, or its paragraphs where nobody analysed it.
func blocks(p *papers.Page) []papers.Block {
	if len(p.Blocks) > 0 {
		return p.Blocks
	}
	var out []papers.Block
	at := 0
	for _, para := range strings.Split(p.Text, "\n\n") {
		n := len([]rune(para))
		if n > 0 {
			out = append(out, papers.Block{Start: at, End: at + n, Kind: papers.Body})
		}
		at += n + 2
	}
	return out
}

// pieces cuts a long block between its sentences.
func (c cutter) pieces(b papers.Block) []passage {
	whole := passage{page: c.p.Number, start: b.Start, end: b.End, kind: b.Kind}
	if c.words(whole) <= passageLimit {
		return []passage{whole}
	}
	var out []passage
	piece := whole
	piece.end = piece.start
	for _, s := range c.p.Sentences {
		if s.End <= b.Start || s.Start >= b.End {
			continue
		}
		grown := piece
		grown.end = min(s.End, b.End)
		if piece.end > piece.start && c.words(grown) > passageLimit {
			out = append(out, piece)
			grown.start = max(s.Start, b.Start)
		}
		piece = grown
	}
	piece.end = b.End
	return append(out, piece)
}

// text is what the passage says.
func (a passage) text(page []rune) string {
	return string(page[max(0, min(a.start, len(page))):max(0, min(a.end, len(page)))])
}
