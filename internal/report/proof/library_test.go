package proof

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/runner"
	"tenet/runner/net"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type chance struct{ r *rand.ChaCha8 }

func (c chance) Read(b []byte) (int, error) { return c.r.Read(b) }

const (
	plainNet = `{"act":"relu","depth":3,"family":"mlp","init":"he","norm":"none","order":"preact","skip":[],"width":8}`
	resNet   = `{"act":"relu","depth":3,"family":"mlp","init":"he","norm":"none","order":"preact","skip":[{"branch_scale":"1/sqrt(depth)","each":1,"from":"k","join":"add","to":"k+1","trainable":false,"transform":"identity"}],"width":8}`
)

// lab is a small library of two hypotheses of one principle, with a clock and chance of its own.
type lab struct {
	t     testing.TB
	lib   *store.Library
	now   time.Time
	trial int
	env   hypotheses.Env // of locks, runs and trials
	why   string         // runs insist, for this reason
}

func newLab(t testing.TB, names ...string) *lab {
	t.Helper()
	l := &lab{t: t, env: world(), now: time.Date(2026, 11, 14, 9, 0, 0, 0, time.UTC)}
	var err error
	l.lib, err = store.Init(t.Context(), filepath.Join(t.TempDir(), "lib"), store.Options{
		Now: func() time.Time { l.now = l.now.Add(time.Second); return l.now }, Rand: chance{rand.NewChaCha8([32]byte{1})},
	})
	must(t, err)
	t.Cleanup(func() { l.lib.Close() })
	l.update(func(tx *store.Tx) error {
		p, err := principles.Add(tx, principles.Principle{Name: "the path", Statement: "A path kept open lets deep nets learn."})
		if err != nil {
			return err
		}
		task := hypotheses.Task{ID: tx.NewID(), Key: "D1", Name: "digits", Kind: "classification"}
		if err := tx.Put("task.added", hypotheses.KindTask, task.ID, task, ""); err != nil {
			return err
		}
		for _, name := range names {
			if _, err := hypotheses.Add(tx, hypotheses.Hypothesis{
				PrincipleID: p.ID, Kind: hypotheses.Confirmatory, Alias: name, Title: "with and without", Statement: "The residual net “res” is more accurate.",
				Estimand: hypotheses.Estimand{Type: "contrast", DS: "acc(res) - acc(plain)"}, Metric: "test accuracy", TaskID: task.ID,
				Arms: []hypotheses.Arm{{Name: "plain", Spec: plainNet}, {Name: "res", Spec: resNet}},
				Decision: &hypotheses.DecisionSpec{
					Kind: "greater", Reduction: "paired", Arms: []string{"res", "plain"}, Metric: "test_accuracy", Better: "higher", Transform: "identity",
					Worst: 0.1, Delta: 0.05, Center: "pseudomedian", Divergence: "gate", Constant: "forbid", Role: "core", Expect: "validated",
					Setting: "digits / mlp", NMin: 5, NMax: 60,
				},
			}); err != nil {
				return err
			}
		}
		return nil
	})
	return l
}

func (l *lab) update(fn func(*store.Tx) error) {
	l.t.Helper()
	_, err := l.lib.Update(l.t.Context(), "ben", fn)
	must(l.t, err)
}

func world() hypotheses.Env {
	return hypotheses.Env{StudyID: "paths", EngineVersion: "1", VCS: "abc", KernelPath: "portable", DataSHA: "d1"}
}

func (l *lab) find(name string) (h hypotheses.Hypothesis) {
	l.t.Helper()
	must(l.t, l.lib.View(func(tx *store.Tx) (err error) { h, err = hypotheses.Find(tx, name); return err }))
	return h
}

func (l *lab) lock(name string) {
	l.t.Helper()
	l.update(func(tx *store.Tx) error { _, err := hypotheses.Lock(tx, name, l.env); return err })
}

// decide locks and runs a hypothesis to its verdict; gap is how much better the first arm is.
func (l *lab) decide(name string, gap float64) hypotheses.Hypothesis {
	l.t.Helper()
	l.lock(name)
	l.run(name, gap, 60)
	return l.find(name)
}

// run logs at most n further blocks and ends the run.
func (l *lab) run(name string, gap float64, n int) {
	l.t.Helper()
	h := l.find(name)
	var run string
	first := 0
	l.update(func(tx *store.Tx) (err error) {
		run = tx.NewID()
		if l.why != "" {
			_, err = hypotheses.StartAnyway(tx, name, run, l.env, l.why)
		} else {
			_, err = hypotheses.Start(tx, name, run, false, l.env)
		}
		if err != nil {
			return err
		}
		first, err = hypotheses.NextBlock(tx, run)
		return err
	})
	for b := first; b < first+n; b++ {
		var p hypotheses.Progress
		l.update(func(tx *store.Tx) (err error) {
			blk := hypotheses.Block{RunID: run, B: b}
			for i, arm := range h.Decision.Arms {
				m := 0.8 + 0.01*float64((7*b+3*i)%5)
				if i == 0 {
					m += gap
				}
				ref, err := l.put(tx, h, run, arm, b, m)
				if err != nil {
					return err
				}
				blk.Trials = append(blk.Trials, ref)
			}
			p, err = hypotheses.PutBlock(tx, blk)
			return err
		})
		if p.Done || p.Full {
			break
		}
	}
	l.update(func(tx *store.Tx) error { _, err := hypotheses.Finish(tx, run); return err })
}

// put stores a trial that was not trained but has all the records of one.
func (l *lab) put(tx *store.Tx, h hypotheses.Hypothesis, run, arm string, b int, m float64) (hypotheses.TrialRef, error) {
	l.trial++
	a, _ := h.Arm(arm)
	spec, err := net.Parse([]byte(a.Spec))
	if err != nil {
		return hypotheses.TrialRef{}, err
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return hypotheses.TrialRef{}, err
	}
	curve, err := l.lib.Vault().PutBytes(l.t.Context(), fmt.Appendf(nil, "curve %d", l.trial))
	if err != nil {
		return hypotheses.TrialRef{}, err
	}
	t := runner.Trial{
		ID: tx.NewID(), RunID: run, HypothesisID: h.ID, Arm: arm, Block: b, CurveSHA: curve, WeightsSHA: curve, Attempt: 1,
		Metrics: map[string]store.Real{"test_accuracy": store.Real(m)}, Engine: runner.EngineInfo{Version: "1", KernelPath: "portable"},
		Job: runner.Job{Net: text, Task: "D1", Data: l.env.DataSHA, Steps: 20, Batch: 64, Rate: 1e-3, Study: "paths", Hypothesis: h.Alias, Block: b, Scope: "*", Engine: "1", KernelPath: "portable"},
	}
	if t.Key, err = t.Job.Key(); err != nil {
		return hypotheses.TrialRef{}, err
	}
	return hypotheses.TrialRef{Arm: arm, TrialID: t.ID, Key: t.Key, Metric: store.Real(m)}, tx.PutFinal("trial.done", runner.KindTrial, t.ID, t, "")
}
