package hypotheses

import (
	"errors"
	"fmt"
	"iter"

	"tenet/internal/store"
	"tenet/principles"
)

// Kind names of the records this package keeps.
const (
	KindHypothesis  = "hypothesis"
	KindTask        = "task"
	KindModelFamily = "model-family"
	KindFigure      = "figure"
	KindTable       = "table"
	KindFrame       = "study-frame"
	KindLock        = "lock"
	KindStart       = "start"
	KindBlock       = "block"
	KindVerdict     = "verdict"
	KindDeviation   = "deviation"
	KindControl     = "control"
	KindOverride    = "control-override"
)

// State is where a hypothesis stands in its life.
type State string

// The states of a hypothesis.
const (
	Draft        State = "draft"
	Locked       State = "locked"
	Running      State = "running"
	Validated    State = "validated"
	Refuted      State = "refuted"
	Inconclusive State = "inconclusive"
	Invalid      State = "invalid"
)

// Decided reports a state that further blocks cannot change.
func (s State) Decided() bool { return s == Validated || s == Refuted || s == Invalid }

// Kind says what part a hypothesis plays for its principle.
type Kind string

// The kinds of hypothesis.
const (
	Confirmatory  Kind = "confirmatory"
	Boundary      Kind = "boundary"
	PopularBelief Kind = "popular-belief" // the statement is the belief
	Replication   Kind = "replication"    // of another hypothesis, elsewhere
)

// Hypothesis is one testable statement with its plan.
type Hypothesis struct {
	ID          string   `json:"id"`
	Alias       string   `json:"alias"`
	PrincipleID string   `json:"principle_id"`
	AlsoBearsOn []string `json:"also_bears_on_ids,omitempty"` // principles
	Kind        Kind     `json:"kind"`

	Title     string     `json:"title"`
	Statement string     `json:"statement"`
	Estimand  Estimand   `json:"estimand"`
	Direction string     `json:"direction,omitempty"` // greater, equivalent
	Theta0    store.Real `json:"theta0"`
	Delta     store.Real `json:"delta"` // smallest value of D worth having, or the margin
	Metric    string     `json:"metric,omitempty"`
	TaskID    string     `json:"task_id,omitempty"`
	Arms      []Arm      `json:"arms,omitempty"`

	Controls   ArmControls   `json:"controls"`
	Seeds      Seeds         `json:"seeds"`
	Budget     Budget        `json:"budget"`
	Rationale  string        `json:"rationale,omitempty"`
	Confounds  []string      `json:"confounds,omitempty"`
	Expected   Expected      `json:"expected"`
	Pilot      *Pilot        `json:"pilot,omitempty"`
	Published  []string      `json:"published_tables,omitempty"` // table keys
	Secondary  []string      `json:"secondary,omitempty"`
	Decision   *DecisionSpec `json:"decision,omitempty"`
	OfID       string        `json:"of_id,omitempty"`  // replications: of which hypothesis
	Change     string        `json:"change,omitempty"` // replications: what differs
	PreviousID string        `json:"previous_id,omitempty"`
	NextID     string        `json:"next_id,omitempty"` // the version that replaced this one
	Order      int           `json:"order,omitempty"`   // place in its pack, from 1

	State   State       `json:"state"`
	Version int         `json:"version"` // from 1
	Lock    *Registered `json:"lock,omitempty"`
	Verdict *Verdict    `json:"verdict,omitempty"` // of the confirmatory run
}

// Estimand says which number is tested.
type Estimand struct {
	Type string `json:"type" yaml:"type"` // contrast, slope, interaction, spearman, lesion, probe
	DS   string `json:"d_s" yaml:"D_s"`   // the number of one block, over arm names
}

// Arm is one variant: a name and its net.
type Arm struct {
	Name string `json:"name"`
	Spec string `json:"spec"` // the net as JSON text, keys sorted
}

// ArmControls say what the arms share.
type ArmControls struct {
	Parameters     string       `json:"parameters,omitempty" yaml:"parameters"`
	Compute        string       `json:"compute,omitempty" yaml:"compute"`
	LearningRate   LearningRate `json:"learning_rate" yaml:"learning_rate"`
	SharedPerBlock string       `json:"shared_per_block,omitempty" yaml:"shared_per_block"`
}

