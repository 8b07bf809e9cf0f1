package kernel

// The transforms in plain Go. Each works along one axis; a square is done along its columns or planes first
// and then the other way, in the order that the assembly has.

type line [6]float32

// tileLine is Bᵀ d.
func (f form) tileLine(d line) line {
	if f.side == 4 {
		return line{d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]}
	}
	a, b := fma(-4, d[2], d[4]), fma(-4, d[1], d[3])
	e, g := d[4]-d[2], d[3]-d[1]
	return line{fma(-5, d[2], fma(4, d[0], d[4])), a + b, a - b, fma(2, g, e), fma(-2, g, e), fma(-5, d[3], fma(4, d[1], d[5]))}
}

// outLine is Aᵀ m.
func (f form) outLine(m line) line {
	if f.side == 4 {
		return line{m[0] + m[1] + m[2], m[1] - m[2] - m[3]}
	}
	a, b, c, d := m[1]+m[2], m[1]-m[2], m[3]+m[4], m[3]-m[4]
	return powers(f.out, m[0]+a, a, b, c, d, m[5])
}

// tapLine is Gᵀ m.
func (f form) tapLine(m line) line {
	a, b := float32((m[1]+m[2])*(-1.0/6)), float32((m[1]-m[2])*(-1.0/6))
	c, d := float32((m[3]+m[4])*(1.0/24)), float32((m[3]-m[4])*(1.0/24))
	return powers(f.taps, fma(0.25, m[0], a), a, b, c, d, m[5])
}

func powers(n int, first, a, b, c, d, last float32) line {
	l := line{first + c, fma(2, d, b), fma(4, c, a), fma(8, d, b), fma(16, c, a)}
	l[n-1] += last
	return l
}

// gradLine is A y.
func (f form) gradLine(y line) line {
	a, b, c, d := y[0], y[1], y[0], y[1]
	if f.out == 4 {
		a, b = y[0]+y[2], y[1]+y[3]
		c, d = fma(4, y[2], y[0]), fma(4, y[3], y[1])
	}
	return line{y[0], a + b, a - b, fma(2, d, c), fma(-2, d, c), y[f.out-1]}
}

// weightLine is G g.
func (f form) weightLine(g line) line {
	if f.side == 4 {
		s := g[0] + g[2]
		return line{g[0], float32((s + g[1]) * 0.5), float32((s - g[1]) * 0.5), g[2]}
	}
	a, b, c, d := g[0]+g[2], g[1], fma(4, g[2], g[0]), g[1]
	if f.taps == 5 {
		a, b, c, d = a+g[4], g[1]+g[3], fma(16, g[4], c), fma(4, g[3], g[1])
	}
	return line{float32(g[0] * 0.25), float32((a + b) * (-1.0 / 6)), float32((a - b) * (-1.0 / 6)), float32(fma(2, d, c) * (1.0 / 24)), float32(fma(-2, d, c) * (1.0 / 24)), g[f.taps-1]}
}

// expansion makes to² numbers of from² pixels in every channel.
type expansion struct {
	from, to, rowsOut, colsOut int
	channels, batch, at        int
	channel, row, plane, pitch int
}

func (e expansion) run(v, x []float32, f func(line) line) {
	var t [6]line
	for ch := range e.channels {
		for n := range e.batch {
			for c := range e.from {
				var d line
				for r := range e.from {
					if e.rowsOut>>r&1 == 0 && e.colsOut>>c&1 == 0 {
						d[r] = x[e.at+ch*e.channel+r*e.row+c*e.batch+n]
					}
				}
				for r, s := range f(d) {
					t[r][c] = s
				}
			}
			for r := range e.to {
				out := f(t[r])
				for c := range e.to {
					v[(r*e.to+c)*e.plane+ch*e.pitch+n] = out[c]
				}
			}
		}
	}
}

// collapse makes rows × cols outputs at number at of every channel.
func (q *quick) collapse(y, m []float32, at, rows, cols, plane, pitch int, f Finish) {
	b := q.batch
	var s [6]line
	for ch := range q.rows {
		first := at + ch*q.outHeight*q.outWidth*b
		for n := range b {
			for r := range q.side {
				var d line
				for c := range q.side {
					d[c] = m[(r*q.side+c)*plane+ch*pitch+n]
				}
				for c, v := range q.outLine(d) {
					s[c][r] = v
				}
			}
			for c := range cols {
				out := q.outLine(s[c])
				for r := range rows {
					y[first+(r*q.outWidth+c)*b+n] = out[r]
				}
			}
		}
		for r := range rows {
			from := first + r*q.outWidth*b
			f.apply(y[from:][:cols*b], ch, from)
		}
	}
}

// filter sets one number in every plane of u.
func (q *quick) filter(u, w []float32, plane int, back bool) {
	var t [6]line
	for c := range q.taps {
		var g line
		for r := range q.taps {
			k := r*q.taps + c
			if back {
				k = q.taps*q.taps - 1 - k
			}
			g[r] = w[k]
		}
		for r, v := range q.weightLine(g) {
			t[r][c] = v
		}
	}
	for r := range q.side {
		out := q.weightLine(t[r])
		for c := range q.side {
			u[(r*q.side+c)*plane] = out[c]
		}
	}
}

// filterGrad sets one filter from one number in every plane of m.
func (q *quick) filterGrad(dw, m []float32, plane int) {
	var s [6]line
	for r := range q.side {
		var d line
		for c := range q.side {
			d[c] = m[(r*q.side+c)*plane]
		}
		for c, v := range q.tapLine(d) {
			s[c][r] = v
		}
	}
	for c := range q.taps {
		out := q.tapLine(s[c])
		for r := range q.taps {
			dw[r*q.taps+c] = out[r]
		}
	}
}
