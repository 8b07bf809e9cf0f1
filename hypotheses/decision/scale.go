package decision

import (
	"math"
	"slices"
)

// shamosNormal makes Shamos' scale the standard deviation of a normal:
// √2·Φ⁻¹(¾), as DECISION.md §3 states it.
const shamosNormal = 0.9538725524089398

// ordered is a growing sorted list. Adding m values to n costs m log m + n + m
// and no allocation while there is room.
type ordered []float64

// insert adds the values of batch, which it sorts.
func (o *ordered) insert(batch []float64) {
	slices.Sort(batch)
	old := len(*o)
	*o = append(*o, batch...)
	all := *o
	// Merging from the back needs no second buffer: the write position is
	// never left of the read position.
	i, j := old-1, len(batch)-1
	for w := len(all) - 1; j >= 0; w-- {
		if i >= 0 && all[i] > batch[j] {
			all[w] = all[i]
			i--
		} else {
			all[w] = batch[j]
			j--
		}
	}
}

// middle is the median; an even count takes the midpoint, none gives NaN.
func (o ordered) middle() float64 {
	n := len(o)
	switch {
	case n == 0:
		return math.NaN()
	case n%2 == 1:
		return o[n/2]
	}
	return (o[n/2-1] + o[n/2]) / 2
}

// gap is |a−b| with ∞ − ∞ counted as 0.
func gap(a, b float64) float64 {
	if a == b {
		return 0
	}
	return math.Abs(a - b)
}

// spread is the scale of d given the sorted gaps of all its pairs: Shamos,
// else the standard deviation of the finite values, else 0.
func spread(gaps ordered, d []float64) float64 {
	if len(d) < 2 {
		return 0
	}
	if s := gaps.middle() / shamosNormal; s != 0 {
		return s
	}
	return deviation(d)
}

// deviation is the standard deviation (divisor n−1) of the finite values, 0
// for fewer than two. Values are divided by the largest distance first, so
// that no square leaves the range of the format.
func deviation(d []float64) float64 {
	var sum total
	n := 0
	for _, v := range d {
		if !math.IsInf(v, 0) {
			sum.add(v)
			n++
		}
	}
	if n < 2 {
		return 0
	}
	centre, unit := sum.value()/float64(n), 0.0
	for _, v := range d {
		if !math.IsInf(v, 0) {
			unit = max(unit, math.Abs(v-centre))
		}
	}
	if unit == 0 {
		return 0
	}
	var squares total
	for _, v := range d {
		if !math.IsInf(v, 0) {
			q := (v - centre) / unit
			squares.add(q * q)
		}
	}
	return unit * math.Sqrt(squares.value()/float64(n-1))
}

// Scale is the Shamos scale of d, with the fall-backs of the rule.
func Scale(d []float64) float64 {
	var gaps ordered
	batch := make([]float64, 0, len(d))
	for i, v := range d {
		batch = batch[:0]
		for _, w := range d[:i] {
			batch = append(batch, gap(v, w))
		}
		gaps.insert(batch)
	}
	return spread(gaps, d)
}
