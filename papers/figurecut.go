package papers

import (
	"cmp"
	"math"
	"slices"
)

// A cutter finds where on a page its figures and tables stand: the ink beside each caption that is no running text.
type cutter struct {
	page   *Page
	text   []Box // lines of running text, captions included
	parts  []part
	x0, x1 float64 // of the printed part of the page
	middle float64 // between two columns; 0 with one
}

// A side is where a picture stands as seen from its caption.
type side int

const (
	nowhere side = iota
	above
	below
)

// A place is what stands on one side of a caption.
type place struct {
	Box
	gap   float64 // to the caption
	parts []part  // nearest to the caption first
}

func newCutter(p *Page, ink *inkMap, face *typeface) *cutter {
	c := &cutter{page: p, x0: p.Width, x1: 0}
	prose := make([]bool, len(p.Blocks))
	for i := range p.Blocks {
		b := &p.Blocks[i]
		prose[i] = p.isProse(b, face) || p.goesOn(i)
	}
	first := ink.parts()
	for i := range p.Blocks {
		b := &p.Blocks[i]
		if prose[i] && !furniture(b.Kind) && !p.isLabelled(b) && framed(b.Box, first, p) {
			prose[i] = false
		}
		sidebar := b.Box.X1-b.Box.X0 < 40 && b.Box.Y1-b.Box.Y0 > p.Height/4 && (b.Box.X1 < p.Width/8 || b.Box.X0 > p.Width*7/8)
		if !prose[i] && !sidebar {
			continue
		}
		end := b.End
		if b.Kind == Caption {
			end = p.captionEnd(b)
		}
		for _, l := range b.Lines {
			if l.Start >= end {
				break
			}
			ink.clear(Box{l.Box.X0 - 2, l.Box.Y0 - 2, l.Box.X1 + 2, l.Box.Y1 + 2})
			if !sidebar && !furniture(b.Kind) {
				c.text = append(c.text, l.Box)
				c.x0, c.x1 = min(c.x0, l.Box.X0), max(c.x1, l.Box.X1)
			}
		}
	}
	c.columns(face)
	for _, q := range ink.parts() {
		if !c.stray(q) {
			c.parts = append(c.parts, q)
		}
	}
	return c
}

// columns finds the printed width of the page, and the gap between two columns.
func (c *cutter) columns(face *typeface) {
	if n := len(face.left); n > 0 {
		c.x0, c.x1 = min(c.x0, face.left[0]), max(c.x1, face.left[n-1]+face.width)
	}
	c.x0, c.x1 = max(c.x0, 0), min(c.x1, c.page.Width)
	if face.width < 0.6*max(c.x1-c.x0, 0.6*c.page.Width) {
		c.middle = (c.x0 + c.x1) / 2
		for _, x := range slices.Backward(face.left) {
			if math.Abs(x-c.middle) < 30 {
				c.middle = x - 8
			}
		}
	}
}

// goesOn says whether block i is more of the caption right above it, which layout set apart.
func (p *Page) goesOn(i int) bool {
	b := &p.Blocks[i]
	if b.Kind != Body || len(b.Lines) == 0 || p.rowsOfCells(b) {
		return false
	}
	for k := range p.Blocks {
		a := &p.Blocks[k]
		gap := b.Box.Y0 - a.Box.Y1
		if a.Kind == Caption && gap > -2 && gap < 3.5 && math.Abs(a.Size-b.Size) < 0.3 && a.Font == b.Font && math.Abs(a.Box.X0-b.Box.X0) < 14 {
			return true
		}
	}
	return false
}

// framed says whether words lie well inside a picture that is much larger than they are and no frame of the page.
func framed(b Box, parts []part, p *Page) bool {
	for _, q := range parts {
		if q.X0 < b.X0-3 && q.Y0 < b.Y0-3 && q.X1 > b.X1+3 && q.Y1 > b.Y1+3 && q.area() > 2.5*b.area() && q.area() < 0.5*p.Width*p.Height {
			return true
		}
	}
	return false
}

