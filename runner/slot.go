package runner

import (
	"context"
	"fmt"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// slot is the place of one trial in a run: an arm at a seed, and what came of it.
type slot struct {
	arm     arm
	job     Job
	key     string
	n       int    // number of the trial within the run, from 1
	trial   *Trial // its outcome
	missing string // why it has none
	done    bool
}

func (r *run) slot(a arm, j Job) (*slot, error) {
	key, err := j.Key()
	return &slot{arm: a, job: j, key: key}, err
}

// cached fills s from the ledger, if its trial is there.
func (r *run) cached(s *slot) (bool, error) {
	t, ok, err := r.ledger.find(s.key)
	if err != nil || !ok {
		return false, err
	}
	s.trial, s.done = &t, true
	r.pool.keeper.drop(s.key) // left by a process that died right after the trial was kept
	if !r.fresh[s.key] {
		r.rec.Reused++
	}
	return true, nil
}

// give hands s to a free worker.
func (r *run) give(ctx context.Context, s *slot) error {
	r.n++
	s.n = r.n
	r.flown[s.key] = true
	select {
	case r.pool.todo <- assignment{n: r.n, job: s.job, tag: s}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take puts a report where it belongs; s is done when it was the last of its trial.
func (r *run) take(ctx context.Context, rep report) (*slot, error) {
	s, ok := rep.tag.(*slot)
	if !ok {
		return nil, fmt.Errorf("runner: unreachable: a report without its trial")
	}
	switch {
	case rep.progress != nil:
		r.show.step(s, rep.progress)
	case rep.unkept != nil:
		r.show.unkept(rep.unkept)
	case rep.lost != nil:
		r.show.lost(s, rep)
	case rep.stopped != nil:
		return nil, rep.stopped
	case rep.missing != nil:
		s.done, s.missing = true, rep.missing.Error()
		r.show.note(fmt.Sprintf("block %d, arm %s: missing after %d attempts: %s", s.job.Block+1, s.arm.name, rep.attempt, s.missing))
	case rep.result != nil:
		t, err := r.keep(ctx, s, rep)
		if err != nil {
			return nil, err
		}
		s.trial, s.done = &t, true
		if rep.from > 0 {
			r.show.note(fmt.Sprintf("block %d, arm %s: went on at step %d, where an attempt before had come to", s.job.Block+1, s.arm.name, rep.from))
		}
		r.show.trial(s)
	}
	return s, nil
}

func (r *run) keep(ctx context.Context, s *slot, rep report) (Trial, error) {
	rep.result.Usage = rep.result.Usage.priced(r.options.Watts, r.options.Grid)
	t, err := r.ledger.keep(ctx, r.rec, s.arm.name, s.job, rep.attempt, rep.result)
	if err == nil {
		r.pool.keeper.drop(s.key)
		r.fresh[s.key] = true
		r.rec.Trials++
		r.rec.CPUMS += t.Usage.CPUMS
		r.rec.EnergyJ += t.Usage.EnergyJ
		r.rec.CO2G += t.Usage.CO2G
	}
	return t, err
}

// ref is s as a block logs it.
func (s *slot) ref(metric string) hypotheses.TrialRef {
	ref := hypotheses.TrialRef{Arm: s.arm.name, Key: s.key, Missing: s.trial == nil}
	if s.trial == nil {
		return ref
	}
	ref.TrialID, ref.Diverged = s.trial.ID, s.trial.Diverged
	m, ok := s.trial.Metrics[metric]
	if ref.Metric = m; !ok || s.trial.Diverged {
		ref.Metric = store.Real(notANumber())
		ref.Diverged = true // every trained net has its metric; without one it diverged
	}
	return ref
}
