package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tenet/hypotheses"
	"tenet/internal/store"
)

func tinyArms() [2]string {
	return [2]string{fmt.Sprintf(plainNet, 3, 8), fmt.Sprintf(resNet, 3, 8)}
}

func fewSteps(n int) func(*hypotheses.Hypothesis, *hypotheses.Task) {
	return func(_ *hypotheses.Hypothesis, k *hypotheses.Task) { k.Training.Steps = n }
}

func (s *study) run(o Options) Result {
	s.t.Helper()
	if o.Command == nil {
		o.Command = workerCommand("sound")
	}
	res, err := Run(s.t.Context(), s.lib, "tester", "H01", o)
	if err != nil {
		s.t.Fatal(err)
	}
	return res
}

// H01 as the study plans it, but for the number of steps: two nets of 32 layers.
func TestThePlanOfH01RunsToAVerdictOfTheRule(t *testing.T) {
	s := newStudy(t, [2]string{fmt.Sprintf(plainNet, 32, 32), fmt.Sprintf(resNet, 32, 32)}, fewSteps(20))
	s.lock()
	var kinds []EventKind
	res := s.run(Options{OnEvent: func(e Event) { kinds = append(kinds, e.Kind) }})
	if res.Verdict == "" || res.Verdict != res.Record.Verdict || res.Blocks < 5 || res.Trials < 10 {
		t.Fatalf("got %+v", res)
	}
	for _, k := range []EventKind{EventNote, EventStep, EventTrial, EventBlock, EventVerdict} {
		if !slices.Contains(kinds, k) {
			t.Errorf("no event of kind %s", k)
		}
	}
	s.view(func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, "H01")
		if err != nil {
			return err
		}
		if h.Verdict == nil || h.Verdict.Verdict != res.Verdict {
			t.Errorf("the ledger's verdict is %v, want %s", h.Verdict, res.Verdict)
		}
		for r, err := range Runs(tx, h.ID) {
			if err != nil {
				return err
			}
			if r.Alias != res.RunAlias || r.State != RunDecided || r.Verdict != res.Verdict || r.Rates["res"] != 1e-3 {
				t.Errorf("run record: %+v", r)
			}
		}
		return hypotheses.CheckVerdict(tx, *h.Verdict)
	})
}

func TestSameSeedsSameBitsForAnyJobs(t *testing.T) {
	var want map[string]string
	for _, jobs := range []int{1, 2, 4, 2} {
		s := newStudy(t, tinyArms(), fewSteps(20))
		s.lock()
		s.run(Options{Jobs: jobs, MaxBlocks: 3})
		got := s.trials()
		// Trials that ran ahead of the last block may be there or not.
		maps.DeleteFunc(got, func(k, _ string) bool {
			return !strings.Contains(k, ",0,") && !strings.Contains(k, ",1,") && !strings.Contains(k, ",2,")
		})
		if len(got) != 6 {
			t.Fatalf("jobs %d: %d trials, want 6", jobs, len(got))
		}
		if want == nil {
			want = got
		}
		if !maps.Equal(got, want) {
			t.Errorf("jobs %d: got %v, want %v", jobs, got, want)
		}
	}
}

func TestArmsOfABlockDifferAndSoDoBlocks(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(5))
	s.lock()
	s.run(Options{MaxBlocks: 3})
	seen := map[string]string{}
	for k, v := range s.trials() {
		if other, ok := seen[v]; ok {
			t.Errorf("%s and %s have the same outcome to the last bit", k, other)
		}
		seen[v] = k
	}
}

func TestAStoppedRunKeepsItsFinishedTrials(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(40))
	s.lock()
	ctx, cancel := context.WithCancel(t.Context())
	trials := 0
	_, err := Run(ctx, s.lib, "tester", "H01", Options{Command: workerCommand("sound"), OnEvent: func(e Event) {
		if e.Kind == EventTrial {
			if trials++; trials == 3 {
				cancel()
			}
		}
	}})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "tenet run H01 resumes") {
		t.Fatalf("a stopped run: got %v", err)
	}
	kept := s.trials()
	if len(kept) < 3 {
		t.Fatalf("%d trials are kept, want 3 or more", len(kept))
	}
	s.view(func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, "H01")
		if h.State != hypotheses.Running || h.Verdict != nil {
			t.Errorf("after the stop H01 is %s, verdict %v", h.State, h.Verdict)
		}
		return err
	})
	res := s.run(Options{MaxBlocks: 5})
	if res.Reused < 1 {
		t.Errorf("the second run reused %d trials", res.Reused)
	}
	whole := s.trials() // fails by itself if a trial is there twice
	for k, v := range kept {
		if whole[k] != v {
			t.Errorf("trial %s changed", k)
		}
	}
	fresh := newStudy(t, tinyArms(), fewSteps(40))
	fresh.lock()
	fresh.run(Options{MaxBlocks: 5})
	for k, v := range fresh.trials() {
		if whole[k] != "" && whole[k] != v {
			t.Errorf("trial %s: resumed %s, in one go %s", k, whole[k], v)
		}
	}
}

