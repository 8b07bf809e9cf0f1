package hypotheses

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tenet/hypotheses/decision"
)

// Explanation is a verdict in plain words.
type Explanation struct {
	Headline string   // one sentence
	Lines    []string // what was compared, what came out, the evidence, what would change it
}

// String is the headline and the lines, one below the other.
func (e Explanation) String() string {
	return strings.Join(append([]string{e.Headline}, e.Lines...), "\n")
}

// Explain puts a record into words for someone who has never seen the rule.
func Explain(h Hypothesis, r decision.Record) Explanation {
	e := Explanation{Headline: headline(h, r)}
	if h.Decision == nil {
		return e
	}
	e.Lines = append(e.Lines, compared(h), cameOut(h, r), asked(h), evidence(r))
	if h.Lock != nil && h.Lock.M() > 1 {
		e.Lines = append(e.Lines, fmt.Sprintf("T started at %s because %d hypotheses of this principle are tested together at an error of %s.",
			short(float64(h.Lock.M())/Alpha), h.Lock.M(), short(Alpha)))
	}
	if h.Lock != nil && h.Lock.Controls != "" {
		e.Lines = append(e.Lines, "Controls of the engine, "+h.Lock.Controls+".")
	}
	if h.Lock != nil && h.Lock.Power != "" {
		e.Lines = append(e.Lines, "Power, as it was known when the plan was locked: "+h.Lock.Power+".")
	}
	e.Lines = append(e.Lines, counted(r), wouldChange(h, r))
	return e
}

func headline(h Hypothesis, r decision.Record) string {
	says := map[string]string{
		decision.Validated:    "is validated",
		decision.Refuted:      "is refuted",
		decision.Inconclusive: "stays open",
		decision.Invalid:      "has no valid verdict",
		decision.Exploratory:  "was explored only",
	}[r.Verdict]
	return fmt.Sprintf("%s %s: %s. %s", h.Alias, says, because(r), h.Statement)
}

// because says the reason in words.
func because(r decision.Record) string {
	switch r.Reason {
	case decision.ReasonEffect:
		return "the effect is there and large enough"
	case decision.ReasonEquivalence:
		return "the difference lies inside the margin"
	case decision.ReasonHigher:
		return "the difference is real and upwards"
	case decision.ReasonLower:
		return "the difference is real and downwards"
	case decision.ReasonReversed:
		return "the effect goes the other way"
	case decision.ReasonBelowMinimum:
		return "there is an effect, but smaller than worth having"
	case decision.ReasonAbsent:
		return "no effect worth having"
	case decision.ReasonMissing:
		return "too many trials were lost"
	case decision.ReasonNoVariation:
		return "every block gave the same number, so the seeds or the arms do not differ"
	case decision.ReasonUnstable:
		return "too many trials diverged, or the evidence contradicts itself"
	case decision.ReasonProtocol:
		return "the locked plan was not followed"
	case decision.ReasonUnlocked:
		return "no plan was locked before the run"
	}
	return "the blocks were used up before the evidence sufficed"
}

func compared(h Hypothesis) string {
	d := h.Decision
	var what string
	join := func(names []string) string { return strings.Join(names, ", ") }
	switch decision.Reduction(d.Reduction) {
	case decision.Paired:
		what = fmt.Sprintf("%s against %s", d.Arms[0], d.Arms[1])
	case decision.Single:
		what = fmt.Sprintf("%s against the fixed number %s", d.Arms[0], short(d.Spec().Baseline))
	case decision.Slope:
		what = fmt.Sprintf("how fast the score grows over %s: %s", orElse(d.LevelName, "the levels"), join(d.Arms))
	case decision.SlopeDiff:
		n := len(d.Levels)
		what = fmt.Sprintf("how fast the gap between %s and %s grows over %s", join(d.Arms[:n]), join(d.Arms[n:]), orElse(d.LevelName, "the levels"))
	case decision.Interaction:
		what = fmt.Sprintf("the gain of %s over %s with that of %s over %s", d.Arms[0], d.Arms[1], d.Arms[2], d.Arms[3])
	case decision.Spearman:
		what = fmt.Sprintf("the order of %s with table %s", join(d.Arms), d.Table)
	}
	return fmt.Sprintf("Compared: %s, by %s (%s is better). Every block trains each arm once from the same seed and gives one number D.", what, strings.ReplaceAll(d.Metric, "_", " "), orElse(d.Better, "higher"))
}

