package layout

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// edgeZone is the part of a page's height, at the top and at the bottom, in
// which running heads and page numbers are looked for.
const edgeZone = 0.13

// markRunning marks running heads, running feet, page numbers and line numbers.
// Nothing is taken away; a reader may skip them. Line numbers, which are painted
// between the lines that they number, go to the end of their page.
func markRunning(pages []*Page) {
	heads := runningTexts(pages)
	offset, numbered := pageNumbering(pages)
	for i, p := range pages {
		p.markLineNumbers()
		slices.SortStableFunc(p.lines, func(a, b line) int { return btoi(a.kind == LineNo) - btoi(b.kind == LineNo) })
		for _, k := range p.edgeLines() {
			l := &p.lines[k]
			if l.kind != "" {
				continue
			}
			top := l.box.Y1 < p.height/2
			text := p.lineText(l)
			if n, ok := pageNumber(text); ok && (numbered && n == i+offset || len(pages) == 1) {
				l.kind = PageNo
				continue
			}
			if heads[runningKey(text, l)] || l.artifact {
				l.kind = Footer
				if top {
					l.kind = Header
				}
			}
		}
		for k := range p.lines { // the stamp at the left edge of preprints
			if l := &p.lines[k]; l.angle == 270 && strings.HasPrefix(p.lineText(l), "arXiv:") {
				l.kind = Header
			}
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// edgeLines lists the upright lines that stand at the top or bottom edge: in the
// edge zone, and among the two outermost rows there.
func (p *Page) edgeLines() []int {
	var top, bottom []int
	for i := range p.lines {
		l := &p.lines[i]
		if l.angle != 0 {
			continue
		}
		if l.box.Y1 < edgeZone*p.height {
			top = append(top, i)
		} else if l.box.Y0 > (1-edgeZone)*p.height {
			bottom = append(bottom, i)
		}
	}
	return append(p.outermost(top, 1), p.outermost(bottom, -1)...)
}

// outermost keeps the lines of the first two rows, counted from the edge.
func (p *Page) outermost(at []int, down float64) []int {
	slices.SortStableFunc(at, func(a, b int) int { return cmpFloat(p.lines[a].base*down, p.lines[b].base*down) })
	rows, last := 0, math.Inf(-1)
	for k, i := range at {
		if y := p.lines[i].base * down; y > last+3 {
			rows++
			last = y
		}
		if rows > 2 {
			return at[:k]
		}
	}
	return at
}

// runningKey is what returns from page to page: the text without its digits, and
// the height at which it stands.
func runningKey(text string, l *line) string {
	var b strings.Builder
	digits := false
	for _, r := range text {
		if r >= '0' && r <= '9' {
			if !digits {
				b.WriteByte('#')
			}
			digits = true
			continue
		}
		digits = false
		b.WriteRune(r)
	}
	return strings.ToLower(b.String()) + "@" + strconv.Itoa(int(math.Round(l.base/4)))
}

// runningTexts finds the edge lines that return on several pages.
func runningTexts(pages []*Page) map[string]bool {
	count := map[string]int{}
	for _, p := range pages {
		seen := map[string]bool{}
		for _, k := range p.edgeLines() {
			key := runningKey(p.lineText(&p.lines[k]), &p.lines[k])
			if !seen[key] {
				seen[key] = true
				count[key]++
			}
		}
	}
	out := map[string]bool{}
	for key, n := range count {
		text, _, _ := strings.Cut(key, "@")
		if n >= 3 && n*4 >= len(pages) || n == 2 && len(pages) <= 6 && len(text) > 8 {
			out[key] = true
		}
	}
	return out
}

// pageNumber reads a line that is a page number and nothing else.
func pageNumber(text string) (int, bool) {
	text = strings.Trim(text, " -–—•|[]")
	if low := strings.ToLower(text); strings.HasPrefix(low, "page ") {
		text = strings.TrimSpace(text[5:])
		text, _, _ = strings.Cut(text, " of ")
	}
	if len(text) == 0 || len(text) > 5 || !digitsOnly(text) {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// pageNumbering finds the difference between printed and counted page numbers
// that most edge numbers agree on.
func pageNumbering(pages []*Page) (offset int, ok bool) {
	votes := map[int]int{}
	for i, p := range pages {
		for _, k := range p.edgeLines() {
			if n, isNumber := pageNumber(p.lineText(&p.lines[k])); isNumber {
				votes[n-i]++
			}
		}
	}
	best := 0
	for off, n := range votes {
		if n > best || n == best && off < offset {
			best, offset = n, off
		}
	}
	return offset, best >= 2
}
