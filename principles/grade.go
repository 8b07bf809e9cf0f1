package principles

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// The doubts that lower a grade (DECISION §7).
const (
	DoubtBias          = "risk of bias"
	DoubtInconsistency = "inconsistency"
	DoubtIndirectness  = "indirectness"
	DoubtImprecision   = "imprecision"
)

// Doubt is why the evidence on a principle lost steps of its grade.
type Doubt struct {
	What   string
	Steps  int
	Causes []string // in words, with the hypotheses that gave them
}

func (d Doubt) String() string { return d.What + ": " + strings.Join(d.Causes, ", ") }

func countDoubts(all []Doubt) Down {
	var d Down
	at := map[string]*int{DoubtBias: &d.Bias, DoubtInconsistency: &d.Inconsistency, DoubtIndirectness: &d.Indirectness, DoubtImprecision: &d.Imprecision}
	for _, x := range all {
		*at[x.What] = x.Steps
	}
	return d
}

// evidence is the decided core hypotheses of a principle.
type evidence []Tested

// those names the hypotheses of which something is so, sorted.
func (e evidence) those(so func(Tested) bool) []string {
	var out []string
	for _, h := range e {
		if so(h) {
			out = append(out, h.ID)
		}
	}
	slices.Sort(out)
	return out
}

// doubting collects doubts of one kind.
type doubting struct{ Doubt }

// step lowers the grade by one if any of the causes is there.
func (d *doubting) step(causes ...string) {
	causes = slices.DeleteFunc(causes, func(s string) bool { return s == "" })
	if len(causes) > 0 {
		d.Steps++
		d.Causes = append(d.Causes, causes...)
	}
}

// when gives a cause if it is so.
func when(yes bool, cause string) string {
	if !yes {
		return ""
	}
	return cause
}

// of gives a cause with the hypotheses that gave it, "" without any.
func of(cause string, names []string) string {
	return when(len(names) > 0, fmt.Sprintf("%s (%s)", cause, strings.Join(names, ", ")))
}

// gradeOf rates the evidence: it starts high and loses a step for each doubt. raised says that it got one back
// because every effect is large and came out as foretold.
func gradeOf(all []Tested, controls bool) (grade string, doubts []Doubt, raised bool) {
	var core evidence
	for _, h := range all {
		if h.Role == wordCore && h.decided() {
			core = append(core, h)
		}
	}
	if len(core) == 0 {
		return "none", nil, false
	}
	wins := len(core.those(func(h Tested) bool { o, _ := h.outcome(); return o > 0 }))
	wide := core.those(func(h Tested) bool { return h.Imprecise })

	bias, inconsistency := doubting{Doubt{What: DoubtBias}}, doubting{Doubt{What: DoubtInconsistency}}
	indirectness, imprecision := doubting{Doubt{What: DoubtIndirectness}}, doubting{Doubt{What: DoubtImprecision}}
	bias.step(
		of("a departure from the plan", core.those(func(h Tested) bool { return h.Deviation == "minor" })),
		of("more than a tenth of the blocks diverged", core.those(func(h Tested) bool { return h.DivergedShare > 0.10 })),
		of("skewed D", core.those(func(h Tested) bool { return h.Asymmetric })))
	bias.step(when(!controls, "controls that are missing or did not all pass"))
	inconsistency.step(when(wins > 0 && wins < len(core), "verdicts in both directions"))
	inconsistency.step(when(apart(core), "effects whose bounds share no point"))
	indirectness.step(when(len(settings(core)) < 2, "one setting only"))
	indirectness.step(of("a proxy for what is claimed", core.those(func(h Tested) bool { return h.Proxy })))
	imprecision.step(when(2*len(wide) > len(core), of("bounds wider than the effect", wide)))

	steps := 4
	for _, d := range []Doubt{bias.Doubt, inconsistency.Doubt, indirectness.Doubt, imprecision.Doubt} {
		if steps -= d.Steps; d.Steps > 0 {
			doubts = append(doubts, d)
		}
	}
	large := len(core.those(func(h Tested) bool { return math.Abs(h.Effect) >= 2 })) == len(core)
	if bias.Steps == 0 && wins == len(core) && large && steps < 4 {
		steps, raised = steps+1, true
	}
	return []string{"very-low", "low", "moderate", "high"}[max(steps, 1)-1], doubts, raised
}

// apart reports that the bounds of the wins have no common point.
func apart(core []Tested) bool {
	lo, hi, n := math.Inf(-1), math.Inf(1), 0
	for _, h := range core {
		if o, _ := h.outcome(); o > 0 && h.Bounds != nil {
			lo, hi = max(lo, h.Bounds[0]), min(hi, h.Bounds[1])
			n++
		}
	}
	return n > 1 && lo > hi
}
