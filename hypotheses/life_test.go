package hypotheses

import (
	"math/rand/v2"
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// refused runs one change that must fail and gives its error.
func refused(t testing.TB, lib *store.Library, fn func(*store.Tx) error) error {
	t.Helper()
	before := lib.Seq()
	_, err := lib.Update(t.Context(), "ada", fn)
	if err == nil {
		t.Fatal("taken, but must be refused")
	}
	if lib.Seq() != before {
		t.Errorf("refused with %v, and yet something was written", err)
	}
	return err
}

func TestADraftCanNeverBeValidated(t *testing.T) {
	lib := studyLibrary(t)
	err := refused(t, lib, func(tx *store.Tx) error { _, err := Start(tx, "H01", "run1", false, env()); return err })
	if !strings.Contains(err.Error(), "H01 is a draft") {
		t.Errorf("got %v", err)
	}
	start(t, lib, "H01", "run1", true)
	p := feed(t, lib, "H01", "run1", 0, 60, 0.2)
	if !p.Done || p.Verdict != decision.Exploratory {
		t.Errorf("overwhelming evidence gave %+v", p)
	}
	h := find(t, lib, "H01")
	if h.State != Draft || h.Verdict != nil {
		t.Errorf("the draft became %s", h.State)
	}
	view(t, lib, func(tx *store.Tx) error {
		for v, err := range Verdicts(tx, h.ID) {
			if err != nil || v.Verdict != decision.Exploratory || v.Computed != "" {
				t.Errorf("verdict %s computed %q, %v", v.Verdict, v.Computed, err)
			}
		}
		if s := must(StatusOf(tx, h.PrincipleID))(t); s.Status != "proposed" || s.Reason != "untested" {
			t.Errorf("status %s (%s)", s.Status, s.Reason)
		}
		return nil
	})
	// What was seen draws other seeds than what counts, so the lock is open.
	lock(t, lib, "H01")
}

// Whatever the blocks are, the verdict is the one that the rule gives on them
// under the thresholds of the family.
func TestTheVerdictIsWhatTheRuleSaysOfTheBlocks(t *testing.T) {
	lib := studyLibrary(t)
	rng := rand.New(rand.NewPCG(1, 1))
	for _, name := range []string{"H01", "H05", "H08", "H09", "H11", "H12", "H14", "H16", "H23", "H24"} {
		lock(t, lib, name)
		start(t, lib, name, "run of "+name, false)
		feed(t, lib, name, "run of "+name, 0, rng.IntN(20), rng.Float64()*0.8-0.3)
		h := find(t, lib, name)
		if h.Verdict == nil || h.State != State(h.Verdict.Verdict) {
			t.Fatalf("%s is %s without a verdict", name, h.State)
		}
		view(t, lib, func(tx *store.Tx) error {
			if err := CheckVerdict(tx, *h.Verdict); err != nil {
				t.Error(err)
			}
			var blocks []decision.Block
			for _, b := range must(BlocksOf(tx, h.ID))(t) {
				blocks = append(blocks, must(b.decisionBlock())(t))
			}
			p := h.Decision.Params()
			p.TVal, p.TRef = float64(h.Verdict.TV), float64(h.Verdict.TR)
			want := must(decision.Decide(blocks, p))(t)
			if got := h.Verdict.Record(); got.Verdict != want.Verdict || got.Reason != want.Reason || got.V != want.V || got.Lower != want.Lower {
				t.Errorf("%s: got %+v, want %+v", name, got, want)
			}
			return nil
		})
	}
}

func TestAVerdictComesBackFromTheLedgerAsItWas(t *testing.T) {
	r := must(decision.Decide(decision.Values(1, 2, 1.5, 0.5, 1, 2, 3, 1), decision.Params{Delta: 0.5}))(t)
	raw := must(store.Canonical(verdictOf(r)))(t)
	if back := must(store.Canonical(verdictOf(verdictOf(r).Record())))(t); string(back) != string(raw) {
		t.Errorf("got  %s\nwant %s", back, raw)
	}
}

func TestAMajorDeviationMakesTheVerdictInvalid(t *testing.T) {
	lib := studyLibrary(t)
	refused(t, lib, func(tx *store.Tx) error {
		return Deviate(tx, Deviation{HypothesisID: "H01", Class: decision.Major, Text: "x"})
	})
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	feed(t, lib, "H01", "run1", 0, 60, 0.2)
	for _, bad := range []Deviation{{Class: "small", Text: "x"}, {Class: decision.Minor}} {
		bad.HypothesisID = "H01"
		refused(t, lib, func(tx *store.Tx) error { return Deviate(tx, bad) })
	}
	update(t, lib, func(tx *store.Tx) error {
		return Deviate(tx, Deviation{HypothesisID: "H01", RunID: "run1", Class: decision.Minor, Text: "an infrastructure retry"})
	})
	if h := find(t, lib, "H01"); h.State != Validated || h.Verdict.Deviation != decision.Minor || h.tested().Deviation != decision.Minor {
		t.Errorf("a minor deviation: %s, %q", h.State, h.Verdict.Deviation)
	}
	update(t, lib, func(tx *store.Tx) error {
		return Deviate(tx, Deviation{HypothesisID: "H01", RunID: "run1", Class: decision.Major, Text: "seed 3 was seen before the lock"})
	})
	h := find(t, lib, "H01")
	if h.State != Invalid || h.Verdict.Verdict != decision.Invalid || h.Verdict.Computed != decision.Validated {
		t.Errorf("got %s, computed %q", h.State, h.Verdict.Computed)
	}
	view(t, lib, func(tx *store.Tx) error {
		if s := must(StatusOf(tx, h.PrincipleID))(t); s.Status != "proposed" || s.Reason != "untested" {
			t.Errorf("an invalid verdict moved the principle to %s (%s)", s.Status, s.Reason)
		}
		return nil
	})
}

func TestAnotherWorldIsADeviationOrNoRunAtAll(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	for what, change := range map[string]func(*Env){
		"study id": func(e *Env) { e.StudyID = "other" }, "data": func(e *Env) { e.DataSHA = "d2" },
		"task": func(e *Env) { e.TaskDigest = "x" }, "training": func(e *Env) { e.TrainingDigest = "x" },
	} {
		e := env()
		change(&e)
		err := refused(t, lib, func(tx *store.Tx) error { _, err := Start(tx, "H01", "r", false, e); return err })
		if !strings.Contains(err.Error(), what) {
			t.Errorf("another %s: %v", what, err)
		}
	}
	e := env()
	e.KernelPath = "avx2"
	update(t, lib, func(tx *store.Tx) error { _, err := Start(tx, "H01", "r", false, e); return err })
	h := find(t, lib, "H01")
	view(t, lib, func(tx *store.Tx) error {
		n := 0
		for d, err := range Deviations(tx, h.ID) {
			if n++; err != nil || d.Class != decision.Minor || d.Text != "kernel path avx2, locked under portable" {
				t.Errorf("got %+v %v", d, err)
			}
		}
		if n != 1 {
			t.Errorf("%d deviations, want 1", n)
		}
		return nil
	})
}
