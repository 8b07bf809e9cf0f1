package kernel

import "math"

// The constants of GELU's tanh form, written with a logistic curve: x/(1 + e^-u), u = x (geluA + geluB x²).
const (
	geluA = 1.5957691216057308
	geluB = geluA * 0.044715
)

// Gelu sets dst = x/2 (1 + tanh(√(2/π)(x + 0.044715 x³))).
func Gelu(dst, x []float32) { active().gelu(dst, x) }

func (p path) gelu(dst, x []float32) {
	x = x[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		geluVector(p, &dst[0], &x[0], n)
	}
	for i := n; i < len(dst); i++ {
		v := x[i]
		dst[i] = v / (1 + exp(v*fma(float32(v*v), -geluB, -geluA)))
	}
}

// GeluGrad sets dst to grad times Gelu's derivative at x.
func GeluGrad(dst, x, grad []float32) { active().geluGrad(dst, x, grad) }

func (p path) geluGrad(dst, x, grad []float32) {
	x, grad = x[:len(dst)], grad[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		geluGradVector(p, &dst[0], &x[0], &grad[0], n)
	}
	for i := n; i < len(dst); i++ {
		v := x[i]
		q := float32(v * v)
		d := 1 + exp(v*fma(q, -geluB, -geluA))
		dst[i] = grad[i] * slope(d, float32(v*fma(q, 3*geluB, geluA)))
	}
}

// slope is s + u s (1 - s), s = 1/d: the derivative of x/(1 + e^-u) for d = 1 + e^-u and u for x du/dx.
func slope(d, u float32) float32 {
	s := 1 / d
	return fma(u, fma(-s, s, s), s)
}

// SiLU sets dst = x/(1 + e^-x).
func SiLU(dst, x []float32) { active().silu(dst, x) }

func (p path) silu(dst, x []float32) {
	x = x[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		siluVector(p, &dst[0], &x[0], n)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = x[i] / (1 + exp(0-x[i]))
	}
}

// SiLUGrad sets dst to grad times SiLU's derivative at x.
func SiLUGrad(dst, x, grad []float32) { active().siluGrad(dst, x, grad) }

func (p path) siluGrad(dst, x, grad []float32) {
	x, grad = x[:len(dst)], grad[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		siluGradVector(p, &dst[0], &x[0], &grad[0], n)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = grad[i] * slope(1+exp(0-x[i]), x[i])
	}
}

// LeakyRelu sets dst = x, or slope·x where x is not above zero.
func LeakyRelu(dst, x []float32, slope float32) { active().leakyRelu(dst, x, slope) }

func (p path) leakyRelu(dst, x []float32, slope float32) {
	x = x[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		leakyReluVector(p, &dst[0], &x[0], n, slope)
	}
	for i := n; i < len(dst); i++ {
		v := x[i]
		if int32(math.Float32bits(v)) <= 0 {
			v *= slope
		}
		dst[i] = v
	}
}

// LeakyReluGrad sets dst = grad where x > 0, else slope·grad; x may be the input or, with a slope above
// zero, the output.
func LeakyReluGrad(dst, x, grad []float32, slope float32) {
	active().leakyReluGrad(dst, x, grad, slope)
}

func (p path) leakyReluGrad(dst, x, grad []float32, slope float32) {
	x, grad = x[:len(dst)], grad[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		leakyReluGradVector(p, &dst[0], &x[0], &grad[0], n, slope)
	}
	for i := n; i < len(dst); i++ {
		g := grad[i]
		if int32(math.Float32bits(x[i])) <= 0 {
			g *= slope
		}
		dst[i] = g
	}
}

// Elu sets dst = x, or e^x - 1 where x is below zero.
func Elu(dst, x []float32) { active().elu(dst, x) }

func (p path) elu(dst, x []float32) {
	x = x[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		eluVector(p, &dst[0], &x[0], n)
	}
	for i := n; i < len(dst); i++ {
		low, high := halves(x[i])
		e, q := expParts(limited(low, expLimit))
		dst[i] = high + fma(e, q, q-1)
	}
}

// EluGrad sets dst = grad, or grad (1 + y) where y < 0, y being the forward's output.
func EluGrad(dst, y, grad []float32) { active().eluGrad(dst, y, grad) }

func (p path) eluGrad(dst, y, grad []float32) {
	y, grad = y[:len(dst)], grad[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		eluGradVector(p, &dst[0], &y[0], &grad[0], n)
	}
	for i := n; i < len(dst); i++ {
		low, _ := halves(y[i])
		dst[i] = grad[i] * (1 + low)
	}
}

// halves are what of v is below zero and what is above; of zeros and what is no number both are v.
func halves(v float32) (low, high float32) {
	switch {
	case v > 0:
		return 0, v
	case v < 0:
		return v, 0
	}
	return v, v
}
