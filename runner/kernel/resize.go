package kernel

// Upsample sets every pixel of x (channels × height × width × batch) in a square of factor × factor pixels of
// dst.
func Upsample(dst, x []float32, channels, height, width, batch, factor int) {
	line := width * factor * batch
	for r := range channels * height {
		first := dst[r*factor*line:][:line]
		for c := range width {
			for k := range factor {
				copy(first[(c*factor+k)*batch:][:batch], x[(r*width+c)*batch:])
			}
		}
		for k := 1; k < factor; k++ {
			copy(dst[(r*factor+k)*line:][:line], first)
		}
	}
}

// UpsampleGrad sets dx to the sums of dy over [Upsample]'s squares, each row by row.
func UpsampleGrad(dx, dy []float32, channels, height, width, batch, factor int) {
	line := width * factor * batch
	for r := range channels * height {
		for c := range width {
			out := dx[(r*width+c)*batch:][:batch]
			clear(out)
			for k := range factor * factor {
				for n, g := range dy[(r*factor+k/factor)*line+(c*factor+k%factor)*batch:][:batch] {
					out[n] += g
				}
			}
		}
	}
}
