package hypotheses

import (
	"fmt"
	"strings"
	"testing"

	"tenet/hypotheses/decision"
)

func exampleHypothesis() Hypothesis {
	return Hypothesis{
		Alias: "H01", Statement: "A 32-layer residual net is at least 5 points more accurate than the same net without the path.",
		Lock: &Registered{Members: []string{"H01", "H02", "H03", "H04", "H15", "H26"}},
		Decision: &DecisionSpec{
			Kind: "greater", Reduction: "paired", Arms: []string{"res", "plain"}, Metric: "test_accuracy", Better: "higher",
			Delta: 0.05, Expect: "validated", Role: "core",
		},
	}
}

func ExampleExplain() {
	d := decision.Values(0.15, 0.12, 0.18, 0.1, 0.2, 0.14, 0.16, 0.13, 0.17)
	h := exampleHypothesis()
	p := h.Decision.Params()
	p.TVal, p.TRef = 120, 120
	r, err := decision.Decide(d, p)
	if err != nil {
		panic(err)
	}
	fmt.Println(Explain(h, r))
	// Output:
	// H01 is validated: the effect is there and large enough. A 32-layer residual net is at least 5 points more accurate than the same net without the path.
	// Compared: res against plain, by test accuracy (higher is better). Every block trains each arm once from the same seed and gives one number D.
	// Came out: D is about 0.148 (14.8 points); with 95 % confidence on either side it is at least 0.112 (11.2 points) and at most 0.186 (18.6 points), at whatever block one stops.
	// Asked: D above 0, and an estimate of at least 0.05 (5 points), the smallest effect worth having.
	// Evidence: for the statement V = 149 of the T = 120 it takes; against it R = 0.278 of 120. V is the most that a stake of 1 became, bet block by block on the statement; were the statement wrong, at most one run in 120 would ever get it to T.
	// T started at 120 because 6 hypotheses of this principle are tested together at an error of 0.05.
	// Blocks: 8, of which 8 gave a number.
	// What would change this: no further block of this run. A failed control or a departure from the plan would; the principle still needs the same in other settings.
}

// Every verdict with every reason, over every reduction, has its words: none
// is empty and none shows a number as Go would.
func TestEveryVerdictHasItsWords(t *testing.T) {
	lib := studyLibrary(t)
	outcomes := map[string][]string{
		decision.Validated:    {decision.ReasonEffect, decision.ReasonEquivalence, decision.ReasonHigher, decision.ReasonLower},
		decision.Refuted:      {decision.ReasonReversed, decision.ReasonBelowMinimum, decision.ReasonAbsent},
		decision.Inconclusive: {decision.ReasonBudget, decision.ReasonMissing, decision.ReasonNoVariation, decision.ReasonUnstable},
		decision.Invalid:      {decision.ReasonProtocol},
		decision.Exploratory:  {decision.ReasonUnlocked},
	}
	for _, name := range []string{"H01", "H02", "H03", "H06", "H16", "H23", "H27"} {
		h := find(t, lib, name)
		for verdict, reasons := range outcomes {
			seen := map[string]bool{}
			for _, reason := range reasons {
				e := Explain(h, decision.Record{Verdict: verdict, Reason: reason, Informative: 3, Stop: 4, Missing: 1})
				if seen[e.Headline] || len(e.Lines) < 6 {
					t.Errorf("%s %s (%s): %q", name, verdict, reason, e)
				}
				seen[e.Headline] = true
				for _, bad := range []string{"NaN", "Inf", "%!", "  ", "e+", ": ,"} {
					if strings.Contains(e.String(), bad) {
						t.Errorf("%s %s (%s) shows %q: %s", name, verdict, reason, bad, e)
					}
				}
			}
		}
	}
}

// A search for a bound ends a hair beside the value it looks for.
func TestANumberTooSmallToMeanAnythingIsNought(t *testing.T) {
	for f, want := range map[float64]string{-2.73e-15: "0", 0: "0", 3e-9: "3e−09", -0.0108: "−0.0108"} {
		if got := short(f); got != want {
			t.Errorf("short(%g) = %s, want %s", f, got, want)
		}
	}
}
