package hypotheses

import (
	"fmt"

	"tenet/hypotheses/decision"
)

// Reach explores what the plan can come to in a family of m, over the range of
// its metric and within its budget, and says in words which verdicts it cannot
// reach; "" where all three are open.
func (h Hypothesis) Reach(m int) (r decision.Reach, missing string, err error) {
	p := h.Decision.Params()
	p.TVal, p.TRef = float64(m)/p.Alpha, float64(m)/p.Alpha
	lo, hi := h.Decision.contrasts()
	if r, err = decision.Explore(p, lo, hi); err != nil {
		return r, "", fmt.Errorf("hypotheses: %s: %w", h.Alias, err)
	}
	return r, r.Missing(p, lo, hi), nil
}

// canFail refuses a plan of which a verdict is foregone: what cannot come out
// otherwise is no test.
func canFail(h Hypothesis, m int) error {
	_, missing, err := h.Reach(m)
	if err != nil {
		return err
	}
	if missing != "" {
		return fmt.Errorf("hypotheses: %s: a plan must be able to fail: %s", h.Alias, missing)
	}
	return nil
}
