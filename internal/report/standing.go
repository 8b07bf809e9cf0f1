package report

import (
	"fmt"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/principles"
)

// statusWords says what a reason of a status means.
var statusWords = map[string]string{
	"untested":        "no core hypothesis of it has been tried",
	"no-verdict":      "its core hypotheses ended without a verdict",
	"controls-failed": "a control of the study failed, so nothing counts",
	"refuted":         "its core hypotheses came out against it",
	"doubted":         "one core hypothesis came out against it, none for it, and others are open",
	"separable":       "it holds in some regions and fails in others, which the plans had named",
	"mixed":           "some core hypotheses came out as it foretold and some against it, and the plans had named no regions that tell them apart",
	"boundary":        "it holds, but not in a region where it was expected to",
	"replicated":      "every core hypothesis came out as it foretold, in more than one setting, with all controls passed",
	"open":            "what was decided came out as it foretold; other core hypotheses are open",
	"single-setting":  "what was decided came out as it foretold, in one setting only",
	"no-controls":     "what was decided came out as it foretold; not all controls were run",
	"low-grade":       "every core hypothesis came out as it foretold, but the evidence is graded too low to call it validated",
}

// Because says why the principle stands where it does.
func (p principleView) Because() string {
	return orWord(statusWords[p.Status.Reason], spoken(p.Status.Reason))
}

// Lost are the steps of the grade that the evidence lost, with the causes and the hypotheses that gave them, and
// the one that it may have gained.
func (p principleView) Lost() []string {
	var out []string
	for _, d := range p.Status.Doubts {
		out = append(out, fmt.Sprintf("−%d for %s", d.Steps, d))
	}
	if p.Status.Raised {
		out = append(out, "+1 for effects of two spreads and more in every core hypothesis")
	}
	return out
}

// verdictLists sorts a principle's hypotheses by what they say of it.
func (p principleView) verdictLists() (forIt, against, open []string) {
	for _, h := range p.Hypotheses {
		switch foretold(h.Hypothesis, "") {
		case asForetold:
			forIt = append(forIt, h.line())
		case otherwise:
			against = append(against, h.line())
		default:
			open = append(open, h.line())
		}
	}
	return forIt, against, open
}

// line is a hypothesis with its verdict, effect and bounds.
func (h hypothesisView) line() string {
	says := fmt.Sprintf("%s %s: %s.", h.Alias, orWord(h.Title, h.Statement), h.came())
	v := h.Verdict
	if v == nil {
		return says
	}
	says += fmt.Sprintf(" D %s, %s spreads between blocks, from %s.", h.effect(), num(float64(v.Effect)), plural(v.Stop, "block"))
	if h.Role == "boundary" {
		says += " (a boundary: " + strings.Join(h.Decision.Regions, ", ") + ")"
	}
	return says
}

// alsoLines are verdicts of other principles' plans that say they bear on this one too; its status does not count them.
func (p principleView) alsoLines() []string {
	var out []string
	for _, h := range p.Also {
		out = append(out, h.line()+" (counted under "+h.under+")")
	}
	return out
}

// RivalParts are the rival explanations, and how those fared that a plan weighs.
func (p principleView) RivalParts() []part {
	if len(p.Rivals) == 0 && len(p.RivalPlans) == 0 {
		return nil
	}
	out := listed("", p.Rivals)
	if len(p.RivalPlans) == 0 {
		return append(out, words("No plan of the study is registered against one of these, so no verdict counts for or against them."))
	}
	return append(out, listed("Plans in which another principle foretold the other verdict:", p.RivalPlans)...)
}

// TookLine is what the experiments on a principle took.
func (p principleView) TookLine() string {
	c := p.took()
	if c.Runs == 0 {
		return ""
	}
	line := fmt.Sprintf("%s, %s: %s CPU-hours", plural(c.Runs, "run"), plural(c.Trials, "trial"), num(c.Hours()))
	if len(c.Bases) > 0 {
		line += fmt.Sprintf(", %s Wh, %s g CO2e", num(c.EnergyJ/3600), num(c.CO2G))
	}
	return line
}

// EvidenceParts are the verdicts on a principle, for and against it.
func (p principleView) EvidenceParts() []part {
	forIt, against, open := p.verdictLists()
	out := listed("Verdicts as it foretold:", forIt)
	out = append(out, listed("Verdicts against it:", against)...)
	out = append(out, listed("Without a verdict for or against:", open)...)
	return append(out, listed("Verdicts elsewhere that bear on it:", p.alsoLines())...)
}

