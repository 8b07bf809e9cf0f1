package runner

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/store"
)

func TestWhatThisVersionCannotRunIsNamed(t *testing.T) {
	for want, change := range map[string]func(*hypotheses.Hypothesis, *hypotheses.Task){
		"runner: H01: runner/task: unknown task \"D99\"": func(_ *hypotheses.Hypothesis, k *hypotheses.Task) { k.Key = "D99" },
		"runner: H01: arm res: runner/net: levels: is missing": func(h *hypotheses.Hypothesis, _ *hypotheses.Task) {
			h.Arms[1].Spec = `{"family":"unet"}`
		},
		"runner: H01: arm res: runner/": func(h *hypotheses.Hypothesis, _ *hypotheses.Task) { // a net for pictures on rows
			h.Arms[1].Spec = `{"family":"unet","levels":1,"base":4,"skip":[]}`
		},
		"runner: H01: arm res: steps: 0 is not": func(h *hypotheses.Hypothesis, _ *hypotheses.Task) {
			h.Arms[1].Spec = `{"family":"mlp","depth":3,"width":8,"steps":0}`
		},
		"runner: H01: task D1 does not measure iou; it measures test_accuracy": func(h *hypotheses.Hypothesis, _ *hypotheses.Task) { h.Decision.Metric = "iou" },
		`runner: H01: learning-rate protocol "guessed" is not in this version`: func(h *hypotheses.Hypothesis, _ *hypotheses.Task) {
			h.Controls.LearningRate.Protocol = "guessed"
		},
		`runner: H01: learning rate "adam fast" is not like adam 1e-3`: func(h *hypotheses.Hypothesis, _ *hypotheses.Task) {
			h.Controls.LearningRate.Value = "adam fast"
		},
		"runner: H01: incomplete: needs": func(h *hypotheses.Hypothesis, _ *hypotheses.Task) { h.Metric = "" },
	} {
		s := newStudy(t, tinyArms(), change)
		if _, err := LockEnv(s.lib, "H01"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	s := newStudy(t, tinyArms(), nil)
	s.lock()
	if _, err := Run(t.Context(), s.lib, "tester", "H01", Options{Steps: 3}); err == nil || !strings.Contains(err.Error(), "exploratory") {
		t.Errorf("other steps in a confirmatory run: got %v", err)
	}
}

func TestLesionSetsAreReadFromTheEstimand(t *testing.T) {
	for text, want := range map[string][][]int{
		"mean(k, k in [3,4,5]: drop(plain, [k]) - drop(res, [k]))": {{3}, {4}, {5}},
		"0.10 - drop(res, [2,4,6,8,10,12])":                        {{2, 4, 6, 8, 10, 12}},
	} {
		got, err := lesionSets(text)
		if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"acc(res)", "drop(a, [1]) - drop(b, [2])", "drop(a, [x])"} {
		if got, err := lesionSets(text); err == nil {
			t.Errorf("%s: got %v, want an error", text, got)
		}
	}
}

func TestALesionStudyRuns(t *testing.T) {
	s := newStudy(t, tinyArms(), func(h *hypotheses.Hypothesis, k *hypotheses.Task) {
		k.Key, k.Training = "A2", hypotheses.Training{Note: "as D1", Steps: 60}
		h.Estimand = hypotheses.Estimand{Type: "lesion", DS: "mean(k, k in [2,3]: drop(plain, [k]) - drop(res, [k]))"}
		h.Decision.Metric, h.Decision.Better, h.Decision.Worst = "lesion_drop", "lower", -0.9
	})
	s.lock()
	res := s.run(Options{MaxBlocks: 2})
	if res.Record.Informative != 2 || res.Record.Estimate == 0 {
		t.Errorf("got %d informative blocks, estimate %v", res.Record.Informative, res.Record.Estimate)
	}
}

func TestCurvesComeBackFromTheVault(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(40))
	s.lock()
	res := s.run(Options{MaxBlocks: 1})
	s.view(func(tx *store.Tx) error {
		for tr, err := range Trials(tx, res.RunID) {
			if err != nil {
				return err
			}
			c, err := Curve(s.lib, tr)
			if err != nil {
				return err
			}
			last := c[len(c)-1]
			if len(c) != 8 || last.Step != 40 || math.IsNaN(last.TestError) || !math.IsNaN(c[0].TestError) || !(c[0].Loss > last.Loss) {
				t.Errorf("curve of %s: %v", tr.Arm, c)
			}
			if got := 1 - float64(tr.Metrics["test_accuracy"]); math.Abs(got-last.TestError) > 1e-6 {
				t.Errorf("the curve ends at test error %v, the metric says %v", last.TestError, got)
			}
		}
		return nil
	})
}

func TestThePreviewPricesAPlanWithoutTouchingTheStudy(t *testing.T) {
	s := newStudy(t, tinyArms(), func(h *hypotheses.Hypothesis, _ *hypotheses.Task) {
		h.Pilot = &hypotheses.Pilot{Mean: 0.147, SD: 0.042, N: 8}
	})
	before := s.lib.Seq()
	c, err := Preview(t.Context(), s.lib, "H01", Options{Command: workerCommand("sound")})
	if err != nil {
		t.Fatal(err)
	}
	if s.lib.Seq() != before {
		t.Errorf("the preview wrote to the ledger")
	}
	if len(c.Arms) != 2 || c.Arms[0].Params < 100 || c.CPU <= 0 || c.Blocks < 5 || c.Blocks > 12 || len(c.Prices) < 6 || len(c.Prices) != len(c.Outlook.Prospects) || c.Prices[0].Blocks <= 0 || c.EnergyJ <= 0 || c.Arms[0].PerTrial <= 0 {
		t.Errorf("got %+v", c)
	}
	if !strings.Contains(c.String(), "5 to 60 blocks of 2 trials") {
		t.Errorf("in words: %s", c)
	}
}

func TestTheControlsAreRealAndRecorded(t *testing.T) {
	s := newStudy(t, tinyArms(), nil)
	done, err := Controls(t.Context(), s.lib, "tester", Options{Command: workerCommand("sound"), Steps: 60})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range done {
		if !c.OK {
			t.Errorf("control %s failed: %s", c.Name, c.Text)
		}
	}
	s.view(func(tx *store.Tx) error {
		env, err := LockEnv(s.lib, "H01")
		if err != nil {
			return err
		}
		cs, err := hypotheses.Controls(tx, env.StudyID, env.EngineVersion)
		if len(cs) != 3 || len(s.trials()) != 0 {
			t.Errorf("%d controls recorded, %d trials in the cache; want 3 and 0", len(cs), len(s.trials()))
		}
		return err
	})
}
