package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// pen draws lines of one width: it knows the theme and, under --ascii, the
// glyphs to replace. All text from outside is cleaned before it comes here.
type pen struct {
	th  *theme
	sub *strings.Replacer
}

func newPen(th *theme) *pen {
	return &pen{th: th, sub: strings.NewReplacer(asciiPairs()...)}
}

// line is one row of cells under construction. It never grows over its width.
type line struct {
	p      *pen
	b      []byte
	w, max int
	under  style // what lies under every span, the selection
}

func (p *pen) line(max int) *line {
	return &line{p: p, max: max, b: make([]byte, 0, max+48)}
}

// sel makes the whole line the selected one.
func (l *line) sel(on bool) *line {
	if on {
		l.under = l.p.th.selected
	}
	return l
}

// width counts cells; plain ASCII, nearly all text, needs no grapheme walk.
func width(s string) int {
	if tidy(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// fit cuts s to at most w cells, with an ellipsis when something is lost.
func (p *pen) fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if p.th.ascii && !tidy(s) {
		s = p.sub.Replace(s)
	}
	if width(s) <= w {
		return s
	}
	if p.th.ascii {
		return ansi.Truncate(s, w, "~")
	}
	return ansi.Truncate(s, w, "…")
}

// put writes s in a style, cut at what is left of the line.
func (l *line) put(st style, s string) *line {
	s = l.p.fit(s, l.max-l.w)
	if s == "" {
		return l
	}
	l.raw(st, s)
	l.w += width(s)
	return l
}

func (l *line) raw(st style, s string) {
	l.b = append(l.b, l.under.on...)
	l.b = append(l.b, st.on...)
	l.b = append(l.b, s...)
	l.b = append(l.b, st.off...)
	l.b = append(l.b, l.under.off...)
}

// text writes s without a style.
func (l *line) text(s string) *line { return l.put(style{}, s) }

// col writes s into a column of exactly w cells and one blank after it.
func (l *line) col(st style, s string, w int) *line {
	w = min(w, l.max-l.w)
	if w <= 0 {
		return l
	}
	s = l.p.fit(s, w)
	l.raw(st, s)
	l.w += width(s)
	l.pad(l.w + w - width(s))
	if l.w < l.max {
		l.pad(l.w + 1)
	}
	return l
}

// num writes s flush right in w cells and one blank after it.
func (l *line) num(st style, s string, w int) *line {
	if l.p.th.ascii && !tidy(s) {
		s = l.p.sub.Replace(s)
	}
	if n := w - width(s); n > 0 {
		l.pad(l.w + n)
		w -= n
	}
	return l.col(st, s, w)
}

const blanks = "                                                                                                                                "

// pad fills with blanks up to cell n.
func (l *line) pad(n int) {
	n = min(n, l.max)
	for l.w < n {
		k := min(n-l.w, len(blanks))
		if l.under.on != "" {
			l.raw(style{}, blanks[:k])
		} else {
			l.b = append(l.b, blanks[:k]...)
		}
		l.w += k
	}
}

// right puts s at the end of the line, if there is room for it.
func (l *line) right(st style, s string) *line {
	s = l.p.fit(s, l.max-l.w-1)
	if s == "" {
		return l
	}
	l.pad(l.max - width(s))
	l.raw(st, s)
	l.w = l.max
	return l
}

// end pads to the full width and gives the row.
func (l *line) end() string {
	l.pad(l.max)
	return string(l.b)
}

// rule is a full row of one glyph.
func (p *pen) rule(glyph string, w int) string {
	if p.th.ascii {
		glyph = p.sub.Replace(glyph)
	}
	return p.th.dim.on + strings.Repeat(glyph, max(w, 0)) + p.th.dim.off
}

// wrap breaks clean text into rows of at most w cells, at blanks where it can.
func (p *pen) wrap(s string, w int) []string {
	if w <= 0 || s == "" {
		return nil
	}
	if p.th.ascii && !tidy(s) {
		s = p.sub.Replace(s)
	}
	var rows []string
	for _, para := range strings.Split(s, "\n") {
		for _, row := range strings.Split(ansi.Wrap(para, w, ""), "\n") {
			rows = append(rows, strings.TrimRight(row, " "))
		}
	}
	return rows
}

// rows wraps s and gives full-width rows in a style.
func (p *pen) rows(st style, s string, w int) []string {
	lines := p.wrap(s, w)
	for i, s := range lines {
		lines[i] = p.line(w).put(st, s).end()
	}
	return lines
}

// tall makes rows exactly h long, with blank ones or by cutting.
func (p *pen) tall(rows []string, w, h int) []string {
	for len(rows) < h {
		rows = append(rows, p.line(w).end())
	}
	return rows[:max(h, 0)]
}

// beside joins two panes of equal height with a rule between them.
func (p *pen) beside(left, right []string) []string {
	bar := "│"
	if p.th.ascii {
		bar = "|"
	}
	bar = p.th.dim.on + bar + p.th.dim.off + " "
	for i := range left {
		left[i] += bar + right[i]
	}
	return left
}

// padStyled cuts or pads a row that carries its own styles to w cells.
func padStyled(s string, w int) string {
	n := ansi.StringWidth(s)
	if n > w {
		return ansi.Truncate(s, w, "")
	}
	return s + strings.Repeat(" ", w-n)
}
