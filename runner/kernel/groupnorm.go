package kernel

// Group norm: pictures lie channel × row × column × batch, so a group of channels is one matrix of pixels by
// batch of which every column, one sample, is normalised.

// Groups is the shape of a group norm: Count groups of Channels/Count channels each.
type Groups struct{ Channels, Count, Pixels, Batch int }

func (g Groups) rows() int  { return g.Channels / g.Count * g.Pixels } // of a group's matrix
func (g Groups) plane() int { return g.Pixels * g.Batch }              // numbers of a channel

// Moments sets mean and rate (Count × Batch) to the mean and 1/√(variance + Epsilon) of every group of every
// sample. Down a column number r goes to sum r mod 4; the four are added crosswise.
func (g Groups) Moments(mean, rate, x []float32) { active().groupMoments(g, mean, rate, x) }

func (p path) groupMoments(g Groups, mean, r, x []float32) {
	m, n := g.rows(), g.Batch
	w := p.whole(n)
	for k := range g.Count {
		of := x[k*m*n:][:m*n]
		mean, r := mean[k*n:][:n], r[k*n:][:n]
		if w > 0 {
			groupMomentsVector(p, &mean[0], &r[0], &of[0], m, w, 4*n, float32(m), Epsilon)
		}
		for j := w; j < n; j++ {
			mean[j], r[j] = chainedMoments(of[j:], m, n)
		}
	}
}

// chainedMoments are those of m numbers n apart.
func chainedMoments(x []float32, m, n int) (mean, r float32) {
	var s, q [4]float32
	for i := range m {
		s[i&3] += x[i*n]
	}
	mean = crossed(s) / float32(m)
	for i := range m {
		d := x[i*n] - mean
		q[i&3] += float32(d * d)
	}
	return mean, rate(crossed(q) / float32(m))
}

func crossed(s [4]float32) float32 { return (s[0] + s[2]) + (s[1] + s[3]) }

// Forward sets y = (x - mean)·rate·scale + shift, scale and shift being one number a channel; with silu, y is
// then y/(1 + e^-y).
func (g Groups) Forward(y, x, mean, rate, scale, shift []float32, silu bool) {
	active().groupForward(g, y, x, mean, rate, scale, shift, silu)
}

func (p path) groupForward(g Groups, y, x, mean, rate, scale, shift []float32, silu bool) {
	n, per := g.Batch, g.Channels/g.Count
	w := p.whole(n)
	for c := range g.Channels {
		x, y := x[c*g.plane():][:g.plane()], y[c*g.plane():][:g.plane()]
		mean, rate := mean[c/per*n:][:n], rate[c/per*n:][:n]
		if w > 0 {
			groupNormVector(p, &y[0], &x[0], &mean[0], &rate[0], g.Pixels, w, 4*n, scale[c], shift[c], flag(silu))
		}
		if w == n {
			continue
		}
		for at := 0; at < len(x); at += n {
			for j := w; j < n; j++ {
				u := float32(float32((x[at+j]-mean[j])*rate[j])*scale[c]) + shift[c]
				if silu {
					u /= 1 + exp(0-u)
				}
				y[at+j] = u
			}
		}
	}
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Sums sets sgy and sg (Channels × Batch) to Σ g·y and Σ g over the pixels, y being the normalised x. g is
// grad, or with silu back, which is set to grad taken back through it and has x's size.
func (g Groups) Sums(sgy, sg, back, x, mean, rate, scale, shift, grad []float32, silu bool) {
	active().groupSums(g, sgy, sg, back, x, mean, rate, scale, shift, grad, silu)
}

func (p path) groupSums(g Groups, sgy, sg, back, x, mean, rate, scale, shift, grad []float32, silu bool) {
	n, per := g.Batch, g.Channels/g.Count
	w := p.whole(n)
	if !silu {
		back = grad // never written then
	}
	for c := range g.Channels {
		x, grad, back := x[c*g.plane():][:g.plane()], grad[c*g.plane():][:g.plane()], back[c*g.plane():][:g.plane()]
		mean, rate := mean[c/per*n:][:n], rate[c/per*n:][:n]
		if w > 0 {
			groupSumsVector(p, &sgy[c*n], &sg[c*n], &back[0], &x[0], &mean[0], &rate[0], &grad[0], g.Pixels, w, 4*n, scale[c], shift[c], flag(silu))
		}
		for j := w; j < n; j++ {
			var a, b [4]float32
			for k := range g.Pixels {
				at := k*n + j
				y := float32((x[at] - mean[j]) * rate[j])
				if silu {
					u := float32(y*scale[c]) + shift[c]
					back[at] = grad[at] * slope(1+exp(0-u), u)
				}
				a[k&3] += back[at]
				b[k&3] += float32(back[at] * y)
			}
			sg[c*n+j], sgy[c*n+j] = crossed(a), crossed(b)
		}
	}
}

// Grad sets dx to the gradient of x, given the sums of [Groups.Sums] and what it calls g. scratch has 2·Batch
// numbers.
func (g Groups) Grad(dx, x, mean, rate, scale, grad, sgy, sg, scratch []float32) {
	active().groupGrad(g, dx, x, mean, rate, scale, grad, sgy, sg, scratch)
}

func (p path) groupGrad(g Groups, dx, x, mean, rate, scale, grad, sgy, sg, scratch []float32) {
	n, per := g.Batch, g.Channels/g.Count
	w := p.whole(n)
	mg, mgy := scratch[:n], scratch[n:2*n]
	for c := range g.Channels {
		mean, rate := mean[c/per*n:][:n], rate[c/per*n:][:n]
		if c%per == 0 {
			clear(scratch[:2*n])
			for k := c; k < c+per; k++ {
				p.addScaled(mg, mg, sg[k*n:][:n], scale[k])
				p.addScaled(mgy, mgy, sgy[k*n:][:n], scale[k])
			}
			p.scale(scratch[:2*n], scratch[:2*n], 1/float32(g.rows()))
		}
		x, dx, grad := x[c*g.plane():][:g.plane()], dx[c*g.plane():][:g.plane()], grad[c*g.plane():][:g.plane()]
		if w > 0 {
			groupGradVector(p, &dx[0], &x[0], &mean[0], &rate[0], &grad[0], &mg[0], &mgy[0], g.Pixels, w, 4*n, scale[c])
		}
		if w == n {
			continue
		}
		for at := 0; at < len(x); at += n {
			for j := w; j < n; j++ {
				y := float32((x[at+j] - mean[j]) * rate[j])
				dx[at+j] = rate[j] * (float32(grad[at+j]*scale[c]) - mg[j] - float32(y*mgy[j]))
			}
		}
	}
}

// Totals sets dst (Channels) to the sum over the batch of sums (Channels × Batch), in sixteen lanes.
func (g Groups) Totals(dst, sums []float32) {
	ChannelTotals(dst, sums[:g.Channels*g.Batch], g.Channels)
}
