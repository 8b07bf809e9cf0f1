package hypotheses

import (
	"errors"
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// Whoever insists may run against the plan, with a reason. It is on record before the first block, the verdict is
// invalid, and what the rule computes stays beside it.
func TestARunAgainstThePlanIsAMajorDeviation(t *testing.T) {
	for what, change := range map[string]func(*Env){
		"data d2, locked under d1":              func(e *Env) { e.DataSHA = "d2" },
		"task other, locked under ":             func(e *Env) { e.TaskDigest = "other" },
		"training other, locked under ":         func(e *Env) { e.TrainingDigest = "other" },
		"external command or one of its files":  func(e *Env) { e.Exec = "x" },
		"control aa-exact has not run on it":    func(e *Env) { e.EngineVersion = "v9" },
		"study id other, locked under skip/1":   func(e *Env) { e.StudyID = "other" },
		"kernel path avx2, locked under portab": func(e *Env) { e.DataSHA, e.KernelPath = "d2", "avx2" },
	} {
		t.Run(what, func(t *testing.T) {
			lib := studyLibrary(t)
			lock(t, lib, "H01")
			e := env()
			change(&e)
			err := refused(t, lib, func(tx *store.Tx) error { _, err := Start(tx, "H01", "r", false, e); return err })
			if !errors.Is(err, ErrDeparted) {
				t.Errorf("without insisting: %v", err)
			}
			refused(t, lib, func(tx *store.Tx) error { _, err := StartAnyway(tx, "H01", "r", e, " \n"); return err })
			var s StartRecord
			update(t, lib, func(tx *store.Tx) (err error) { s, err = StartAnyway(tx, "H01", "r", e, "the disk died"); return err })
			view(t, lib, func(tx *store.Tx) error {
				ds := must(deviationsOf(tx, find(t, lib, "H01").ID))(t)
				if len(ds) != 1 || ds[0].Class != decision.Major || ds[0].RunID != "r" || ds[0].Seq >= s.Seq ||
					!strings.Contains(ds[0].Text, what) || !strings.HasSuffix(ds[0].Text, "; run all the same: the disk died") {
					t.Errorf("got %+v", ds)
				}
				return nil
			})
			feed(t, lib, "H01", "r", 0, 60, 0.2)
			h := find(t, lib, "H01")
			if h.State != Invalid || h.Verdict.Reason != decision.ReasonProtocol || h.Verdict.Computed != decision.Validated {
				t.Errorf("got %s, %+v", h.State, h.Verdict)
			}
			if text := Explain(h, h.Verdict.Record()).String(); !strings.Contains(text, "the locked plan was not followed") || !strings.Contains(text, "The computed verdict, validated, stays on record") {
				t.Errorf("in words: %s", text)
			}
			view(t, lib, func(tx *store.Tx) error {
				if _, wrong, err := Replay(tx); err != nil || len(wrong) > 0 {
					t.Errorf("verify finds %v, %v", wrong, err)
				}
				return nil
			})
		})
	}
}

func TestThereIsNothingToInsistOnWhereNothingDeparts(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	err := refused(t, lib, func(tx *store.Tx) error { _, err := StartAnyway(tx, "H01", "r", env(), "I want to"); return err })
	if !strings.Contains(err.Error(), "nothing departs from the plan") {
		t.Error(err)
	}
	refused(t, lib, func(tx *store.Tx) error { _, err := StartAnyway(tx, "H03", "r", env(), "a draft"); return err })
}

// A plan that somebody rewrote under its lock cannot be run as the one that was locked.
func TestAPlanRewrittenUnderItsLockIsNotRun(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	update(t, lib, func(tx *store.Tx) error {
		h := find(t, lib, "H01")
		h.Decision.Delta /= 2
		return tx.PutFinal("forged", KindHypothesis, h.ID, h, "")
	})
	err := refused(t, lib, func(tx *store.Tx) error { _, err := Start(tx, "H01", "r", false, env()); return err })
	if !errors.Is(err, ErrDeparted) || !strings.Contains(err.Error(), "the plan is not the one that was locked") {
		t.Error(err)
	}
}

func TestOutcomesAreBlindedUntilTheRuleHasSpoken(t *testing.T) {
	lib := studyLibrary(t)
	blind := func(run string) (yes bool) {
		view(t, lib, func(tx *store.Tx) (err error) { yes, err = Blinded(tx, run); return err })
		return yes
	}
	start(t, lib, "H01", "x1", true)
	if blind("x1") || blind("nothing") {
		t.Error("an exploratory run, or none, is blinded")
	}
	lock(t, lib, "H01")
	start(t, lib, "H01", "r1", false)
	if !blind("r1") {
		t.Error("a run under way may be looked at")
	}
	feed(t, lib, "H01", "r1", 0, 3, 0.2)
	if blind("r1") {
		t.Error("blinded after its verdict")
	}
	start(t, lib, "H01", "r2", false) // it was inconclusive and goes on
	if !blind("r2") || !blind("r1") {
		t.Error("a run that goes on may be looked at")
	}
}
