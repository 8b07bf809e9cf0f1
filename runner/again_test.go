package runner

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// tinyStudy is H01 decided after few short trials.
func tinyStudy(t *testing.T) *study {
	t.Helper()
	s := newStudy(t, tinyArms(), func(h *hypotheses.Hypothesis, k *hypotheses.Task) { k.Training.Steps, h.Decision.NMax = 10, 6 })
	s.lock()
	s.run(Options{})
	return s
}

// replicate makes the independent run of H01 and locks it.
func (s *study) replicate() hypotheses.Hypothesis {
	s.t.Helper()
	var r hypotheses.Hypothesis
	s.update(func(tx *store.Tx) (err error) { r, _, err = hypotheses.Replicate(tx, "H01"); return err })
	env, err := LockEnv(s.lib, r.Alias)
	if err != nil {
		s.t.Fatal(err)
	}
	s.update(func(tx *store.Tx) error { _, err := hypotheses.Lock(tx, r.ID, env); return err })
	return r
}

func (s *study) keys(hypothesis string) map[string]Trial {
	s.t.Helper()
	out := map[string]Trial{}
	s.view(func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, hypothesis)
		if err != nil {
			return err
		}
		for t, err := range TrialsOf(tx, h.ID) {
			if err != nil {
				return err
			}
			out[t.Key] = t
		}
		return nil
	})
	return out
}

