package layout

import (
	"math"
	"strings"
)

// Kind says what part of a page a block plays.
type Kind string

// The kinds of block; the same words as papers uses.
const (
	Body      Kind = "body"
	Heading   Kind = "heading"
	Caption   Kind = "caption"
	Footnote  Kind = "footnote"
	Header    Kind = "header"
	Footer    Kind = "footer"
	PageNo    Kind = "pageno"
	LineNo    Kind = "lineno"
	Table     Kind = "table"
	Formula   Kind = "formula"
	Reference Kind = "reference"
	Figure    Kind = "figure" // words inside a picture or a plot
)

// A block is a run of lines of a page that belong together: lines[from:to].
type block struct {
	from, to int
	kind     Kind
}

// blocks cuts a page's ordered lines into paragraphs.
func (p *Page) blocks() []block {
	var out []block
	flowStart := 0
	for i := 1; i <= len(p.lines); i++ {
		if i < len(p.lines) && p.sameFlow(i-1, i) {
			continue
		}
		out = p.paragraphs(out, flowStart, i)
		flowStart = i
	}
	return out
}

// sameFlow tells whether line j follows line i in one column of one typeface.
func (p *Page) sameFlow(i, j int) bool {
	a, b := &p.lines[i], &p.lines[j]
	if a.kind != b.kind || a.angle != b.angle || a.hidden != b.hidden {
		return false
	}
	if a.angle == 180 {
		return p.near(b, a) // upside down
	}
	if a.angle != 0 {
		return p.near(a, b)
	}
	size := max(a.size, b.size)
	if math.Abs(a.size-b.size) > 0.12*size && !p.minor(a) && !p.minor(b) {
		return false
	}
	if math.Abs(a.base-b.base) < 0.5*size { // one row
		return b.box.X0-a.box.X1 < 8*size && b.box.X0 > a.box.X0
	}
	return p.near(a, b) && a.box.overlapX(b.box) > 0.1*min(a.box.width(), b.box.width())
}

// near tells whether b starts within a line's distance below a.
func (p *Page) near(a, b *line) bool {
	size := max(a.size, b.size)
	return b.box.Y0 > a.box.Y0-0.8*size && b.box.Y0-a.box.Y1 < 0.9*size
}

// minor lines have too few letters for their type to matter.
func (p *Page) minor(l *line) bool { return l.count < 4 }

// paragraphs cuts one flow, lines[from:to], where a paragraph begins.
func (p *Page) paragraphs(out []block, from, to int) []block {
	left, right, lead := p.measure(from, to)
	start := from
	for i := from + 1; i < to; i++ {
		if p.begins(i, left, right, lead) {
			out = append(out, block{from: start, to: i})
			start = i
		}
	}
	return append(out, block{from: start, to: to})
}

// measure finds a flow's left and right edge and its usual line distance.
func (p *Page) measure(from, to int) (left, right, lead float64) {
	left, right = math.Inf(1), math.Inf(-1)
	var gaps []float64
	for i := from; i < to; i++ {
		left, right = min(left, p.lines[i].box.X0), max(right, p.lines[i].box.X1)
		if i > from {
			if d := p.lines[i].base - p.lines[i-1].base; d > 0.5*p.lines[i].size {
				gaps = append(gaps, d)
			}
		}
	}
	return left, right, median(gaps)
}

// begins tells whether line i starts a paragraph.
func (p *Page) begins(i int, left, right, lead float64) bool {
	prev, l := &p.lines[i-1], &p.lines[i]
	size := l.size
	down := l.base - prev.base
	if down < 0.5*size {
		return false // the same row
	}
	if lead > 0 && down > 1.3*lead {
		return true
	}
	if prev.wholly() && !p.bold(l) && !p.minor(l) && !p.minor(prev) && !captionStart.MatchString(p.lineText(prev)) {
		return true
	}
	if l.wholly() && !p.bold(prev) && !p.minor(l) && !p.minor(prev) {
		return true
	}
	if p.isItem(l) && l.box.X0 < prev.box.X0+0.5*size {
		return true
	}
	short := prev.box.X1 < right-0.12*(right-left)
	ends := p.endsSentence(prev)
	indented := l.box.X0 > left+0.7*size && l.box.X0 > prev.box.X0+0.7*size
	if indented && (ends || short) && l.box.X0 < left+4*size {
		return true
	}
	return short && ends && l.box.X0 <= left+0.7*size && startsUpper(p.lineText(l))
}

// wholly tells whether a line is bold from end to end.
func (l *line) wholly() bool { return l.heavy*10 >= l.count*9 }

func (p *Page) bold(l *line) bool {
	return l.heavy*2 > l.count
}

// isItem tells whether a line opens a list item or a numbered reference.
func (p *Page) isItem(l *line) bool {
	w := p.wordText(&l.words[0])
	switch {
	case w == "•" || w == "–" || w == "◦" || w == "▪":
		return len(l.words) > 1
	case len(w) >= 3 && w[0] == '[' && w[len(w)-1] == ']':
		return digitsOnly(w[1 : len(w)-1])
	case len(w) >= 2 && len(w) <= 4 && w[len(w)-1] == '.':
		return digitsOnly(w[:len(w)-1])
	}
	return false
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func (p *Page) wordText(w *word) string { return string(p.text[w.a:w.b]) }

func (p *Page) lineText(l *line) string {
	var b strings.Builder
	for i := range l.words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.Write(p.text[l.words[i].a:l.words[i].b])
	}
	return b.String()
}

func (p *Page) endsSentence(l *line) bool {
	w := strings.TrimRight(p.wordText(&l.words[len(l.words)-1]), "”’\"')]")
	return strings.HasSuffix(w, ".") || strings.HasSuffix(w, "?") || strings.HasSuffix(w, "!") || strings.HasSuffix(w, ":")
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := append([]float64(nil), v...)
	for i := 1; i < len(s); i++ { // flows are short: insertion sort
		for k := i; k > 0 && s[k] < s[k-1]; k-- {
			s[k], s[k-1] = s[k-1], s[k]
		}
	}
	return s[len(s)/2]
}
