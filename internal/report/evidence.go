package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/runner"
	"tenet/survey"
)

// accounts are what a report says of the study as a whole: forecasts, agreement with published tables, the flow of
// papers and the size of what was trained.
type accounts struct {
	Forecasts  []hypotheses.Forecast
	Agreements []hypotheses.Agreement
	Flow       survey.Flow
	Core       int // included papers that make claims under test; the others are context
	Criteria   []criterionCount
	Largest    largest
}

// largest is how far the scale of the experiments reached.
type largest struct {
	Trials, Params, Steps int
	FLOPs                 float64
}

func (c *collector) accounts(s *study) (err error) {
	a := &s.Accounts
	if a.Forecasts, err = hypotheses.Forecasts(c.tx); err != nil {
		return err
	}
	slices.SortStableFunc(a.Forecasts, func(x, y hypotheses.Forecast) int { return byAlias(x.Hypothesis, y.Hypothesis) })
	if a.Agreements, err = hypotheses.Agreements(c.tx); err != nil {
		return err
	}
	if a.Flow, err = survey.FlowOf(c.tx); err != nil {
		return err
	}
	if err := c.criteria(a); err != nil {
		return err
	}
	for t, err := range store.All[runner.Trial](c.tx, runner.KindTrial) {
		if err != nil {
			return err
		}
		a.Largest.Trials++
		a.Largest.Params = max(a.Largest.Params, t.Usage.Params)
		a.Largest.FLOPs += float64(t.Usage.FLOPs)
	}
	for _, p := range s.Principles {
		for _, h := range p.Hypotheses {
			for _, r := range h.Runs {
				a.Largest.Steps = max(a.Largest.Steps, r.Steps)
			}
		}
	}
	return nil
}

// add takes a run into the account.
func (c *cost) add(r runner.Record) {
	c.Runs++
	c.Trials += r.Trials
	c.Reused += r.Reused
	c.WallMS += r.WallMS
	c.CPUMS += r.CPUMS
	c.EnergyJ += float64(r.EnergyJ)
	c.CO2G += float64(r.CO2G)
	if r.Basis != "" && !slices.Contains(c.Bases, r.Basis) {
		c.Bases = append(c.Bases, r.Basis)
	}
}

// Hours is the processor's time in hours.
func (c cost) Hours() float64 { return float64(c.CPUMS) / 3.6e6 }

// took sums the runs of a hypothesis; the exploratory ones apart.
func (h hypothesisView) took() (confirming, exploring cost) {
	for _, r := range h.Runs {
		if r.Exploratory {
			exploring.add(r)
		} else {
			confirming.add(r)
		}
	}
	return confirming, exploring
}

// took sums the runs of a principle's hypotheses.
func (p principleView) took() cost {
	var sum cost
	for _, h := range p.Hypotheses {
		for _, r := range h.Runs {
			sum.add(r)
		}
	}
	return sum
}

// effect is what came out with its bounds, and how many spreads between blocks it is.
func (h hypothesisView) effect() string {
	v := h.Verdict
	return fmt.Sprintf("%s (%s to %s)", num(float64(v.Estimate)), num(float64(v.Lower)), num(float64(v.Upper)))
}

// came is the verdict with its reason and sign, or where the plan stands.
func (h hypothesisView) came() string {
	if h.Verdict == nil {
		return string(h.State)
	}
	return fmt.Sprintf("%s %s, %s", verdictSign(h.Verdict.Verdict), h.Verdict.Verdict, spoken(h.Verdict.Reason))
}

// foreseen is the expected verdict with its probability.
func (h hypothesisView) foreseen() string {
	if h.Expected.Verdict == "" {
		return "nothing"
	}
	return fmt.Sprintf("%s, %s", h.Expected.Verdict, num(float64(h.Expected.Probability)))
}

// VerdictParts is the table of all hypotheses: what was foreseen, what came, how large, from how many blocks, at what price.
func (s *study) VerdictParts() []part {
	t := newTable("id", "of", "foreseen", "verdict", "effect D (bounds)>", "Δ>", "size>", "blocks>", "CPU-s>")
	t.Linked = true
	var sum cost
	for _, h := range s.byName() {
		c, _ := h.took()
		sum.CPUMS += c.CPUMS
		row := []string{h.Alias, h.under, h.foreseen(), h.came(), "", "", "", "", num(float64(c.CPUMS) / 1000)}
		if h.Decision != nil {
			row[5] = num(float64(h.Decision.Delta))
		}
		if v := h.Verdict; v != nil {
			row[4], row[6], row[7] = h.effect(), num(float64(v.Effect)), fmt.Sprint(v.Stop)
		}
		t.add(row...)
	}
	return []part{
		{Table: t},
		words("D is the difference that the plan names, estimated over the blocks; its bounds hold with 95 %% on either side at whatever block one stops. Δ is the smallest D worth having (for an equivalence the margin), size the estimate in units of the spread between blocks. CPU-s is what the confirmatory runs took, the choice of learning rates included: %s in all.", span(sum.CPUMS)),
	}
}

// ArmParts shows what each arm typically reached, so that a difference can be read beside its levels.
func (s *study) ArmParts() []part {
	t := newTable("id", "metric", "median over the blocks, arm by arm")
	t.Linked = true
	for _, h := range s.byName() {
		if m := h.Medians(); m != "" {
			t.add(h.Alias, strings.ReplaceAll(h.Decision.Metric, "_", " "), m)
		}
	}
	return []part{{Table: t}}
}

