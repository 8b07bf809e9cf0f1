package principles

import (
	"errors"

	"tenet/internal/store"
)

// Unified is the one explanation into which the principles of a study fit.
type Unified struct {
	Line     string   `json:"line" yaml:"line"`
	Formula  string   `json:"formula" yaml:"formula"`
	Terms    []Term   `json:"terms" yaml:"terms"`
	Reading  []string `json:"reading" yaml:"reading"`
	HowToUse []string `json:"how_to_use" yaml:"how_to_use"`
	Doubts   []string `json:"what_would_change_our_mind" yaml:"what_would_change_our_mind"`
}

// Term is one part of the unified explanation and the principles, by alias,
// that speak of it.
type Term struct {
	Term       string   `json:"term" yaml:"term"`
	Meaning    string   `json:"meaning" yaml:"meaning"`
	Principles []string `json:"principles" yaml:"principles"`
}

// CriterionMet says how the study meets one criterion by which it is judged.
type CriterionMet struct {
	Criterion string `json:"criterion" yaml:"criterion"`
	How       string `json:"how" yaml:"how"`
}

// frame is the part of a study's principles that is about all of them.
type frame struct {
	ID       string         `json:"id"`
	Unified  *Unified       `json:"unified,omitempty"`
	Criteria []CriterionMet `json:"criteria,omitempty"`
}

// frameID is the id of the one frame that a library has.
const frameID = "study"

func readFrame(tx *store.Tx) (frame, error) {
	f, err := store.Get[frame](tx, KindUnified, frameID)
	if errors.Is(err, store.ErrNotFound) {
		return frame{ID: frameID}, nil
	}
	return f, err
}

// TheUnified gives the unified explanation and how the study meets its
// criteria; ok is false in a library without one.
func TheUnified(tx *store.Tx) (u Unified, criteria []CriterionMet, ok bool, err error) {
	f, err := readFrame(tx)
	if err != nil || f.Unified == nil {
		return Unified{}, f.Criteria, false, err
	}
	return *f.Unified, f.Criteria, true, nil
}

// SetUnified stores the unified explanation and the criteria.
func SetUnified(tx *store.Tx, u Unified, criteria []CriterionMet) error {
	u, err := Clean(u)
	if err != nil {
		return err
	}
	if criteria, err = Clean(criteria); err != nil {
		return err
	}
	return tx.Put("unified.set", KindUnified, frameID, frame{ID: frameID, Unified: &u, Criteria: criteria}, "")
}
