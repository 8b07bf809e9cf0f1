package decision

import (
	"fmt"
	"math"
	"strings"
)

// Range gives the least and the greatest D that scores between lo and hi can
// give under the reduction.
func (s Spec) Range(lo, hi float64) (least, most float64) {
	width := hi - lo
	switch s.Reduction {
	case Single:
		return lo - s.Baseline, hi - s.Baseline
	case Slope, SlopeDiff:
		// The steepest line has the low score at the levels below their mean and
		// the high one above.
		m, up, xx := mean(s.Levels), 0.0, 0.0
		for _, x := range s.Levels {
			up += max(x-m, 0)
			xx += (x - m) * (x - m)
		}
		most = width * up / xx
		if s.Reduction == SlopeDiff {
			most *= 2
		}
		return -most, most
	case Interaction:
		return -2 * width, 2 * width
	case Spearman:
		return -1, 1
	}
	return -width, width
}

// Reach says which verdicts a plan can come to within its budget, each with
// the least number of blocks found; 0 where none was.
type Reach struct {
	Validated, Refuted, Inconclusive int
	V, R                             float64 // the most evidence that the blocks of the budget can give
}

// Missing says which verdicts cannot be reached, and why; "" for a plan that
// can come out each way. lo and hi bound D.
func (r Reach) Missing(p Params, lo, hi float64) string {
	p = p.Filled()
	var parts []string
	why := func(halved bool, t float64, gate string) string {
		most := ceiling(p)
		if halved { // the mean of two sides, of which one gains
			most /= 2
		}
		if most < t {
			return fmt.Sprintf("%d blocks can bring the evidence to %.3g at most, and it takes %.3g", p.NMax, most, t)
		}
		return gate
	}
	span := fmt.Sprintf("D lies between %.4g and %.4g", lo, hi)
	gates := map[Kind][2]string{
		Greater:    {fmt.Sprintf("%s, the estimate must be at least %.4g and the effect above %.4g", span, p.Delta, p.Theta0), fmt.Sprintf("%s, never enough below %.4g", span, p.Delta)},
		Equivalent: {fmt.Sprintf("%s, not to both sides within ±%.4g", span, p.Delta), fmt.Sprintf("%s, never beyond the margin ±%.4g", span, p.Delta)},
		Different:  {fmt.Sprintf("%s, never beyond ±%.4g", span, p.Delta), fmt.Sprintf("%s, not to both sides within ±%.4g", span, p.Delta)},
	}[p.Kind]
	if r.Validated == 0 {
		parts = append(parts, "it can never be validated: "+why(p.Kind == Different, p.TVal, gates[0]))
	}
	if r.Refuted == 0 {
		parts = append(parts, "it can never be refuted: "+why(p.Kind == Equivalent, p.TRef, gates[1]))
	}
	if r.Inconclusive == 0 {
		parts = append(parts, "it can never stay open: whatever D are drawn, the verdict is the same")
	}
	return strings.Join(parts, "; ")
}

// ceiling is the wealth of the budget when every bet is won as high as a block
// can win it.
func ceiling(p Params) float64 {
	var a account
	for i := range p.NMax {
		r := 1.0
		if p.Center != Median {
			r = min(clip, math.Sqrt(float64(max(1, i))))
		}
		a.add(r, 1)
	}
	return math.Exp(a.log())
}

// Explore looks for blocks with D between lo and hi that lead to each verdict
// within the budget. Evidence grows fastest where D hardly varies, so it tries
// pairs of near values at, beside and between the edges of the claim and of the
// range, and mixtures of far ones. Infinite ends stand for D as large as one likes.
func Explore(p Params, lo, hi float64) (Reach, error) {
	p = p.Filled()
	s, err := NewSequence(p)
	if err != nil {
		return Reach{}, err
	}
	var r Reach
	points := landmarks(p, lo, hi)
	near := func(a float64) float64 { // a little towards the middle of the range, so that D varies
		b := a + (points[len(points)/2]-a)*1e-3
		if b == a {
			b = a + (points[0]-a)*1e-3
		}
		return b
	}
	for _, a := range points {
		if err := r.try(s, a, near(a), a); err != nil || r.whole() {
			return r, err
		}
	}
	for i, a := range points {
		for _, b := range points[i+1:] {
			for _, c := range []float64{a, b} {
				if err := r.try(s, a, b, c); err != nil || r.whole() {
					return r, err
				}
			}
		}
	}
	return r, nil
}

func (r *Reach) whole() bool { return r.Validated > 0 && r.Refuted > 0 && r.Inconclusive > 0 }

// try runs the budget on a, b, c, a, b, c, ….
func (r *Reach) try(s *Sequence, abc ...float64) error {
	s.Reset()
	for !s.Done() && s.n < s.p.NMax {
		if err := s.Add(Block{D: abc[s.n%len(abc)]}); err != nil {
			return err
		}
		v, w := s.Evidence()
		r.V, r.R = max(r.V, v), max(r.R, w)
	}
	verdict, reason := s.outcome()
	at := &r.Inconclusive
	switch verdict {
	case Validated:
		at = &r.Validated
	case Refuted:
		at = &r.Refuted
	}
	if reason != ReasonNoVariation && (*at == 0 || s.n < *at) {
		*at = s.n
	}
	return nil
}

// landmarks are values of D worth trying, ascending where the plan's edges do.
func landmarks(p Params, lo, hi float64) []float64 {
	unit := max(math.Abs(p.Theta0), math.Abs(p.Delta), 1e-3)
	if math.IsInf(lo, -1) {
		lo = min(-1000*unit, hi-2000*unit)
	}
	if math.IsInf(hi, 1) {
		hi = max(1000*unit, lo+2000*unit)
	}
	edges := []float64{p.Theta0, p.Delta}
	if p.Kind != Greater {
		edges = append(edges, -p.Delta, -p.Theta0)
	}
	out := []float64{hi, lo}
	for _, e := range edges {
		out = append(out, e, e+(hi-e)/4, e-(e-lo)/4, e+(hi-e)/100, e-(e-lo)/100)
	}
	if len(edges) > 1 {
		out = append(out, (edges[0]+edges[1])/2)
	}
	out = append(out, 0, (lo+hi)/2)
	kept := out[:0]
	for _, v := range out {
		if v >= lo && v <= hi {
			kept = append(kept, v)
		}
	}
	return kept
}
