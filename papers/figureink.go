package papers

import "image"

// An inkMap says of every point of a page whether it is inked. Running text can be taken off it; what is left are pictures, rules, and the
// words inside figures and tables.
type inkMap struct {
	w, h  int
	cells []bool
}

// blank is the least that each channel of a pixel without ink has.
const blank = 0xF0

// newInkMap reads the picture of a page of w by h points.
func newInkMap(m *image.RGBA, w, h float64) *inkMap {
	k := &inkMap{w: max(1, int(w)), h: max(1, int(h))}
	k.cells = make([]bool, k.w*k.h)
	b := m.Bounds()
	for y := range b.Dy() {
		row := m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):][:4*b.Dx()]
		to := min(k.h-1, y*k.h/b.Dy()) * k.w
		for x := range b.Dx() {
			if p := row[4*x : 4*x+3]; p[0] < blank || p[1] < blank || p[2] < blank {
				k.cells[to+min(k.w-1, x*k.w/b.Dx())] = true
			}
		}
	}
	return k
}

// clear takes the ink of an area off the map.
func (k *inkMap) clear(b Box) {
	for y := max(0, int(b.Y0)); y < min(k.h, int(b.Y1+1)); y++ {
		for x := max(0, int(b.X0)); x < min(k.w, int(b.X1+1)); x++ {
			k.cells[y*k.w+x] = false
		}
	}
}

// A part is a run of ink without a gap as wide as the one between two columns.
type part struct {
	Box
	n int // inked points
}

const (
	// tile is the side in points of the squares that parts are put together of.
	tile = 4
	// reach is how many squares apart two of one part may lie; together less than the gap between columns.
	reach = 2
	// dust is how many inked points a part has at least.
	dust = 4
)

// parts finds the runs of ink.
func (k *inkMap) parts() []part {
	tw, th := (k.w+tile-1)/tile, (k.h+tile-1)/tile
	tiles := make([]part, tw*th)
	for y := range k.h {
		for x := range k.w {
			if !k.cells[y*k.w+x] {
				continue
			}
			t := &tiles[y/tile*tw+x/tile]
			at := Box{float64(x), float64(y), float64(x + 1), float64(y + 1)}
			if t.n == 0 {
				t.Box = at
			}
			t.Box = union(t.Box, at)
			t.n++
		}
	}
	var out []part
	var stack []int
	seen := make([]bool, len(tiles))
	for i := range tiles {
		if seen[i] || tiles[i].n == 0 {
			continue
		}
		whole := part{Box: tiles[i].Box}
		seen[i] = true
		for stack = append(stack[:0], i); len(stack) > 0; {
			j := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			whole.Box, whole.n = union(whole.Box, tiles[j].Box), whole.n+tiles[j].n
			for y := max(0, j/tw-reach); y <= min(th-1, j/tw+reach); y++ {
				for x := max(0, j%tw-reach); x <= min(tw-1, j%tw+reach); x++ {
					if n := y*tw + x; !seen[n] && tiles[n].n > 0 {
						seen[n] = true
						stack = append(stack, n)
					}
				}
			}
		}
		if whole.n >= dust {
			out = append(out, whole)
		}
	}
	return out
}
