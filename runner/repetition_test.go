package runner

import (
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/store"
)

func TestARepetitionTrainsEveryRecordedTrialToTheSameBits(t *testing.T) {
	s := newStudy(t, tinyArms(), func(h *hypotheses.Hypothesis, k *hypotheses.Task) {
		k.Training.Steps = 10
		h.Controls.LearningRate = hypotheses.LearningRate{Protocol: "tuned", Grid: []store.Real{1e-3, 1e-2}}
		h.Decision.NMax = 6
	})
	if _, err := Repeat(t.Context(), s.lib, "H01", Options{Command: workerCommand("sound")}); err == nil || !strings.Contains(err.Error(), "no verdict to repeat") {
		t.Errorf("without a verdict: %v", err)
	}
	s.lock()
	res := s.run(Options{})
	before := s.lib.Seq()
	got, err := Repeat(t.Context(), s.lib, "H01", Options{Command: workerCommand("sound")})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Same() || got.Trials != 8+2*got.Record.Blocks || got.Record.Blocks != res.Record.Stop || got.Again.Verdict != res.Verdict || got.EnergyJ <= 0 || !got.Whole() {
		t.Errorf("got %+v", got)
	}
	if s.lib.Seq() != before {
		t.Errorf("the repetition wrote to the ledger")
	}
}

// An outcome that no training gave is found out, and the verdict that the real ones bring is shown beside it.
func TestARepetitionNamesWhatDiffers(t *testing.T) {
	s := newStudy(t, tinyArms(), func(h *hypotheses.Hypothesis, k *hypotheses.Task) { k.Training.Steps, h.Decision.NMax = 10, 6 })
	s.lock()
	s.run(Options{})
	s.update(func(tx *store.Tx) error {
		for tr, err := range TrialsOf(tx, s.h.ID) {
			if err != nil {
				return err
			}
			if tr.Arm == "res" && tr.Block == 1 {
				tr.Metrics["test_accuracy"] += 0.25
				return tx.PutFinal("trial.done", KindTrial, tr.ID, tr, "")
			}
		}
		return nil
	})
	got, err := Repeat(t.Context(), s.lib, "H01", Options{Command: workerCommand("sound")})
	if err != nil {
		t.Fatal(err)
	}
	if got.Same() || len(got.Different) != 1 || got.Different[0].Arm != "res" || got.Different[0].Block != 1 || got.Again == nil {
		t.Errorf("got %+v", got)
	}
	if !strings.Contains(got.String(), "1 with other bits") {
		t.Errorf("in words: %s", got)
	}
	if text := strings.Join(got.Details(), "\n"); !strings.Contains(text, "on record: ") || !strings.Contains(text, "again:     ") || !strings.Contains(text, "block 1, arm res, key ") {
		t.Errorf("in full:\n%s", text)
	}
}
