package layout

import (
	"math"
	"slices"
	"strconv"
)

// markLineNumbers marks the numbers that review copies print along the margin:
// eight or more, one above the other, counting upwards, outside of the text, with
// as many rows of it beside them as they count. The numbers of a bibliography have
// more, the ticks of a plot none.
func (p *Page) markLineNumbers() {
	var at []int
	for i := range p.lines {
		l := &p.lines[i]
		if l.angle == 0 && len(l.words) == 1 && digitsOnly(p.wordText(&l.words[0])) && len(p.wordText(&l.words[0])) <= 4 {
			at = append(at, i)
		}
	}
	if len(at) < 8 {
		return
	}
	for _, column := range p.stacks(at) {
		if len(column) < 8 {
			continue
		}
		if span, ok := p.countsUp(column); ok {
			if rows := p.rowsBeside(column); rows*2 >= span && rows*10 <= span*13 && p.outside(column) {
				for _, i := range column {
					p.lines[i].kind = LineNo
				}
			}
		}
	}
}

// stacks parts lines into columns that share no x, each from top to bottom.
func (p *Page) stacks(at []int) [][]int {
	slices.SortStableFunc(at, func(a, b int) int { return cmpFloat(p.lines[a].box.X0, p.lines[b].box.X0) })
	var out [][]int
	right := math.Inf(-1)
	for _, i := range at {
		b := p.lines[i].box
		if b.X0 > right {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], i)
		right = max(right, b.X1)
	}
	for _, column := range out {
		slices.SortStableFunc(column, func(a, b int) int { return cmpFloat(p.lines[a].base, p.lines[b].base) })
	}
	return out
}

// countsUp tells whether the numbers rise evenly, nearly without exception, and
// how many lines they count.
func (p *Page) countsUp(at []int) (span int, ok bool) {
	steps := map[int]int{}
	first, last := 0, 0
	for k, i := range at {
		n, _ := strconv.Atoi(p.wordText(&p.lines[i].words[0]))
		if k > 0 {
			steps[n-last]++
		} else {
			first = n
		}
		last = n
	}
	return last - first + 1, max(steps[1], steps[5])*10 >= 9*(len(at)-1)
}

// outside tells whether the text lies to one side of the lines.
func (p *Page) outside(at []int) bool {
	box := p.lines[at[0]].box
	for _, i := range at {
		box = box.union(p.lines[i].box)
	}
	left, right, all := 0, 0, 0
	for i := range p.lines {
		l := &p.lines[i]
		if l.angle != 0 || l.count < 10 {
			continue
		}
		all += l.count
		if l.box.X0 < box.X1 {
			left += l.count
		}
		if l.box.X1 > box.X0 {
			right += l.count
		}
	}
	return min(left, right)*20 <= all
}

// rowsBeside counts the rows of text that stand between the first number and the
// last, in the column that they are printed next to.
func (p *Page) rowsBeside(at []int) int {
	x0, x1 := math.Inf(1), math.Inf(-1)
	for _, i := range at {
		x0, x1 = min(x0, p.lines[i].box.X0), max(x1, p.lines[i].box.X1)
	}
	top, bottom := p.lines[at[0]].box.Y0, p.lines[at[len(at)-1]].box.Y1
	var bases []float64
	for i := range p.lines {
		l := &p.lines[i]
		if l.angle != 0 || l.count < 10 || l.base < top || l.base > bottom+0.5*l.size {
			continue
		}
		right := l.box.X0 >= x0 && l.box.X0 < x1+0.15*p.width
		left := l.box.X1 <= x1 && l.box.X0 > x0-0.5*p.width && x0 > 0.5*p.width
		if right || left {
			bases = append(bases, l.base)
		}
	}
	slices.Sort(bases)
	rows, last := 0, math.Inf(-1)
	for _, y := range bases {
		if y > last+3 {
			rows++
		}
		last = y
	}
	return rows
}