func (b Box) area() float64 { return max(0, b.X1-b.X0) * max(0, b.Y1-b.Y0) }

func (b Box) overlap(o Box) Box {
	return Box{max(b.X0, o.X0), max(b.Y0, o.Y0), min(b.X1, o.X1), min(b.Y1, o.Y1)}
}

// stray recognises ink that belongs to no picture: the page's own frame or scan, the rules under a running head and over footnotes,
// what readers marked in the text, and signs of displayed formulas.
func (c *cutter) stray(q part) bool {
	w, h := q.X1-q.X0, q.Y1-q.Y0
	if q.area() > 0.8*c.page.Width*c.page.Height {
		return true
	}
	if h <= 3 && w > 40 {
		for _, b := range c.page.Blocks {
			switch {
			case b.Kind == Header && math.Abs(q.Y0-b.Box.Y1) < 14 && q.Y1 < c.page.Height/6,
				b.Kind == Footer && math.Abs(b.Box.Y0-q.Y1) < 14 && q.Y0 > c.page.Height*5/6,
				b.Kind == Footnote && b.Box.Y0-q.Y1 > -4 && b.Box.Y0-q.Y1 < 14 && q.X1 <= b.Box.X1+2 && w < 0.6*(c.x1-c.x0):
				return true
			}
		}
	}
	covered := 0.0
	for _, t := range c.text {
		covered += q.overlap(Box{t.X0 - 3, t.Y0 - 3, t.X1 + 3, t.Y1 + 3}).area()
	}
	return covered > 0.6*q.area()
}

// columnOf is the width that the picture of the i-th caption may take.
func (c *cutter) columnOf(caps []Box, i int) Box {
	b := caps[i]
	col := Box{X0: c.x0 - 12, X1: c.x1 + 12}
	switch m := c.middle; {
	case m > 0 && b.X1 <= m+12:
		col.X1 = m
	case m > 0 && b.X0 >= m-12:
		col.X0 = m
	}
	for k, o := range caps { // side by side with another
		if k == i || o.Y1 < b.Y0-4 || o.Y0 > b.Y1+4 {
			continue
		}
		if o.X0 >= b.X1 {
			col.X1 = min(col.X1, (b.X1+o.X0)/2)
		}
		if o.X1 <= b.X0 {
			col.X0 = max(col.X0, (b.X0+o.X1)/2)
		}
	}
	for _, t := range c.text { // beside the text that runs around it
		if t.Y1 < b.Y0+2 || t.Y0 > b.Y1-2 || within(t, caps) {
			continue
		}
		if t.X0 >= b.X1 && t.X0 < col.X1 {
			col.X1 = (b.X1 + t.X0) / 2
		}
		if t.X1 <= b.X0 && t.X1 > col.X0 {
			col.X0 = (b.X0 + t.X1) / 2
		}
	}
	return col
}

func within(t Box, boxes []Box) bool {
	for _, b := range boxes {
		if t.centreIn(b) {
			return true
		}
	}
	return false
}

const (
	// firstGap is how far from its caption a picture may begin, nextGap how far its own pieces may lie apart.
	firstGap, nextGap = 70, 40
)

