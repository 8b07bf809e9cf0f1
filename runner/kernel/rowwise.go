package kernel

import "math"

// Softmax sets each row of dst (m×n) to e^x over the row's sum of it.
func Softmax(dst, x []float32, m, n int) { active().softmax(dst[:m*n], x[:m*n], m, n) }

func (p path) softmax(dst, x []float32, m, n int) {
	if m == 0 || n == 0 {
		return
	}
	if p != portable {
		softmaxGradRowsVector(p, &dst[0], &x[0], m, n, 1)
		return
	}
	for i := range m {
		out := dst[i*n:][:n]
		_, sum := softmaxRow(out, x[i*n:][:n])
		rate := 1 / sum
		for j := range out {
			out[j] *= rate
		}
	}
}

// SoftmaxGrad sets dst = y (grad - Σ grad y) row by row, y being Softmax's output.
func SoftmaxGrad(dst, y, grad []float32, m, n int) {
	for i := range m {
		out, yr, g := dst[i*n:][:n], y[i*n:][:n], grad[i*n:][:n]
		s := Dot(yr, g)
		for j := range out {
			out[j] = yr[j] * (g[j] - s)
		}
	}
}

// LogSumExp sets dst (m) to ln Σ e^x of each row of x (m×n), its largest number taken off first.
func LogSumExp(dst, x []float32, m, n int) {
	for i := range m {
		top, sum := softmaxRow(nil, x[i*n:][:n])
		dst[i] = float32(float64(top) + Log(float64(sum)))
	}
}

// LogSoftmax sets dst = x - LogSumExp of its row.
func LogSoftmax(dst, x []float32, m, n int) {
	for i := range m {
		row := x[i*n:][:n]
		top, sum := softmaxRow(nil, row)
		rest := Log(float64(sum))
		for j, v := range row {
			dst[i*n+j] = float32(float64(v) - float64(top) - rest)
		}
	}
}

// LogSoftmaxGrad sets dst = grad - e^y Σ grad row by row, y being LogSoftmax's output.
func LogSoftmaxGrad(dst, y, grad []float32, m, n int) {
	for i := range m {
		g := grad[i*n:][:n]
		s := Sum(g)
		for j, v := range g {
			dst[i*n+j] = v - float32(exp(y[i*n+j])*s)
		}
	}
}

// RMSNorm sets dst = x·scale/√(mean of x² + epsilon), row by row.
func RMSNorm(dst, x, scale []float32, m, n int, epsilon float64) {
	for i := range m {
		row := x[i*n:][:n]
		r := float32(1 / math.Sqrt(squares(row)/float64(n)+epsilon))
		for j, v := range row {
			dst[i*n+j] = float32(v*r) * scale[j]
		}
	}
}

// RMSNormGrad sets dst to the gradient of x: with r the rate and g = grad·scale, r g - x r³ mean(g x).
func RMSNormGrad(dst, x, scale, grad []float32, m, n int, epsilon float64) {
	for i := range m {
		row, gs := x[i*n:][:n], grad[i*n:][:n]
		r := 1 / math.Sqrt(squares(row)/float64(n)+epsilon)
		gx := 0.0
		for j, v := range row {
			gx += float64(float64(gs[j]) * float64(scale[j]) * float64(v))
		}
		gx *= r * r * r / float64(n)
		for j, v := range row {
			dst[i*n+j] = float32(float64(r*float64(gs[j])*float64(scale[j])) - float64(float64(v)*gx))
		}
	}
}

// RMSNormScaleGrad sets dst (n) to Σ over rows of grad·x·rate.
func RMSNormScaleGrad(dst, x, grad []float32, m, n int, epsilon float64) {
	clear(dst)
	for i := range m {
		row := x[i*n:][:n]
		r := float32(1 / math.Sqrt(squares(row)/float64(n)+epsilon))
		for j, v := range row {
			dst[j] += float32(grad[i*n+j] * float32(v*r))
		}
	}
}

// Unit sets dst = x over the length of its row, or over epsilon where that is larger.
func Unit(dst, x []float32, m, n int, epsilon float64) {
	for i := range m {
		row := x[i*n:][:n]
		Scale(dst[i*n:][:n], row, float32(1/max(math.Sqrt(squares(row)), epsilon)))
	}
}

// UnitGrad sets dst = (grad - y Σ grad y)/length, y being the unit row.
func UnitGrad(dst, x, grad []float32, m, n int, epsilon float64) {
	for i := range m {
		row, gs := x[i*n:][:n], grad[i*n:][:n]
		length := math.Sqrt(squares(row))
		along := 0.0
		if length > epsilon {
			along = float64(Dot(row, gs)) / (length * length)
		}
		rate := 1 / max(length, epsilon)
		for j, v := range row {
			dst[i*n+j] = float32((float64(gs[j]) - float64(along*float64(v))) * rate)
		}
	}
}
