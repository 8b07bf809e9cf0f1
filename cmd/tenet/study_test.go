package main

import (
	"testing"

	"tenet/hypotheses"
	"tenet/internal/pack"
	"tenet/internal/store"
	"tenet/runner"
	"tenet/studies"
)

// TestEveryHypothesisOfTheStudyCanBePlanned holds the built-in study against the engine: nets, tasks, metrics,
// rates and lesions of all thirty.
func TestEveryHypothesisOfTheStudyCanBePlanned(t *testing.T) {
	lib, err := store.Init(t.Context(), t.TempDir(), store.Options{Doing: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	if _, err := pack.Import(t.Context(), lib, "tester", studies.Skip(), "skip"); err != nil {
		t.Fatal(err)
	}
	planned := 0
	var names []string
	if err := lib.View(func(tx *store.Tx) error {
		for h, err := range hypotheses.All(tx) {
			if err != nil {
				return err
			}
			if len(h.Arms) > 0 {
				names = append(names, h.Alias)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		env, err := runner.LockEnv(lib, name)
		if err != nil || env.DataSHA == "" || env.TaskDigest == "" || env.TrainingDigest == "" {
			t.Errorf("%s: %+v, %v", name, env, err)
			continue
		}
		planned++
	}
	if planned < 30 {
		t.Errorf("%d can be planned, want all 30", planned)
	}
}
