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

// keep commits a finished trial, its curve to the vault first.
func (l ledger) keep(ctx context.Context, run Record, armName string, j Job, attempt int, w *wireResult) (Trial, error) {
	key, err := j.Key()
	if err != nil {
		return Trial{}, err
	}
	sha, err := l.lib.Vault().PutBytes(context.WithoutCancel(ctx), w.Curve)
	if err != nil {
		return Trial{}, fmt.Errorf("runner: %s: curve: %w", run.Alias, err)
	}
	log := ""
	if len(w.Log) > 0 {
		if log, err = l.lib.Vault().PutBytes(context.WithoutCancel(ctx), w.Log); err != nil {
			return Trial{}, fmt.Errorf("runner: %s: log: %w", run.Alias, err)
		}
	}
	t := Trial{
		Key: key, RunID: run.ID, HypothesisID: run.HypothesisID, Arm: armName, Block: j.Block, Job: j,
		Metrics: w.Metrics, Diverged: w.Diverged, DivergedAt: w.DivergedAt, CurveSHA: sha, WeightsSHA: w.WeightsSHA, LogSHA: log,
		Attempt: attempt, Usage: w.Usage, Engine: run.Engine,
	}
	if t.Metrics == nil {
		t.Metrics = map[string]store.Real{}
	}
	err = l.update(ctx, func(tx *store.Tx) error {
		t.ID, t.At = tx.NewID(), stamp(tx.Now())
		return tx.PutFinal("trial.done", KindTrial, t.ID, t, "")
	})
	return t, err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
