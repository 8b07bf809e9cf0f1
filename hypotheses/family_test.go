package hypotheses

import (
	"slices"
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

// gain is block b of a run of an interaction whose D is d.
func gain(h Hypothesis, run string, b int, d float64) Block {
	blk := Block{RunID: run, B: b}
	for i, arm := range h.Decision.Arms {
		m := store.Real(0.5)
		if i == 0 {
			m += store.Real(d)
		}
		blk.Trials = append(blk.Trials, TrialRef{Arm: arm, TrialID: arm, Metric: m})
	}
	return blk
}

func TestThresholdsFollowTheFamily(t *testing.T) {
	lib := studyLibrary(t)
	rec := lock(t, lib, "H06")
	if !slices.Equal(rec.Members, []string{"H05", "H06"}) || rec.FamilyID != "P2/r1/f1" {
		t.Fatalf("family %s of %v", rec.FamilyID, rec.Members)
	}
	start(t, lib, "H06", "run6", false)
	h := find(t, lib, "H06")
	var p Progress
	for b, d := range []float64{0.24, 0.36, 0.09, 0.63, 0.27, 0.42} {
		update(t, lib, func(tx *store.Tx) (err error) { p, err = PutBlock(tx, gain(h, "run6", b, d)); return err })
	}
	// These are the first six D of vector decide-001 times 0.3, with V = 33.4:
	// enough for one hypothesis alone, too little for the first of two.
	if p.Done || p.V < 20 || p.V >= 40 || p.TV != 40 || p.TR != 40 {
		t.Fatalf("after six blocks: %+v", p)
	}
	update(t, lib, func(tx *store.Tx) error { _, err := Finish(tx, "run6"); return err })
	if h := find(t, lib, "H06"); h.State != Inconclusive || h.Verdict.M != 2 {
		t.Fatalf("H06 is %s in a family of %d", h.State, h.Verdict.M)
	}

	if again := lock(t, lib, "H05"); again.FamilyID != rec.FamilyID || !slices.Equal(again.Members, rec.Members) {
		t.Errorf("the second lock opened family %s of %v", again.FamilyID, again.Members)
	}
	start(t, lib, "H05", "run5", false)
	if p := feed(t, lib, "H05", "run5", 0, 60, 0.4); p.Verdict != decision.Validated || p.TV != 40 {
		t.Fatalf("H05: %+v", p)
	}
	h = find(t, lib, "H06")
	if h.State != Validated || !h.Verdict.Rejudged || h.Verdict.TV != 20 || h.Verdict.Stop != 6 {
		t.Errorf("H06 on its full data is %s with T %v at block %d (rejudged %v)", h.State, h.Verdict.TV, h.Verdict.Stop, h.Verdict.Rejudged)
	}
	view(t, lib, func(tx *store.Tx) error {
		n, wrong, err := Replay(tx)
		if n != 3 || len(wrong) > 0 {
			t.Errorf("replay: %d verdicts, %v", n, wrong)
		}
		return err
	})
}

// What is added after the first lock cannot share in the old family's error.
func TestAHypothesisAddedLaterOpensAFamilyOfItsOwn(t *testing.T) {
	lib := studyLibrary(t)
	first := lock(t, lib, "H05")
	update(t, lib, func(tx *store.Tx) error {
		must(Edit(tx, "H05", func(h *Hypothesis) { h.Decision.Delta = 0.3 }))(t)
		return nil
	})
	second := lock(t, lib, "H05v2")
	if second.FamilyID != "P2/r1/f2" || !slices.Equal(second.Members, []string{"H05v2"}) {
		t.Errorf("family %s of %v, after %s of %v", second.FamilyID, second.Members, first.FamilyID, first.Members)
	}
	if again := lock(t, lib, "H06"); again.FamilyID != first.FamilyID {
		t.Errorf("H06 was a member of %s and is locked in %s", first.FamilyID, again.FamilyID)
	}
}

func TestTheThresholdBeforeARunIsTheFamilys(t *testing.T) {
	lib := studyLibrary(t)
	view(t, lib, func(tx *store.Tx) error {
		// P1 has six complete plans: H01 to H04, H15 and H26.
		tv, tr, err := Thresholds(tx, "H01")
		if !close(tv, 120) || !close(tr, 120) {
			t.Errorf("T %v and %v, want 120", tv, tr)
		}
		return err
	})
}

func close(a, b float64) bool { return a > b*(1-1e-12) && a < b*(1+1e-12) }

func TestTheStatusFollowsFromTheVerdicts(t *testing.T) {
	lib := studyLibrary(t)
	p8 := find(t, lib, "H23").PrincipleID
	status := func() (s principles.Status) {
		view(t, lib, func(tx *store.Tx) error { s = must(StatusOf(tx, p8))(t); return nil })
		return s
	}
	if s := status(); s.Status != "proposed" || s.Reason != "untested" || s.Grade != "none" {
		t.Errorf("before any run: %+v", s)
	}
	lock(t, lib, "H23")
	start(t, lib, "H23", "run23", false)
	feed(t, lib, "H23", "run23", 0, 60, -0.2) // the belief is expected to fail, and does
	s := status()
	if s.Status != "supported" || s.Reason != "single-setting" {
		t.Errorf("after one verdict: %+v", s)
	}
	if len(s.Guidance) != 1 || !strings.HasPrefix(s.Guidance[0], "P8: within digits / mlp, do not expect: Belief: a plain 24-layer net") ||
		!strings.Contains(s.Guidance[0], "[H23, reversed; bounds −0.") {
		t.Errorf("guidance %q", s.Guidance)
	}
	update(t, lib, func(tx *store.Tx) error {
		return PutControl(tx, ControlRecord{Kind: "known-effect", Study: "skip/1", Engine: "v0.1.0", Passed: false})
	})
	if s := status(); s.Status != "proposed" || s.Reason != "controls-failed" {
		t.Errorf("after a failed control: %+v", s)
	}
	update(t, lib, func(tx *store.Tx) error { _, err := principles.Discard(tx, "P8", "too vague"); return err })
	if s := status(); s.Status != "discarded" || s.Reason != "too vague" {
		t.Errorf("after people discarded it: %+v", s)
	}
	err := refused(t, lib, func(tx *store.Tx) error { _, err := Lock(tx, "H07", env()); return err })
	if !strings.Contains(err.Error(), "principle P8 is discarded") {
		t.Errorf("a lock under a discarded principle: %v", err)
	}
}

func TestABoundaryPutsItsRegionIntoTheScope(t *testing.T) {
	lib := studyLibrary(t)
	h := find(t, lib, "H16")
	status := func() (s principles.Status) {
		view(t, lib, func(tx *store.Tx) error { s = must(StatusOf(tx, h.PrincipleID))(t); return nil })
		return s
	}
	if s := status(); !slices.Contains(s.Untested, "depth up to 4") {
		t.Errorf("before: %+v", s)
	}
	lock(t, lib, "H16")
	start(t, lib, "H16", "run16", false)
	for b := range 60 {
		var p Progress
		update(t, lib, func(tx *store.Tx) (err error) {
			p, err = PutBlock(tx, paired(h, "run16", b, 0.95+[]float64{0.002, -0.003, 0.001}[b%3], 0.95))
			return err
		})
		if p.Done {
			break
		}
	}
	update(t, lib, func(tx *store.Tx) error { _, err := Finish(tx, "run16"); return err })
	if s := status(); !slices.Contains(s.Scope, "depth up to 4") || slices.Contains(s.Untested, "depth up to 4") {
		t.Errorf("after: %+v, H16 is %s", s, find(t, lib, "H16").State)
	}
}
