package kernel

// Group norm: pictures lie channel × row × column × batch, so a group of channels is one matrix of pixels by
// batch of which every column, one sample, is normalised.

// Groups is the shape of a group norm: Count groups of Channels/Count channels each.
type Groups struct{ Channels, Count, Pixels, Batch int }

func (g Groups) size() int { return g.Channels * g.Pixels * g.Batch }
func (g Groups) rows() int { return g.Channels / g.Count * g.Pixels }

// Moments sets mean and rate (Count × Batch) to the mean and 1/√(variance + Epsilon) of every group of every
// sample. Down a column number r goes to sum r mod 4; the four are added crosswise.
func (g Groups) Moments(mean, rate, x []float32) { active().groupMoments(g, mean, rate, x) }

func (p path) groupMoments(g Groups, mean, r, x []float32) {
	rows, n := g.rows(), g.Batch
	for k := range g.Count {
		for j := range n {
			mean[k*n+j], r[k*n+j] = chainedMoments(x[k*rows*n+j:], rows, n)
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
// then y·sigmoid(y).
func (g Groups) Forward(y, x, mean, rate, scale, shift []float32, silu bool) {
	active().groupForward(g, y, x, mean, rate, scale, shift, silu)
}

func (p path) groupForward(g Groups, y, x, mean, rate, scale, shift []float32, silu bool) {
	n, per := g.Batch, g.Channels/g.Count
	for c := range g.Channels {
		mean, rate := mean[c/per*n:][:n], rate[c/per*n:][:n]
		for k := range g.Pixels {
			at := (c*g.Pixels + k) * n
			out := y[at:][:n]
			for j, v := range x[at:][:n] {
				u := normed(v, mean[j], rate[j], scale[c], shift[c])
				if silu {
					u *= 1 / (1 + exp(0-u))
				}
				out[j] = u
			}
		}
	}
}

func normed(v, mean, rate, scale, shift float32) float32 {
	return float32(float32((v-mean)*rate)*scale) + shift
}

// slope is the derivative of u·sigmoid(u).
func slope(u float32) float32 {
	s := 1 / (1 + exp(0-u))
	return s * (1 + float32(u*(1-s)))
}

// Sums sets sgy and sg (Channels × Batch) to Σ grad·y and Σ grad over the pixels, y being the normalised x;
// with silu, grad is first taken back through it.
func (g Groups) Sums(sgy, sg, x, mean, rate, scale, shift, grad []float32, silu bool) {
	active().groupSums(g, sgy, sg, x, mean, rate, scale, shift, grad, silu)
}

func (p path) groupSums(g Groups, sgy, sg, x, mean, rate, scale, shift, grad []float32, silu bool) {
	n, per := g.Batch, g.Channels/g.Count
	for c := range g.Channels {
		for j := range n {
			m, r := mean[c/per*n+j], rate[c/per*n+j]
			var a, b [4]float32
			for k := range g.Pixels {
				at := (c*g.Pixels+k)*n + j
				d := grad[at]
				if silu {
					d *= slope(normed(x[at], m, r, scale[c], shift[c]))
				}
				a[k&3] += d
				b[k&3] += float32(d * float32((x[at]-m)*r))
			}
			sg[c*n+j], sgy[c*n+j] = crossed(a), crossed(b)
		}
	}
}

// Grad sets dx to the gradient of x, given the sums of [Groups.Sums]. scratch has 2·Batch numbers.
func (g Groups) Grad(dx, x, mean, rate, scale, shift, grad, sgy, sg []float32, silu bool, scratch []float32) {
	active().groupGrad(g, dx, x, mean, rate, scale, shift, grad, sgy, sg, silu, scratch)
}

func (p path) groupGrad(g Groups, dx, x, mean, rate, scale, shift, grad, sgy, sg []float32, silu bool, scratch []float32) {
	n, per := g.Batch, g.Channels/g.Count
	mg, mgy := scratch[:n], scratch[n:2*n]
	for k := range g.Count {
		clear(mg)
		clear(mgy)
		for c := k * per; c < (k+1)*per; c++ {
			for j := range n {
				mg[j] += float32(scale[c] * sg[c*n+j])
				mgy[j] += float32(scale[c] * sgy[c*n+j])
			}
		}
		for j := range n {
			mg[j] /= float32(g.rows())
			mgy[j] /= float32(g.rows())
		}
		for c := k * per; c < (k+1)*per; c++ {
			for q := range g.Pixels {
				at := (c*g.Pixels + q) * n
				for j, d := range grad[at:][:n] {
					m, r := mean[k*n+j], rate[k*n+j]
					y := float32((x[at+j] - m) * r)
					if silu {
						d *= slope(float32(y*scale[c]) + shift[c])
					}
					dx[at+j] = r * (float32(d*scale[c]) - mg[j] - float32(y*mgy[j]))
				}
			}
		}
	}
}

// Totals sets dst (Channels) to the sum over the batch of sums (Channels × Batch), in sixteen lanes.
func (g Groups) Totals(dst, sums []float32) {
	ChannelTotals(dst, sums[:g.Channels*g.Batch], g.Channels)
}
