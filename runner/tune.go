package runner

import (
	"context"
	"fmt"
	"math"

	"tenet/internal/store"
	"tenet/runner/task"
)

// tuningSeeds is how many seeds each learning rate is tried on. Their streams have names of their own, so
// nothing that is scored has been seen.
const tuningSeeds = 2

// tune finds each arm's learning rate: the one of the grid with the highest mean accuracy on the validation
// part, the smaller of equals. The rates then hold for all blocks.
func (r *run) tune(ctx context.Context) error {
	p := r.plan
	if p.grid == nil {
		r.rec.Rates = map[string]store.Real{}
		for _, a := range p.arms {
			r.rec.Rates[a.name] = store.Real(a.rate)
		}
		return nil
	}
	r.show.note(fmt.Sprintf("choosing each arm's learning rate from %v on the validation part", p.grid))
	var slots []*slot
	for _, a := range p.arms {
		for _, rate := range p.grid {
			for seed := range tuningSeeds {
				a.rate = rate
				j := p.job(a, seed)
				j.Tuning, j.Lesions = true, nil
				s, err := r.slot(a, j)
				if err != nil {
					return err
				}
				slots = append(slots, s)
			}
		}
	}
	r.show.total = len(slots)
	if err := r.all(ctx, slots); err != nil {
		return err
	}
	r.rec.Rates = map[string]store.Real{}
	for i := range p.arms {
		a := &p.arms[i]
		mine := slots[i*len(p.grid)*tuningSeeds:][:len(p.grid)*tuningSeeds]
		rate, score, err := best(p.grid, mine)
		if err != nil {
			return fmt.Errorf("runner: %s: arm %s: %w", p.h.Alias, a.name, err)
		}
		a.rate = rate
		r.rec.Rates[a.name] = store.Real(rate)
		r.show.note(fmt.Sprintf("arm %s: learning rate %g (validation accuracy %.3f)", a.name, rate, score))
	}
	return r.ledger.put(ctx, "run.tuned", r.rec)
}

// all trains slots that need no order, reusing what is there.
func (r *run) all(ctx context.Context, slots []*slot) error {
	flying, given := 0, 0
	for {
		for flying < r.options.Jobs && given < len(slots) {
			s := slots[given]
			given++
			if ok, err := r.cached(s); ok || err != nil {
				if err != nil {
					return err
				}
				r.show.reused(s)
				continue
			}
			if err := r.give(ctx, s); err != nil {
				return err
			}
			flying++
		}
		if flying == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case rep := <-r.pool.reports:
			s, err := r.take(ctx, rep)
			if err != nil {
				return err
			}
			if s.done {
				flying--
			}
		}
	}
}

// best is the rate of grid whose trials score highest; slots hold the trials of each rate one after another.
// A diverged trial scores 0; a rate of which a trial is missing cannot be chosen.
func best(grid []float64, slots []*slot) (rate, score float64, err error) {
	score = math.Inf(-1)
	for i, g := range grid {
		sum := 0.0
		for _, s := range slots[i*tuningSeeds:][:tuningSeeds] {
			if s.trial == nil {
				sum = math.Inf(-1)
				break
			}
			sum += float64(s.trial.Metrics[task.ValidationAccuracy])
		}
		if mean := sum / tuningSeeds; mean > score {
			rate, score = g, mean
		}
	}
	if math.IsInf(score, -1) {
		return 0, 0, fmt.Errorf("no learning rate could be tried: %s", slots[0].missing)
	}
	return rate, score, nil
}
