package runner

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// ledger is the run's side of the library: the cache, and everything that a run writes.
type ledger struct {
	lib   *store.Library
	actor string
}

// update writes even while the run is being cancelled: what is finished is kept.
func (l ledger) update(ctx context.Context, fn func(*store.Tx) error) error {
	_, err := l.lib.Update(context.WithoutCancel(ctx), l.actor, fn)
	return err
}

// find looks a trial up by its key.
func (l ledger) find(key string) (Trial, bool, error) {
	var t Trial
	found := false
	err := l.lib.View(func(tx *store.Tx) error {
		for got, err := range store.Refs[Trial](tx, KindTrial, "key", key) {
			if err != nil {
				return err
			}
			t, found = got, true
			break
		}
		return nil
	})
	return t, found, err
}

// begin records the start of a run.
func (l ledger) begin(ctx context.Context, p *plan, o Options) (Record, error) {
	var r Record
	err := l.update(ctx, func(tx *store.Tx) error {
		id := tx.NewID()
		if _, err := hypotheses.Start(tx, p.h.ID, id, o.Exploratory, p.env); err != nil {
			return err
		}
		if err := endDead(tx, p.h.ID); err != nil {
			return err
		}
		alias, err := runAlias(tx)
		if err != nil {
			return err
		}
		r = Record{
			ID: id, Alias: alias, HypothesisID: p.h.ID, Exploratory: o.Exploratory, State: RunRunning, Study: p.study,
			Engine: Engine(), Jobs: o.Jobs, Steps: p.steps, StartedAt: stamp(tx.Now()),
		}
		return tx.PutFinal("run.began", KindRun, r.ID, r, "")
	})
	return r, err
}

// firstRun is the number of a library's first run. The replications of a study are named R1, R2, … too,
// and a pack with them may be imported after runs were made; names are never used twice.
const firstRun = 101

func runAlias(tx *store.Tx) (string, error) {
	alias, err := tx.NewAlias("R")
	if err != nil {
		return "", err
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(alias, "R")); err == nil && n < firstRun {
		return "R" + strconv.Itoa(firstRun), nil
	}
	return alias, nil
}

// endDead marks runs whose process died: the library has one owner, so a record that still says running when
// another run of the hypothesis begins is of a process that is gone.
func endDead(tx *store.Tx, hypothesisID string) error {
	for r, err := range Runs(tx, hypothesisID) {
		if err != nil {
			return err
		}
		if r.State != RunRunning {
			continue
		}
		r.State, r.Why = RunStopped, "its process ended before it did"
		if err := tx.PutFinal("run.stopped", KindRun, r.ID, r, r.Why); err != nil {
			return err
		}
	}
	return nil
}

// put writes the run's record as it stands.
func (l ledger) put(ctx context.Context, verb string, r Record) error {
	return l.update(ctx, func(tx *store.Tx) error { return tx.PutFinal(verb, KindRun, r.ID, r, r.Why) })
}

// kept is a result on its way into the ledger.
type kept struct {
	arm     string
	job     Job
	attempt int
	result  *wireResult
	curve   string // in the vault
}

// keep commits finished trials, whose curves are in the vault, in one write.
func (l ledger) keep(ctx context.Context, run Record, results []kept) ([]Trial, error) {
	trials := make([]Trial, len(results))
	for i, k := range results {
		t, err := l.trial(ctx, run, k)
		if err != nil {
			return nil, fmt.Errorf("runner: %s: arm %s: %w", run.Alias, k.arm, err)
		}
		trials[i] = t
	}
	err := l.update(ctx, func(tx *store.Tx) error {
		for i := range trials {
			t := &trials[i]
			t.ID, t.At = tx.NewID(), stamp(tx.Now())
			if err := tx.PutFinal("trial.done", KindTrial, t.ID, *t, ""); err != nil {
				return err
			}
		}
		return nil
	})
	return trials, err
}

// trial is a result as the ledger holds it, but for id and time.
func (l ledger) trial(ctx context.Context, run Record, k kept) (Trial, error) {
	ctx = context.WithoutCancel(ctx)
	w := k.result
	key, err := k.job.Key()
	if err != nil {
		return Trial{}, err
	}
	log := ""
	if len(w.Log) > 0 {
		if log, err = l.lib.Vault().PutBytes(ctx, w.Log); err != nil {
			return Trial{}, fmt.Errorf("log: %w", err)
		}
	}
	t := Trial{
		Key: key, RunID: run.ID, HypothesisID: run.HypothesisID, Arm: k.arm, Block: k.job.Block, Job: k.job,
		Metrics: w.Metrics, Diverged: w.Diverged, DivergedAt: w.DivergedAt, CurveSHA: k.curve, WeightsSHA: w.WeightsSHA, LogSHA: log,
		Attempt: k.attempt, Usage: w.Usage, Engine: run.Engine,
	}
	if t.Metrics == nil {
		t.Metrics = map[string]store.Real{}
	}
	return t, nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
