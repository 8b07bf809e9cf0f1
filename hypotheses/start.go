package hypotheses

import (
	"errors"
	"fmt"

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
	note, err := changedWorld(tx, h, env)
	if err != nil {
		return StartRecord{}, err
	}
	if note != "" {
		if err := putDeviation(tx, Deviation{HypothesisID: h.ID, RunID: runID, Class: decision.Minor, Text: note}); err != nil {
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
	for _, part := range []struct{ what, locked, now string }{
		{"study id", h.Lock.Env.StudyID, env.StudyID},
		{"data", h.Lock.Env.DataSHA, env.DataSHA},
		{"task", h.Lock.Env.TaskDigest, env.TaskDigest},
		{"external command or one of its files", h.Lock.Env.Exec, env.Exec},
		{"training", h.Lock.Env.TrainingDigest, env.TrainingDigest},
	} {
		if part.now != "" && part.now != part.locked {
			return fmt.Errorf("hypotheses: %s: the %s is not the one that was locked (%.16s, locked %.16s); put it back, or make a new version of the plan", h.Alias, part.what, part.now, part.locked)
		}
	}
	if env.StudyID == "" {
		return fmt.Errorf("hypotheses: %s: a run needs the study id", h.Alias)
	}
	return nil
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
