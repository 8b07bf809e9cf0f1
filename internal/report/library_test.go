package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tenet/hypotheses"
	"tenet/internal/pack"
	"tenet/internal/store"
	"tenet/runner"
	"tenet/runner/task"
	"tenet/studies"
)

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "tenet-report")
	if err != nil {
		panic(err)
	}
	templates = dir
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { os.RemoveAll(dir); os.Exit(code) }))
}

// templates holds the libraries that tests take copies of: making one takes seconds.
var templates string

// decidedStudy is the built-in study with one belief confirmed and one refuted.
func decidedStudy(t testing.TB) *store.Library {
	t.Helper()
	template := filepath.Join(templates, "decided")
	if _, err := os.Stat(template); err != nil {
		lib := freshlyDecided(t)
		must(t, lib.Close())
		must(t, os.CopyFS(template, os.DirFS(lib.Dir())))
	}
	dir := filepath.Join(t.TempDir(), "lib")
	must(t, os.CopyFS(dir, os.DirFS(template)))
	lib, err := store.Open(t.Context(), dir, store.Options{})
	must(t, err)
	t.Cleanup(func() { lib.Close() })
	return lib
}

func freshlyDecided(t testing.TB) *store.Library {
	t.Helper()
	lib := skipStudy(t)
	decide(t, lib, "H01", 0.12)
	decide(t, lib, "H23", -0.10)
	return lib
}

// chance is a reader of numbers that are the same each time.
type chance struct{ r *rand.ChaCha8 }

func (c chance) Read(b []byte) (int, error) { return c.r.Read(b) }

// skipStudy is a library with the built-in study, with a clock and chance of its own.
func skipStudy(t testing.TB) *store.Library {
	t.Helper()
	now := time.Date(2026, 11, 14, 9, 0, 0, 0, time.UTC)
	lib, err := store.Init(t.Context(), filepath.Join(t.TempDir(), "lib"), store.Options{
		Now:  func() time.Time { now = now.Add(time.Second); return now },
		Rand: chance{rand.NewChaCha8([32]byte{1})},
	})
	must(t, err)
	t.Cleanup(func() { lib.Close() })
	_, err = pack.Import(t.Context(), lib, "ben", studies.Skip(), "skip")
	must(t, err)
	return lib
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func update(t testing.TB, lib *store.Library, fn func(*store.Tx) error) {
	t.Helper()
	_, err := lib.Update(t.Context(), "ben", fn)
	must(t, err)
}

// world is the machine that the pretended runs ran on.
func world() hypotheses.Env {
	return hypotheses.Env{
		StudyID: "skip", EngineVersion: "1", KernelPath: "portable",
		DataSHA: digest("data"), TrainingDigest: digest("training"),
	}
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// decide locks a hypothesis and logs blocks with pretended trials until the rule
// gives its verdict; gap is how much better the first arm is on average.
func decide(t testing.TB, lib *store.Library, name string, gap float64) {
	t.Helper()
	update(t, lib, func(tx *store.Tx) error { _, err := hypotheses.Lock(tx, name, world()); return err })
	run := runner.Record{State: runner.RunRunning, Study: "skip", Engine: runner.EngineInfo{Version: "1", KernelPath: "portable"}, Jobs: 2, Steps: 300}
	var h hypotheses.Hypothesis
	update(t, lib, func(tx *store.Tx) (err error) {
		if h, err = hypotheses.Find(tx, name); err != nil {
			return err
		}
		run.ID, run.HypothesisID = tx.NewID(), h.ID
		if run.Alias, err = tx.NewAlias("R"); err != nil {
			return err
		}
		if err := tx.PutFinal("run.started", runner.KindRun, run.ID, run, ""); err != nil {
			return err
		}
		_, err = hypotheses.Start(tx, name, run.ID, false, world())
		return err
	})
	r := rand.New(rand.NewPCG(1, uint64(len(name))))
	for b, done := 0, false; !done; b++ {
		block := hypotheses.Block{RunID: run.ID, B: b}
		for i, arm := range h.Decision.Arms {
			acc := 0.80 + 0.02*r.NormFloat64()
			if i == 0 {
				acc += gap
			}
			block.Trials = append(block.Trials, pretend(t, lib, run, h, arm, b, min(acc, 0.999)))
		}
		update(t, lib, func(tx *store.Tx) error {
			p, err := hypotheses.PutBlock(tx, block)
			done = p.Done || p.Full
			return err
		})
		run.Blocks++
		run.Trials += len(block.Trials)
	}
	update(t, lib, func(tx *store.Tx) error {
		rec, err := hypotheses.Finish(tx, run.ID)
		if err != nil {
			return err
		}
		run.State, run.Verdict, run.Reason, run.WallMS, run.CPUMS = runner.RunDecided, rec.Verdict, rec.Reason, 41_000, 78_500
		return tx.PutFinal("run.decided", runner.KindRun, run.ID, run, "")
	})
}

// pretend stores a trial with a smooth curve that ends at its accuracy.
func pretend(t testing.TB, lib *store.Library, run runner.Record, h hypotheses.Hypothesis, arm string, block int, acc float64) hypotheses.TrialRef {
	t.Helper()
	var c task.Curve
	for step := 0; step <= 300; step += 20 {
		p := task.Point{Step: step, Loss: float32(2.3*math.Exp(-float64(step)/90) + 0.2*(1-acc)), TrainError: float32(math.NaN()), TestError: float32(math.NaN())}
		if step%60 == 0 {
			p.TestError = float32((1 - acc) + (acc-0.1)*math.Exp(-float64(step)/50))
		}
		c = append(c, p)
	}
	sha, err := lib.Vault().PutBytes(context.WithoutCancel(t.Context()), c.Bytes())
	must(t, err)
	tr := runner.Trial{
		Key: digest(fmt.Sprint(h.Alias, arm, block)), RunID: run.ID, HypothesisID: h.ID, Arm: arm, Block: block, CurveSHA: sha,
		Metrics: map[string]store.Real{h.Decision.Metric: store.Real(acc)}, Engine: run.Engine, Attempt: 1,
	}
	update(t, lib, func(tx *store.Tx) error {
		tr.ID = tx.NewID()
		return tx.PutFinal("trial.done", runner.KindTrial, tr.ID, tr, "")
	})
	return hypotheses.TrialRef{Arm: arm, TrialID: tr.ID, Key: tr.Key, Metric: store.Real(acc)}
}
