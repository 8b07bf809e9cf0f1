package papers

import (
	"cmp"
	"slices"
)

// votes count on which side of their captions the pictures of a document stand where only one side has any, by kind.
type votes map[string]*[3]float64

func newVotes(pages [][]choice, items []FigureItem) votes {
	v := votes{"figure": {above: 3, below: 0.5}, "table": {above: 1, below: 1}}
	for _, page := range pages {
		for _, c := range page {
			of := v[items[c.item].Kind]
			switch a, b := c.has[above], c.has[below]; {
			case a && !b:
				of[above]++
			case b && !a:
				of[below]++
			case a && b && c.sides[above].gap > 2.5*c.sides[below].gap+4:
				of[below] += 0.5
			case a && b && c.sides[below].gap > 2.5*c.sides[above].gap+4:
				of[above] += 0.5
			}
		}
	}
	return v
}

// worth says how likely it is that a caption's picture stands on a side.
func (v votes) worth(c *choice, kind string, s side) float64 {
	if s == nowhere || !c.has[s] {
		return 0
	}
	of := v[kind]
	p := &c.sides[s]
	w := 1 + 1.2*of[s]/(of[above]+of[below]) + 0.5*max(0, 1-p.gap/40)
	if p.Y1-p.Y0 < 24 && kind == "figure" {
		w -= 0.6
	}
	return w
}

// mostTogether bounds the captions of a page whose sides are chosen together: three sides each.
const mostTogether = 7

// choose picks a side for each caption of a page, so that no picture goes to two captions.
func (v votes) choose(page []choice, items []FigureItem) []side {
	if len(page) > mostTogether {
		return append(v.choose(page[:mostTogether], items), v.choose(page[mostTogether:], items)...)
	}
	best, sides := -1.0, make([]side, len(page))
	now := make([]side, len(page))
	var try func(i int, sum float64)
	try = func(i int, sum float64) {
		if i == len(page) {
			if sum > best {
				best = sum
				copy(sides, now)
			}
			return
		}
		for _, s := range []side{above, below, nowhere} {
			w := v.worth(&page[i], items[page[i].item].Kind, s)
			if s != nowhere && !page[i].has[s] {
				continue
			}
			for k := range i {
				if s == nowhere || now[k] == nowhere {
					continue
				}
				a, b := page[i].sides[s].Box, page[k].sides[now[k]].Box
				if a.overlap(b).area() > 0.1*min(a.area(), b.area()) {
					w -= 1.5
				}
			}
			now[i] = s
			try(i+1, sum+w)
		}
	}
	try(0, 0)
	return sides
}

// share parts what stands between two captions, the upper one's below it and the lower one's above, where the white between is widest.
func share(page []choice, sides []side) {
	for i := range page {
		for k := range page {
			if sides[i] != below || sides[k] != above || page[i].caption.Y1 > page[k].caption.Y0 {
				continue
			}
			a, b := &page[i].sides[below], &page[k].sides[above]
			if a.overlap(b.Box).area() < 0.5*min(a.area(), b.area()) {
				continue
			}
			upper, lower, ok := halves(slices.Concat(a.parts, b.parts))
			if ok {
				a.Box, b.Box = upper, lower
			}
		}
	}
}

// halves cuts parts in two at the widest white between them.
func halves(parts []part) (upper, lower Box, ok bool) {
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.Y0, b.Y0) })
	widest, at := 3.0, 0
	end := 0.0
	for i, q := range parts {
		if i > 0 && q.Y0-end > widest {
			widest, at = q.Y0-end, i
		}
		end = max(end, q.Y1)
	}
	if at == 0 {
		return upper, lower, false
	}
	return hull(parts[:at]), hull(parts[at:]), true
}

func hull(parts []part) Box {
	out := parts[0].Box
	for _, q := range parts[1:] {
		out = union(out, q.Box)
	}
	return out
}
