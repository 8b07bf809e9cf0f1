package kernel

import "math"

// Exp64 is e^x in double precision: x = n ln 2 + r and the Taylor sum of e^r, whose seventeen terms leave
// less than 1e-19 at |r| ≤ ln 2 / 2.
func Exp64(x float64) float64 {
	switch {
	case x != x || x > 709:
		return x + math.Inf(1) // what is no number stays none
	case x < -745:
		return 0
	}
	n := math.RoundToEven(x * math.Log2E)
	r := x - float64(n*0x1.62e42feep-1) // the first part of ln 2 is short, so that n times it is exact
	r -= float64(n * 0x1.a39ef35793c76p-33)
	sum := 1.0
	for k := 17.0; k >= 1; k-- {
		sum = 1 + float64(sum*r)/k
	}
	return math.Ldexp(sum, int(n))
}

// erf is the error function: its alternating series near zero, else one minus the continued fraction of its
// complement (Abramowitz & Stegun 7.1.5 and 7.1.14).
func erf(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x:
		return x
	case a < 2.5:
		sum, term, q := a, a, a*a
		for k := 1.0; k < 50; k++ {
			term *= -q / k
			sum += term / float64(2*k+1)
		}
		return math.Copysign(sum*(2/math.SqrtPi), x)
	case a > 6:
		return math.Copysign(1, x)
	}
	f := 0.0
	for k := 60.0; k >= 1; k-- {
		f = k / 2 / (a + f)
	}
	return math.Copysign(1-Exp64(0-float64(a*a))/((a+f)*math.Sqrt(math.Pi)), x)
}
