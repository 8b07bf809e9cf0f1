package main

import (
	"errors"
	"io"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/pack"
	"tenet/internal/store"
	"tenet/studies"
)

// Where nobody can be asked, a plan of little power is locked with --confirm WHY only, and the reason stays.
func TestAPlanOfLittlePowerNeedsAReason(t *testing.T) {
	lib, err := store.Init(t.Context(), t.TempDir()+"/lib", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	if _, err := pack.Import(t.Context(), lib, "ben", studies.Skip(), "skip"); err != nil {
		t.Fatal(err)
	}
	if _, err := lib.Update(t.Context(), "ben", func(tx *store.Tx) error {
		_, err := hypotheses.Edit(tx, "H01", func(h *hypotheses.Hypothesis) { h.Pilot.Mean = 0.03 })
		return err
	}); err != nil {
		t.Fatal(err)
	}
	a := &app{in: strings.NewReader("because\n"), out: io.Discard, err: io.Discard, reviewer: "Ada", getenv: func(string) string { return "" }}
	s := &session{lib: lib}
	if _, err := a.lock(t.Context(), s, "H01", ""); !errors.Is(err, hypotheses.ErrUnconfirmed) || !strings.Contains(err.Error(), "--confirm WHY locks it all the same") {
		t.Fatalf("without a reason: %v", err)
	}
	rec, err := a.lock(t.Context(), s, "H01", "a first look")
	if err != nil || !strings.HasSuffix(rec.Power, "; locked all the same: a first look") {
		t.Errorf("got %q, %v", rec.Power, err)
	}
	if _, err := a.lock(t.Context(), s, "H01", ""); !errors.Is(err, hypotheses.ErrLocked) {
		t.Errorf("a second time: %v", err)
	}
	if _, err := a.lock(t.Context(), s, "H99", ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
}