// summary is a principle as a document shows it: where it stands and why, what was run, the verdicts, the claims.
func (p principleView) summary() []part {
	out := []part{
		words("“%s”", p.Statement),
		words("Status: %s (%s). Evidence: %s.", p.Word(p.Status), p.Because(), spoken(p.Status.Grade)),
	}
	if line := p.Lineage.Words(); line != "" {
		out = append(out, words("%s", line))
	}
	out = append(out, listed("", p.Lost())...)
	if p.Executed != "" {
		out = append(out, words("Scope: %s.", strings.TrimSuffix(p.Executed, ".")))
	}
	out = append(out, p.EvidenceParts()...)
	out = append(out, p.claimParts()...)
	out = append(out, words("%s", p.claimCount()))
	if line := p.TookLine(); line != "" {
		out = append(out, words("Cost: %s.", line))
	}
	return out
}

// claimCount counts the claims on a principle, or says whose they are.
func (p principleView) claimCount() string {
	if p.Lender != "" {
		return fmt.Sprintf("Claims from the papers: those of %s.", p.Lender)
	}
	verified := 0
	for _, cs := range [][]claimView{p.For, p.Against, p.Qualify} {
		for _, c := range cs {
			verified += btoi(c.Sure)
		}
	}
	return fmt.Sprintf("Claims from the papers: %d for it, %d against, %d that qualify it; %d of them verified against a text.", len(p.For), len(p.Against), len(p.Qualify), verified)
}

// claimParts are all claims against a principle and the first verified ones for it; the report has the rest.
func (p principleView) claimParts() []part {
	const few = 3
	var forIt, against []string
	for _, c := range p.For {
		if c.Sure && c.Quote != "" && len(forIt) < few {
			forIt = append(forIt, c.line())
		}
	}
	for _, c := range p.Against {
		against = append(against, c.line())
	}
	return append(listed("From the papers, for it (the first verified quotes):", forIt), listed("From the papers, against it:", against)...)
}

// line is a claim with its quote, its place and how sure its words are.
func (c claimView) line() string {
	says := c.Text
	if c.Quote != "" {
		says += " “" + c.Quote + "”"
	}
	place := c.Paper
	if c.Place != "" {
		place += ", " + c.Place
	}
	return fmt.Sprintf("%s %s (%s; %s)", c.Alias, says, place, c.Note)
}

// summary is a hypothesis as a document shows it.
func (h hypothesisView) summary() []part {
	head := words("%s: %s", h.Alias, orWord(h.Statement, h.Title))
	if h.Verdict == nil {
		return []part{head, words("Foreseen: %s. State: %s. %s", h.foreseen(), h.State, h.blind())}
	}
	out := []part{head, {List: h.Explain.Lines}}
	if m := h.Medians(); m != "" {
		out = append(out, words("Medians over the blocks: %s.", m))
	}
	return out
}

// blind says why nothing is shown of a plan that has no verdict.
func (h hypothesisView) blind() string {
	if len(h.Blocks) == 0 {
		return "It has no verdict yet."
	}
	return fmt.Sprintf("It has no verdict yet; what its %s gave is shown once the rule has spoken.", plural(len(h.Blocks), "finished block"))
}

// PrincipleTable is all principles with their standing.
func (s *study) PrincipleTable() []part {
	t := newTable("id", "principle", "status", "evidence", "for>", "against>", "open>", "claims for / against / other>")
	t.Linked = true
	for _, p := range s.Principles {
		f, a, o := p.verdictLists()
		status := p.Status.Status + ", " + spoken(p.Status.Reason)
		if p.State != principles.Standing {
			status = p.Word(p.Status) + " (" + status + ")"
		}
		claims := fmt.Sprintf("%d / %d / %d", len(p.For), len(p.Against), len(p.Qualify))
		if p.Lender != "" {
			claims = "those of " + p.Lender
		}
		t.add(p.Alias, p.Name, status, spoken(p.Status.Grade), fmt.Sprint(len(f)), fmt.Sprint(len(a)), fmt.Sprint(len(o)), claims)
	}
	return []part{{Table: t}}
}

// rivalPlans lists the plans that weigh a principle against another, with how that came out.
func rivalPlans(h hypothesisView, mine string, same func(a, b string) bool) []string {
	if h.Decision == nil || h.Verdict == nil || h.Verdict.Verdict != decision.Validated && h.Verdict.Verdict != decision.Refuted {
		return nil
	}
	var out []string
	for _, r := range h.Decision.Rivals {
		rivalRight := foretold(h.Hypothesis, r.Predicts) == asForetold
		switch {
		case same(h.under, mine):
			out = append(out, fmt.Sprintf("%s against %s: %s. %s foretold %s.", h.Alias, r.Principle, h.came(), map[bool]string{true: "The rival was right: it", false: "This principle was right: the rival"}[rivalRight], r.Predicts))
		case same(r.Principle, mine):
			out = append(out, fmt.Sprintf("%s, where this is the rival of %s: %s. It foretold %s and was %s.", h.Alias, h.under, h.came(), r.Predicts, map[bool]string{true: "right", false: "wrong"}[rivalRight]))
		}
	}
	return out
}
