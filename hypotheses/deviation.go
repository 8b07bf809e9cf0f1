package hypotheses

import (
	"fmt"
	"iter"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// Deviation is a departure from a locked plan.
type Deviation struct {
	ID           string `json:"id"`
	HypothesisID string `json:"hypothesis_id"`
	RunID        string `json:"run_id,omitempty"`
	Class        string `json:"class"` // decision.Minor or decision.Major
	Text         string `json:"text"`
	At           string `json:"at"`
	By           string `json:"by"`
}

// Deviate records a deviation, for good. A major one makes the verdict
// invalid, at once where there is one; what was computed stays on record.
func Deviate(tx *store.Tx, d Deviation) error {
	h, err := Find(tx, d.HypothesisID)
	if err != nil {
		return err
	}
	switch {
	case h.Lock == nil:
		return fmt.Errorf("hypotheses: %s is a draft; only a locked plan can be departed from", h.Alias)
	case d.Class != decision.Minor && d.Class != decision.Major:
		return fmt.Errorf("hypotheses: %s: a deviation is minor or major, not %q", h.Alias, d.Class)
	case strings.TrimSpace(d.Text) == "":
		return fmt.Errorf("hypotheses: %s: a deviation needs a description", h.Alias)
	}
	d.HypothesisID = h.ID
	if err := putDeviation(tx, d); err != nil {
		return err
	}
	if h.Verdict == nil {
		if d.Class != decision.Major {
			return nil
		}
		h.State = Invalid
		return tx.PutFinal("hypothesis.invalid", KindHypothesis, h.ID, h, d.Text)
	}
	s, _, err := runOf(tx, h.Verdict.RunID)
	if err != nil {
		return err
	}
	rec, err := conclude(tx, h, s)
	if err != nil {
		return err
	}
	return putVerdict(tx, h, s, rec, false)
}

func putDeviation(tx *store.Tx, d Deviation) error {
	d.ID, d.At, d.By, d.Text = tx.NewID(), stamp(tx), tx.Actor(), store.Text(d.Text)
	return tx.PutFinal("deviation."+d.Class, KindDeviation, d.ID, d, "")
}

// Deviations gives the deviations of a hypothesis, by its id.
func Deviations(tx *store.Tx, hypothesisID string) iter.Seq2[Deviation, error] {
	return store.Refs[Deviation](tx, KindDeviation, "hypothesis_id", hypothesisID)
}

// deviationsOf gives them with their places in the ledger.
func deviationsOf(tx *store.Tx, hypothesisID string) ([]SeqDeviation, error) {
	var out []SeqDeviation
	for d, err := range Deviations(tx, hypothesisID) {
		if err != nil {
			return nil, err
		}
		_, seq, err := tx.Raw(KindDeviation, d.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, SeqDeviation{d, seq})
	}
	return out, nil
}

// worstDeviation is "", minor or major; an exploratory run has no plan to
// depart from.
func (at moment) worstDeviation(tx *store.Tx, hypothesisID string, s StartRecord) (string, error) {
	worst := ""
	if s.Exploratory {
		return worst, nil
	}
	ds, err := deviationsOf(tx, hypothesisID)
	if err != nil {
		return "", err
	}
	for _, d := range ds {
		if !at.had(d.Seq) {
			continue
		}
		if d.Class == decision.Major {
			return decision.Major, nil
		}
		worst = decision.Minor
	}
	return worst, nil
}
