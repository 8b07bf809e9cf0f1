package task

import "math"

// The functions of this file are sums of products in a fixed order, so that their bits are the same on
// every machine; the standard library's may use a machine's own instructions.

// exponential is e^x: x = n ln 2 + r, then the Taylor sum of e^r, whose rest at |r| ≤ ln 2 / 2 is below 1e-17
// after fourteen terms.
func exponential(x float64) float64 {
	switch {
	case x != x || x > 709:
		return x + math.Inf(1)
	case x < -708:
		return 0
	}
	n := math.RoundToEven(x / math.Ln2)
	const hi, lo = 6.93147180369123816490e-01, 1.90821492927058770002e-10 // ln 2 in two parts
	r := x - float64(n*hi)
	r -= float64(n * lo)
	sum := 1.0
	for k := 14; k > 0; k-- {
		sum = 1 + float64(sum*r)/float64(k)
	}
	return math.Ldexp(sum, int(n))
}

// sineCosine gives the sine and cosine of x, |x| up to some thousands.
func sineCosine(x float64) (sin, cos float64) {
	n := math.RoundToEven(x / (math.Pi / 2))
	const hi, lo = 1.57079632673412561417, 6.07710050650619224932e-11 // π/2 in two parts
	r := x - float64(n*hi)
	r -= float64(n * lo)
	q := float64(r * r)
	s, c := 1.0, 1.0
	for k := 9; k > 0; k-- { // of r/1! - r³/3! + … and 1 - r²/2! + …, last term first
		s = 1 - float64(q*s)/float64(2*k*(2*k+1))
		c = 1 - float64(q*c)/float64((2*k-1)*2*k)
	}
	s = float64(s * r)
	switch int64(n) & 3 {
	case 0:
		return s, c
	case 1:
		return c, -s
	case 2:
		return -s, -c
	}
	return -c, s
}
