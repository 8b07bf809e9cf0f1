package main

import (
	"bytes"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/pack"
	"tenet/internal/store"
	"tenet/runner"
	"tenet/studies"
)

// tenet list trials says what is there and, until the rule has spoken, not what came out.
func TestTheListOfTrialsIsBlindBeforeTheVerdict(t *testing.T) {
	lib, err := store.Init(t.Context(), t.TempDir()+"/lib", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	if _, err := pack.Import(t.Context(), lib, "ben", studies.Skip(), "skip"); err != nil {
		t.Fatal(err)
	}
	env := hypotheses.Env{StudyID: "skip", EngineVersion: "1", KernelPath: "portable"}
	for _, x := range []struct {
		run         string
		exploratory bool
	}{{"x", true}, {"r", false}} {
		if _, err := lib.Update(t.Context(), "ben", func(tx *store.Tx) error {
			if !x.exploratory {
				if _, err := hypotheses.Lock(tx, "H01", env); err != nil {
					return err
				}
			}
			if _, err := hypotheses.Start(tx, "H01", x.run, x.exploratory, env); err != nil {
				return err
			}
			tr := runner.Trial{ID: tx.NewID(), RunID: x.run, Key: strings.Repeat(x.run, 64), Arm: "res", Metrics: map[string]store.Real{"test_accuracy": 0.4321}}
			return tx.PutFinal("trial.done", runner.KindTrial, tr.ID, tr, "")
		}); err != nil {
			t.Fatal(err)
		}
	}
	var out, said bytes.Buffer
	a := &app{out: &out, err: &said, json: true, getenv: func(string) string { return "" }}
	if err := a.list(t.Context(), &session{lib: lib}, "trials", nil); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "0.4321"); n != 1 || !strings.Contains(said.String(), "what 1 trials gave is not shown") {
		t.Errorf("%d outcomes, said %q\n%s", n, said.String(), out.String())
	}
}
