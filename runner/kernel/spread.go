package kernel

// Numbers that hold for a whole channel or a whole sample.

// AddChannel sets dst = x + e on every pixel: x is channels × pixels × batch, e batch × channels. scratch has
// e's size.
func AddChannel(dst, x, e []float32, channels, pixels, batch int, scratch []float32) {
	active().addChannel(dst, x, e, channels, pixels, batch, scratch)
}

func (p path) addChannel(dst, x, e []float32, channels, pixels, batch int, scratch []float32) {
	p.transpose(scratch, e, batch, channels)
	w := p.whole(batch)
	for c := range channels {
		x, dst, e := x[c*pixels*batch:][:pixels*batch], dst[c*pixels*batch:][:pixels*batch], scratch[c*batch:][:batch]
		if w > 0 {
			addRowVector(p, &dst[0], &x[0], &e[0], pixels, w, 4*batch)
		}
		if w == batch {
			continue
		}
		for at := 0; at < len(x); at += batch {
			for n := w; n < batch; n++ {
				dst[at+n] = x[at+n] + e[n]
			}
		}
	}
}

// AddChannelGrad sets de (batch × channels) to the sums of dy over the pixels, pixels in order. scratch has
// de's size.
func AddChannelGrad(de, dy []float32, channels, pixels, batch int, scratch []float32) {
	active().addChannelGrad(de, dy, channels, pixels, batch, scratch)
}

func (p path) addChannelGrad(de, dy []float32, channels, pixels, batch int, scratch []float32) {
	for c := range channels {
		p.sumRows(scratch[c*batch:][:batch], dy[c*pixels*batch:][:pixels*batch], pixels, batch)
	}
	p.transpose(de, scratch, channels, batch)
}

// MulRows sets dst = x·s[i] for row i of m rows of n.
func MulRows(dst, x, s []float32, m, n int) {
	p := active()
	for i := range m {
		p.scale(dst[i*n:][:n], x[i*n:][:n], s[i])
	}
}

// MulColumns sets dst = x·s[j] for column j of m rows of n.
func MulColumns(dst, x, s []float32, m, n int) {
	p := active()
	for i := range m {
		p.mul(dst[i*n:][:n], x[i*n:][:n], s[:n])
	}
}

// KeptRates sets mean and rate (m) from kept statistics: the mean, and 1/√(variance + Epsilon).
func KeptRates(mean, r, keptMean, keptVariance []float32) {
	copy(mean, keptMean)
	for i, v := range keptVariance {
		r[i] = rate(v)
	}
}