// look gathers what stands on one side of a caption, as far as the next running text.
func (c *cutter) look(caption, col Box, s side) (place, bool) {
	end := 0.0
	if s == below {
		end = c.page.Height
	}
	for _, t := range c.text {
		if t.centreIn(caption) || min(t.X1, col.X1)-max(t.X0, col.X0) < min(12, (t.X1-t.X0)/2) {
			continue
		}
		if s == above && t.Y1 <= caption.Y0+2 {
			end = max(end, t.Y1)
		}
		if s == below && t.Y0 >= caption.Y1-2 {
			end = min(end, t.Y0)
		}
	}
	var mine []part
	for _, q := range c.parts {
		y := (q.Y0 + q.Y1) / 2
		in := min(q.X1, col.X1)-max(q.X0, col.X0) > 0.5*(q.X1-q.X0)
		if in && (s == above && y > end && y < caption.Y0 && q.Y0 > end-6 || s == below && y < end && y > caption.Y1 && q.Y1 < end+6) {
			mine = append(mine, q)
		}
	}
	slices.SortFunc(mine, func(a, b part) int {
		if s == above {
			return cmp.Compare(b.Y1, a.Y1)
		}
		return cmp.Compare(a.Y0, b.Y0)
	})
	var out place
	for i, q := range mine {
		gap, most := 0.0, float64(nextGap)
		switch {
		case i == 0 && s == above:
			gap, most = caption.Y0-q.Y1, firstGap
		case i == 0:
			gap, most = q.Y0-caption.Y1, firstGap
		case s == above:
			gap = out.Y0 - q.Y1
		default:
			gap = q.Y0 - out.Y1
		}
		if gap > most {
			break
		}
		if i == 0 {
			out = place{Box: q.Box, gap: max(0, gap)}
		}
		out.Box = union(out.Box, q.Box)
		out.parts = append(out.parts, q)
	}
	if out.X1-out.X0 < 30 || out.Y1-out.Y0 < 12 {
		return place{}, false
	}
	return out, true
}

// A choice is what the two sides of a caption hold.
type choice struct {
	item    int // of the figures
	page    int
	caption Box
	sides   [3]place
	has     [3]bool
}

// choices looks at both sides of the captions of one page.
func (c *cutter) choices(items []FigureItem, all []int) []choice {
	var caps []Box
	for _, i := range all {
		caps = append(caps, c.captionBox(items[i]))
	}
	var out []choice
	for k, i := range all {
		ch := choice{item: i, page: c.page.Number, caption: caps[k]}
		for _, s := range []side{above, below} {
			ch.sides[s], ch.has[s] = c.look(caps[k], c.columnFor(caps, k, s), s)
		}
		out = append(out, ch)
	}
	return out
}

// columnFor widens the column where a picture runs over both.
func (c *cutter) columnFor(caps []Box, i int, s side) Box {
	col := c.columnOf(caps, i)
	if c.middle == 0 || col.X0 < c.middle-20 && col.X1 > c.middle+20 {
		return col
	}
	b := caps[i]
	for _, q := range c.parts {
		near := s == above && q.Y1 <= b.Y0+3 && b.Y0-q.Y1 < 25 || s == below && q.Y0 >= b.Y1-3 && q.Y0-b.Y1 < 25
		if !near || q.X0 > c.middle-40 || q.X1 < c.middle+40 || min(q.X1, b.X1)-max(q.X0, b.X0) < 20 {
			continue
		}
		alone := true
		for k, o := range caps {
			alone = alone && (k == i || o.X1 <= col.X1+12 && o.X0 >= col.X0-12 || o.Y1 < q.Y0-30 || o.Y0 > q.Y1+30)
		}
		for _, t := range c.text {
			other := t.X1 < col.X0+2 || t.X0 > col.X1-2
			alone = alone && !(other && t.Y0 > q.Y0+4 && t.Y1 < q.Y1-4)
		}
		if alone {
			return Box{X0: c.x0 - 12, X1: c.x1 + 12}
		}
	}
	return col
}

// captionBox is where a caption is printed, with what layout set apart of it.
func (c *cutter) captionBox(f FigureItem) Box {
	var out Box
	for i := range c.page.Blocks {
		b := &c.page.Blocks[i]
		if b.Start == f.Start && b.Kind == Caption {
			out = b.Box
			for _, l := range b.Lines {
				if l.Start >= f.End {
					out.Y1 = min(out.Y1, l.Box.Y0-0.5)
				}
			}
		}
	}
	for i := range c.page.Blocks {
		b := &c.page.Blocks[i]
		if gap := b.Box.Y0 - out.Y1; gap > -2 && gap < 3.5 && c.page.goesOn(i) && b.Box.X0 < out.X1 && b.Box.X1 > out.X0 {
			out = union(out, b.Box)
		}
	}
	return out
}
