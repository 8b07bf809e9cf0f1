package calibrate

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// critical gives the one-sided 5 % points of t by sample size, up to n.
func critical(n int) []float64 {
	out := make([]float64, n+1)
	for k := range out {
		out[k] = math.Inf(1)
		if k >= 2 {
			out[k] = distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(k - 1)}.Quantile(0.95)
		}
	}
	return out
}

// tValue is Student's t of d against 0; 0 without spread.
func tValue(d []float64) float64 {
	n := float64(len(d))
	mean, ss := 0.0, 0.0
	for _, v := range d {
		mean += v / n
	}
	for _, v := range d {
		ss += (v - mean) * (v - mean)
	}
	if ss == 0 {
		return 0
	}
	return mean / math.Sqrt(ss/(n-1)/n)
}

// rankTest is Wilcoxon's signed-rank test. Without ties and zeros its law depends
// on the number of values alone, and is kept.
type rankTest struct{ tails map[int][]float64 }

// p is the exact one-sided p: the share of all signs of the ranks of |d| that
// give as large a sum of positive ranks. Zeros are dropped, ties share their mean
// rank (Wilcoxon 1945; Pratt's zeros are not used).
func (t *rankTest) p(d []float64) float64 {
	d = slices.DeleteFunc(slices.Clone(d), func(v float64) bool { return v == 0 })
	if len(d) == 0 {
		return 1
	}
	slices.SortFunc(d, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	twice := make([]int, len(d)) // ranks doubled, so that midranks are whole
	sum, tied := 0, false
	for i := 0; i < len(d); {
		j := i
		for j < len(d) && math.Abs(d[j]) == math.Abs(d[i]) {
			j++
		}
		tied = tied || j > i+1
		for k := i; k < j; k++ {
			twice[k] = i + j + 1
			if d[k] > 0 {
				sum += twice[k]
			}
		}
		i = j
	}
	if tied {
		return upperTails(twice)[sum]
	}
	if t.tails[len(d)] == nil {
		if t.tails == nil {
			t.tails = map[int][]float64{}
		}
		t.tails[len(d)] = upperTails(twice)
	}
	return t.tails[len(d)][sum]
}

// upperTails gives, by sum, the share of all signs of the ranks that give at
// least that sum of positive ones.
func upperTails(ranks []int) []float64 {
	total := 0
	for _, r := range ranks {
		total += r
	}
	ways := make([]float64, total+1) // share of the signs that give a sum
	ways[0] = 1
	reach := 0
	for _, r := range ranks {
		reach += r
		for s := reach; s >= 0; s-- {
			up := 0.0
			if s >= r {
				up = ways[s-r]
			}
			ways[s] = ways[s]/2 + up/2
		}
	}
	for s := total - 1; s >= 0; s-- {
		ways[s] += ways[s+1]
	}
	return ways
}
