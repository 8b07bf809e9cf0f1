package hypotheses

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// PowerWanted is the probability of the foretold verdict, at the effect
// expected, below which a plan must be confirmed before it is locked
// (DECISION.md §9).
const PowerWanted = 0.8

// outlookRuns is how many sequences are simulated at each effect; DECISION.md §9
// asks for no fewer.
const outlookRuns = 1000

// Outlook is what the rule would do with a plan, by simulation, before anything
// runs. No outcome of the study goes into it.
type Outlook struct {
	Hypothesis string     `json:"hypothesis"`
	Arms       int        `json:"arms"`
	Members    int        `json:"members"` // of the family
	T          float64    `json:"t"`       // threshold that the plan would face
	Scale      float64    `json:"scale"`   // spread of D that is assumed
	ScaleFrom  string     `json:"scale_from"`
	Runs       int        `json:"runs"` // simulated at each effect
	Expect     string     `json:"expect"`
	Prospects  []Prospect `json:"prospects"` // by effect, ascending
}

// Prospect is the outlook at one true effect.
type Prospect struct {
	decision.Forecast
	What     string `json:"what"` // "no effect", "Δ", "the pilot's", or ""
	Expected bool   `json:"expected,omitempty"`
	Beyond   bool   `json:"beyond,omitempty"` // the measure cannot give a D as large as this
}

// OutlookOf simulates the rule on a plan: at effects of 0 to 2 spreads, at Δ and
// at what the pilot saw. The spread of D comes from the pilot; without one it is
// assumed to be twice Δ.
func OutlookOf(ctx context.Context, tx *store.Tx, name string) (Outlook, error) {
	h, err := Find(tx, name)
	if err != nil {
		return Outlook{}, err
	}
	if needs := h.Needs(); len(needs) > 0 {
		return Outlook{}, fmt.Errorf("hypotheses: %s: no outlook on an incomplete plan: it needs %s", h.Alias, strings.Join(needs, ", "))
	}
	members, err := familyNow(tx, h, StartRecord{HypothesisID: h.ID})
	if err != nil {
		return Outlook{}, err
	}
	m := len(members)
	o := Outlook{
		Hypothesis: h.Alias, Arms: len(h.Decision.Arms), Members: m, T: float64(m) / Alpha, Runs: outlookRuns,
		Expect: orElse(h.Decision.Expect, decision.Validated),
	}
	o.Scale, o.ScaleFrom = h.spread()
	o.Prospects = h.prospects(o.Scale)
	effects := make([]float64, len(o.Prospects))
	for i, p := range o.Prospects {
		effects[i] = p.Effect
	}
	p := h.Decision.Params()
	p.TVal, p.TRef = o.T, o.T
	fs, err := decision.Simulate(ctx, p, o.Scale, effects, o.Runs, 1)
	if err != nil {
		return Outlook{}, fmt.Errorf("hypotheses: %s: outlook: %w", h.Alias, err)
	}
	for i, f := range fs {
		o.Prospects[i].Forecast = f
	}
	return o, nil
}

// spread is the scale of D that a plan is looked at with, and where it comes from.
func (h Hypothesis) spread() (scale float64, from string) {
	if p := h.Pilot; p != nil && p.SD > 0 && !math.IsInf(float64(p.SD), 0) {
		return float64(p.SD), "a pilot of " + counting(p.N, "block")
	}
	if s := 2 * max(math.Abs(float64(h.Decision.Delta)), math.Abs(float64(h.Decision.Theta0))); s > 0 {
		return s, "no pilot; assumed to be twice Δ"
	}
	return 1, "no pilot and no Δ; taken as the unit"
}

// prospects are the effects to look at, without their forecasts.
func (h Hypothesis) prospects(scale float64) []Prospect {
	_, most := h.Decision.contrasts()
	var out []Prospect
	add := func(effect float64, what string, expected bool) {
		for i := range out {
			if math.Abs(out[i].Effect-effect) < 1e-9 {
				if out[i].What != "" && what != "" {
					what = out[i].What + ", " + what
				}
				out[i].What, out[i].Expected = orElse(what, out[i].What), out[i].Expected || expected
				return
			}
		}
		p := Prospect{What: what, Expected: expected, Beyond: effect*scale > most}
		p.Effect = effect
		out = append(out, p)
	}
	for _, e := range decision.StandardEffects() {
		what := ""
		if e == 0 {
			what = "no effect"
		}
		add(e, what, false)
	}
	add(float64(h.Decision.Delta)/scale, "Δ", false)
	if h.Pilot != nil && !math.IsNaN(float64(h.Pilot.Mean)) && h.Pilot.N > 0 {
		add(float64(h.Pilot.Mean)/scale, "the pilot's", true)
	}
	slices.SortStableFunc(out, func(a, b Prospect) int { return cmp.Compare(a.Effect, b.Effect) })
	return out
}

// Power is the probability of the foretold verdict at the effect expected, with
// its Monte Carlo error; known is false where no pilot says what to expect.
func (o Outlook) Power() (p, err float64, known bool) {
	for _, x := range o.Prospects {
		if x.Expected {
			p = x.Validated
			if o.Expect == decision.Refuted {
				p = x.Refuted
			}
			return p, shareError(p, o.Runs), true
		}
	}
	return 0, 0, false
}

// Weak says why a plan must be confirmed before it is locked; "" where it need
// not be.
func (o Outlook) Weak() string {
	p, se, known := o.Power()
	if !known || p >= PowerWanted {
		return ""
	}
	return fmt.Sprintf("at the effect expected it is %s with probability %.2f ± %.2f only, where %.1f is wanted", o.Expect, p, se, PowerWanted)
}

// Lines say the outlook for people; the columns of the table take 46.
func (o Outlook) Lines() []string {
	out := []string{
		fmt.Sprintf("what the rule would do, %d simulated runs at each effect; no outcome of the study is used", o.Runs),
		fmt.Sprintf("spread of D %s (%s); T %s, a family of %d", short(o.Scale), o.ScaleFrom, short(o.T), o.Members),
		"effect        D validated  refuted   blocks 9 in 10",
	}
	for _, p := range o.Prospects {
		mark := ""
		switch {
		case p.Beyond:
			mark = " beyond the measure"
		case p.What != "":
			mark = " " + p.What
		}
		out = append(out, fmt.Sprintf("%6.2f %8s  %8s %8s %4.1f±%.1f  by %2d%s", p.Effect, short(p.Theta), shareText(p.Validated, o.Runs), shareText(p.Refuted, o.Runs), p.MeanBlocks, p.BlocksError, p.Blocks90, mark))
	}
	switch p, se, known := o.Power(); {
	case !known:
		out = append(out, "no pilot says which effect to expect, so the power is not known")
	case p < PowerWanted:
		out = append(out, "! "+o.Weak())
	default:
		out = append(out, fmt.Sprintf("at the effect expected it is %s with probability %.2f ± %.2f", o.Expect, p, se))
	}
	return out
}

// shareError is the standard error of a share of n sequences.
func shareError(p float64, n int) float64 { return math.Sqrt(p * (1 - p) / float64(n)) }

// shareText is a share with its error in nine columns.
func shareText(p float64, n int) string {
	return strings.ReplaceAll(fmt.Sprintf("%.2f±%.2f", p, shareError(p, n)), "±0.", "±.")
}
