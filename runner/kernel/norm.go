package kernel

import "math"

// Epsilon is what the norms add to a variance, PyTorch's default.
const Epsilon = 1e-5

// rate is 1/√(variance + Epsilon), in single precision throughout.
func rate(variance float32) float32 {
	return 1 / float32(math.Sqrt(float64(variance+float32(Epsilon))))
}

// widest is how many columns a norm without scale and shift may have before it allocates.
const widest = 4096

var ones, zeros = constants(1), constants(0)

func constants(v float32) []float32 {
	x := make([]float32, widest)
	for i := range x {
		x[i] = v
	}
	return x
}

// orConstants stands in for absent scale or shift.
func orConstants(x, constant []float32, n int) []float32 {
	switch {
	case x != nil:
		return x[:n]
	case n <= widest:
		return constant[:n]
	}
	x = make([]float32, n)
	for i := range x {
		x[i] = constant[0]
	}
	return x
}

// LayerNorm normalises each row of src (m×n) to mean 0 and variance 1; scale and shift (n) may be nil.
func LayerNorm(dst, src, scale, shift []float32, m, n int) {
	active().layerNorm(dst[:m*n], src[:m*n], orConstants(scale, ones, n), orConstants(shift, zeros, n), m, n)
}

func (p path) layerNorm(dst, src, scale, shift []float32, m, n int) {
	if m == 0 || n == 0 {
		return
	}
	if p != portable {
		layerNormVector(p, &dst[0], &src[0], &scale[0], &shift[0], m, n, float32(n), Epsilon)
		return
	}
	for i := range m {
		row, out := src[i*n:][:n], dst[i*n:][:n]
		mean, rate := rowMoments(row)
		for j, v := range row {
			out[j] = float32(float32((v-mean)*rate)*scale[j]) + shift[j]
		}
	}
}

// rowMoments sums in sixteen lanes, see [folded].
func rowMoments(row []float32) (mean, r float32) {
	var s, q [16]float32
	for j, v := range row {
		s[j&15] += v
	}
	mean = folded(&s) / float32(len(row))
	for j, v := range row {
		d := v - mean
		q[j&15] += float32(d * d)
	}
	return mean, rate(folded(&q) / float32(len(row)))
}

// folded adds sixteen lanes by halves. Sums along a row are made of lanes because vectors make them so;
// the number of lanes is part of the bits.
func folded(s *[16]float32) float32 {
	for w := 8; w > 0; w /= 2 {
		for l := range w {
			s[l] += s[l+w]
		}
	}
	return s[0]
}

// LayerNormGrad sets dst to the gradient of the rows x: with y the normalised row and g = grad·scale,
// rate (g - mean(g) - y mean(g y)).
func LayerNormGrad(dst, x, scale, grad []float32, m, n int) {
	active().layerNormGrad(dst[:m*n], x[:m*n], orConstants(scale, ones, n), grad[:m*n], m, n)
}

func (p path) layerNormGrad(dst, x, scale, grad []float32, m, n int) {
	if m == 0 || n == 0 {
		return
	}
	if p != portable {
		layerNormGradVector(p, &dst[0], &x[0], &scale[0], &grad[0], m, n, float32(n), Epsilon)
		return
	}
	for i := range m {
		row, gs, out := x[i*n:][:n], grad[i*n:][:n], dst[i*n:][:n]
		mean, rate := rowMoments(row)
		var sg, sgy [16]float32
		for j, v := range row {
			g := float32(gs[j] * scale[j])
			sg[j&15] += g
			sgy[j&15] += float32(g * float32((v-mean)*rate))
		}
		mg, mgy := folded(&sg)/float32(n), folded(&sgy)/float32(n)
		for j, v := range row {
			out[j] = rate * (float32(gs[j]*scale[j]) - mg - float32(float32((v-mean)*rate)*mgy))
		}
	}
}

// LayerNormScaleGrad sets dst (n) = Σ over rows of grad·y.
func LayerNormScaleGrad(dst, x, grad []float32, m, n int) {
	active().layerNormScaleGrad(dst[:n], x[:m*n], grad[:m*n], m, n)
}

func (p path) layerNormScaleGrad(dst, x, grad []float32, m, n int) {
	clear(dst)
	if m == 0 || n == 0 {
		return
	}
	if p != portable {
		layerNormScaleGradVector(p, &dst[0], &x[0], &grad[0], m, n, float32(n), Epsilon)
		return
	}
	for i := range m {
		row, gs := x[i*n:][:n], grad[i*n:][:n]
		mean, rate := rowMoments(row)
		for j, v := range row {
			dst[j] += float32(gs[j] * float32((v-mean)*rate))
		}
	}
}