func cameOut(h Hypothesis, r decision.Record) string {
	if r.Informative == 0 {
		return "Came out: no block gave a number."
	}
	return fmt.Sprintf("Came out: D is about %s; with 95 %% confidence on either side it is at least %s and at most %s, at whatever block one stops.",
		inUnits(h, r.Estimate), inUnits(h, r.Lower), inUnits(h, r.Upper))
}

func asked(h Hypothesis) string {
	d := h.Decision
	theta0, delta := inUnits(h, float64(d.Theta0)), inUnits(h, float64(d.Delta))
	switch decision.Kind(d.Kind) {
	case decision.Equivalent:
		return fmt.Sprintf("Asked: D between −%s and %s, small enough not to matter.", delta, delta)
	case decision.Different:
		return fmt.Sprintf("Asked: D beyond %s in either direction, and an estimate of at least %s.", theta0, delta)
	}
	if d.Theta0 == d.Delta {
		return fmt.Sprintf("Asked: D above %s.", delta)
	}
	return fmt.Sprintf("Asked: D above %s, and an estimate of at least %s, the smallest effect worth having.", theta0, delta)
}

func evidence(r decision.Record) string {
	return fmt.Sprintf("Evidence: for the statement V = %s of the T = %s it takes; against it R = %s of %s. V is the most that a stake of 1 became, bet block by block on the statement; were the statement wrong, at most one run in %s would ever get it to T.",
		short(decision.Shown(r.V, r.TV)), short(r.TV), short(decision.Shown(r.R, r.TR)), short(r.TR), short(r.TV))
}

func counted(r decision.Record) string {
	line := fmt.Sprintf("Blocks: %d, of which %d gave a number", r.Stop, r.Informative)
	for _, part := range []struct {
		n    int
		what string
	}{{r.Missing, "missing"}, {r.Void, "void"}, {r.Diverged, "diverged"}} {
		if part.n > 0 {
			line += fmt.Sprintf(", %d %s", part.n, part.what)
		}
	}
	return line + "."
}

func wouldChange(h Hypothesis, r decision.Record) string {
	const begin = "What would change this: "
	switch r.Verdict {
	case decision.Validated, decision.Refuted:
		if r.Verdict != h.Decision.Expect && h.Decision.Expect != "" {
			return begin + "no further block of this run. It was expected to be " + h.Decision.Expect + "; a narrower statement, a new version with fresh seeds, or a replication elsewhere can go on from here."
		}
		return begin + "no further block of this run. A failed control or a departure from the plan would; the principle still needs the same in other settings."
	case decision.Invalid:
		return begin + "a new version, locked and run with fresh seeds. The computed verdict, " + orElse(r.Computed, "none") + ", stays on record."
	case decision.Exploratory:
		return begin + "lock the plan and run it with fresh seeds; what was seen here never counts."
	}
	switch r.Reason {
	case decision.ReasonNoVariation:
		return begin + "a new version in which arms and seeds reach the number that is measured."
	case decision.ReasonUnstable:
		return begin + "arms that train without diverging, in a new version."
	case decision.ReasonMissing:
		return begin + "repeating the lost trials with the same seeds."
	}
	return begin + fmt.Sprintf("more blocks, up to the %d that are registered; or hypotheses of the same principle reaching their threshold, which lowers T for this one.", h.Decision.Params().NMax)
}

// inUnits shows D; a share of correct answers is shown in points too.
func inUnits(h Hypothesis, d float64) string {
	s := short(d)
	spec := h.Decision
	plain := spec.Transform != "log" && spec.Reduction != string(decision.Spearman)
	if plain && (strings.HasSuffix(spec.Metric, "accuracy") || spec.Metric == "iou" || spec.Metric == "lesion_drop") && !math.IsInf(d, 0) && !math.IsNaN(d) && d != 0 {
		s += " (" + short(100*d) + " points)"
	}
	return s
}

// short is a number with three significant digits.
func short(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "∞"
	case math.IsInf(f, -1):
		return "−∞"
	case math.IsNaN(f):
		return "none"
	case math.Abs(f) < 1e-12: // bounds are sought no finer than this
		return "0"
	}
	if a := math.Abs(f); a >= 1000 && a < 1e6 {
		return strings.Replace(strconv.FormatFloat(f, 'f', 0, 64), "-", "−", 1)
	}
	return strings.Replace(strconv.FormatFloat(f, 'g', 3, 64), "-", "−", 1)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
