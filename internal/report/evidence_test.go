package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
)

func studyOf(t testing.TB, lib *store.Library) *study {
	t.Helper()
	s, err := collect(t.Context(), lib, Options{Curves: -1})
	must(t, err)
	return s
}

// row is the row of a table whose first cell is this.
func row(t testing.TB, parts []part, first string) []string {
	t.Helper()
	for _, p := range parts {
		if p.Table == nil {
			continue
		}
		if i := slices.IndexFunc(p.Table.Rows, func(r []string) bool { return r[0] == first }); i >= 0 {
			return p.Table.Rows[i]
		}
	}
	t.Fatalf("no row %s in %v", first, parts)
	return nil
}

// written is parts as Markdown.
func written(parts []part) string {
	var b strings.Builder
	writeParts(func(format string, args ...any) { b.WriteString(sprintf(format, args...)) }, parts)
	return b.String()
}

func TestEveryHypothesisStandsInTheTableWithWhatWasForeseen(t *testing.T) {
	s := studyOf(t, decidedStudy(t))
	table := s.VerdictParts()[0].Table
	if len(table.Rows) != s.Hypotheses || s.Hypotheses != 42 {
		t.Errorf("%d rows of %d hypotheses", len(table.Rows), s.Hypotheses)
	}
	h, _ := s.find("H01")
	got := row(t, s.VerdictParts(), "H01")
	if got[1] != "P1" || got[2] != "validated, 0.97" || got[3] != "✓ validated, effect" || !strings.HasPrefix(got[4], num(float64(h.Verdict.Estimate))+" (") ||
		got[5] != "0.05" || got[6] != num(float64(h.Verdict.Effect)) || got[8] != "78.5" { // 78,500 ms, as decide pretends
		t.Errorf("%q", got)
	}
	if open := row(t, s.VerdictParts(), "H02"); open[3] != "draft" || open[4] != "" || open[8] != "0" {
		t.Errorf("a draft: %q", open)
	}
	if last := table.Rows[41][0]; last != "R12" {
		t.Errorf("the last row is %s", last)
	}
}

func TestTheCostOfPrinciplesAddsUpToTheWhole(t *testing.T) {
	s := studyOf(t, decidedStudy(t))
	var sum cost
	for _, p := range s.Principles {
		c := p.took()
		sum.Runs, sum.CPUMS, sum.Trials = sum.Runs+c.Runs, sum.CPUMS+c.CPUMS, sum.Trials+c.Trials
	}
	if sum.Runs != 2 || sum.Runs != s.Cost.Runs || sum.CPUMS != s.Cost.CPUMS || sum.Trials != s.Cost.Trials {
		t.Errorf("%+v of %+v", sum, s.Cost)
	}
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	near("CPU-hours of twice 78.5 s", s.Cost.Hours(), 157.0/3600)
}

// H01 came out as foreseen, and so did the belief H23; a verdict against the principle is told apart from a doubt of its authors.
func TestWhatWasNotForeseenIsListed(t *testing.T) {
	s := studyOf(t, decidedStudy(t))
	if text := written(s.MissedParts()); text != "Every verdict so far came as foreseen.\n\n" {
		t.Errorf("%s", text)
	}
	s.Accounts.Forecasts = []hypotheses.Forecast{
		{Hypothesis: "H07", Foreseen: "validated", Foretold: "validated", P: 0.93, Came: "refuted", Reason: "below-minimum"},
		{Hypothesis: "H29", Foreseen: "inconclusive", Foretold: "refuted", P: 0.5, Came: "refuted", Reason: "absent"},
		{Hypothesis: "H18", Foreseen: "validated", Foretold: "validated", P: 0.65, Came: "inconclusive", Reason: "budget"},
		{Hypothesis: "H01", Foreseen: "validated", Foretold: "validated", P: 0.97, Came: "validated", Reason: "effect"},
	}
	text := written(s.MissedParts())
	for _, want := range []string{
		"foretold (1 of 4):\n\n- H07 (P8) Volume control on the main line: foreseen validated with 0.93, came out refuted, below minimum.",
		"Open where a verdict was foreseen:\n\n- H18", "had not dared to:\n\n- H29",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "H01") {
		t.Errorf("what came as foreseen is listed:\n%s", text)
	}
	// (.07² … as the reading over all four has it: .93² + .5² + .65² + .03²)/4
	if got := row(t, s.CalibrationParts(), "all, an open end as a miss unless it was foreseen"); got[1] != "4" || got[2] != "1" || got[3] != "0.385" || got[4] != "0.188" {
		t.Errorf("%q", got)
	}
	if got := row(t, s.CalibrationParts(), "decided ones only"); got[1] != "3" || got[3] != "0.372" {
		t.Errorf("%q", got)
	}
}

