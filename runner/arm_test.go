package runner

import (
	"errors"
	"math"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner/task"
)

func TestArmsSetOptionsOfTheirTask(t *testing.T) {
	const net = `{"family":"autoencoder","widths":[64,48,12,48,64],"skip":[],"noise":%,"steps":7,"batch":16}`
	s := newStudy(t, [2]string{strings.Replace(net, "%", "0.1", 1), strings.Replace(net, "%", "1.5", 1)}, func(h *hypotheses.Hypothesis, k *hypotheses.Task) {
		k.Key, k.Kind = "D9a", "autoencoder"
		h.Decision.Metric, h.Decision.Constant = "denoise_mse", "allow"
		h.Decision.Better, h.Decision.Transform, h.Decision.Worst = "lower", "log", hypotheses.Worst(math.Inf(1))
	})
	s.lock()
	res := s.run(Options{MaxBlocks: 2})
	if res.Record.Informative != 2 || !(res.Record.Estimate < 0) { // arms are res, plain; res has the noise
		t.Errorf("got %+v", res.Record)
	}
	s.view(func(tx *store.Tx) error {
		for tr, err := range TrialsOf(tx, s.h.ID) {
			if err != nil {
				return err
			}
			if tr.Job.Steps != 7 || tr.Job.Batch != 16 || (tr.Job.Options.Noise == "1.5") != (tr.Arm == "res") || tr.Job.Own == "" || tr.Job.Own == tr.Job.Data {
				t.Errorf("arm %s: %+v", tr.Arm, tr.Job)
			}
		}
		return nil
	})
	if n, wrong := s.wrong(); n < 4 || len(wrong) > 0 {
		t.Errorf("%d trials, %v", n, wrong)
	}
}

func TestWhatTheLibrarySaysOfTrainingWins(t *testing.T) {
	s := newStudy(t, tinyArms(), func(_ *hypotheses.Hypothesis, k *hypotheses.Task) {
		k.Training.Optimiser, k.Training.Clip, k.Training.Schedule = "sgd, momentum 0.9", "global norm 1", "cosine"
	})
	p := s.plan()
	r := p.arms[0].task.Recipe
	if r.Optimiser != task.SGD || r.Momentum != 0.9 || r.Clip != 1 || r.Schedule != task.Cosine || p.arms[0].task.Steps != 20 {
		t.Errorf("got %+v", r)
	}
	back, err := p.job(p.arms[0], 0).trial(nil)
	if err != nil || back.Task.Recipe.Clip != 1 || back.Task.Recipe.Optimiser != task.SGD {
		t.Errorf("a worker makes of it %+v, %v", back.Task.Recipe, err)
	}
	// The engine's own training in the study's words is no option, so that keys stay short.
	plain := newStudy(t, tinyArms(), func(_ *hypotheses.Hypothesis, k *hypotheses.Task) {
		k.Training.Optimiser = "adam, beta 0.9 and 0.999, no decay"
	})
	if p := plain.plan(); p.job(p.arms[0], 0).Options != (task.Options{}) {
		t.Errorf("options %+v", p.job(p.arms[0], 0).Options)
	}
}

func TestANetWithFractionsComesBackFromItsKey(t *testing.T) {
	a, err := readArm(mustFind(t, "D1"), "", "a", `{"family":"mlp","depth":3,"width":16,"dropout":0.25}`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Canonical(Job{Net: a.text}); err != nil {
		t.Errorf("the key cannot be made: %v", err)
	}
	back, err := netOf(a.text)
	if err != nil || back.Dropout != 0.25 {
		t.Errorf("got %+v, %v", back, err)
	}
}

func mustFind(t *testing.T, name string) task.Task {
	t.Helper()
	k, err := task.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestTheBestRateIsOneThatDoesNotDiverge(t *testing.T) {
	trial := func(score float64, diverged bool) *slot {
		return &slot{trial: &Trial{Metrics: map[string]store.Real{task.ValidationScore: store.Real(score)}, Diverged: diverged}}
	}
	p := &plan{}
	for _, c := range []struct {
		slots []*slot
		want  float64
	}{
		{[]*slot{trial(-3, false), trial(-2, false), trial(-1, false), trial(-2, false)}, 2}, // scores below 0 are scores
		{[]*slot{trial(1, false), trial(1, false), trial(1, false), trial(1, false)}, 1},     // the smaller of equals
		{[]*slot{trial(-9, false), trial(-9, false), trial(5, false), trial(0, true)}, 1},
		{[]*slot{trial(0, true), trial(0, true), trial(0, true), trial(0, true)}, 1},
		{[]*slot{trial(7, false), {missing: "lost"}, trial(1, false), trial(1, false)}, 2},
	} {
		if got, _, err := best([]float64{1, 2}, c.slots, p.tuningScore); err != nil || got != c.want {
			t.Errorf("got rate %v, %v; want %v", got, err, c.want)
		}
	}
	if _, _, err := best([]float64{1}, []*slot{{missing: "lost"}, {missing: "lost"}}, p.tuningScore); err == nil || !strings.Contains(err.Error(), "lost") {
		t.Errorf("nothing could be tried: %v", err)
	}
}

func TestWithoutItsDataARunSaysHowToGetThem(t *testing.T) {
	s := newStudy(t, tinyArms(), func(_ *hypotheses.Hypothesis, k *hypotheses.Task) { k.Key = "D4" })
	s.lock()
	_, err := Run(t.Context(), s.lib, "tester", "H01", Options{Command: workerCommand("sound")})
	var none *NoDataError
	if !errors.As(err, &none) || !strings.Contains(err.Error(), "tenet data add") {
		t.Errorf("got %v", err)
	}
}
