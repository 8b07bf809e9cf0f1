package layout

import (
	"math"
	"slices"
)

// order puts the lines into reading order. Papers are painted in reading order
// nearly always, and where floats and notes stand between the columns the order
// of painting is better than any guess from geometry; so geometry decides only
// where the painting jumps about.
func (p *Page) order() {
	if !p.jumps() {
		return
	}
	upright := make([]line, 0, len(p.lines))
	var rest []line
	for _, l := range p.lines {
		if l.angle == 0 {
			upright = append(upright, l)
		} else {
			rest = append(rest, l)
		}
	}
	p.lines = append(p.cut(upright, 0), rest...)
}

// jumps tells whether the page was painted in no order a reader would follow:
// a fifth of its letters come after a step back in the same row, after a step up
// in the same column, or straight across from one column into the other.
func (p *Page) jumps() bool {
	total, bad := 0, 0
	for i := range p.lines {
		l := &p.lines[i]
		if l.angle != 0 {
			continue
		}
		total += l.count
		if i == 0 || p.lines[i-1].angle != 0 {
			continue
		}
		prev := &p.lines[i-1]
		size := max(l.size, prev.size)
		row := math.Abs(l.base-prev.base) < 0.3*size
		switch {
		case row && l.box.X1 <= prev.box.X0:
			bad += l.count
		case row && l.box.X0 > prev.box.X1 && l.count >= 20 && prev.count >= 20:
			bad += l.count
		case l.base < prev.base-0.5*size && l.count >= 10 && prev.count >= 10 && !p.restarts(i) &&
			l.box.overlapX(prev.box) > 0.5*min(l.box.width(), prev.box.width()):
			bad += l.count
		}
	}
	return total > 100 && bad*5 > total
}

// restarts tells whether the step up to line i begins a new block that is then
// followed downwards: a float or a head painted after the text.
func (p *Page) restarts(i int) bool {
	if i+1 >= len(p.lines) {
		return true
	}
	a, b := &p.lines[i], &p.lines[i+1]
	return p.near(a, b) && b.base > a.base+0.3*a.size && a.box.overlapX(b.box) > 0
}

// cut orders lines by geometry: at a gutter that parts most of them, the lines
// that cross it divide the page into bands, and in each band the left column
// comes before the right one. Without a gutter lines go from top to bottom.
func (p *Page) cut(lines []line, depth int) []line {
	slices.SortStableFunc(lines, func(a, b line) int {
		if math.Abs(a.base-b.base) < 0.3*max(a.size, b.size) {
			return cmpFloat(a.box.X0, b.box.X0)
		}
		return cmpFloat(a.base, b.base)
	})
	gutter, ok := findGutter(lines)
	if !ok || depth > 3 {
		return p.rows(lines)
	}
	var out, left, right []line
	flush := func() {
		out = append(out, p.cut(left, depth+1)...)
		out = append(out, p.cut(right, depth+1)...)
		left, right = nil, nil
	}
	for _, l := range lines {
		switch {
		case l.box.X1 <= gutter:
			left = append(left, l)
		case l.box.X0 >= gutter:
			right = append(right, l)
		default:
			flush()
			out = append(out, l)
		}
	}
	flush()
	return out
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// findGutter looks for the x that the fewest letters cross, with a good part of
// them on both sides.
func findGutter(lines []line) (float64, bool) {
	if len(lines) < 6 {
		return 0, false
	}
	x0, x1 := math.Inf(1), math.Inf(-1)
	total := 0
	for i := range lines {
		x0, x1 = min(x0, lines[i].box.X0), max(x1, lines[i].box.X1)
		total += lines[i].count
	}
	best, at, run := total, 0.0, 0.0
	const steps = 120
	for k := 1; k < steps; k++ {
		x := x0 + (x1-x0)*float64(k)/steps
		left, right, crossing := 0, 0, 0
		for i := range lines {
			switch l := &lines[i]; {
			case l.box.X1 <= x:
				left += l.count
			case l.box.X0 >= x:
				right += l.count
			default:
				crossing += l.count
			}
		}
		if left*5 < total || right*5 < total {
			continue
		}
		switch {
		case crossing < best:
			best, at, run = crossing, x, x
		case crossing == best && x-run < 1.5*(x1-x0)/steps:
			run = x // the middle of the widest stretch would do as well
		}
	}
	if best*3 > total {
		return 0, false
	}
	return (at + run) / 2, true
}

// rows joins pieces that were painted apart in one row of one column.
func (p *Page) rows(lines []line) []line {
	var out []line
	for _, l := range lines {
		if n := len(out); n > 0 && p.joinRow(&out[n-1], &l) {
			continue
		}
		out = append(out, l)
	}
	return out
}

// joinRow appends b to a where b goes on in a's row.
func (p *Page) joinRow(a, b *line) bool {
	size := max(a.size, b.size)
	gap := b.box.X0 - a.box.X1
	if math.Abs(a.base-b.base) > 0.3*size || gap < -0.3*size || gap > gapLine*size || a.angle != 0 {
		return false
	}
	if gap <= gapWord*size {
		p.glue(a, b)
	} else {
		a.words = append(slices.Clip(a.words), b.words...)
	}
	a.box = a.box.union(b.box)
	a.count += b.count
	return true
}

// glue makes one word of a's last and b's first.
func (p *Page) glue(a, b *line) {
	last, next := a.words[len(a.words)-1], b.words[0]
	start := int32(len(p.text))
	p.text = append(p.text, p.text[last.a:last.b]...)
	p.text = append(p.text, p.text[next.a:next.b]...)
	joined := word{a: start, b: int32(len(p.text)), box: last.box.union(next.box)}
	words := slices.Clone(a.words[:len(a.words)-1])
	a.words = append(append(words, joined), b.words[1:]...)
}
