package layout

import (
	"math"
	"slices"
)

// order puts the lines of one writing direction into reading order. Papers are
// painted in reading order nearly always, and where floats and notes stand
// between the columns the order of painting is better than any guess from
// geometry; so geometry decides only where the painting jumps about. Turned lines
// come here upright: columns of vertical writing are then read from the right.
// The labels of plots are turned too, but stand apart.
func (p *Page) order(lines []line, turned bool) []line {
	lines = p.mend(lines)
	if !p.jumps(lines, turned) {
		return lines
	}
	return p.cut(slices.Clone(lines), 0)
}

// jumps tells whether the lines were painted in no order a reader would follow:
// a fifth of their letters come after a step back in the same row, after a step up
// in the same column, or straight across from one column into the other.
func (p *Page) jumps(lines []line, turned bool) bool {
	total, bad, enough := 0, 0, 100
	if turned {
		enough = 30
	}
	for i := range lines {
		l := &lines[i]
		total += l.count
		if i == 0 {
			continue
		}
		prev := &lines[i-1]
		size := max(l.size, prev.size)
		row := math.Abs(l.base-prev.base) < 0.3*size
		switch {
		case turned && (row || !p.near(l, prev)): // labels of plots
		case row && l.box.X1 <= prev.box.X0:
			bad += l.count
		case row && l.box.X0 > prev.box.X1 && l.count >= 20 && prev.count >= 20:
			bad += l.count
		case l.base < prev.base-0.5*size && l.count >= 10 && prev.count >= 10 && !p.restarts(lines, i) &&
			l.box.overlapX(prev.box) > 0.5*min(l.box.width(), prev.box.width()):
			bad += l.count
		}
	}
	return total > enough && bad*5 > total
}

// restarts tells whether the step up to line i begins a new block that is then
// followed downwards: a float or a head painted after the text.
func (p *Page) restarts(lines []line, i int) bool {
	if i+1 >= len(lines) {
		return true
	}
	a, b := &lines[i], &lines[i+1]
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
	a, b, edge := columnEdges(lines, gutter)
	for i, l := range lines {
		centred := l.box.overlapX(Box{X0: a, X1: b}) > l.size && l.box.X0 > edge+3*l.size && alone(lines, i)
		switch {
		case centred:
			flush()
			out = append(out, l)
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

// columnEdges says between which x no column has its text: from where nine tenths
// of the left column's letters have ended to where most of the right one's begin;
// and where the left column begins.
func columnEdges(lines []line, gutter float64) (from, to, edge float64) {
	var ends, starts []line
	for _, l := range lines {
		switch {
		case l.box.X1 <= gutter:
			ends = append(ends, l)
		case l.box.X0 >= gutter:
			starts = append(starts, l)
		}
	}
	from = quantile(ends, 0.9, func(l *line) float64 { return l.box.X1 })
	to = quantile(starts, 0.5, func(l *line) float64 { return l.box.X0 })
	return from, to, quantile(ends, 0.5, func(l *line) float64 { return l.box.X0 })
}

// quantile weighs a line by its letters.
func quantile(lines []line, share float64, of func(*line) float64) float64 {
	slices.SortFunc(lines, func(a, b line) int { return cmpFloat(of(&a), of(&b)) })
	total, n := 0, 0
	for i := range lines {
		total += lines[i].count
	}
	for i := range lines {
		if n += lines[i].count; float64(n) >= share*float64(total) {
			return of(&lines[i])
		}
	}
	return 0
}

// alone tells whether no other line stands beside line i: lines are sorted by
// their height.
func alone(lines []line, i int) bool {
	l := &lines[i]
	beside := func(o *line) bool { return math.Abs(o.base-l.base) < 0.8*max(o.size, l.size) }
	return (i == 0 || !beside(&lines[i-1])) && (i+1 == len(lines) || !beside(&lines[i+1]))
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
	if math.Abs(a.base-b.base) > 0.3*size || gap < -0.3*size || gap > gapLine*size {
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
