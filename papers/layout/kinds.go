package layout

import (
	"regexp"
	"strings"
	"unicode"
)

// A style is what a document's running text is set in.
type style struct {
	font int32
	size float64
}

// bodyStyle finds the type that most letters of the document have.
func bodyStyle(pages []*Page) style {
	type key struct {
		font int32
		size int // tenths of a point
	}
	count := map[key]int{}
	for _, p := range pages {
		for i := range p.lines {
			count[key{p.lines[i].font, int(p.lines[i].size*10 + 0.5)}] += p.lines[i].count
		}
	}
	var best key
	for k, n := range count {
		if b := count[best]; n > b || n == b && (k.size < best.size || k.size == best.size && k.font < best.font) {
			best = k
		}
	}
	return style{best.font, float64(best.size) / 10}
}

var (
	captionStart   = regexp.MustCompile(`^(Figure|Fig\.|FIGURE|Fig|Table|TABLE|Algorithm|Listing|Scheme|Chart)\s*(\d+|[IVX]+|[A-Z]\.?\d+)\s*[.:|–—(]?`)
	headingNumber  = regexp.MustCompile(`^(\d{1,2}(\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|[A-Z](\.\d{1,2}){0,2}\.?|(Appendix|Section|Chapter)\s+\S+)\s+\p{Lu}`)
	bareHeading    = regexp.MustCompile(`^(?i)(\d+\.?\s+|[IVX]+\.\s+)?(abstract|introduction|references|bibliography|acknowledge?ments?|conclusions?|related work|discussion|appendix|literature cited)[.:]?$`)
	refHeading     = regexp.MustCompile(`^(?i)(\d+\.?\s+|[IVX]+\.\s+)?(references|bibliography|references and notes|literature cited|works cited)[.:]?$`)
	equationNumber = regexp.MustCompile(`^\(\d+(\.\d+)?[a-z]?\)$`)
	noteStart      = regexp.MustCompile(`^(\d{1,2}|[*†‡§¶∗⋆•])\s*\p{L}`)
)

// A classifier gives blocks their kinds, page after page: it remembers whether
// the bibliography has begun.
type classifier struct {
	body style
	refs bool
}

func (c *classifier) page(p *Page, blocks []block) {
	for i := range blocks {
		b := &blocks[i]
		if k := p.lines[b.from].kind; k != "" {
			b.kind = k
			continue
		}
		b.kind = c.kind(p, blocks, i)
		if b.kind == Heading {
			text := p.lineText(&p.lines[b.from])
			if refHeading.MatchString(text) {
				c.refs = true
			} else if c.refs && b.to-b.from <= 2 && c.leads(p, b) {
				c.refs = false // an appendix
			}
		} else if c.refs && b.kind == Body {
			b.kind = Reference
		}
	}
}

func (c *classifier) kind(p *Page, blocks []block, i int) Kind {
	b := &blocks[i]
	l := &p.lines[b.from]
	text := p.lineText(l)
	switch {
	case captionStart.MatchString(text) && c.captionLike(p, b, text):
		return Caption
	case c.isHeading(p, b, text):
		return Heading
	case p.isFormula(b):
		return Formula
	case c.isFootnote(p, b, text):
		return Footnote
	case p.isTable(b):
		return Table
	case l.size < 0.93*c.body.size && p.wordsPerLine(b) < 4 && b.to-b.from <= 6 && !c.refs:
		return Figure
	}
	return Body
}

// captionLike keeps sentences that only begin with "Figure 3 shows" out.
func (c *classifier) captionLike(p *Page, b *block, text string) bool {
	m := captionStart.FindString(text)
	if strings.ContainsAny(m[len(m)-1:], ".:|") || strings.HasSuffix(m, "–") || strings.HasSuffix(m, "—") {
		return true
	}
	l := &p.lines[b.from]
	return l.size < c.body.size-0.3 || p.bold(l) || len(m) == len(text)
}