func TestACrashCostsOneAttempt(t *testing.T) {
	sound := newStudy(t, tinyArms(), fewSteps(1500))
	sound.lock()
	sound.run(Options{MaxBlocks: 1, Jobs: 1})
	s := newStudy(t, tinyArms(), fewSteps(1500))
	s.lock()
	lost := 0
	res := s.run(Options{Jobs: 1, MaxBlocks: 1, Command: workerCommand("crash", t.TempDir()), OnEvent: func(e Event) {
		if e.Kind == EventLost {
			lost++
			if !strings.Contains(e.Text, "told to crash") {
				t.Errorf("a lost attempt says %q", e.Text)
			}
		}
	}})
	if lost != 2 || res.Blocks != 1 {
		t.Errorf("%d attempts lost in %d blocks, want 2 in 1", lost, res.Blocks)
	}
	if got, want := s.trials(), sound.trials(); !maps.Equal(got, want) {
		t.Errorf("after crashes: got %v, want %v", got, want)
	}
}

func TestTheThirdLostAttemptMakesTheTrialMissing(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(5000))
	s.lock()
	res := s.run(Options{Jobs: 2, MaxBlocks: 1, Command: workerCommand("die")})
	if res.Blocks != 1 || res.Record.Missing != 1 || res.Verdict != "inconclusive" {
		t.Errorf("got %d blocks, %d missing, %s", res.Blocks, res.Record.Missing, res.Verdict)
	}
}

// The program may have been moved away while it is open: no trial is to blame, and no block may say so.
func TestAWorkerThatCannotStartStopsTheRun(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(5))
	s.lock()
	res, err := Run(t.Context(), s.lib, "tester", "H01", Options{Jobs: 2, MaxBlocks: 3, Command: []string{filepath.Join(t.TempDir(), "gone")}})
	if !errors.Is(err, fs.ErrNotExist) || res.Blocks != 0 {
		t.Errorf("got %d blocks, error %v; want none and the reason", res.Blocks, err)
	}
	if res := s.run(Options{Jobs: 2, MaxBlocks: 1}); res.Blocks != 1 || res.Record.Missing != 0 {
		t.Errorf("afterwards: %d blocks, %d missing; want 1 whole block", res.Blocks, res.Record.Missing)
	}
}

func TestAWorkerThatIsNoWorkerIsNamed(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(5))
	s.lock()
	var said string
	s.run(Options{Jobs: 1, MaxBlocks: 1, Command: workerCommand("babble"), OnEvent: func(e Event) {
		if e.Kind == EventLost {
			said = e.Text
		}
	}})
	if !strings.Contains(said, "frame") {
		t.Errorf("a worker that babbles: got %q", said)
	}
}

func TestBlocksAreCommittedInOrder(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(5))
	s.lock()
	next := 0
	s.run(Options{Jobs: 4, MaxBlocks: 6, OnEvent: func(e Event) {
		if e.Kind == EventBlock {
			if next++; e.Block != next {
				t.Errorf("block %d came as number %d", e.Block, next)
			}
		}
	}})
	s.view(func(tx *store.Tx) error {
		blocks, err := hypotheses.BlocksOf(tx, s.h.ID)
		var last uint64
		for i, b := range blocks {
			if b.B != i || b.Seq <= last || len(b.TrialIDs) != 2 {
				t.Errorf("block %d in the ledger: %+v", i, b)
			}
			last = b.Seq
		}
		return err
	})
}

