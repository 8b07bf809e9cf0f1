package hypotheses

import (
	"fmt"
	"slices"

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
	At     string `json:"at"`
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

func failedControls(tx *store.Tx, env Env) ([]string, error) {
	cs, err := Controls(tx, env.StudyID, env.EngineVersion)
	if err != nil {
		return nil, err
	}
	var failed []string
	for _, c := range cs {
		if !c.Passed {
			failed = append(failed, c.Kind)
		}
	}
	return failed, nil
}