// Seeds bound the number of blocks.
type Seeds struct {
	NMin int `json:"n_min,omitempty" yaml:"n_min"`
	NMax int `json:"n_max,omitempty" yaml:"n_max"`
}

// Budget is what the plan is thought to cost, in seconds of one core.
type Budget struct {
	CPUSPerTrial   store.Real  `json:"cpu_s_per_trial,omitempty" yaml:"cpu_s_per_trial"`
	TrialsPerBlock int         `json:"trials_per_block,omitempty" yaml:"trials_per_block"`
	Assumes        string      `json:"assumes,omitempty" yaml:"assumes"`
	GFLOPPerTrial  *store.Real `json:"gflop_per_trial,omitempty" yaml:"gflop_per_trial,omitempty"`
	BlocksExpected int         `json:"blocks_expected,omitempty" yaml:"blocks_expected,omitempty"`
	CPUSExpected   *store.Real `json:"cpu_s_expected,omitempty" yaml:"cpu_s_expected,omitempty"`
}

// Expected is the verdict that the authors foresee, and how surely.
type Expected struct {
	Verdict     string     `json:"verdict,omitempty" yaml:"verdict"`
	Probability store.Real `json:"probability" yaml:"probability"`
}

// Pilot is what a small trial elsewhere gave; it is never evidence.
type Pilot struct {
	Mean store.Real `json:"mean" yaml:"mean"`
	SD   store.Real `json:"sd" yaml:"sd"`
	N    int        `json:"n" yaml:"n"`
	Note string     `json:"note,omitempty" yaml:"note,omitempty"`
}

// Arm gives the arm of that name.
func (h Hypothesis) Arm(name string) (Arm, bool) {
	for _, a := range h.Arms {
		if a.Name == name {
			return a, true
		}
	}
	return Arm{}, false
}

// Add stores a new draft under the next alias H31, H32, … or under its own.
func Add(tx *store.Tx, h Hypothesis) (Hypothesis, error) {
	h, err := principles.Clean(h)
	if err != nil {
		return Hypothesis{}, err
	}
	if h.Statement == "" && h.OfID == "" {
		return Hypothesis{}, fmt.Errorf("hypotheses: a hypothesis needs a statement")
	}
	if _, err := store.Get[principles.Principle](tx, principles.KindPrinciple, h.PrincipleID); err != nil {
		return Hypothesis{}, fmt.Errorf("hypotheses: %q names no principle: %w", h.PrincipleID, err)
	}
	h.ID, h.State, h.Version, h.Lock, h.Verdict = tx.NewID(), Draft, max(1, h.Version), nil, nil
	if h.Alias == "" {
		if h.Alias, err = tx.NewAlias("H"); err != nil {
			return Hypothesis{}, err
		}
	}
	return h, tx.Put("hypothesis.added", KindHypothesis, h.ID, h, "")
}

// All gives every hypothesis in the order of entry.
func All(tx *store.Tx) iter.Seq2[Hypothesis, error] {
	return store.All[Hypothesis](tx, KindHypothesis)
}

// Of gives the hypotheses of a principle, by its id.
func Of(tx *store.Tx, principleID string) iter.Seq2[Hypothesis, error] {
	return store.Refs[Hypothesis](tx, KindHypothesis, "principle_id", principleID)
}

// Find gives the hypothesis with the id or alias; case and leading zeros of
// the number do not matter.
func Find(tx *store.Tx, name string) (Hypothesis, error) {
	kind, id, err := tx.Resolve(name)
	if errors.Is(err, store.ErrNotFound) || err == nil && kind != KindHypothesis {
		for h, err := range All(tx) {
			if err != nil {
				return Hypothesis{}, err
			}
			if principles.SameAlias(h.Alias, name) {
				return h, nil
			}
		}
		return Hypothesis{}, fmt.Errorf("hypotheses: no hypothesis %q: %w", name, store.ErrNotFound)
	}
	if err != nil {
		return Hypothesis{}, err
	}
	return store.Get[Hypothesis](tx, KindHypothesis, id)
}
