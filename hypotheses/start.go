package hypotheses

import (
	"errors"
	"fmt"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// StartRecord says that a run began, and in which world.
type StartRecord struct {
	ID           string `json:"id"` // the run's
	RunID        string `json:"run_id"`
	HypothesisID string `json:"hypothesis_id"`
	Exploratory  bool   `json:"exploratory"`
	SeedStudy    string `json:"seed_study"` // study id in the keys of this run's streams
	LockID       string `json:"lock_id,omitempty"`
	LockSeq      uint64 `json:"lock_seq,omitempty"`
	Seq          uint64 `json:"seq"`
	At           string `json:"at"`
	By           string `json:"by"`
	Env          Env    `json:"env"`
}

// SeedStudy is the study id that goes into the keys of a run's streams. What
// an exploratory run has seen must never be evidence, so it draws other seeds.
func SeedStudy(studyID string, exploratory bool) string {
	if exploratory {
		return studyID + "/exploratory"
	}
	return studyID
}

// Start records that a run of the hypothesis begins. A confirmatory run needs
// a lock and the world that was locked; one that ended inconclusive can be
// resumed by a further run.
func Start(tx *store.Tx, name, runID string, exploratory bool, env Env) (StartRecord, error) {
	return begin(tx, name, runID, exploratory, env, "")
}

// ErrDeparted says that a run would depart from the locked plan so far that its
// verdict could only be invalid.
var ErrDeparted = errors.New("this is not what was locked")

// StartAnyway begins a confirmatory run in another world than the one that was
// locked: other data, task, training, seeds or engine. What differs and why it is
// run all the same goes on record as a major deviation, so its verdict is
// invalid; what the rule computes stays beside it.
func StartAnyway(tx *store.Tx, name, runID string, env Env, why string) (StartRecord, error) {
	if why = strings.TrimSpace(store.Text(why)); why == "" {
		return StartRecord{}, fmt.Errorf("hypotheses: %s: running against the plan needs a reason", name)
	}
	return begin(tx, name, runID, false, env, why)
}

func begin(tx *store.Tx, name, runID string, exploratory bool, env Env, anyway string) (StartRecord, error) {
	h, err := Find(tx, name)
	if err != nil {
		return StartRecord{}, err
	}
	if runID == "" {
		return StartRecord{}, fmt.Errorf("hypotheses: %s: a run needs an id", h.Alias)
	}
	if _, err := store.Get[StartRecord](tx, KindStart, runID); err == nil {
		return StartRecord{}, fmt.Errorf("hypotheses: run %s has begun already", runID)
	} else if !errors.Is(err, store.ErrNotFound) {
		return StartRecord{}, err
	}
	if h.Decision == nil {
		return StartRecord{}, fmt.Errorf("hypotheses: %s: incomplete: needs decision", h.Alias)
	}
	s := StartRecord{
		ID: runID, RunID: runID, HypothesisID: h.ID, Exploratory: exploratory,
		SeedStudy: SeedStudy(env.StudyID, exploratory), At: stamp(tx), By: tx.Actor(), Env: env,
	}
	if exploratory {
		s.Seq = tx.Seq() + 1
		return s, tx.PutFinal("run.explored", KindStart, s.ID, s, "")
	}
	if err := startable(h, env); err != nil {
		return StartRecord{}, err
	}
	if d, err := departure(tx, h, env, anyway); err != nil {
		return StartRecord{}, err
	} else if d.Class != "" {
		d.HypothesisID, d.RunID = h.ID, runID
		if err := putDeviation(tx, d); err != nil {
			return StartRecord{}, err
		}
	}
	s.LockID, s.LockSeq, s.Seq = h.Lock.ID, h.Lock.Seq, tx.Seq()+1
	if err := tx.PutFinal("run.started", KindStart, s.ID, s, ""); err != nil {
		return StartRecord{}, err
	}
	h.State = Running
	return s, tx.PutFinal("hypothesis.started", KindHypothesis, h.ID, h, "")
}

// startable says why no confirmatory run may begin.
func startable(h Hypothesis, env Env) error {
	switch {
	case h.Lock == nil:
		return fmt.Errorf("hypotheses: %s is a draft: lock it first, or run it as exploratory", h.Alias)
	case h.State.Decided():
		return fmt.Errorf("hypotheses: %s is %s; further blocks do not change that", h.Alias, h.State)
	case h.State == Inconclusive && h.Verdict != nil && h.Verdict.Reason == decision.ReasonNoVariation:
		return fmt.Errorf("hypotheses: %s ended without variation; a new version is needed", h.Alias)
	}
	if env.StudyID == "" {
		return fmt.Errorf("hypotheses: %s: a run needs the study id", h.Alias)
	}
	return nil
}

// Blinded reports whether the outcomes of a run must not be looked at: it is
// confirmatory and its hypothesis is still to be judged. What the rule shows of it,
// its evidence, estimate and bounds, may be.
func Blinded(tx *store.Tx, runID string) (bool, error) {
	s, err := store.Get[StartRecord](tx, KindStart, runID)
	if errors.Is(err, store.ErrNotFound) || err == nil && s.Exploratory {
		return false, nil
	} else if err != nil {
		return true, err
	}
	h, err := store.Get[Hypothesis](tx, KindHypothesis, s.HypothesisID)
	return err != nil || h.State == Draft || h.State == Locked || h.State == Running, err
}

// Starts gives the runs of a hypothesis, by its id, in the order they began.
func Starts(tx *store.Tx, hypothesisID string) ([]StartRecord, error) {
	var out []StartRecord
	for s, err := range store.Refs[StartRecord](tx, KindStart, "hypothesis_id", hypothesisID) {
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}