func TestAPrincipleShowsItsVerdictsClaimsRivalsAndPrice(t *testing.T) {
	lib := decidedStudy(t)
	s := studyOf(t, lib)
	p1 := s.Principles[0]
	text := written(append(p1.EvidenceParts(), p1.RivalParts()...))
	for _, want := range []string{
		"Verdicts as it foretold:\n\n- H01 Thirty-two layers", "Without a verdict for or against:\n\n- H02", "(counted under P8)",
		"- Vanishing gradient size: then rescaling gradients should be enough.", "No plan of the study is registered against one of these",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "against it:") {
		t.Errorf("nothing came out against P1:\n%s", text)
	}
	if got := p1.TookLine(); !strings.HasPrefix(got, "1 run, 18 trials: 0.0218 CPU-hours") {
		t.Errorf("%q", got)
	}
	page := inHTML(t, lib)
	for _, want := range []string{"Rival explanations, and how they fared", "What moved the grade", "−1 for indirectness: one setting only", "−1 for risk of bias", "What it cost", "How the papers were chosen"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// Only what the plans themselves link is a fight with a rival.
func TestARivalFaresAsThePlanThatNamesItCameOut(t *testing.T) {
	h := hypothesisView{under: "P1"}
	h.Alias, h.Decision = "H01", &hypotheses.DecisionSpec{Expect: "validated", Rivals: []hypotheses.Rival{{Principle: "P6", Predicts: "refuted"}}}
	if got := rivalPlans(h, "P1", principles.SameAlias); got != nil {
		t.Errorf("without a verdict: %q", got)
	}
	h.Verdict = &hypotheses.Verdict{Verdict: "refuted", Reason: "absent"}
	own, other := rivalPlans(h, "P1", principles.SameAlias), rivalPlans(h, "P06", principles.SameAlias)
	if len(own) != 1 || !strings.Contains(own[0], "The rival was right") || len(other) != 1 || !strings.Contains(other[0], "It foretold refuted and was right") {
		t.Errorf("%q, %q", own, other)
	}
	h.Verdict.Verdict = "validated"
	if own := rivalPlans(h, "P1", principles.SameAlias); !strings.Contains(own[0], "This principle was right") {
		t.Errorf("%q", own)
	}
	if third := rivalPlans(h, "P3", principles.SameAlias); third != nil {
		t.Errorf("a principle that nobody named: %q", third)
	}
}

func TestTheFlowSaysWhatCameWithAPack(t *testing.T) {
	s := studyOf(t, decidedStudy(t))
	if got := row(t, s.FlowParts(), "included"); got[1] != "91" || got[2] != "69 core, 22 context" {
		t.Errorf("%q", got)
	}
	if got := row(t, s.FlowParts(), "I1"); got[1] == "0" || got[2] != "0" || !strings.HasPrefix(got[3], "Gives a reason") {
		t.Errorf("%q", got)
	}
	if got := row(t, s.FlowParts(), "X1"); got[1] != "0" || got[2] == "0" {
		t.Errorf("%q", got)
	}
	if text := written(s.FlowParts()); !strings.Contains(text, "Of 93 papers the decision came with a pack") {
		t.Errorf("%s", text)
	}
}
