package hypotheses

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// DecisionSpec is the plan in the terms of the decision procedure.
type DecisionSpec struct {
	Kind        string       `json:"kind" yaml:"kind"`
	Reduction   string       `json:"reduction" yaml:"reduction"`
	Arms        []string     `json:"arms" yaml:"arms"` // in the order that the reduction wants
	Levels      []store.Real `json:"levels,omitempty" yaml:"levels,omitempty"`
	LevelName   string       `json:"level_name,omitempty" yaml:"level_name,omitempty"`
	Table       string       `json:"table,omitempty" yaml:"table,omitempty"`
	TableValues []store.Real `json:"table_values,omitempty" yaml:"table_values,omitempty"` // one per arm
	TableBetter string       `json:"table_better,omitempty" yaml:"table_better,omitempty"`
	Minus       *store.Real  `json:"minus,omitempty" yaml:"minus,omitempty"` // single: the constant taken off the score
	Metric      string       `json:"metric" yaml:"metric"`
	MetricNote  string       `json:"metric_note,omitempty" yaml:"metric_note,omitempty"`
	Better      string       `json:"better" yaml:"better"`
	Transform   string       `json:"transform" yaml:"transform"`
	Worst       Worst        `json:"worst" yaml:"worst"`
	Theta0      store.Real   `json:"theta0" yaml:"theta0"`
	Delta       store.Real   `json:"delta" yaml:"delta"`
	DeltaReason string       `json:"delta_reason,omitempty" yaml:"delta_reason,omitempty"`
	Center      string       `json:"center" yaml:"center"`
	Divergence  string       `json:"divergence" yaml:"divergence"`
	Constant    string       `json:"constant" yaml:"constant"`
	Role        string       `json:"role" yaml:"role"` // core, boundary
	Expect      string       `json:"expect" yaml:"expect"`
	Setting     string       `json:"setting" yaml:"setting"`
	Regions     []string     `json:"regions,omitempty" yaml:"regions,omitempty"`
	Proxy       bool         `json:"proxy,omitempty" yaml:"proxy,omitempty"`
	Rivals      []Rival      `json:"rivals,omitempty" yaml:"rivals,omitempty"` // principles that foretell the other verdict
	Rule        string       `json:"rule,omitempty" yaml:"rule,omitempty"`     // of the family: holm (default), eholm
	Range       []store.Real `json:"range,omitempty" yaml:"range,omitempty"`   // least and greatest value of the metric, where it is not a known one
	NMin        int          `json:"n_min" yaml:"n_min"`
	NMax        int          `json:"n_max" yaml:"n_max"`
}

// Rival is another principle that explains the same and foretells another
// verdict: the plan is its test too.
type Rival struct {
	Principle string `json:"principle" yaml:"principle"` // alias
	Predicts  string `json:"predicts" yaml:"predicts"`   // validated, refuted
}

// Alpha is the error rate of each of the two claims of a family.
const Alpha = 0.05

// Worst is the score of a diverged trial; +Inf, written "inf", means that
// nothing finite is registered and a divergence ranks below everything.
type Worst float64

// String is the decimal, or "inf".
func (w Worst) String() string { return store.Real(w).String() }

// MarshalJSON writes the decimal string.
func (w Worst) MarshalJSON() ([]byte, error) { return store.Real(w).MarshalJSON() }

// UnmarshalJSON reads what MarshalJSON writes.
func (w *Worst) UnmarshalJSON(b []byte) error { return (*store.Real)(w).UnmarshalJSON(b) }

// UnmarshalYAML reads a number or the word inf. Anything else becomes NaN,
// which the check of the file then names with its place.
func (w *Worst) UnmarshalYAML(text []byte) error {
	s := strings.Trim(strings.TrimSpace(string(text)), `'"`)
	if err := (*store.Real)(w).UnmarshalJSON([]byte(s)); err != nil || math.IsInf(float64(*w), -1) {
		*w = Worst(math.NaN())
	}
	return nil
}

// MarshalYAML writes a plain number or the word inf.
func (w Worst) MarshalYAML() ([]byte, error) { return []byte(w.String()), nil }

