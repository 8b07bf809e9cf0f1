package kernel

// Numbers that hold for a whole channel or a whole sample, and pictures that become rows.

// AddChannel sets dst = x + e on every pixel: x is channels × pixels × batch, e batch × channels.
func AddChannel(dst, x, e []float32, channels, pixels, batch int) {
	for c := range channels {
		for k := range pixels {
			at := (c*pixels + k) * batch
			out := dst[at:][:batch]
			for n, v := range x[at:][:batch] {
				out[n] = v + e[n*channels+c]
			}
		}
	}
}

// AddChannelGrad sets de (batch × channels) to the sums of dy over the pixels, pixels in order.
func AddChannelGrad(de, dy []float32, channels, pixels, batch int) {
	for c := range channels {
		for n := range batch {
			de[n*channels+c] = 0
		}
		for k := range pixels {
			for n, g := range dy[(c*pixels+k)*batch:][:batch] {
				de[n*channels+c] += g
			}
		}
	}
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
