package runner

import (
	"bytes"
	"encoding/json"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
)

const (
	plainNet = `{"act":"relu","depth":%d,"family":"mlp","init":"he","norm":"none","order":"preact","skip":[],"width":%d}`
	resNet   = `{"act":"relu","depth":%d,"family":"mlp","init":"he","norm":"none","order":"preact","skip":[{"branch_scale":"1/sqrt(depth)","each":1,"from":"k","join":"add","to":"k+1","trainable":false,"transform":"identity"}],"width":%d}`
)

// study is a small library with one hypothesis, H01: the paired contrast of two arms on the digits.
type study struct {
	t   testing.TB
	lib *store.Library
	h   hypotheses.Hypothesis
}

// newStudy makes a study; change, if not nil, may alter the hypothesis and the task before they are stored.
func newStudy(t testing.TB, arms [2]string, change func(*hypotheses.Hypothesis, *hypotheses.Task)) *study {
	t.Helper()
	lib, err := store.Init(t.Context(), t.TempDir(), store.Options{Doing: "test", Rand: bytes.NewReader(bytes.Repeat([]byte{7}, 1<<20))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lib.Close() })
	s := &study{t: t, lib: lib}
	s.update(func(tx *store.Tx) error {
		p, err := principles.Add(tx, principles.Principle{Name: "the path", Statement: "A path kept open lets deep nets learn."})
		if err != nil {
			return err
		}
		rate := store.Real(1e-3)
		task := hypotheses.Task{ID: tx.NewID(), Key: "D1", Name: "digits", Kind: "classification", Training: hypotheses.Training{Optimiser: "adam", LearningRate: &rate, Steps: 20, Batch: 64, Clip: "none unless stated", Schedule: "constant"}}
		h := hypotheses.Hypothesis{
			PrincipleID: p.ID, Kind: hypotheses.Confirmatory, Alias: "H01", Title: "with and without", Statement: "The residual net is more accurate.",
			Estimand: hypotheses.Estimand{Type: "contrast", DS: "acc(res) - acc(plain)"}, Metric: "test accuracy",
			TaskID: task.ID, Arms: []hypotheses.Arm{{Name: "plain", Spec: arms[0]}, {Name: "res", Spec: arms[1]}},
			Decision: &hypotheses.DecisionSpec{
				Kind: "greater", Reduction: "paired", Arms: []string{"res", "plain"}, Metric: "test_accuracy", Better: "higher", Transform: "identity",
				Worst: 0.1, Delta: 0.05, Center: "pseudomedian", Divergence: "outcome", Constant: "forbid", Role: "core", Expect: "validated",
				Setting: "digits / mlp", NMin: 5, NMax: 60,
			},
		}
		h.Controls.LearningRate = hypotheses.LearningRate{Protocol: "fixed", Value: "adam 1e-3"}
		if change != nil {
			change(&h, &task)
		}
		if err := tx.Put("task.added", hypotheses.KindTask, task.ID, task, ""); err != nil {
			return err
		}
		s.h, err = hypotheses.Add(tx, h)
		return err
	})
	return s
}

func (s *study) update(fn func(*store.Tx) error) {
	s.t.Helper()
	if _, err := s.lib.Update(s.t.Context(), "tester", fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *study) view(fn func(*store.Tx) error) {
	s.t.Helper()
	if err := s.lib.View(fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *study) lock() {
	s.t.Helper()
	env, err := LockEnv(s.lib, "H01")
	if err != nil {
		s.t.Fatal(err)
	}
	s.update(func(tx *store.Tx) error { _, err := hypotheses.Lock(tx, "H01", env); return err })
}

// trials lists the trials of H01 by arm and block, without what may differ between runs.
func (s *study) trials() map[string]string {
	s.t.Helper()
	out := map[string]string{}
	s.view(func(tx *store.Tx) error {
		for t, err := range TrialsOf(tx, s.h.ID) {
			if err != nil {
				return err
			}
			key, _ := json.Marshal([]any{t.Job.Study, t.Job.Tuning, t.Arm, t.Block, t.Job.Rate})
			if _, twice := out[string(key)]; twice {
				s.t.Errorf("trial %s was trained twice", key)
			}
			val, _ := json.Marshal([]any{t.WeightsSHA, t.CurveSHA, t.Metrics})
			out[string(key)] = string(val)
		}
		return nil
	})
	return out
}

func (s *study) plan() *plan {
	s.t.Helper()
	var p *plan
	s.view(func(tx *store.Tx) (err error) {
		p, err = makePlan(tx, s.lib.Dir(), "H01", Options{})
		return err
	})
	return p
}
