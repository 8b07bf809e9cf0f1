package hypotheses

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

func TestLockStartAndBlocksStandInOrder(t *testing.T) {
	lib := studyLibrary(t)
	rec := lock(t, lib, "H01")
	s := start(t, lib, "H01", "run1", false)
	feed(t, lib, "H01", "run1", 0, 60, 0.2)
	h := find(t, lib, "H01")
	view(t, lib, func(tx *store.Tx) error {
		last := s.Seq
		if rec.Seq >= s.Seq || s.LockSeq != rec.Seq {
			t.Errorf("lock at %d, start at %d", rec.Seq, s.Seq)
		}
		for i, b := range must(BlocksOf(tx, h.ID))(t) {
			if b.B != i || b.Seq <= last {
				t.Errorf("block %d has index %d and change %d after %d", i, b.B, b.Seq, last)
			}
			last = b.Seq
		}
		if h.Verdict.Seq <= last || h.Verdict.Digest != rec.Digest {
			t.Errorf("verdict at %d after %d, on lock %s", h.Verdict.Seq, last, h.Verdict.Digest)
		}
		// The numbers that records give of themselves are the ledger's own.
		for c, err := range lib.Changes(0) {
			if err != nil {
				return err
			}
			if c.Kind == KindBlock || c.Kind == KindVerdict || c.Kind == KindLock || c.Kind == KindStart {
				if !strings.Contains(string(c.After), `"seq":`+itoa(c.Seq)) {
					t.Errorf("%s at change %d gives another number: %s", c.Kind, c.Seq, c.After)
				}
				if !c.Final {
					t.Errorf("%s at change %d can be undone", c.Kind, c.Seq)
				}
			}
		}
		return nil
	})
}

func itoa(n uint64) string { return strconv.FormatUint(n, 10) }

func TestBlocksComeInOrder(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	h := find(t, lib, "H01")
	put := func(b Block) error {
		return refused(t, lib, func(tx *store.Tx) error { _, err := PutBlock(tx, b); return err })
	}
	if err := put(paired(h, "run1", 1, 0.9, 0.5)); !strings.Contains(err.Error(), "the next is block 0") {
		t.Errorf("block 1 first: %v", err)
	}
	if err := put(paired(h, "other", 0, 0.9, 0.5)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a run that has not begun: %v", err)
	}
	update(t, lib, func(tx *store.Tx) error { _, err := PutBlock(tx, paired(h, "run1", 0, 0.9, 0.5)); return err })
	before := lib.Seq()
	update(t, lib, func(tx *store.Tx) error { // the same block again is no second one
		p, err := PutBlock(tx, paired(h, "run1", 0, 0.9, 0.5))
		if p.B != 0 || p.D.D != 0.4 {
			t.Errorf("the repeat gives %+v", p)
		}
		return err
	})
	if lib.Seq() != before {
		t.Error("a repeated block was written again")
	}
	if err := put(paired(h, "run1", 0, 0.8, 0.5)); !strings.Contains(err.Error(), "its repeat gave") {
		t.Errorf("another outcome for the same seed: %v", err)
	}
	view(t, lib, func(tx *store.Tx) error {
		if n := must(NextBlock(tx, "run1"))(t); n != 1 {
			t.Errorf("next block %d, want 1", n)
		}
		return nil
	})
}

func TestTheContrastIsRecomputed(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	h := find(t, lib, "H01")
	for want, change := range map[string]func(*Block){
		"says D = 0.9; its trials give":   func(b *Block) { b.D = "0.9" },
		"no trial of arm res":             func(b *Block) { b.Trials[1].Arm = "other" },
		"has 3 trials; the plan has 2":    func(b *Block) { b.Trials = append(b.Trials, TrialRef{Arm: "x"}) },
		"no trial of arm plain":           func(b *Block) { b.Trials = b.Trials[1:] },
		"says D = missing; its trials gi": func(b *Block) { b.D = "missing" },
	} {
		b := paired(h, "run1", 0, 0.75, 0.5)
		change(&b)
		err := refused(t, lib, func(tx *store.Tx) error { _, err := PutBlock(tx, b); return err })
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for b, c := range []struct {
		change func(*Block)
		want   string
	}{
		{func(b *Block) { b.D = "0.25" }, "0.25"},
		{func(b *Block) { b.Trials[0].Missing = true }, "missing"},
		{func(b *Block) { b.Trials[0].Metric = store.Real(math.NaN()) }, "0.65"}, // worst is 0.1
		{func(b *Block) { b.Trials[0].Diverged, b.Trials[1].Diverged = true, true }, "void"},
	} {
		blk := paired(h, "run1", b, 0.75, 0.5)
		c.change(&blk)
		update(t, lib, func(tx *store.Tx) error {
			p, err := PutBlock(tx, blk)
			if p.D.String() != c.want {
				t.Errorf("block %d: D %s, want %s", b, p.D, c.want)
			}
			return err
		})
	}
}

func TestADecidedHypothesisTakesNoFurtherBlocks(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	p := feed(t, lib, "H01", "run1", 0, 60, 0.2)
	if !p.Done || p.Verdict != decision.Validated {
		t.Fatalf("got %+v", p)
	}
	h := find(t, lib, "H01")
	err := refused(t, lib, func(tx *store.Tx) error {
		_, err := PutBlock(tx, paired(h, "run1", p.B+1, 0, 1))
		return err
	})
	if !errors.Is(err, ErrDecided) {
		t.Errorf("got %v, want ErrDecided", err)
	}
	refused(t, lib, func(tx *store.Tx) error { _, err := Start(tx, "H01", "run2", false, env()); return err })
	before := lib.Seq()
	update(t, lib, func(tx *store.Tx) error {
		rec, err := Finish(tx, "run1")
		if rec.Verdict != decision.Validated {
			t.Errorf("finishing twice gives %s", rec.Verdict)
		}
		return err
	})
	if lib.Seq() != before {
		t.Error("finishing twice wrote a second verdict")
	}
}

func TestAnInconclusiveRunIsResumedInOrder(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	feed(t, lib, "H01", "run1", 0, 4, 0.2)
	if h := find(t, lib, "H01"); h.State != Inconclusive || h.Verdict.Reason != decision.ReasonBudget {
		t.Fatalf("after four blocks: %s", h.State)
	}
	start(t, lib, "H01", "run2", false)
	p := feed(t, lib, "H01", "run2", 2, 60, 0.2) // blocks 2 and 3 come again
	if h := find(t, lib, "H01"); h.State != Validated || h.Verdict.Stop != p.B+1 {
		t.Errorf("after the second run: %s at %d", h.State, h.Verdict.Stop)
	}
	h := find(t, lib, "H01")
	view(t, lib, func(tx *store.Tx) error {
		n := 0
		for v, err := range Verdicts(tx, h.ID) {
			if err != nil {
				return err
			}
			n++
			if err := CheckVerdict(tx, v); err != nil {
				t.Errorf("verdict of %s: %v", v.RunID, err)
			}
		}
		if n != 2 {
			t.Errorf("%d verdicts, want 2", n)
		}
		verdicts, wrong, err := Replay(tx)
		if verdicts != 2 || len(wrong) > 0 {
			t.Errorf("replay: %d verdicts, %v", verdicts, wrong)
		}
		return err
	})
}
