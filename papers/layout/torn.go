package layout

import (
	"math"
	"slices"
)

// maxPieces bounds how many pieces of a row are compared with each other.
const maxPieces = 300

// mend joins pieces of lines that fit each other like words of one line and were
// painted at different times: some programs paint all that is set in one font
// before all that is set in the next. The line takes the place of the piece that
// was painted first. Formulas are painted in pieces too, and left alone: a third of
// the letters have to lie in lines that are torn.
func (p *Page) mend(lines []line) []line {
	at := make([]int, len(lines))
	total := 0
	for i := range at {
		at[i] = i
		total += lines[i].count
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmpFloat(lines[a].base, lines[b].base) })
	var groups [][]int
	torn := 0
	for from := 0; from < len(at); {
		to := from + 1
		for to < len(at) && lines[at[to]].base-lines[at[to-1]].base < 0.1*lines[at[to]].size {
			to++
		}
		if to-from > 1 && to-from <= maxPieces {
			found, letters := fitting(lines, at[from:to])
			groups, torn = append(groups, found...), torn+letters
		}
		from = to
	}
	if len(groups) == 0 || torn*3 < total {
		return lines
	}
	gone := make([]bool, len(lines))
	out := slices.Clone(lines)
	for _, g := range groups {
		out[slices.Min(g)] = p.whole(lines, g)
		for _, i := range g {
			gone[i] = i != slices.Min(g)
		}
	}
	kept := out[:0]
	for i := range out {
		if !gone[i] {
			kept = append(kept, out[i])
		}
	}
	return kept
}

// A placed word knows the piece that it is of.
type placed struct {
	word
	of int
}

// fitting finds the pieces of a row that belong together, and how many letters
// the groups have that were not painted one piece after the other.
func fitting(lines []line, row []int) (groups [][]int, torn int) {
	words := wordsOf(lines, row)
	group := map[int]int{} // by piece: the first piece of its group
	for _, i := range row {
		group[i] = i
	}
	apart := map[int]bool{}
	for k := 1; k < len(words); k++ {
		u, v := &words[k-1], &words[k]
		if u.of == v.of || !fits(&lines[u.of], &lines[v.of], v.box.X0-u.box.X1) {
			continue
		}
		from, to := group[v.of], group[u.of]
		jumped := v.of != u.of+1 && max(lines[u.of].math, lines[v.of].math) == 0
		apart[to] = apart[to] || apart[from] || jumped
		for i, g := range group {
			if g == from {
				group[i] = to
			}
		}
	}
	for _, i := range row {
		if !apart[i] || group[i] != i {
			continue
		}
		var members []int
		for _, k := range row {
			if group[k] == i {
				members = append(members, k)
				torn += lines[k].count
			}
		}
		groups = append(groups, members)
	}
	return groups, torn
}

// fits tells whether words of a and b that are gap apart may be next to each
// other in a line.
func fits(a, b *line, gap float64) bool {
	size := max(a.size, b.size)
	return gap > -0.1*size && gap < 0.6*size && math.Abs(a.size-b.size) < 0.1*size && a.hidden == b.hidden
}

// wordsOf lists the words of pieces from left to right.
func wordsOf(lines []line, pieces []int) []placed {
	var out []placed
	for _, i := range pieces {
		for _, w := range lines[i].words {
			out = append(out, placed{w, i})
		}
	}
	slices.SortStableFunc(out, func(a, b placed) int { return cmpFloat(a.box.X0, b.box.X0) })
	return out
}

// whole makes one line of pieces.
func (p *Page) whole(lines []line, pieces []int) line {
	out := lines[slices.MaxFunc(pieces, func(a, b int) int { return lines[a].count - lines[b].count })]
	out.words, out.count, out.heavy, out.math = nil, 0, 0, 0
	for _, i := range pieces {
		l := &lines[i]
		out.box = out.box.union(l.box)
		out.count, out.heavy, out.math = out.count+l.count, out.heavy+l.heavy, out.math+l.math
	}
	last := -1
	for _, w := range wordsOf(lines, pieces) {
		if last >= 0 && w.of != last && w.box.X0-out.words[len(out.words)-1].box.X1 <= gapWord*out.size {
			next := line{words: []word{w.word}}
			p.glue(&out, &next)
		} else {
			out.words = append(out.words, w.word)
		}
		last = w.of
	}
	return out
}