// isHeading: few lines, no sentence, and set apart by type or by number.
func (c *classifier) isHeading(p *Page, b *block, text string) bool {
	n := b.to - b.from
	if n > 3 || len(text) > 200 || letters(text) < 2 {
		return false
	}
	if n == 1 && bareHeading.MatchString(text) && c.apart(p, b) {
		return true
	}
	last := p.lineText(&p.lines[b.to-1])
	if strings.HasSuffix(last, ".") && !headingNumber.MatchString(text) || strings.HasSuffix(last, ",") {
		return false
	}
	return c.leads(p, b) && (letters(text) >= 4 || headingNumber.MatchString(text))
}

// leads tells whether a block's type is heavier or larger than the body's.
func (c *classifier) leads(p *Page, b *block) bool {
	for i := b.from; i < b.to; i++ {
		l := &p.lines[i]
		larger := l.size > 1.08*c.body.size
		bolder := l.wholly() && !p.boldFont(c.body.font) && l.size > 0.9*c.body.size
		if !larger && !bolder {
			return false
		}
	}
	return true
}

// apart: bold, larger, or in capitals.
func (c *classifier) apart(p *Page, b *block) bool {
	text := p.lineText(&p.lines[b.from])
	return c.leads(p, b) || text == strings.ToUpper(text) || p.lines[b.from].font != c.body.font
}

func (p *Page) boldFont(f int32) bool { return int(f) < len(p.fonts) && p.fonts[f].Bold }

// isFootnote: small type in the lower part of the page, opened by a mark.
func (c *classifier) isFootnote(p *Page, b *block, text string) bool {
	l := &p.lines[b.from]
	if l.size > 0.93*c.body.size || l.size < 0.65*c.body.size || l.box.Y0 < 0.5*p.height || c.refs || p.wordsPerLine(b) < 3 {
		return false
	}
	if !noteStart.MatchString(text) {
		return false
	}
	for i := range p.lines { // nothing of the body's size below it in its column
		o := &p.lines[i]
		if o.kind == "" && o.angle == 0 && o.box.Y0 > p.lines[b.to-1].box.Y1 && o.size > 0.97*c.body.size &&
			o.count > 20 && o.box.overlapX(l.box) > 0.3*l.box.width() {
			return false
		}
	}
	return true
}

func (p *Page) wordsPerLine(b *block) float64 {
	n := 0
	for i := b.from; i < b.to; i++ {
		n += len(p.lines[i].words)
	}
	return float64(n) / float64(b.to-b.from)
}

// isFormula: half of the signs come from mathematical fonts, or a fifth and the
// last line ends with the number of an equation; and there are hardly any words.
func (p *Page) isFormula(b *block) bool {
	if b.to-b.from > 6 {
		return false
	}
	math, all, words := 0, 0, 0
	for i := b.from; i < b.to; i++ {
		l := &p.lines[i]
		all += l.count
		math += l.math
		for k := range l.words {
			if letters(p.wordText(&l.words[k])) >= 4 {
				words++
			}
		}
	}
	last := &p.lines[b.to-1]
	numbered := equationNumber.MatchString(p.wordText(&last.words[len(last.words)-1]))
	return all > 0 && words <= 2 && (math*2 > all || numbered && math*5 > all)
}

func mathFont(name string) bool {
	n := strings.ToUpper(name)
	for _, part := range mathFonts {
		if strings.Contains(n, part) {
			return true
		}
	}
	return false
}

var mathFonts = []string{"CMMI", "CMSY", "CMEX", "MSAM", "MSBM", "MATH", "CMMIB", "EUFM", "RSFS", "STIX", "TXSY", "TXMI", "PXMI", "PXSY", "MTMI", "MTSY", "SYMBOL", "LMMI", "LMSY"}

// isTable: rows of several short cells, many of them numbers.
func (p *Page) isTable(b *block) bool {
	numbers, words, short := 0, 0, 0
	for i := b.from; i < b.to; i++ {
		l := &p.lines[i]
		if len(l.words) <= 3 {
			short++
		}
		for k := range l.words {
			words++
			if w := p.wordText(&l.words[k]); letters(w)*2 < len(w) {
				numbers++
			}
		}
	}
	return words >= 4 && numbers*2 >= words && short*2 > b.to-b.from
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