func TestADraftRunsOnlyAsExploratory(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(5))
	_, err := Run(t.Context(), s.lib, "tester", "H01", Options{Command: workerCommand("sound")})
	if err == nil || !strings.Contains(err.Error(), "draft") {
		t.Fatalf("a draft without exploratory: got %v", err)
	}
	res := s.run(Options{Exploratory: true, Steps: 3, MaxBlocks: 6})
	if res.Verdict != "exploratory" || !res.Exploratory {
		t.Errorf("verdict of an exploratory run: %s", res.Verdict)
	}
	seen := s.trials()
	s.lock()
	s.run(Options{MaxBlocks: 1})
	if got := s.trials(); len(got) > len(seen)+6 {
		t.Errorf("%d trials", len(got))
	}
	s.view(func(tx *store.Tx) error {
		for tr, err := range TrialsOf(tx, s.h.ID) {
			if err != nil {
				return err
			}
			if explored := strings.HasSuffix(tr.Job.Study, "/exploratory"); explored != (tr.RunID == res.RunID) {
				t.Errorf("trial of study %q in run %s", tr.Job.Study, tr.RunID)
			}
		}
		return nil
	})
}

func TestDivergenceIsAnOutcome(t *testing.T) {
	s := newStudy(t, tinyArms(), func(h *hypotheses.Hypothesis, k *hypotheses.Task) {
		k.Training.Steps = 10
		h.Arms[1].Spec = strings.Replace(h.Arms[1].Spec, `"1/sqrt(depth)"`, `"1e30"`, 1)
	})
	s.lock()
	res := s.run(Options{MaxBlocks: 5})
	if res.Record.Diverged != 5 || res.Record.Missing != 0 {
		t.Errorf("diverged %d, missing %d of 5 blocks", res.Record.Diverged, res.Record.Missing)
	}
	s.view(func(tx *store.Tx) error {
		for tr, err := range TrialsOf(tx, s.h.ID) {
			if err != nil {
				return err
			}
			if tr.Diverged != (tr.Arm == "res") || tr.Diverged != (tr.DivergedAt > 0) {
				t.Errorf("arm %s: diverged %v at step %d", tr.Arm, tr.Diverged, tr.DivergedAt)
			}
		}
		return nil
	})
}

func TestTheBudgetEndsARunCleanly(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(8000))
	s.lock()
	res := s.run(Options{Budget: 700 * time.Millisecond})
	if res.Verdict != "inconclusive" || res.Reason != "budget" || res.Blocks >= 60 {
		t.Errorf("got %s (%s) after %d blocks", res.Verdict, res.Reason, res.Blocks)
	}
	if res = s.run(Options{MaxBlocks: res.Blocks + 1}); res.Blocks != 1 {
		t.Errorf("the next run added %d blocks, want 1", res.Blocks)
	}
}

func TestEachArmGetsItsBestRateOnTuningSeeds(t *testing.T) {
	s := newStudy(t, tinyArms(), func(h *hypotheses.Hypothesis, k *hypotheses.Task) {
		k.Training.Steps = 20
		h.Controls.LearningRate = hypotheses.LearningRate{Protocol: "tuned", Grid: []store.Real{1e-5, 1e-2}}
	})
	s.lock()
	res := s.run(Options{MaxBlocks: 1})
	tuning := 0
	s.view(func(tx *store.Tx) error {
		for tr, err := range Trials(tx, res.RunID) {
			if err != nil {
				return err
			}
			switch {
			case tr.Job.Tuning:
				tuning++
				if _, scored := tr.Metrics["test_accuracy"]; scored {
					t.Errorf("a tuning trial looked at the test part")
				}
			case tr.Job.Rate != 1e-2:
				t.Errorf("arm %s trained at %v, want 0.01", tr.Arm, tr.Job.Rate)
			}
		}
		return nil
	})
	if tuning != 8 {
		t.Errorf("%d tuning trials, want 2 arms × 2 rates × 2 seeds", tuning)
	}
	if again := s.run(Options{MaxBlocks: 2}); again.Reused < 8 {
		t.Errorf("the second run reused %d trials, want all 8 of the tuning", again.Reused)
	}
}

func TestTwoArmsThatAreOneNetAreTrainedOnce(t *testing.T) {
	arms := tinyArms()
	s := newStudy(t, [2]string{arms[0], arms[0]}, fewSteps(5))
	s.lock()
	res := s.run(Options{MaxBlocks: 2, Jobs: 2})
	if res.Trials > 4 || res.Record.Estimate != 0 {
		t.Errorf("%d trials, estimate %v; want one trial a block and D = 0", res.Trials, res.Record.Estimate)
	}
}
