package kernel

import "math"

// The constants of e^x: x = n ln 2 + r, ln 2 in two parts of which the first has few bits, so that n times
// it is exact; e^r - 1 - r by its Taylor sum, which at |r| ≤ ln 2 / 2 errs by less than half a unit.
const (
	expLimit = 87 // beyond it, e^x is no normal number
	log2e    = 1.44269504088896341
	ln2Hi    = 0.693359375
	ln2Lo    = -2.12194440054690583e-4
)

// expParts gives e^r - 1 and 2^n of x = n ln 2 + r, |x| ≤ expLimit.
func expParts(x float32) (p, q float32) {
	n := float32(math.RoundToEven(float64(float32(x * log2e))))
	r := x - float32(n*ln2Hi)
	r -= float32(n * ln2Lo)
	y := float32(1. / 5040)
	y = float32(y*r) + 1./720
	y = float32(y*r) + 1./120
	y = float32(y*r) + 1./24
	y = float32(y*r) + 1./6
	y = float32(y*r) + 1./2
	p = float32(float32(y*r)*r) + r
	if n != n {
		return p, n
	}
	return p, math.Float32frombits(uint32(int32(n)+127) << 23)
}

// exp is e^x, x kept within ±expLimit.
func exp(x float32) float32 {
	p, q := expParts(limited(x, expLimit))
	return (p + 1) * q
}

// tanh is m/(m + 2) with m = e^2x - 1, which loses nothing near zero.
func tanh(x float32) float32 {
	p, q := expParts(limited(x+x, 20))
	m := float32(p*q) + (q - 1)
	return m / (m + 2)
}

func limited(x, limit float32) float32 {
	switch {
	case x > limit:
		return limit
	case x < -limit:
		return -limit
	}
	return x
}