// Medians is the typical outcome of each arm, once there is a verdict.
func (h hypothesisView) Medians() string {
	if h.Verdict == nil || h.Decision == nil || len(h.Blocks) == 0 {
		return ""
	}
	var out []string
	for _, a := range h.armMedians() {
		text := a.name + " " + num(a.median)
		if a.diverged+a.lost > 0 {
			text += fmt.Sprintf(" (%d diverged, %d lost)", a.diverged, a.lost)
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// armMedian is what an arm typically reached; NaN where it never did.
type armMedian struct {
	name           string
	median         float64
	diverged, lost int
}

func (h hypothesisView) armMedians() []armMedian {
	var out []armMedian
	for _, arm := range h.Decision.Arms {
		a := armMedian{name: arm}
		var got []float64
		for _, b := range h.Blocks {
			for _, t := range b.Trials {
				switch {
				case t.Arm != arm:
				case t.Missing:
					a.lost++
				case t.Diverged:
					a.diverged++
				default:
					got = append(got, float64(t.Metric))
				}
			}
		}
		a.median = decision.SampleMedian(got)
		out = append(out, a)
	}
	return out
}

// CostParts is what each principle took, and all of it.
func (s *study) CostParts() []part {
	if s.Cost.Runs == 0 {
		return []part{words("No experiment has been run yet.")}
	}
	t := newTable("principle", "runs>", "trials>", "CPU-hours>", "Wh>", "CO2e, g>")
	t.Linked = true
	row := func(name string, c cost) {
		t.add(name, fmt.Sprint(c.Runs), fmt.Sprint(c.Trials), num(c.Hours()), num(c.EnergyJ/3600), num(c.CO2G))
	}
	for _, p := range s.Principles {
		if c := p.took(); c.Runs > 0 {
			row(p.Alias, c)
		}
	}
	c := s.Cost
	out := []part{
		words("%s, %s trained, %d taken from earlier runs; %s on the clock, %s of processor time (%s CPU-hours), %s Wh, %s g CO2e.",
			plural(c.Runs, "run"), plural(c.Trials, "trial"), c.Reused, span(c.WallMS), span(c.CPUMS), num(c.Hours()), num(c.EnergyJ/3600), num(c.CO2G)),
		{Table: t},
	}
	if len(c.Bases) > 0 {
		out = append(out, words("What energy and CO2e rest on: %s.", strings.Join(c.Bases, "; or ")))
	}
	return out
}

// ScaleParts says how small all of this was.
func (s *study) ScaleParts() []part {
	l := s.Accounts.Largest
	if l.Trials == 0 {
		return nil
	}
	return []part{words("The largest net trained so far has %s parameters, the longest training took %d steps; all %d trainings together took %s multiplications and additions. The published results that this study quotes come from nets and data that are larger by several orders of magnitude.",
		thousands(l.Params), l.Steps, l.Trials, num(l.FLOPs))}
}

// StateParts is the study in a few numbers.
func (s *study) StateParts() []part {
	n := map[string]int{}
	for _, h := range s.byName() {
		if h.Verdict != nil {
			n[h.Verdict.Verdict]++
		}
	}
	return []part{words("%d principles; %d of %d hypotheses with a verdict: %d validated, %d refuted, %d inconclusive. As of %s, change %d of the ledger, tree head %s.",
		len(s.Principles), s.Decided, s.Hypotheses, n[decision.Validated], n[decision.Refuted], n[decision.Inconclusive], s.AsOf, s.Size, s.Head)}
}

// AgreementParts holds the published tables against the blocks.
func (s *study) AgreementParts() []part {
	if len(s.Accounts.Agreements) == 0 {
		return nil
	}
	t := newTable("table", "what it ranks", "plan", "blocks>", "same order>", "ρ>", "published (ours), best first")
	var not []string
	for _, a := range s.Accounts.Agreements {
		if a.Why != "" {
			not = append(not, fmt.Sprintf("%s (%s, %s): %s.", a.Table.Key, a.Table.Title, a.Table.Reference, a.Why))
			continue
		}
		rho := "–"
		if !math.IsNaN(a.Estimate) {
			rho = fmt.Sprintf("%s (%s to %s)", num(a.Estimate), num(a.Confidence.Lower), num(a.Confidence.Upper))
		}
		t.add(a.Table.Key, a.Table.Title+" ("+a.Table.Reference+")", a.Hypothesis, fmt.Sprint(len(a.Rho)),
			fmt.Sprint(a.Same), rho, bestFirst(a))
	}
	out := []part{words("Each published table whose rows stand for arms that one plan trained, block by block: the rank correlation ρ of our scores with the published values, with its 95 %% confidence sequence, where there are at least %d rows to rank; else in how many blocks our arms stand in the published order. Sizes of effects do not carry over and are not compared. The arms are fixed, so that this speaks of these arms alone, and no verdict rests on it.", hypotheses.RowsForRho)}
	if len(t.Rows) > 0 {
		out = append(out, part{Table: t})
	}
	return append(out, listed("Tables that this scale does not speak to, and why:", not)...)
}

// bestFirst lists the rows of a compared table by their published rank.
func bestFirst(a hypotheses.Agreement) string {
	rows := slices.Clone(a.Rows)
	sign := -1
	if a.Table.Better != "higher" {
		sign = 1
	}
	slices.SortStableFunc(rows, func(x, y hypotheses.AgreementRow) int {
		nx, ny := math.IsNaN(float64(x.Published)), math.IsNaN(float64(y.Published))
		if nx || ny {
			return cmp.Compare(btoi(nx), btoi(ny))
		}
		return sign * cmp.Compare(x.Published, y.Published)
	})
	var out []string
	for _, r := range rows {
		published := "failed"
		if !math.IsNaN(float64(r.Published)) {
			published = r.Published.String()
		}
		out = append(out, fmt.Sprintf("%s %s (%s %s)", r.Model, published, r.Arm, num(r.Ours)))
	}
	return strings.Join(out, "; ")
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
