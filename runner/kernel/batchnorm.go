package kernel

import "math"

// BatchNorm normalises each column of src (m×n) over the batch, sums running down the rows in order; scale
// and shift may be nil.
func BatchNorm(dst, src, scale, shift []float32, m, n int) {
	active().batchNorm(dst[:m*n], src[:m*n], orConstants(scale, ones, n), orConstants(shift, zeros, n), m, n)
}

func (p path) batchNorm(dst, src, scale, shift []float32, m, n int) {
	w := p.whole(n)
	if m > 0 && w > 0 {
		batchNormVector(p, &dst[0], &src[0], &scale[0], &shift[0], m, w, 4*n, float32(m), Epsilon)
	}
	for j := w; j < n; j++ {
		mean, rate := columnMoments(src, j, m, n)
		for i := j; i < m*n; i += n {
			dst[i] = float32(float32((src[i]-mean)*rate)*scale[j]) + shift[j]
		}
	}
}

func columnMoments(x []float32, j, m, n int) (mean, r float32) {
	var s, q float32
	for i := j; i < m*n; i += n {
		s += x[i]
	}
	mean = s / float32(m)
	for i := j; i < m*n; i += n {
		d := x[i] - mean
		q += float32(d * d)
	}
	return mean, rate(q / float32(m))
}

// BatchNormGrad is the gradient of BatchNorm's input, see [LayerNormGrad].
func BatchNormGrad(dst, x, scale, grad []float32, m, n int) {
	active().batchNormGrad(dst[:m*n], x[:m*n], orConstants(scale, ones, n), grad[:m*n], m, n)
}

func (p path) batchNormGrad(dst, x, scale, grad []float32, m, n int) {
	w := p.whole(n)
	if m > 0 && w > 0 {
		batchNormGradVector(p, &dst[0], &x[0], &scale[0], &grad[0], m, w, 4*n, float32(m), Epsilon)
	}
	for j := w; j < n; j++ {
		mean, rate := columnMoments(x, j, m, n)
		var sg, sgy float32
		for i := j; i < m*n; i += n {
			g := float32(grad[i] * scale[j])
			sg += g
			sgy += float32(g * float32((x[i]-mean)*rate))
		}
		sg, sgy = sg/float32(m), sgy/float32(m)
		for i := j; i < m*n; i += n {
			dst[i] = rate * (float32(grad[i]*scale[j]) - sg - float32(float32((x[i]-mean)*rate)*sgy))
		}
	}
}

// BatchNormScaleGrad sets dst (n) = Σ over the batch of grad·y.
func BatchNormScaleGrad(dst, x, grad []float32, m, n int) {
	active().batchNormScaleGrad(dst[:n], x[:m*n], grad[:m*n], m, n)
}

func (p path) batchNormScaleGrad(dst, x, grad []float32, m, n int) {
	w := p.whole(n)
	if m > 0 && w > 0 {
		batchNormScaleGradVector(p, &dst[0], &x[0], &grad[0], m, w, 4*n, float32(m), Epsilon)
	} else {
		w = 0
	}
	for j := w; j < n; j++ {
		mean, rate := columnMoments(x, j, m, n)
		var s float32
		for i := j; i < m*n; i += n {
			s += float32(grad[i] * float32((x[i]-mean)*rate))
		}
		dst[j] = s
	}
}

// BatchStatistics moves the running mean and variance (n) towards those of x (m×n) by momentum; the
// variance kept is the unbiased one (divisor m-1), as PyTorch keeps it.
func BatchStatistics(mean, variance, x []float32, m, n int, momentum float32) {
	for j := range n {
		var s, q float64
		for i := j; i < m*n; i += n {
			s += float64(x[i])
		}
		s /= float64(m)
		for i := j; i < m*n; i += n {
			d := float64(x[i]) - s
			q += float64(d * d)
		}
		q /= float64(max(m-1, 1))
		mean[j] = float32((1-momentum)*mean[j]) + float32(momentum*float32(s))
		variance[j] = float32((1-momentum)*variance[j]) + float32(momentum*float32(q))
	}
}

// BatchNormEval normalises with kept statistics; scale and shift may be nil.
func BatchNormEval(dst, src, mean, variance, scale, shift []float32, m, n int) {
	scale, shift = orConstants(scale, ones, n), orConstants(shift, zeros, n)
	for i := range m {
		row, out := src[i*n:][:n], dst[i*n:][:n]
		for j, v := range row {
			y := float32((float64(v) - float64(mean[j])) / math.Sqrt(float64(variance[j])+Epsilon))
			out[j] = float32(y*scale[j]) + shift[j]
		}
	}
}