func TestAnIndependentRunSharesNoTrialWithTheOriginal(t *testing.T) {
	s := tinyStudy(t)
	r := s.replicate()
	res, err := Run(t.Context(), s.lib, "tester", r.Alias, Options{Command: workerCommand("sound")})
	if err != nil {
		t.Fatal(err)
	}
	first, second := s.keys("H01"), s.keys(r.Alias)
	if len(first) == 0 || len(second) == 0 || res.Reused != 0 || res.Trials != len(second) {
		t.Fatalf("%d and %d trials, %d reused", len(first), len(second), res.Reused)
	}
	weights := map[string]string{}
	for key, tr := range first {
		weights[tr.WeightsSHA] = key
	}
	for key, tr := range second {
		if _, shared := first[key]; shared {
			t.Errorf("trial %.12s is of both", key)
		}
		if other, shared := weights[tr.WeightsSHA]; shared {
			t.Errorf("trials %.12s and %.12s have the same weights", key, other)
		}
		if tr.Job.Hypothesis != r.Alias {
			t.Errorf("its seeds are of %s", tr.Job.Hypothesis)
		}
	}
	// The original is repeated without the other's trials, and the other alone.
	for name, n := range map[string]int{"H01": 12, r.Alias: 12} {
		if got, err := Repeat(t.Context(), s.lib, name, Options{Command: workerCommand("sound")}); err != nil || !got.Same() || got.Trials > n {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
}

func TestManyAreRepeatedInOneGoTheCostliestFirst(t *testing.T) {
	s := tinyStudy(t)
	r := s.replicate()
	if _, err := Run(t.Context(), s.lib, "tester", r.Alias, Options{Command: workerCommand("sound")}); err != nil {
		t.Fatal(err)
	}
	s.update(func(tx *store.Tx) error { // the second was costly, and its first block most of all
		for tr, err := range store.All[Trial](tx, KindTrial) {
			if err != nil {
				return err
			}
			if tr.Job.Hypothesis == r.Alias {
				tr.Usage.CPUMS = int64(10_000 - tr.Block)
				if err := tx.PutFinal("trial.done", KindTrial, tr.ID, tr, ""); err != nil {
					return err
				}
			}
		}
		return nil
	})
	var ended []string
	last := Event{}
	all, left, err := RepeatAll(t.Context(), s.lib, []string{"H01", "H77", r.Alias}, Options{Jobs: 1, Command: workerCommand("sound"), OnEvent: func(e Event) {
		if e.Kind == EventAgain && e.Done < last.Done {
			t.Errorf("done went from %d to %d", last.Done, e.Done)
		}
		last = e
	}}, func(g Repetition) { ended = append(ended, g.Hypothesis) })
	if err != nil || len(all) != 2 || len(left) != 1 || left[0].Hypothesis != "H77" || !errors.Is(left[0].Err, store.ErrNotFound) {
		t.Fatalf("all %v, left %v, %v", all, left, err)
	}
	if !slices.Equal(ended, []string{r.Alias, "H01"}) || all[0].Hypothesis != "H01" {
		t.Errorf("ended %v, given %s first", ended, all[0].Hypothesis)
	}
	if n := all[0].Trials + all[1].Trials; last.Done != n || last.Total != n || last.Different != 0 {
		t.Errorf("the last event: %+v", last)
	}
}

// A repetition that is stopped, by a person or by its budget, gives the account of what it came to.
func TestAStoppedRepetitionKeepsItsAccount(t *testing.T) {
	s := tinyStudy(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := Options{Jobs: 1, Command: workerCommand("sound"), OnEvent: func(e Event) {
		if e.Done == 3 {
			cancel()
		}
	}}
	all, _, err := RepeatAll(ctx, s.lib, []string{"H01"}, o, nil)
	if !errors.Is(err, context.Canceled) || len(all) != 1 || all[0].Whole() || all[0].Trained < 3 || !all[0].Same() || all[0].Again != nil {
		t.Errorf("stopped: %+v, %v", all, err)
	}
	if text := all[0].String(); !strings.Contains(text, "of "+count(all[0].Trials, "trial")) || !strings.Contains(text, "the rest was not trained") {
		t.Errorf("in words: %s", text)
	}
	before := s.lib.Seq()
	all, _, err = RepeatAll(t.Context(), s.lib, []string{"H01"}, Options{Jobs: 1, Budget: time.Nanosecond, Command: workerCommand("sound")}, nil)
	if err != nil || len(all) != 1 || all[0].Whole() {
		t.Errorf("without time: %+v, %v", all, err)
	}
	if s.lib.Seq() != before {
		t.Error("it wrote to the ledger")
	}
}

// On another path or engine both verdicts are shown, although the bits are the same.
func TestARepetitionElsewhereComparesTheVerdicts(t *testing.T) {
	s := tinyStudy(t)
	s.update(func(tx *store.Tx) error {
		for tr, err := range TrialsOf(tx, s.h.ID) {
			if err != nil {
				return err
			}
			tr.Job.KernelPath, tr.Job.Engine = "abacus", "0"
			if err := tx.PutFinal("trial.done", KindTrial, tr.ID, tr, ""); err != nil {
				return err
			}
		}
		return nil
	})
	got, err := Repeat(t.Context(), s.lib, "H01", Options{Command: workerCommand("sound")})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Same() || got.Recorded != "abacus" || got.RecordedBy != "0" || got.Again == nil || *got.Again != got.Record {
		t.Errorf("got %+v", got)
	}
	text := got.String() + "\n" + strings.Join(got.Details(), "\n")
	for _, want := range []string{"engine 3, recorded by 0", ", recorded on abacus", "all bits equal", "on record: ", "again:     "} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
}

func TestWhatCannotBeTrainedHereIsSaid(t *testing.T) {
	s := tinyStudy(t)
	got, err := Repeat(t.Context(), s.lib, "H01", Options{Jobs: 1, Command: workerCommand("die")})
	if err != nil {
		t.Fatal(err)
	}
	if got.Same() || len(got.Different) != got.Trials || !strings.Contains(got.Different[0].Text, "not trained in 3 attempts") || got.Again.Verdict == got.Record.Verdict && got.Again.Reason == got.Record.Reason {
		t.Errorf("a worker that always dies: %+v", got)
	}
	s.update(func(tx *store.Tx) error {
		for tr, err := range TrialsOf(tx, s.h.ID) {
			if err != nil {
				return err
			}
			tr.Job.Task = "D4" // whose images somebody must bring
			if err := tx.PutFinal("trial.done", KindTrial, tr.ID, tr, ""); err != nil {
				return err
			}
		}
		return nil
	})
	_, err = Repeat(t.Context(), s.lib, "H01", Options{Command: workerCommand("sound")})
	if _, ok := errors.AsType[*NoDataError](err); !ok || !strings.Contains(err.Error(), "tenet data add") {
		t.Errorf("without its data: %v", err)
	}
}
