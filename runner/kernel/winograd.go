package kernel

// Winograd's convolution F(2×2, 3×3): four outputs of a channel take sixteen products instead of thirty-six,
// the sums around them are exact but for their own rounding (Lavin & Gray 2016). It is chosen by shape alone.

// quick says whether a convolution of cols to rows channels goes this way: the products saved must outweigh
// the transforms, by their measured times on sixteen lanes.
func (c *Conv) quick(rows, cols int) bool {
	return c.Size == 3 && c.Stride == 1 && c.Pad == 1 && c.Height%2 == 0 && c.Width%2 == 0 && c.Batch%16 == 0 &&
		20*rows*cols > 120*cols+55*rows
}

// planeGap keeps planes off each other's cache sets: with a distance of a power of two all sixteen stores of
// a tile fall into one set, at 27 % of the speed.
const planeGap = 16

// Scratch is how many numbers of memory Forward and InputGrad want.
func (c *Conv) Scratch() int {
	n := 0
	for _, s := range [][2]int{{c.Out, c.In}, {c.In, c.Out}} {
		if rows, cols := s[0], s[1]; c.quick(rows, cols) {
			l := c.tiles(rows, cols) * c.Batch
			n = max(n, 16*(rows*cols+(rows+cols)*l+3*planeGap))
		}
	}
	return n
}

// tiles is how many tiles of a row are transformed at once, so that both sides of the products stay near.
func (c *Conv) tiles(rows, cols int) int {
	return max(1, min(c.Width/2, 4096/(max(rows, cols)*c.Batch)))
}

// quickly is one direction of a convolution with its memory.
type quickly struct {
	*Conv
	y, x, u    []float32
	rows, cols int
	f          Finish
}

// winograd sets y, of rows channels, from x, of cols; back reads w as the data gradient does.
func (p path) winograd(c *Conv, y, x, w []float32, rows, cols int, back bool, f Finish, scratch []float32) {
	size := 16 * (rows*cols + planeGap)
	u, scratch := scratch[:size], scratch[size:]
	transformWeights(u, w, rows, cols, back)
	q := quickly{c, y, x, u, rows, cols, f}
	some := c.tiles(rows, cols)
	for ty := range c.Height / 2 {
		for tx := 0; tx < c.Width/2; tx += some {
			q.strip(p, ty, tx, min(some, c.Width/2-tx), scratch)
		}
	}
}

// strip does count tiles beside each other.
func (q quickly) strip(p path, ty, tx, count int, scratch []float32) {
	l := count * q.Batch
	vPlane, mPlane := q.cols*l+planeGap, q.rows*l+planeGap
	v, m := scratch[:16*vPlane], scratch[16*vPlane:][:16*mPlane]
	for k := range count {
		q.in(p, v[k*q.Batch:], ty, tx+k, vPlane, l)
	}
	for t := range 16 {
		p.product(m[t*mPlane:][:q.rows*l], q.u[t*(q.rows*q.cols+planeGap):][:q.rows*q.cols], v[t*vPlane:][:q.cols*l], q.rows, l, q.cols, q.cols, 1, Finish{})
	}
	for k := range count {
		q.out(p, m[k*q.Batch:], ty, tx+k, mPlane, l)
	}
}

// transformWeights sets u to G w Gᵀ, sixteen planes of rows × cols.
func transformWeights(u, w []float32, rows, cols int, back bool) {
	plane := rows*cols + planeGap
	var g, h [12]float32
	for r := range rows {
		for c := range cols {
			at := w[(r*cols+c)*9:]
			if back {
				at = w[(c*rows+r)*9:]
			}
			at = at[:9]
			for k := range 3 { // columns of g: 3 × 3 becomes 4 × 3
				a, b, d := at[k], at[3+k], at[6+k]
				if back {
					a, b, d = at[8-k], at[5-k], at[2-k]
				}
				s := a + d
				g[k], g[3+k], g[6+k], g[9+k] = a, float32(0.5*(s+b)), float32(0.5*(s-b)), d
			}
			for k := range 4 {
				a, b, d := g[3*k], g[3*k+1], g[3*k+2]
				s := a + d
				h[0], h[1], h[2], h[3] = a, float32(0.5*(s+b)), float32(0.5*(s-b)), d
				for j := range 4 {
					u[(4*k+j)*plane+r*cols+c] = h[j]
				}
			}
		}
	}
}

func (q quickly) in(p path, v []float32, ty, tx, vPlane, l int) {
	edges := 0
	for bit, outside := range []bool{ty == 0, 2*ty+2 == q.Height, tx == 0, 2*tx+2 == q.Width} {
		if outside {
			edges |= 1 << bit
		}
	}
	b := q.Batch
	from := ((2*ty-1)*q.Width + 2*tx - 1) * b
	if p != portable {
		tileInVector(p, &v[0], &q.x[0], edges, q.cols, b, 4*from, 4*q.Height*q.Width*b, 4*q.Width*b, 4*b, 4*vPlane, 4*l)
		return
	}
	for ch := range q.cols {
		for n := range b {
			var d, t [16]float32
			for k := range 16 {
				r, c := k/4, k%4
				if !(r == 0 && edges&1 != 0 || r == 3 && edges&2 != 0 || c == 0 && edges&4 != 0 || c == 3 && edges&8 != 0) {
					d[k] = q.x[from+(ch*q.Height*q.Width+r*q.Width+c)*b+n]
				}
			}
			for c := range 4 {
				t[c], t[4+c], t[8+c], t[12+c] = d[c]-d[8+c], d[4+c]+d[8+c], d[8+c]-d[4+c], d[4+c]-d[12+c]
			}
			for r := range 4 {
				for k, x := range [4]float32{t[4*r] - t[4*r+2], t[4*r+1] + t[4*r+2], t[4*r+2] - t[4*r+1], t[4*r+1] - t[4*r+3]} {
					v[(4*r+k)*vPlane+ch*l+n] = x
				}
			}
		}
	}
}

func (q quickly) out(p path, m []float32, ty, tx, mPlane, l int) {
	b, f := q.Batch, q.f
	at := (2*ty*q.Width + 2*tx) * b
	if p != portable {
		bias, hasBias := rest(f.Bias, 0, q.rows)
		addend, hasAddend := rest(f.Add, at, len(q.y))
		gate, hasGate := rest(f.Gate, at, len(q.y))
		relu := 0
		if f.Relu {
			relu = 1
		}
		tileOutVector(p, &q.y[at], &m[0], bias, addend, gate, q.rows, b, 4*mPlane, 4*l, 4*q.Height*q.Width*b, 4*q.Width*b, 4*b, hasBias, hasAddend, relu, hasGate)
		return
	}
	for ch := range q.rows {
		for n := range b {
			var s [8]float32
			for c := range 4 {
				z := func(r int) float32 { return m[(4*r+c)*mPlane+ch*l+n] }
				s[c], s[4+c] = z(0)+z(1)+z(2), z(1)-z(2)-z(3)
			}
			for r := range 2 {
				t := s[4*r:]
				for c, x := range [2]float32{t[0] + t[1] + t[2], t[1] - t[2] - t[3]} {
					q.y[at+(ch*q.Height*q.Width+r*q.Width+c)*b+n] = x
				}
			}
		}
		for k := range 4 {
			from := at + (ch*q.Height*q.Width+k/2*q.Width+k%2)*b
			f.apply(q.y[from:][:b], ch, from)
		}
	}
}
