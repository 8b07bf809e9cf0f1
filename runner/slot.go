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

// give queues s for a worker.
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

// hear waits for a report, takes all that have come by then, and gives the slots whose trials they ended. The
// results among them are committed together: one write to the disk, while the workers train on.
func (r *run) hear(ctx context.Context) ([]*slot, error) {
	var reps []report
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case rep := <-r.pool.reports:
		reps = append(reps, rep)
	}
	for more := true; more; {
		select {
		case rep := <-r.pool.reports:
			reps = append(reps, rep)
		default:
			more = false
		}
	}
	if err := r.keep(ctx, reps); err != nil {
		return nil, err
	}
	var ended []*slot
	for _, rep := range reps {
		s, err := r.take(rep)
		if err != nil {
			return ended, err
		}
		if s.done && rep.progress == nil {
			ended = append(ended, s)
		}
	}
	return ended, nil
}

// take puts a report where it belongs; its trial, where it brings one, has been kept.
func (r *run) take(rep report) (*slot, error) {
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
		s.done = true
		if rep.from > 0 {
			r.show.note(fmt.Sprintf("block %d, arm %s: went on at step %d, where an attempt before had come to", s.job.Block+1, s.arm.name, rep.from))
		}
		r.show.trial(s)
	}
	return s, nil
}

// keep commits the results among reports and gives their slots the trials.
func (r *run) keep(ctx context.Context, reps []report) error {
	var slots []*slot
	var results []kept
	for _, rep := range reps {
		s, ok := rep.tag.(*slot)
		if !ok || rep.result == nil {
			continue
		}
		if rep.broken != nil {
			return fmt.Errorf("runner: %s: arm %s: curve: %w", r.rec.Alias, s.arm.name, rep.broken)
		}
		rep.result.Usage = rep.result.Usage.priced(r.options.Watts, r.options.Grid)
		slots = append(slots, s)
		results = append(results, kept{s.arm.name, s.job, rep.attempt, rep.result, rep.curve})
	}
	if len(slots) == 0 {
		return nil
	}
	trials, err := r.ledger.keep(ctx, r.rec, results)
	if err != nil {
		return err
	}
	for i, s := range slots {
		t := trials[i]
		s.trial = &t
		r.pool.keeper.drop(s.key)
		r.fresh[s.key] = true
		r.rec.Trials++
		r.rec.CPUMS += t.Usage.CPUMS
		r.rec.EnergyJ += t.Usage.EnergyJ
		r.rec.CO2G += t.Usage.CO2G
		r.rec.Basis = t.Usage.Basis
	}
	return nil
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