// score is the worst score as the reduction wants it.
func (w Worst) score() float64 {
	if math.IsInf(float64(w), 1) {
		return math.Inf(-1)
	}
	return float64(w)
}

// Params are the inputs of the rule; thresholds are the caller's.
func (d DecisionSpec) Params() decision.Params {
	return decision.Params{
		Kind: decision.Kind(d.Kind), Theta0: float64(d.Theta0), Delta: float64(d.Delta), Alpha: Alpha,
		NMin: d.NMin, NMax: d.NMax, Center: d.Center, Divergence: d.Divergence, Constant: d.Constant,
	}.Filled()
}

// Spec is the reduction. A table where lower is better is turned, so that it
// ranks like a score.
func (d DecisionSpec) Spec() decision.Spec {
	s := decision.Spec{
		Reduction: decision.Reduction(d.Reduction), Lower: d.Better == "lower", Log: d.Transform == "log",
		Worst: d.Worst.score(), Levels: floats(d.Levels), Table: floats(d.TableValues),
	}
	if d.Minus != nil {
		s.Baseline = float64(*d.Minus)
	}
	if d.TableBetter == "lower" {
		for i := range s.Table {
			s.Table[i] = -s.Table[i]
		}
	}
	return s
}

func floats(rs []store.Real) []float64 {
	out := make([]float64, len(rs))
	for i, r := range rs {
		out[i] = float64(r)
	}
	return out
}

// Needs lists what a plan lacks before it can be locked; none means complete.
func (h Hypothesis) Needs() []string {
	var needs []string
	need := func(missing bool, what string) {
		if missing {
			needs = append(needs, what)
		}
	}
	need(h.Statement == "", "statement")
	need(h.PrincipleID == "", "principle")
	need(h.TaskID == "", "task")
	need(h.Metric == "", "metric")
	need(len(h.Arms) == 0, "arms")
	need(h.Decision == nil, "decision")
	if h.Decision == nil {
		return needs
	}
	d := *h.Decision
	need(d.Metric == "", "decision.metric")
	need(d.Setting == "", "decision.setting")
	need(d.Role != "core" && d.Role != "boundary", "decision.role (core or boundary)")
	need(d.Role == "boundary" && len(d.Regions) == 0, "decision.regions (of a boundary)")
	need(d.Expect != "validated" && d.Expect != "refuted", "decision.expect (validated or refuted)")
	need(d.Better != "higher" && d.Better != "lower", "decision.better (higher or lower)")
	need(!slices.Contains([]string{"", "identity", "log"}, d.Transform), "decision.transform (identity or log)")
	for _, r := range d.Rivals {
		need(r.Predicts != "validated" && r.Predicts != "refuted", "the verdict that rival "+r.Principle+" predicts (validated or refuted)")
		need(r.Predicts == d.Expect, "a rival that foretells another verdict than the principle does: "+r.Principle+" predicts "+r.Predicts+" too")
	}
	need(!slices.Contains([]string{"", RuleHolm, RuleEHolm}, d.Rule), "decision.rule (holm or eholm)")
	need(len(d.Range) > 0 && (len(d.Range) != 2 || !(d.Range[0] < d.Range[1])), "decision.range (least and greatest value of the metric)")
	for i, name := range d.Arms {
		_, ok := h.Arm(name)
		need(!ok, "arm "+name)
		need(slices.Contains(d.Arms[:i], name), "a second arm in the place of "+name)
	}
	if err := d.Params().Check(); err != nil {
		needs = append(needs, strings.TrimPrefix(err.Error(), "decision: "))
	}
	if err := d.Spec().Check(); err != nil {
		needs = append(needs, strings.TrimPrefix(err.Error(), "decision: "))
	} else if n := d.Spec().Arms(); n != len(d.Arms) {
		needs = append(needs, fmt.Sprintf("%d arms in decision.arms, not %d", n, len(d.Arms)))
	}
	for _, a := range h.Arms {
		need(!json.Valid([]byte(a.Spec)), "a net for arm "+a.Name)
	}
	return needs
}

// Complete reports whether the plan could be locked.
func (h Hypothesis) Complete() bool { return len(h.Needs()) == 0 }
