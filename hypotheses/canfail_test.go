package hypotheses

import (
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

func TestAPlanThatCannotFailIsRefused(t *testing.T) {
	for want, change := range map[string]func(*Hypothesis){
		"it can never be validated: D lies between -0.9 and 0.9, the estimate must be at least 2": func(h *Hypothesis) { h.Decision.Delta = 2 },
		"it can never be refuted: D lies between -0.9 and 0.9, never enough below -0.95":          func(h *Hypothesis) { h.Decision.Delta, h.Decision.Theta0 = -0.95, -0.96 },
		"6 blocks can bring the evidence to":                                                      func(h *Hypothesis) { h.Decision.NMax = 6 },
		"never beyond the margin ±0.95": func(h *Hypothesis) {
			h.Decision.Kind, h.Decision.Delta = "equivalent", 0.95
		},
	} {
		lib := studyLibrary(t)
		update(t, lib, func(tx *store.Tx) error { must(Edit(tx, "H01", change))(t); return nil })
		err := refused(t, lib, func(tx *store.Tx) error { _, err := Lock(tx, "H01", env()); return err })
		if !strings.Contains(err.Error(), "H01: a plan must be able to fail: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestEveryPlanOfTheStudyCanComeOutEachWay(t *testing.T) {
	lib := studyLibrary(t)
	view(t, lib, func(tx *store.Tx) error {
		n := 0
		for h, err := range All(tx) {
			if err != nil {
				return err
			}
			if !h.Complete() {
				continue
			}
			n++
			r, missing, err := h.Reach(8)
			if err != nil || missing != "" {
				t.Errorf("%s: %s %v", h.Alias, missing, err)
			}
			if r.Validated < 5 || r.Refuted < 5 || r.Inconclusive == 0 {
				t.Errorf("%s: %+v", h.Alias, r)
			}
		}
		if n < 20 {
			t.Errorf("%d plans looked at", n)
		}
		return nil
	})
}

func TestARangeOfTheMetricCanBeDeclared(t *testing.T) {
	d := DecisionSpec{Metric: "points of a game", Range: nil, Better: "higher", Reduction: "paired", Worst: 0}
	if lo, hi := d.contrasts(); hi < 1e300 || lo > -1e300 {
		t.Errorf("an unknown metric has the range %v to %v", lo, hi)
	}
	d.Range = reals([]float64{0, 21})
	if lo, hi := d.contrasts(); lo != -21 || hi != 21 {
		t.Errorf("got %v to %v", lo, hi)
	}
	d.Better, d.Reduction, d.Levels, d.Worst = "lower", "slope", reals([]float64{1, 2, 3}), -21
	if lo, hi := d.contrasts(); lo != -10.5 || hi != 10.5 { // from 0 at one end to 21 at the other, with 10.5 or any other between
		t.Errorf("the slope lies between %v and %v", lo, hi)
	}
	if decision.Reduction(d.Reduction) != decision.Slope {
		t.Error("no slope")
	}
}
