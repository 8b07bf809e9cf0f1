package decision

import (
	"math"
	"testing"
)

func TestAPlanOfTheWrongShapeIsRefused(t *testing.T) {
	for name, s := range map[string]Spec{
		"two levels":           {Reduction: Slope, Levels: []float64{1, 2}},
		"equal levels":         {Reduction: SlopeDiff, Levels: []float64{1, 1, 1}},
		"slope without worst":  {Reduction: Slope, Levels: []float64{1, 2, 3}, Worst: math.Inf(-1)},
		"short table":          {Reduction: Spearman, Table: []float64{1, 2, 3}},
		"unknown reduction":    {Reduction: "median"},
		"worst is no score":    {Reduction: Paired, Worst: math.NaN()},
		"baseline is infinite": {Reduction: Single, Baseline: math.Inf(1)},
	} {
		if _, err := Reduce(s, make([]Trial, max(1, s.Arms()))); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := Reduce(Spec{Reduction: Paired}, make([]Trial, 3)); err == nil {
		t.Error("three trials were paired")
	}
	for name, p := range map[string]Params{
		"Δ below θ₀":                {Theta0: 1, Delta: 0.5},
		"equivalence of no width":   {Kind: Equivalent},
		"θ₀ beyond Δ":               {Kind: Different, Theta0: 2, Delta: 1},
		"unknown kind":              {Kind: "less", Delta: 1},
		"α of 1":                    {Delta: 1, Alpha: 1},
		"threshold below 1":         {Delta: 1, TVal: 0.5},
		"Δ is not a number":         {Delta: math.NaN()},
		"deviation of unknown size": {Delta: 1, Deviation: "small"},
	} {
		if _, err := NewSequence(p); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
