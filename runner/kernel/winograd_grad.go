package kernel

// gradScratch is how many numbers of memory runGrad wants.
func (q *quick) gradScratch() int {
	if q == nil {
		return 0
	}
	rows, cols := (q.rows+3)&^3, (q.cols+3)&^3
	return q.zeroLine() + q.side*q.side*(rows*cols+(rows+cols)*q.pitch()+3*gap)
}

// runGrad sets dw to the gradient of the weights, rows × cols filters: of every chunk of tiles the transformed
// inputs and output gradients are multiplied, sixteen lanes by the place in the chunk and then folded, and the
// chunks' sums are added in order.
//
//	m = 0; for chunks: m += folded(Σ (A dy Aᵀ)(Bᵀ x B)); dw = Gᵀ m G
func (q *quick) runGrad(p path, dw, x, dy, scratch []float32) {
	planes, pitch := q.side*q.side, q.pitch()
	rows, cols := (q.rows+3)&^3, (q.cols+3)&^3 // of the rest nothing is read again
	zPlane, vPlane, mPlane := rows*pitch+gap, cols*pitch+gap, rows*cols+gap
	zero, rest := scratch[:q.zeroLine()], scratch[q.zeroLine():]
	z, rest := rest[:planes*zPlane], rest[planes*zPlane:]
	v, m := rest[:planes*vPlane], rest[planes*vPlane:][:planes*mPlane]
	clear(zero)
	for from := 0; from < q.down*q.across; from += q.some {
		count := min(q.some, q.down*q.across-from)
		for k := range count {
			q.tileIn(p, v[k*q.batch:], x, zero, from+k, vPlane, pitch)
			q.gradIn(p, z[k*q.batch:], dy, zero, from+k, zPlane, pitch)
		}
		l := count * q.batch
		if l%16 != 0 {
			for t := range planes {
				clearTails(v[t*vPlane:], q.cols, l, pitch)
				clearTails(z[t*zPlane:], q.rows, l, pitch)
			}
		}
		p.dots(m, z, v, rows, cols, (l+15)&^15, planes, mPlane, zPlane, vPlane, pitch, from > 0)
	}
	q.filterGrads(p, dw, m, cols, mPlane)
}

// clearTails zeroes the eight numbers behind l of every row, so that whole registers can be read.
func clearTails(x []float32, rows, l, pitch int) {
	for r := range rows {
		clear(x[r*pitch+l:][:8])
	}
}

// gradIn sets the planes of z from the output gradients of tile number t.
func (q *quick) gradIn(p path, z, dy, zero []float32, t, zPlane, pitch int) {
	r, c, b := t/q.across*q.out, t%q.across*q.out, q.batch
	rows, cols := outside(r, q.out, q.outHeight), outside(c, q.out, q.outWidth)
	from, channel, row := (r*q.outWidth+c)*b, q.outHeight*q.outWidth*b, q.outWidth*b
	switch p = q.on(p); {
	case p == portable:
		e := expansion{q.out, q.side, rows, cols, q.rows, b, from, channel, row, zPlane, pitch}
		e.run(z, dy, q.gradLine)
	case q.form == f43:
		f43GradVector(p, &z[0], &dy[0], &zero[0], rows, cols, q.rows, b, 4*from, 4*channel, 4*row, 4*b, 4*zPlane, 4*pitch)
	default:
		f25GradVector(p, &z[0], &dy[0], &zero[0], rows, cols, q.rows, b, 4*from, 4*channel, 4*row, 4*b, 4*zPlane, 4*pitch)
	}
}

// dots sets m = a bᵀ in every plane, or adds to it; as and bs are multiples of four, l of sixteen.
//
//	for planes, a, b: s[16] = 0; for e: s[e&15] = fma(a[e], b[e], s[e&15]); m = folded(s), or m + folded(s)
func (p path) dots(m, a, b []float32, as, bs, l, planes, mPlane, aPlane, bPlane, pitch int, more bool) {
	if p != portable {
		adds := 0
		if more {
			adds = 1
		}
		at := max(1, longest/(as*bs*l)) // planes in one call
		for t := 0; t < planes; t += at {
			dotsVector(p, &m[t*mPlane], &a[t*aPlane], &b[t*bPlane], as, bs, l, min(at, planes-t), 4*bs, 4*mPlane, 4*pitch, 4*aPlane, 4*pitch, 4*bPlane, adds)
		}
		return
	}
	for t := range planes {
		for i := range as {
			for j := range bs {
				var s [16]float32
				x, y := a[t*aPlane+i*pitch:][:l], b[t*bPlane+j*pitch:][:l]
				for e := range x {
					s[e&15] = fma(x[e], y[e], s[e&15])
				}
				if n := t*mPlane + i*bs + j; more {
					m[n] += folded(&s)
				} else {
					m[n] = folded(&s)
				}
			}
		}
	}
}

// filterGrads takes the sums back to filters; a row of m has pitch numbers.
func (q *quick) filterGrads(p path, dw, m []float32, pitch, plane int) {
	taps := q.taps * q.taps
	rows, cols := q.rows, q.cols
	if pitch == cols {
		rows, cols = 1, rows*cols // all in one run
	}
	for r := range rows {
		from, to := m[r*pitch:], dw[r*cols*taps:]
		whole := p.whole(cols)
		switch {
		case whole == 0:
		case q.form == f43:
			f43WeightGradVector(p, &to[0], &from[0], whole, 4*plane)
		default:
			f25WeightGradVector(p, &to[0], &from[0], whole, 4*plane)
		}
		for n := whole; n < cols; n++ {
			q.filterGrad(to[n*taps:][:taps], from[n:], plane)
		}
	}
}
