package hypotheses

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// lossy logs n blocks of H23; those named have lost a trial.
func lossy(t testing.TB, lib *store.Library, n int, lost ...int) {
	t.Helper()
	h := find(t, lib, "H23")
	for b := range n {
		update(t, lib, func(tx *store.Tx) error {
			blk := paired(h, "run1", b, 0.5+0.2+0.01*float64(b%3), 0.5)
			blk.Trials[0].Missing = slices.Contains(lost, b)
			_, err := PutBlock(tx, blk)
			return err
		})
	}
}

func TestAMissingBlockMayBeRepeatedAndNoOther(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H23")
	start(t, lib, "H23", "run1", false)
	lossy(t, lib, 7, 2, 4) // more than a tenth is missing: no verdict can be given
	h := find(t, lib, "H23")
	view(t, lib, func(tx *store.Tx) error {
		if got := must(MissingBlocks(tx, "run1"))(t); !slices.Equal(got, []int{2, 4}) {
			t.Errorf("missing: %v", got)
		}
		return nil
	})
	again := func(b int, first float64) (p Progress, err error) {
		_, err = lib.Update(t.Context(), "ada", func(tx *store.Tx) (err error) {
			p, err = PutBlock(tx, paired(h, "run1", b, first, 0.5))
			return err
		})
		return p, err
	}
	if _, err := again(3, 0.9); err == nil || !strings.Contains(err.Error(), "its repeat gave") {
		t.Errorf("a block with an outcome was repeated: %v", err)
	}
	if p, err := again(2, 0.72); err != nil || p.B != 6 {
		t.Fatalf("%+v %v", p, err)
	}
	p, err := again(4, 0.71)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again(2, 0.9); err == nil {
		t.Error("a repeated block was repeated again")
	}
	view(t, lib, func(tx *store.Tx) error {
		blocks := must(BlocksOf(tx, h.ID))(t)
		var d []string
		for _, b := range blocks {
			d = append(d, b.D)
		}
		if len(blocks) != 7 || slices.Contains(d, "missing") || blocks[2].Retry != 1 || blocks[2].TV != blocks[1].TV {
			t.Errorf("blocks %v, %+v", d, blocks[2])
		}
		return nil
	})
	// What the rule says is what it says of the blocks in their order.
	for b := 7; !p.Done && b < 60; b++ {
		if p, err = again(b, 0.71+0.01*float64(b%2)); err != nil {
			t.Fatal(err)
		}
	}
	if p.Verdict != decision.Validated {
		t.Fatalf("got %+v", p)
	}
	update(t, lib, func(tx *store.Tx) error { _, err := Finish(tx, "run1"); return err })
	view(t, lib, func(tx *store.Tx) error {
		if _, wrong, err := Replay(tx); err != nil || len(wrong) > 0 {
			t.Errorf("replay: %v %v", wrong, err)
		}
		if got := must(MissingBlocks(tx, "run1"))(t); len(got) > 0 {
			t.Errorf("after the verdict nothing is to be repeated: %v", got)
		}
		return nil
	})
}

func TestARepeatThatBringsTheVerdictEndsTheRun(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H23")
	start(t, lib, "H23", "run1", false)
	lossy(t, lib, 12, 1, 3)
	h := find(t, lib, "H23")
	var p Progress
	update(t, lib, func(tx *store.Tx) (err error) { p, err = PutBlock(tx, paired(h, "run1", 1, 0.72, 0.5)); return err })
	if !p.Done || p.Verdict != decision.Validated {
		t.Fatalf("got %+v", p)
	}
	update(t, lib, func(tx *store.Tx) error { _, err := Finish(tx, "run1"); return err })
	if v := find(t, lib, "H23").Verdict; v.Verdict != decision.Validated || v.Missing != 1 || v.Stop > 12 {
		t.Errorf("got %+v", v)
	}
	_, err := lib.Update(t.Context(), "ada", func(tx *store.Tx) error {
		_, err := PutBlock(tx, paired(h, "run1", 3, 0.72, 0.5))
		return err
	})
	if !errors.Is(err, ErrDecided) {
		t.Errorf("a repeat after the verdict: %v", err)
	}
	view(t, lib, func(tx *store.Tx) error {
		if _, wrong, err := Replay(tx); err != nil || len(wrong) > 0 {
			t.Errorf("replay: %v %v", wrong, err)
		}
		return nil
	})
}
