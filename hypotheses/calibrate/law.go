package calibrate

import (
	"math"
	"math/rand/v2"
)

// Law is a distribution of D.
type Law struct {
	Name      string
	Symmetric bool // about 0; else only the pseudomedian is there, and no guarantee holds
	draw      func(r *rand.Rand, block int) float64
}

// pseudomedianExp is the median of the mean of two draws of the exponential.
const pseudomedianExp = 0.8391734950083302

// Laws are the laws of the table, symmetric ones first.
func Laws() []Law {
	return []Law{
		{"normal", true, func(r *rand.Rand, _ int) float64 { return r.NormFloat64() }},
		{"heavy tails (t, 2 degrees)", true, func(r *rand.Rand, _ int) float64 {
			// Normal over the root of an exponential is t with 2 degrees; scaled to the quartiles of the normal.
			return 0.826 * r.NormFloat64() / math.Sqrt(r.ExpFloat64())
		}},
		{"discrete (rounded normal)", true, func(r *rand.Rand, _ int) float64 { return math.Round(r.NormFloat64()) }},
		{"mostly ties (four in five 0)", true, func(r *rand.Rand, _ int) float64 {
			if r.IntN(5) > 0 {
				return 0
			}
			return 2.236 * r.NormFloat64()
		}},
		{"scale grows with the blocks", true, func(r *rand.Rand, b int) float64 { return r.NormFloat64() * math.Pow(1.05, float64(b)) }},
		{"one in twenty an outlier", true, func(r *rand.Rand, _ int) float64 {
			d := r.NormFloat64()
			if r.IntN(20) == 0 {
				d *= 10
			}
			return d
		}},
		{"equal arms, skewed metric", true, func(r *rand.Rand, _ int) float64 {
			return (math.Exp(r.NormFloat64()) - math.Exp(r.NormFloat64())) / 1.5
		}},
		{"skewed, tail to the right", false, func(r *rand.Rand, _ int) float64 { return r.ExpFloat64() - pseudomedianExp }},
		{"skewed, tail to the left", false, func(r *rand.Rand, _ int) float64 { return pseudomedianExp - r.ExpFloat64() }},
	}
}
