package runner

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner/task"
)

func (s *study) wrong() (n int, wrong []hypotheses.Mismatch) {
	s.t.Helper()
	s.view(func(tx *store.Tx) (err error) { n, wrong, err = CheckTrials(tx); return err })
	return n, wrong
}

func TestALostBlockIsRepeatedWithTheSameSeeds(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(1500))
	s.lock()
	if res := s.run(Options{Jobs: 2, MaxBlocks: 1, Command: workerCommand("die")}); res.Record.Missing != 1 {
		t.Fatalf("got %+v", res)
	}
	res := s.run(Options{MaxBlocks: 2})
	if res.Record.Missing != 0 || res.Record.Informative != 2 {
		t.Errorf("after the repeat: missing %d, informative %d", res.Record.Missing, res.Record.Informative)
	}
	s.view(func(tx *store.Tx) error {
		blocks, err := hypotheses.BlocksOf(tx, s.h.ID)
		if len(blocks) != 2 || blocks[0].Retry != 1 || blocks[0].D == "missing" {
			t.Errorf("blocks: %+v", blocks)
		}
		if _, wrong, err := hypotheses.Replay(tx); err != nil || len(wrong) > 0 {
			t.Errorf("replay: %v %v", wrong, err)
		}
		return err
	})
	if n, wrong := s.wrong(); n != 4 || len(wrong) > 0 {
		t.Errorf("%d trials, %v", n, wrong)
	}
	// The same plan without a loss gives the same blocks.
	twin := newStudy(t, tinyArms(), fewSteps(1500))
	twin.lock()
	if again := twin.run(Options{MaxBlocks: 2}); again.Record.V != res.Record.V || again.Record.Estimate != res.Record.Estimate {
		t.Errorf("with a loss V %v, without %v", res.Record.V, again.Record.V)
	}
}

func TestTrialsThatAreNotThePlansAreNamed(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(5))
	s.lock()
	s.run(Options{MaxBlocks: 2})
	if n, wrong := s.wrong(); n < 4 || len(wrong) > 0 {
		t.Fatalf("%d trials, %v", n, wrong)
	}
	var first Trial
	s.view(func(tx *store.Tx) error {
		for tr, err := range store.All[Trial](tx, KindTrial) {
			if first = tr; tr.Block == 0 && tr.Arm == "res" || err != nil {
				return err
			}
		}
		return nil
	})
	for want, change := range map[string]func(*Trial){
		"its job has the key":                    func(t *Trial) { t.Job.Rate = 1 },
		"the trial gave 0.99":                    func(t *Trial) { t.Metrics = map[string]store.Real{"test_accuracy": 0.99} },
		"do not agree on whether it diverged":    func(t *Trial) { t.Diverged = true },
		"its seeds are those of study \"other\"": func(t *Trial) { t.Job.Study = "other"; t.Key, _ = t.Job.Key() },
		"block, engine or kernel":                func(t *Trial) { t.Engine.Version = "0" },
		"its net or command is not":              func(t *Trial) { t.Job.Net = []byte(`{}`); t.Key, _ = t.Job.Key() },
		"its data are ":                          func(t *Trial) { t.Job.Data = "x"; t.Key, _ = t.Job.Key() },
	} {
		bad := first
		change(&bad)
		var wrong []hypotheses.Mismatch
		back := errors.New("taken back")
		_, err := s.lib.Update(t.Context(), "tester", func(tx *store.Tx) error {
			if err := tx.PutFinal("trial.done", KindTrial, bad.ID, bad, ""); err != nil {
				return err
			}
			for b, err := range store.All[hypotheses.Block](tx, hypotheses.KindBlock) {
				if err != nil {
					return err
				}
				for i := range b.Trials {
					if b.Trials[i].TrialID == bad.ID && bad.Key != first.Key {
						b.Trials[i].Key = bad.Key
						if err := tx.PutFinal("block.logged", hypotheses.KindBlock, b.ID, b, ""); err != nil {
							return err
						}
					}
				}
			}
			var err error
			if _, wrong, err = CheckTrials(tx); err != nil {
				return err
			}
			return back
		})
		if !errors.Is(err, back) {
			t.Fatal(err)
		}
		found := false
		for _, w := range wrong {
			found = found || strings.Contains(w.What, want)
		}
		if !found {
			t.Errorf("want %q, got %v", want, wrong)
		}
	}
}

