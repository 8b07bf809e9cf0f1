package hypotheses

import (
	"strings"
	"testing"

	"tenet/internal/store"
)

// eholmLibrary registers rule eholm for the family of H05 and H06, with budgets of n blocks.
func eholmLibrary(t testing.TB, n int) *store.Library {
	t.Helper()
	lib := studyLibrary(t)
	update(t, lib, func(tx *store.Tx) error {
		for _, name := range []string{"H05", "H06"} {
			must(Edit(tx, name, func(h *Hypothesis) { h.Decision.Rule, h.Decision.NMax = RuleEHolm, n }))(t)
		}
		return nil
	})
	return lib
}

func TestTheRuleOfAFamilyIsRegistered(t *testing.T) {
	lib := eholmLibrary(t, 10)
	if rec := lock(t, lib, "H06"); !strings.Contains(rec.Canonical, `"rule":"eholm"`) {
		t.Errorf("the registration does not name the rule: %s", rec.Canonical)
	}
	mixed := studyLibrary(t)
	update(t, mixed, func(tx *store.Tx) error {
		must(Edit(tx, "H05", func(h *Hypothesis) { h.Decision.Rule = RuleEHolm }))(t)
		return nil
	})
	err := refused(t, mixed, func(tx *store.Tx) error { _, err := Lock(tx, "H06", env()); return err })
	if !strings.Contains(err.Error(), "needs one rule: H06 registers holm, H05 registers eholm") {
		t.Errorf("got %v", err)
	}
}

// H06 ends its budget with e = 33, too little for one of two; when H05 is
// frozen at its own stop, the closed test takes both.
func TestEHolmStopsOnOwnBlocksAndClosesOverFrozenEvidence(t *testing.T) {
	lib := eholmLibrary(t, 6)
	lock(t, lib, "H06")
	start(t, lib, "H06", "run6", false)
	h := find(t, lib, "H06")
	for b, d := range []float64{0.24, 0.36, 0.09, 0.63, 0.27, 0.42} {
		var p Progress
		update(t, lib, func(tx *store.Tx) (err error) { p, err = PutBlock(tx, gain(h, "run6", b, d)); return err })
		if p.TV != 40 {
			t.Fatalf("block %d was judged under T = %v", b, p.TV)
		}
	}
	update(t, lib, func(tx *store.Tx) error { _, err := Finish(tx, "run6"); return err })
	if h := find(t, lib, "H06"); h.State != Inconclusive {
		t.Fatalf("H06 is %s", h.State)
	}
	lock(t, lib, "H05")
	start(t, lib, "H05", "run5", false)
	feed(t, lib, "H05", "run5", 0, 60, 0.4)
	five, six := find(t, lib, "H05"), find(t, lib, "H06")
	if five.State != Validated || five.Verdict.TV != 40 {
		t.Errorf("H05 is %s under T = %v", five.State, five.Verdict.TV)
	}
	if six.State != Validated || six.Verdict.TV >= 33 || six.Verdict.TV < 20 {
		t.Errorf("H06 is %s under T = %v", six.State, six.Verdict.TV)
	}
	view(t, lib, func(tx *store.Tx) error {
		if n, wrong, err := Replay(tx); err != nil || n != 3 || len(wrong) > 0 {
			t.Errorf("replay of %d: %v %v", n, wrong, err)
		}
		return nil
	})
}
