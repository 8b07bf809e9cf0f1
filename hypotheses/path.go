package hypotheses

import (
	"fmt"

	"tenet/hypotheses/decision"
)

// Step is how a hypothesis stood after one of its blocks.
type Step struct {
	B            int
	V, R         float64 // evidence
	TV, TR       float64 // thresholds in force
	SignV, SignR float64 // evidence from signs alone, the guard
	Estimate     float64
	Bounds       decision.Interval // one-sided, at 1/α
	Confidence   decision.Interval // the confidence sequence: two-sided, holds at all blocks at once
}

// Path gives the steps of logged blocks, in their order, as the rule saw them.
// It ends where a verdict ended it.
func Path(h Hypothesis, logged []Block) ([]Step, error) {
	if h.Decision == nil {
		return nil, nil
	}
	seq, err := decision.NewSequence(h.Decision.Params())
	if err != nil {
		return nil, fmt.Errorf("hypotheses: %s: %w", h.Alias, err)
	}
	var out []Step
	for _, b := range logged {
		if seq.Done() {
			break
		}
		d, err := b.decisionBlock()
		if err != nil {
			return out, fmt.Errorf("hypotheses: %s: block %d: %w", h.Alias, b.B, err)
		}
		s := Step{B: b.B, TV: float64(b.TV), TR: float64(b.TR)}
		seq.SetThresholds(s.TV, s.TR)
		if err := seq.Add(d); err != nil {
			return out, fmt.Errorf("hypotheses: %s: block %d: %w", h.Alias, b.B, err)
		}
		s.V, s.R = seq.Evidence()
		s.SignV, s.SignR = seq.Signs()
		s.Estimate, s.Bounds, s.Confidence = seq.Estimate(), seq.Bounds(1/Alpha), seq.Bounds(2/Alpha)
		out = append(out, s)
	}
	return out, nil
}
