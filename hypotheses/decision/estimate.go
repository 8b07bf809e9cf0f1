package decision

import (
	"math"
	"slices"
)

// walsh appends the means of v with itself and with each of earlier; a pair of
// opposite infinities has no place on the line and is left out.
func walsh(batch []float64, v float64, earlier []float64) []float64 {
	for _, w := range earlier {
		if math.IsInf(v, 0) && math.IsInf(w, 0) && v != w {
			continue
		}
		batch = append(batch, v/2+w/2)
	}
	return append(batch, v/2+v/2)
}

// HodgesLehmann is the median of all pairwise means of d, each value paired
// with itself too; NaN for no values.
func HodgesLehmann(d []float64) float64 {
	all := make(ordered, 0, len(d)*(len(d)+1)/2)
	for i, v := range d {
		all = walsh(all, v, d[:i])
	}
	slices.Sort(all)
	return all.middle()
}

// SampleMedian is the median of d; NaN for no values.
func SampleMedian(d []float64) float64 {
	s := ordered(slices.Clone(d))
	slices.Sort(s)
	return s.middle()
}

// EffectSize is the estimate in units of the scale: ±∞ where the scale is 0
// and the estimate is not.
func EffectSize(estimate, scale float64) float64 {
	switch {
	case estimate == 0 || math.IsNaN(estimate):
		return estimate
	case scale > 0:
		return estimate / scale
	}
	return math.Copysign(math.Inf(1), estimate)
}

// Superiority is the share of blocks in which the first side was ahead, ties
// counted half; NaN for no values.
func Superiority(d []float64) float64 {
	wins := 0.0
	for _, v := range d {
		wins += (signOf(v) + 1) / 2
	}
	return wins / float64(len(d))
}

// asymmetry is the distance from estimate to mean in units of the scale, over
// the finite values; 0 where it cannot be formed.
func asymmetry(d []float64, estimate, scale float64) float64 {
	if !(scale > 0) || math.IsInf(scale, 0) || math.IsNaN(estimate) || math.IsInf(estimate, 0) {
		return 0
	}
	var sum total
	n := 0
	for _, v := range d {
		if !math.IsInf(v, 0) {
			sum.add(v)
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return (sum.value()/float64(n) - estimate) / scale
}
