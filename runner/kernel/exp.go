package kernel

import "math"

// The constants of e^x: x = n ln 2 + r, ln 2 in two parts; e^r - 1 - r by its Taylor sum, which at
// |r| ≤ ln 2 / 2 errs by less than half a unit. Adding expMagic leaves n in the last bits.
const (
	expLimit = 87 // beyond it, e^x is no normal number
	log2e    = 1.44269504088896341
	ln2Hi    = 0.693147182464599609375
	ln2Lo    = -1.90465429995776804525e-9
	expMagic = 3 << 22
)

// expParts gives e^r - 1 and 2^n of x = n ln 2 + r, |x| ≤ expLimit.
func expParts(x float32) (p, q float32) {
	t := fma(x, log2e, expMagic)
	n := t - expMagic
	r := fma(n, -ln2Lo, fma(n, -ln2Hi, x))
	y := float32(1. / 5040)
	y = fma(y, r, 1./720)
	y = fma(y, r, 1./120)
	y = fma(y, r, 1./24)
	y = fma(y, r, 1./6)
	y = fma(y, r, 1./2)
	return fma(float32(y*r), r, r), math.Float32frombits(math.Float32bits(t)<<23 + 127<<23)
}

// exp is e^x, x kept within ±expLimit.
func exp(x float32) float32 {
	p, q := expParts(limited(x, expLimit))
	return fma(p, q, q)
}

// tanh is m/(m + 2) with m = e^2x - 1, which loses nothing near zero.
func tanh(x float32) float32 {
	p, q := expParts(limited(x+x, 20))
	m := fma(p, q, q-1)
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
