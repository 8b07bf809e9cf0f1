package decision

import (
	"cmp"
	"math"
	"slices"
)

// total adds with Neumaier's correction: the error does not grow with the
// number of terms.
type total struct{ sum, lost float64 }

func (t *total) add(v float64) {
	s := t.sum + v
	if math.Abs(t.sum) >= math.Abs(v) {
		t.lost += (t.sum - s) + v
	} else {
		t.lost += (v - s) + t.sum
	}
	t.sum = s
}

func (t *total) value() float64 { return t.sum + t.lost }

func mean(x []float64) float64 {
	var t total
	for _, v := range x {
		t.add(v)
	}
	return t.value() / float64(len(x))
}

// slope is the least-squares slope of y on x.
func slope(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var xy, xx total
	for i, v := range x {
		xy.add((v - mx) * (y[i] - my))
		xx.add((v - mx) * (v - mx))
	}
	return xy.value() / xx.value()
}

// correlation is Pearson's; 0 where a side does not vary.
func correlation(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var xy, xx, yy total
	for i, v := range x {
		xy.add((v - mx) * (y[i] - my))
		xx.add((v - mx) * (v - mx))
		yy.add((y[i] - my) * (y[i] - my))
	}
	if xx.value() == 0 || yy.value() == 0 {
		return 0
	}
	return xy.value() / math.Sqrt(xx.value()*yy.value())
}

// RankCorrelation is Spearman's: Pearson's correlation of the midranks of x and y, which are of one length; 0 where
// a side does not vary.
func RankCorrelation(x, y []float64) float64 { return correlation(midranks(x), midranks(y)) }

// midranks ranks from 1; equal values share the mean of the ranks they fill.
func midranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(v[a], v[b]) })
	ranks := make([]float64, len(v))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && v[order[to]] == v[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+1+to) / 2
		}
		from = to
	}
	return ranks
}
