package kernel

// ChannelMax sets dst (batch × m) to the largest number of each channel of x (m × pixels × batch); a NaN is
// the largest.
func ChannelMax(dst, x []float32, m, pixels, batch int) {
	for i := range m {
		for k := range pixels {
			for n, v := range x[(i*pixels+k)*batch:][:batch] {
				if k == 0 || v > dst[n*m+i] || v != v {
					dst[n*m+i] = v
				}
			}
		}
	}
}

// ChannelMaxGrad sets dx to the gradient of x, y being [ChannelMax] of it: to the first pixel not below it.
func ChannelMaxGrad(dx, x, y, dy []float32, m, pixels, batch int) {
	clear(dx[:m*pixels*batch])
	for i := range m {
		for n := range batch {
			for k := range pixels {
				if at := (i*pixels+k)*batch + n; !(x[at] < y[n*m+i]) {
					dx[at] = dy[n*m+i]
					break
				}
			}
		}
	}
}
