package kernel

import "math"

// Exp is e to the x: the argument is cut to x = n ln 2 + r with |r| ≤ ln 2 / 2 (ln 2 in two parts, so that
// n ln 2 loses nothing), and e^r is its Taylor sum to the twelfth power, whose rest is below 1e-15.
func Exp(x float64) float64 {
	const (
		log2e = 1.44269504088896338700e+00
		ln2hi = 6.93147180369123816490e-01
		ln2lo = 1.90821492927058770002e-10
	)
	switch {
	case x != x:
		return x
	case x > 709:
		return math.Inf(1)
	case x < -708:
		return 0
	}
	n := math.Floor(float64(x*log2e) + 0.5)
	r := x - float64(n*ln2hi)
	r -= float64(n * ln2lo)
	s := 1.0
	for i := 12.0; i >= 1; i-- {
		s = 1 + float64(s*r)/i
	}
	return s * math.Float64frombits(uint64(int64(n)+1023)<<52)
}

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
	for i := 21.0; i >= 1; i -= 2 {
		sum = 1/i + float64(q*sum)
	}
	return float64(2*s*sum) + float64(float64(e)*math.Ln2)
}
