package kernel

import "math"

// fma is x·y + z rounded once, as the vector units do it. In doubles the product is exact and only the sum
// is rounded, so rounding that to float32 goes wrong at most where the double lies in the middle between two
// float32 numbers, or where the result is too small to be normal; those go the long way.
func fma(x, y, z float32) float32 {
	s := float64(x)*float64(y) + float64(z)
	if b := math.Float64bits(s); b<<35 == 1<<63 || b<<1 < smallest<<1 {
		return fmaSlow(x, y, z)
	}
	return float32(s)
}

// smallest is the bits of 2^-126, the smallest normal float32.
const smallest = (1023 - 126) << 52

// fmaSlow rounds the sum to odd first: of two doubles around the exact sum it takes the one whose last bit
// is set, which can neither be a middle nor hide on which side of one the sum lies (Boldo & Melquiond 2008).
func fmaSlow(x, y, z float32) float32 {
	p, w := float64(float64(x)*float64(y)), float64(z)
	s := p + w
	back := s - p
	lost := (p - (s - back)) + (w - back) // exactly what rounding s lost (Knuth's two-sum)
	if lost != 0 && !math.IsInf(s, 0) && s == s {
		if b := math.Float64bits(s); b&1 == 0 {
			if (lost > 0) == (s > 0) {
				b++
			} else {
				b--
			}
			s = math.Float64frombits(b)
		}
	}
	return float32(s)
}
