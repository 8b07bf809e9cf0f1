package kernel

import "math"

// Epsilon is what the norms add to a variance, PyTorch's default.
const Epsilon = 1e-5

func meanAndRate(x []float32, stride, count int) (mean, rate float64) {
	for i := range count {
		mean += float64(x[i*stride])
	}
	mean /= float64(count)
	var q float64
	for i := range count {
		d := float64(x[i*stride]) - mean
		q += float64(d * d)
	}
	return mean, 1 / math.Sqrt(q/float64(count)+Epsilon)
}

// LayerNorm normalises each row of src (m×n) to mean 0 and variance 1; scale and shift (n) may be nil.
func LayerNorm(dst, src, scale, shift []float32, m, n int) {
	for i := range m {
		row, out := src[i*n:][:n], dst[i*n:][:n]
		mean, rate := meanAndRate(row, 1, n)
		for j, v := range row {
			out[j] = float32((float64(v) - mean) * rate)
		}
		affine(out, scale, shift)
	}
}

func affine(out, scale, shift []float32) {
	if scale == nil {
		return
	}
	for j := range out {
		out[j] = float32(out[j]*scale[j]) + shift[j]
	}
}

// LayerNormGrad sets dst to the gradient of the rows x: with y the normalised row and g = grad·scale,
// rate (g - mean(g) - y mean(g y)).
func LayerNormGrad(dst, x, scale, grad []float32, m, n int) {
	for i := range m {
		normGrad(dst[i*n:], x[i*n:], grad[i*n:], scale, 1, n, func(j int) int { return j })
	}
}

func normGrad(dst, x, grad, scale []float32, stride, count int, feature func(int) int) {
	mean, rate := meanAndRate(x, stride, count)
	var sg, sgy float64
	for j := range count {
		g := float64(grad[j*stride])
		if scale != nil {
			g = float64(g * float64(scale[feature(j)]))
		}
		sg += g
		sgy += float64(g * float64((float64(x[j*stride])-mean)*rate))
	}
	sg /= float64(count)
	sgy /= float64(count)
	for j := range count {
		g := float64(grad[j*stride])
		if scale != nil {
			g = float64(g * float64(scale[feature(j)]))
		}
		y := float64((float64(x[j*stride]) - mean) * rate)
		dst[j*stride] = float32(float64(rate * (g - sg - float64(y*sgy))))
	}
}

// LayerNormScaleGrad sets dst (n) = Σ over rows of grad·y.
func LayerNormScaleGrad(dst, x, grad []float32, m, n int) {
	clear(dst)
	for i := range m {
		row, g := x[i*n:][:n], grad[i*n:][:n]
		mean, rate := meanAndRate(row, 1, n)
		for j, v := range row {
			dst[j] += float32(float64(g[j]) * float64((float64(v)-mean)*rate))
		}
	}
}

// BatchNorm normalises each column of src (m×n) over the batch; scale and shift may be nil.
func BatchNorm(dst, src, scale, shift []float32, m, n int) {
	for j := range n {
		mean, rate := meanAndRate(src[j:], n, m)
		for i := range m {
			dst[i*n+j] = float32((float64(src[i*n+j]) - mean) * rate)
		}
	}
	if scale != nil {
		for i := range m {
			affine(dst[i*n:][:n], scale, shift)
		}
	}
}

// BatchNormGrad is the gradient of BatchNorm's input.
func BatchNormGrad(dst, x, scale, grad []float32, m, n int) {
	for j := range n {
		normGrad(dst[j:], x[j:], grad[j:], scale, n, m, func(int) int { return j })
	}
}

// BatchNormScaleGrad sets dst (n) = Σ over the batch of grad·y.
func BatchNormScaleGrad(dst, x, grad []float32, m, n int) {
	for j := range n {
		mean, rate := meanAndRate(x[j:], n, m)
		var s float64
		for i := range m {
			s += float64(float64(grad[i*n+j]) * float64((float64(x[i*n+j])-mean)*rate))
		}
		dst[j] = float32(s)
	}
}

// BatchStatistics moves the running mean and variance (n) towards those of x (m×n) by momentum; the
// variance kept is the unbiased one (divisor m-1), as PyTorch keeps it.
func BatchStatistics(mean, variance, x []float32, m, n int, momentum float32) {
	for j := range n {
		mu, rate := meanAndRate(x[j:], n, m)
		v := (1/float64(rate*rate) - Epsilon) * float64(m) / float64(max(m-1, 1))
		mean[j] = float32((1-momentum)*mean[j]) + float32(momentum*float32(mu))
		variance[j] = float32((1-momentum)*variance[j]) + float32(momentum*float32(v))
	}
}

// BatchNormEval normalises with kept statistics.
func BatchNormEval(dst, src, mean, variance, scale, shift []float32, m, n int) {
	for i := range m {
		row, out := src[i*n:][:n], dst[i*n:][:n]
		for j, v := range row {
			out[j] = float32((float64(v) - float64(mean[j])) / math.Sqrt(float64(variance[j])+Epsilon))
		}
		affine(out, scale, shift)
	}
}
