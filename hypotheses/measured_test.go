package hypotheses

import (
	"strings"
	"testing"

	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

func TestTheScorecardIsMeasuredFromTheLedger(t *testing.T) {
	lib := studyLibrary(t)
	id := find(t, lib, "H01").PrincipleID
	card := func() (out map[principles.Criterion]Measure) {
		out = map[principles.Criterion]Measure{}
		view(t, lib, func(tx *store.Tx) error {
			for _, m := range must(Measured(tx, id))(t) {
				out[m.Criterion] = m
			}
			return nil
		})
		return out
	}
	for c, m := range card() {
		if m.Known && c != principles.Guidance {
			t.Errorf("before any run %s is known: %+v", c, m)
		}
	}
	update(t, lib, func(tx *store.Tx) error {
		for _, on := range [][]string{{"P1"}, {"P1", "P2"}} {
			c := survey.Claim{ID: tx.NewID(), Alias: must(tx.NewAlias("C"))(t), Text: "x", State: survey.Tagged}
			if err := tx.Put("claim.tagged", survey.KindClaim, c.ID, c, ""); err != nil {
				return err
			}
			for _, p := range on {
				must(principles.LinkClaim(tx, c.ID, p, principles.Supports))(t)
			}
		}
		must(principles.SetScore(tx, "P1", principles.Accessibility, 3, ""))(t)
		return nil
	})
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	feed(t, lib, "H01", "run1", 0, 60, 0.2)
	got := card()
	if m := got[principles.Validity]; !m.Known || m.Share != 1 || !strings.HasPrefix(m.Text, "1 of 1 decided") {
		t.Errorf("validity %+v", m)
	}
	if m := got[principles.Accessibility]; m.Share != 0.75 {
		t.Errorf("accessibility %+v", m)
	}
	if m := got[principles.Generality]; m.Share != 0.25 || !strings.Contains(m.Text, "1 setting (digits / mlp)") {
		t.Errorf("generality %+v", m)
	}
	if m := got[principles.Unity]; m.Share != 1 || !strings.Contains(m.Text, "1 of 2 principles explain all 2 supported claims (P1); this one is among them, with 1 claim that no other explains") {
		t.Errorf("unity %+v", m)
	}
	update(t, lib, func(tx *store.Tx) error {
		narrow := must(principles.Refine(tx, "P1", func(p *principles.Principle) { p.Statement = "less" }))(t)
		id = narrow.ID
		return nil
	})
	if m := card()[principles.Unity]; m.Known || !strings.Contains(m.Text, "the claims of the principle that it narrows") {
		t.Errorf("unity of a narrower one %+v", m)
	}
}

func TestTheScopeIsWhatWasExecuted(t *testing.T) {
	lib := studyLibrary(t)
	id := find(t, lib, "H01").PrincipleID
	scope := func() (s string) {
		view(t, lib, func(tx *store.Tx) error { s = must(ExecutedScope(tx, id))(t); return nil })
		return s
	}
	update(t, lib, func(tx *store.Tx) error {
		must(Edit(tx, "H01", func(h *Hypothesis) { h.Arms[0].Spec = strings.Replace(h.Arms[0].Spec, "{", `{"data":"others",`, 1) }))(t)
		return nil
	})
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	if s := scope(); s != "" {
		t.Errorf("before a verdict: %s", s)
	}
	feed(t, lib, "H01", "run1", 0, 60, 0.2)
	if s := scope(); !strings.HasPrefix(s, "executed in mlp of depth 32 and width 32, on ") || !strings.Contains(s, " with data others (H01); nothing beyond is claimed") {
		t.Errorf("got %s", s)
	}
}

// One verdict speaks for the principle and against its rival, or the other way.
func TestARivalIsTestedByTheSamePlan(t *testing.T) {
	for name, c := range map[string]struct {
		gap         float64
		mine, other string
	}{"the principle is right": {0.2, "supported", "discarded"}, "its rival is right": {-0.2, "discarded", "supported"}} {
		lib := studyLibrary(t)
		update(t, lib, func(tx *store.Tx) error {
			rival := must(principles.Add(tx, principles.Principle{Name: "only width matters", Statement: "Depth is no obstacle."}))(t)
			must(Edit(tx, "H01", func(h *Hypothesis) { h.Decision.Rivals = []Rival{{rival.Alias, "refuted"}} }))(t)
			return nil
		})
		rec := lock(t, lib, "H01")
		if !strings.Contains(rec.Canonical, `"predicts":"refuted"`) {
			t.Error("the registration does not hold what the rival foretells")
		}
		start(t, lib, "H01", "run1", false)
		feed(t, lib, "H01", "run1", 0, 60, c.gap)
		h := find(t, lib, "H01")
		view(t, lib, func(tx *store.Tx) error {
			rival := must(principles.Find(tx, h.Decision.Rivals[0].Principle))(t)
			mine, other := must(StatusOf(tx, h.PrincipleID))(t), must(StatusOf(tx, rival.ID))(t)
			// Five further plans of P1 are open, none of the rival's.
			if other.Status != c.other || mine.Status != c.mine && mine.Reason != "doubted" && mine.Status != "discarded" {
				t.Errorf("%s: %s (%s), the rival %s (%s)", name, mine.Status, mine.Reason, other.Status, other.Reason)
			}
			return nil
		})
	}
	lib := studyLibrary(t)
	for want, rival := range map[string]Rival{"P1 predicts validated too": {"P1", "validated"}, "is not another principle": {"P99", "refuted"}, "that rival P2 predicts": {"P2", "maybe"}} {
		update(t, lib, func(tx *store.Tx) error {
			must(Edit(tx, "H01", func(h *Hypothesis) { h.Decision.Rivals = []Rival{rival} }))(t)
			return nil
		})
		err := refused(t, lib, func(tx *store.Tx) error { _, err := Lock(tx, "H01", env()); return err })
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