func TestRecordedTrialsTrainToTheSameBitsAgain(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(10))
	s.lock()
	s.run(Options{MaxBlocks: 2})
	o := Options{Command: workerCommand("sound")}
	rng := rand.New(rand.NewPCG(1, 2))
	got, err := Verify(t.Context(), s.lib, 3, rng, o)
	if err != nil || len(got.Reruns) != 3 || got.Candidates < 4 || len(got.Passed) > 0 || !strings.HasPrefix(got.String(), "3 of 3 trials trained again") {
		t.Fatalf("%s, %v", got, err)
	}
	for _, r := range got.Reruns {
		if !r.Same {
			t.Errorf("%.12s: %s", r.Trial.Key, r.Text)
		}
	}
	// An outcome that no training gave is found out, though every hash in the ledger fits.
	s.update(func(tx *store.Tx) error {
		for tr, err := range store.All[Trial](tx, KindTrial) {
			if err != nil {
				return err
			}
			tr.Metrics["test_accuracy"] += 0.01
			if err := tx.PutFinal("trial.done", KindTrial, tr.ID, tr, ""); err != nil {
				return err
			}
		}
		return nil
	})
	got, err = Verify(t.Context(), s.lib, 1, rng, o)
	if err != nil || got.Reruns[0].Same || !strings.Contains(got.Reruns[0].Text, "test_accuracy is ") {
		t.Errorf("%+v %v", got, err)
	}
}

// What cannot give the same bits here is named and counted, and never drawn.
func TestTrialsThatCannotBeRepeatedHereArePassedOverAloud(t *testing.T) {
	s := newStudy(t, tinyArms(), fewSteps(10))
	s.lock()
	s.run(Options{MaxBlocks: 3})
	n := 0
	change := func(what func(*Job)) func(tx *store.Tx, tr Trial) error {
		return func(tx *store.Tx, tr Trial) (err error) {
			what(&tr.Job)
			if tr.Key, err = tr.Job.Key(); err != nil {
				return err
			}
			return tx.PutFinal("trial.done", KindTrial, tr.ID, tr, "")
		}
	}
	changes := []func(*store.Tx, Trial) error{
		change(func(j *Job) { j.Engine = "2" }),
		change(func(j *Job) { j.KernelPath = "abacus" }),
		change(func(j *Job) { j.Exec = &External{} }),
		change(func(j *Job) {
			d5, err := task.Find("D5")
			if err != nil {
				t.Fatal(err)
			}
			j.Task, j.Data = "D5", d5.DataSHA()
		}),
	}
	s.update(func(tx *store.Tx) error {
		for tr, err := range store.All[Trial](tx, KindTrial) {
			if err != nil || n == len(changes) {
				return err
			}
			if err := changes[n](tx, tr); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	got, err := Verify(t.Context(), s.lib, 100, rand.New(rand.NewPCG(1, 2)), Options{Command: workerCommand("sound"), DataDir: t.TempDir()})
	if err != nil || n != len(changes) || len(got.Reruns) != got.Candidates || got.Candidates == 0 {
		t.Fatalf("%d changed: %s, %v", n, got, err)
	}
	said := strings.Join(got.Passed, "\n")
	for _, want := range []string{"1 passed over: they are of engine 2, this is ", "kernel path abacus, this machine runs ", "say --trust-exec", "tenet data add"} {
		if !strings.Contains(said, want) {
			t.Errorf("want %q in\n%s", want, said)
		}
	}
	if want := fmt.Sprintf("%d of 100 trials trained again, drawn from %d: %d gave the same bits", got.Candidates, got.Candidates, got.Candidates); got.String() != want {
		t.Errorf("%s, want %s", got, want)
	}
}
