package hypotheses

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// Agreement is how a published table orders the arms that stand for its rows, beside how they came out here. It is
// description: no verdict follows from it, and the arms are fixed, so that it speaks of these arms only.
type Agreement struct {
	Table Table
	// Why says what keeps the table from being compared; "" where it is.
	Why string

	Hypothesis string // alias of the plan in which all mapped arms were trained
	Metric     string // what was measured here
	Rows       []AgreementRow
	// Rho is the rank correlation of each block in which no trial is missing and some net converged.
	Rho []float64
	// Estimate is Hodges' and Lehmann's; Confidence the two-sided 95 % confidence sequence within −1 and 1.
	// Of two or three rows ρ takes so few values that neither is formed: they are NaN, and Same says what there is to say.
	Estimate   float64
	Confidence decision.Interval
	Same       int // blocks in the very order of the table
}

// AgreementRow is a row of a table with the arm that stands for it.
type AgreementRow struct {
	Model, Arm string
	Published  store.Real // as printed; NaN for a failure, which ranks last
	Ours       float64    // median over the blocks, in units of the metric; NaN where every net diverged
}

// RowsForRho is how many rows a rank correlation takes; the reduction of decision asks for as many.
const RowsForRho = 4

// Agreements compares every published table with the blocks of one plan that trained all arms its rows are mapped
// to: of those that the table names as its users the first in the order of entry, else of the others. What is not
// compared is listed with the reason. A plan without a verdict is blind: none of its outcomes enters.
func Agreements(tx *store.Tx) ([]Agreement, error) {
	var plans []Hypothesis
	for h, err := range All(tx) {
		if err != nil {
			return nil, fmt.Errorf("hypotheses: agreement: %w", err)
		}
		if h.Decision != nil {
			plans = append(plans, h)
		}
	}
	var out []Agreement
	for t, err := range Tables(tx) {
		if err != nil {
			return nil, fmt.Errorf("hypotheses: agreement: %w", err)
		}
		a, err := agreementOf(tx, t, plans)
		if err != nil {
			return nil, fmt.Errorf("hypotheses: agreement with %s: %w", t.Key, err)
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b Agreement) int {
		return cmp.Or(cmp.Compare(len(a.Table.Key), len(b.Table.Key)), cmp.Compare(a.Table.Key, b.Table.Key))
	})
	return out, nil
}

func agreementOf(tx *store.Tx, t Table, plans []Hypothesis) (Agreement, error) {
	a := Agreement{Table: t, Estimate: math.NaN(), Confidence: decision.Interval{Lower: math.NaN(), Upper: math.NaN()}}
	var published []float64
	a.Rows, published = t.mapped()
	switch {
	case len(t.MapToArms) == 0:
		a.Why = "no row is mapped to an arm of this study"
		return a, nil
	case len(a.Rows) < 2:
		a.Why = fmt.Sprintf("%s of it is mapped to an arm; an order takes two", counting(len(a.Rows), "row"))
		return a, nil
	}
	users := func(h Hypothesis) int {
		return 1 - boolInt(slices.Contains(t.UsedBy, h.Alias) || slices.Contains(h.Published, t.Key))
	}
	h, why := trainedAll(a.Rows, slices.SortedStableFunc(slices.Values(plans), func(x, y Hypothesis) int { return cmp.Compare(users(x), users(y)) }))
	if a.Hypothesis = h.Alias; why != "" {
		a.Why = why
		return a, nil
	}
	a.Metric = h.Decision.Metric
	blocks, err := ledgerNow.confirmatory(tx, h.ID)
	if err != nil {
		return a, err
	}
	a.compare(h, blocks, published)
	return a, nil
}

// mapped gives the rows that an arm stands for, and their published values turned so that higher is better. A row
// without a value is left out, or ranks last where it failed and the table's note says that this ranks last.
func (t Table) mapped() (rows []AgreementRow, published []float64) {
	sign := 1.0
	if t.Better != "higher" { // lower, or a rank of which 1 is the best
		sign = -1
	}
	for _, r := range t.Rows {
		arm, ok := t.MapToArms[r.Model]
		row := AgreementRow{Model: r.Model, Arm: arm, Published: store.Real(math.NaN()), Ours: math.NaN()}
		y := math.Inf(-1)
		switch {
		case !ok:
			continue
		case r.Value != nil:
			row.Published, y = *r.Value, sign*float64(*r.Value)
		case r.Status == "" || !strings.Contains(t.Note, "ranks last"):
			continue
		}
		rows, published = append(rows, row), append(published, y)
	}
	return rows, published
}

// trainedAll finds the plan whose blocks hold all arms of the rows.
func trainedAll(rows []AgreementRow, plans []Hypothesis) (h Hypothesis, why string) {
	why = "its mapped arms are spread over several plans, or some stand in none"
	for _, p := range plans {
		if slices.ContainsFunc(rows, func(r AgreementRow) bool { return !slices.Contains(p.Decision.Arms, r.Arm) }) {
			continue
		}
		if v := p.Verdict; v != nil && v.Verdict != decision.Exploratory && v.Verdict != decision.Invalid {
			return p, ""
		}
		if h.ID == "" {
			h, why = p, p.Alias+", which has its arms, has no verdict yet"
		}
	}
	return h, why
}

func (a *Agreement) compare(h Hypothesis, blocks []Block, published []float64) {
	spec, ours := h.Decision.Spec(), make([][]float64, len(a.Rows))
	for _, b := range blocks {
		trials := make([]decision.Trial, len(a.Rows))
		for i, r := range a.Rows {
			at := slices.IndexFunc(b.Trials, func(t TrialRef) bool { return t.Arm == r.Arm })
			if trials[i].Missing = at < 0 || b.Trials[at].Missing; trials[i].Missing {
				continue
			}
			t := b.Trials[at]
			trials[i] = decision.Trial{Metric: float64(t.Metric), Diverged: t.Diverged}
			if !t.Diverged {
				ours[i] = append(ours[i], float64(t.Metric))
			}
		}
		y, _ := spec.Scores(trials)
		if y == nil {
			continue
		}
		rho := decision.RankCorrelation(y, published)
		a.Rho = append(a.Rho, rho)
		a.Same += boolInt(rho > 1-1e-9)
	}
	for i := range a.Rows {
		a.Rows[i].Ours = decision.SampleMedian(ours[i])
	}
	if len(a.Rows) >= RowsForRho && len(a.Rho) > 0 {
		a.Estimate = decision.HodgesLehmann(a.Rho)
		c := decision.Bounds(a.Rho, 2/Alpha, decision.Pseudomedian)
		a.Confidence = decision.Interval{Lower: max(c.Lower, -1), Upper: min(c.Upper, 1)}
	}
}
