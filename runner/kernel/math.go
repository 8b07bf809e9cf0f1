package kernel

import "math"

// Log is the natural logarithm of x: x = m 2^e with m near 1, and ln m by the odd series of
// s = (m-1)/(m+1), of which |s| ≤ 0.172 leaves a rest below 1e-17 after eleven terms.
func Log(x float64) float64 {
	switch {
	case x != x || x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	case x > math.MaxFloat64:
		return x
	}
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = m*2, e-1
	}
	s := (m - 1) / (m + 1)
	q := s * s
	sum := 0.0
	for _, c := range odd {
		sum = c + float64(q*sum)
	}
	return float64(2*s*sum) + float64(float64(e)*math.Ln2)
}

// odd are the coefficients of Log's series, last first.
var odd = [...]float64{1. / 21, 1. / 19, 1. / 17, 1. / 15, 1. / 13, 1. / 11, 1. / 9, 1. / 7, 1. / 5, 1. / 3, 1}
