package hypotheses

import (
	"fmt"
	"slices"
	"strings"

	"tenet/internal/store"
	"tenet/principles"
)

// ControlRecord is the result of one of the three controls of a study.
type ControlRecord struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"` // aa-exact, aa-random, known-effect
	Study  string `json:"study"`
	Engine string `json:"engine"`
	Kernel string `json:"kernel"`
	Passed bool   `json:"passed"`
	Text   string `json:"text"`
	Bits   string `json:"bits,omitempty"` // aa-exact: digest of what the trials gave; equal bits, equal engine
	At     string `json:"at"`
}

// ControlOverride lets plans be locked in spite of controls that failed. It
// says why, and it holds until one of them fails again.
type ControlOverride struct {
	ID     string   `json:"id"`
	Study  string   `json:"study"`
	Engine string   `json:"engine"`
	Kinds  []string `json:"kinds"`
	Why    string   `json:"why"`
	At     string   `json:"at"`
	By     string   `json:"by"`
}

// PutControl records the result of a control, for good. A later result of the
// same kind for the same study and engine takes its place.
func PutControl(tx *store.Tx, c ControlRecord) error {
	if !slices.Contains(principles.ControlKinds(), c.Kind) {
		return fmt.Errorf("hypotheses: %q is not one of the controls %v", c.Kind, principles.ControlKinds())
	}
	c.ID, c.At, c.Text = tx.NewID(), stamp(tx), store.Text(c.Text)
	return tx.PutFinal("control."+c.Kind, KindControl, c.ID, c, "")
}

// Controls gives the latest result of each control; study "" takes any.
func Controls(tx *store.Tx, study, engine string) ([]ControlRecord, error) {
	latest := map[string]ControlRecord{}
	for c, err := range store.All[ControlRecord](tx, KindControl) {
		if err != nil {
			return nil, err
		}
		if study == "" || c.Study == study && c.Engine == engine {
			latest[c.Kind] = c
		}
	}
	var out []ControlRecord
	for _, kind := range principles.ControlKinds() {
		if c, ok := latest[kind]; ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// ControlState is how the controls of a study stand on an engine.
type ControlState struct {
	Failed     []string // and nobody has overridden it
	Missing    []string // never run on this engine
	Overridden []string
	Why        string // of the override
}

// ControlsFor tells how the controls of a study stand on an engine.
func ControlsFor(tx *store.Tx, study, engine string) (ControlState, error) {
	var st ControlState
	cs, err := Controls(tx, study, engine)
	if err != nil {
		return st, err
	}
	latest := map[string]ControlRecord{}
	for _, c := range cs {
		latest[c.Kind] = c
	}
	var last ControlOverride
	for o, err := range store.All[ControlOverride](tx, KindOverride) {
		if err != nil {
			return st, err
		}
		if o.Study == study && o.Engine == engine {
			last = o
		}
	}
	for _, kind := range principles.ControlKinds() {
		c, ran := latest[kind]
		switch {
		case !ran:
			st.Missing = append(st.Missing, kind)
		case c.Passed:
		// Ids ascend in the order of the ledger: an override speaks of what failed before it.
		case last.ID > c.ID && slices.Contains(last.Kinds, kind):
			st.Overridden, st.Why = append(st.Overridden, kind), last.Why
		default:
			st.Failed = append(st.Failed, kind)
		}
	}
	return st, nil
}

// Note says in words what stands against trusting the engine; "" where all
// three controls passed.
func (st ControlState) Note(engine string) string {
	var parts []string
	if len(st.Missing) > 0 {
		parts = append(parts, fmt.Sprintf("not run on engine %s: %s", engine, strings.Join(st.Missing, ", ")))
	}
	if len(st.Overridden) > 0 {
		parts = append(parts, fmt.Sprintf("failed and overridden (%s): %s", st.Why, strings.Join(st.Overridden, ", ")))
	}
	return strings.Join(parts, "; ")
}

// OverrideControls records that plans may be locked although controls failed,
// and why. It changes no result: the roll-up still sees the failure.
func OverrideControls(tx *store.Tx, study, engine, why string) (ControlOverride, error) {
	st, err := ControlsFor(tx, study, engine)
	if err != nil {
		return ControlOverride{}, err
	}
	why = strings.TrimSpace(store.Text(why))
	switch {
	case len(st.Failed) == 0:
		return ControlOverride{}, fmt.Errorf("hypotheses: no control of study %s failed on engine %s; there is nothing to override", study, engine)
	case why == "":
		return ControlOverride{}, fmt.Errorf("hypotheses: overriding control %s needs a reason", strings.Join(st.Failed, ", "))
	}
	o := ControlOverride{ID: tx.NewID(), Study: study, Engine: engine, Kinds: st.Failed, Why: why, At: stamp(tx), By: tx.Actor()}
	return o, tx.PutFinal("control.overridden", KindOverride, o.ID, o, why)
}
