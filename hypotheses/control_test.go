package hypotheses

import (
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

func control(t testing.TB, lib *store.Library, kind, engine, bits string, passed bool) {
	t.Helper()
	update(t, lib, func(tx *store.Tx) error {
		return PutControl(tx, ControlRecord{Kind: kind, Study: "skip/1", Engine: engine, Kernel: "portable", Passed: passed, Bits: bits})
	})
}

func TestALockSaysWhichControlsAreMissing(t *testing.T) {
	lib := studyLibrary(t)
	if rec := lock(t, lib, "H01"); rec.Controls != "not run on engine v0.1.0: aa-exact, aa-random, known-effect" || find(t, lib, "H01").Lock.Controls != rec.Controls {
		t.Errorf("got %q", rec.Controls)
	}
	for _, kind := range principles.ControlKinds() {
		control(t, lib, kind, "v0.1.0", "", true)
	}
	if rec := lock(t, lib, "H03"); rec.Controls != "" {
		t.Errorf("with all passed: %q", rec.Controls)
	}
	// Those of another engine say nothing of this one.
	e := env()
	e.EngineVersion = "v0.2.0"
	var rec LockRecord
	update(t, lib, func(tx *store.Tx) (err error) { rec, err = Lock(tx, "H05", e); return err })
	if !strings.HasPrefix(rec.Controls, "not run on engine v0.2.0") {
		t.Errorf("on a new engine: %q", rec.Controls)
	}
	words := Explain(find(t, lib, "H05"), decision.Record{Verdict: decision.Inconclusive}).String()
	if !strings.Contains(words, "Controls of the engine, not run on engine v0.2.0: aa-exact") {
		t.Errorf("the verdict in words hides it: %s", words)
	}
}

func TestAFailedControlBlocksLocksUntilItIsOverriddenOnTheRecord(t *testing.T) {
	lib := studyLibrary(t)
	override := func(why string) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			_, err := OverrideControls(tx, "skip/1", "v0.1.0", why)
			return err
		}
	}
	if err := refused(t, lib, override("x")); !strings.Contains(err.Error(), "nothing to override") {
		t.Errorf("an override of nothing: %v", err)
	}
	control(t, lib, "known-effect", "v0.1.0", "", false)
	err := refused(t, lib, func(tx *store.Tx) error { _, err := Lock(tx, "H01", env()); return err })
	if !strings.Contains(err.Error(), "control known-effect failed in study skip/1 on engine v0.1.0") {
		t.Errorf("got %v", err)
	}
	refused(t, lib, override(" "))
	update(t, lib, override("the planted effect is too small for the tiny net"))
	rec := lock(t, lib, "H01")
	if !strings.Contains(rec.Controls, "failed and overridden (the planted effect is too small for the tiny net): known-effect") {
		t.Errorf("the lock says %q", rec.Controls)
	}
	// The roll-up still sees the failure, and a new failure needs a new override.
	view(t, lib, func(tx *store.Tx) error {
		if s := must(StatusOf(tx, find(t, lib, "H01").PrincipleID))(t); s.Reason != "controls-failed" {
			t.Errorf("status %+v", s)
		}
		return nil
	})
	control(t, lib, "known-effect", "v0.1.0", "", false)
	refused(t, lib, func(tx *store.Tx) error { _, err := Lock(tx, "H03", env()); return err })
}

func TestANewEngineGoesOnOnlyWithTheBitsOfTheOld(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	e := env()
	e.EngineVersion = "v0.2.0"
	begin := func(tx *store.Tx) error { _, err := Start(tx, "H01", "r", false, e); return err }
	want := func(text string) {
		t.Helper()
		if err := refused(t, lib, begin); !strings.Contains(err.Error(), text) {
			t.Errorf("got %v, want %q", err, text)
		}
	}
	want("control aa-exact has not run on it")
	control(t, lib, "aa-exact", "v0.2.0", "", false)
	want("control aa-exact failed on it")
	control(t, lib, "aa-exact", "v0.2.0", "bb", true)
	want("no control aa-exact of engine v0.1.0 is on record")
	control(t, lib, "aa-exact", "v0.1.0", "aa", true)
	want("its bits differ (aa-exact aa, then bb); make a new version")
	control(t, lib, "aa-exact", "v0.2.0", "aa", true)
	update(t, lib, begin)
	view(t, lib, func(tx *store.Tx) error {
		for d, err := range Deviations(tx, find(t, lib, "H01").ID) {
			if err != nil || d.Class != decision.Minor || !strings.HasPrefix(d.Text, "engine v0.2.0, locked under v0.1.0") {
				t.Errorf("got %+v %v", d, err)
			}
		}
		return nil
	})
}
