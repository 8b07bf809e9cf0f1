package decision

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// StandardEffects are the effect sizes, in units of the scale, at which a plan
// is looked at when nothing else is asked for.
func StandardEffects() []float64 { return []float64{0, 0.5, 1, 1.5, 2} }

// Forecast is what the rule does at one true effect, by simulation.
type Forecast struct {
	Effect float64 // θ in units of the scale
	Theta  float64 // θ in units of D

	Validated, Refuted, Inconclusive float64 // shares of the sequences
	Uncertainty                      float64 // largest standard error of the three shares

	MeanBlocks  float64
	BlocksError float64 // standard error of the mean
	Blocks90    int     // nine sequences in ten stop by this block
}

// Simulate runs n normal sequences of the given scale through the rule for each
// effect; no effects means [StandardEffects]. It uses no outcome of the study,
// so it may be looked at before the lock. Same seed, same forecast.
func Simulate(ctx context.Context, p Params, scale float64, effects []float64, n int, seed uint64) ([]Forecast, error) {
	if !(scale > 0) || math.IsInf(scale, 0) {
		return nil, fmt.Errorf("decision: scale %v of a plan must be a positive number", scale)
	}
	if n < 1 {
		return nil, fmt.Errorf("decision: %d sequences are too few", n)
	}
	if len(effects) == 0 {
		effects = StandardEffects()
	}
	s, err := NewSequence(p)
	if err != nil {
		return nil, err
	}
	out := make([]Forecast, len(effects))
	stops := make([]int, n)
	for e, effect := range effects {
		f := Forecast{Effect: effect, Theta: effect * scale}
		rng := rand.New(rand.NewPCG(seed, uint64(e)))
		var validated, refuted, blocks int
		for i := range n {
			if err := ctx.Err(); err != nil {
				return nil, fmt.Errorf("decision: plan stopped at effect %v after %d of %d sequences: %w", effect, i, n, err)
			}
			s.Reset()
			for !s.Done() && s.n < s.p.NMax {
				if err := s.Add(Block{D: f.Theta + scale*rng.NormFloat64()}); err != nil {
					return nil, err
				}
			}
			switch v, _ := s.outcome(); v {
			case Validated:
				validated++
			case Refuted:
				refuted++
			}
			stops[i] = s.n
			blocks += s.n
		}
		slices.Sort(stops)
		f.Validated, f.Refuted = float64(validated)/float64(n), float64(refuted)/float64(n)
		f.Inconclusive = float64(n-validated-refuted) / float64(n)
		for _, q := range []float64{f.Validated, f.Refuted, f.Inconclusive} {
			f.Uncertainty = max(f.Uncertainty, math.Sqrt(q*(1-q)/float64(n)))
		}
		f.MeanBlocks = float64(blocks) / float64(n)
		var squares float64
		for _, stop := range stops {
			d := float64(stop) - f.MeanBlocks
			squares += float64(d * d)
		}
		f.BlocksError = math.Sqrt(squares) / float64(n)
		f.Blocks90 = stops[(9*n+9)/10-1]
		out[e] = f
	}
	return out, nil
}
