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

// tune finds each arm's learning rate: the one of the grid with the highest mean score, the smaller of equals.
// The score is the task's own metric on the validation part; a task whose batches are drawn afresh is scored on
// fresh points of the tuning streams, and a command answers its metric. The rates then hold for all blocks.
func (r *run) tune(ctx context.Context) error {
	p := r.plan
	if p.grid == nil {
		r.rec.Rates = map[string]store.Real{}
		for _, a := range p.arms {
			r.rec.Rates[a.name] = store.Real(a.rate)
		}
		return nil
	}
	r.show.note(fmt.Sprintf("choosing each arm's learning rate from %v %s", p.grid, p.tunedOn()))
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
		rate, score, err := best(p.grid, mine, p.tuningScore)
		if err != nil {
			return fmt.Errorf("runner: %s: arm %s: %w", p.h.Alias, a.name, err)
		}
		a.rate = rate
		r.rec.Rates[a.name] = store.Real(rate)
		r.show.note(fmt.Sprintf("arm %s: learning rate %g (score %.4g)", a.name, rate, score))
	}
	return r.ledger.put(ctx, "run.tuned", r.rec)
}

// all trains slots that need no order, reusing what is there.
func (r *run) all(ctx context.Context, slots []*slot) error {
	flying, given := 0, 0
	for {
		for flying < r.inFlight() && given < len(slots) {
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
		ended, err := r.hear(ctx)
		flying -= len(ended)
		if err != nil {
			return err
		}
	}
}

// tunedOn says in words what rates are chosen by.
func (p *plan) tunedOn() string {
	for _, a := range p.arms {
		switch {
		case a.exec != nil:
			return "by what the command answers when told that it is tuning"
		case a.task.Train == 0:
			return "on fresh points of streams of their own"
		}
	}
	return "on the validation part"
}

// tuningScore is what a trial of the search is judged by: more is better.
func (p *plan) tuningScore(t *Trial) float64 {
	if t.Job.Exec == nil {
		return float64(t.Metrics[task.ValidationScore])
	}
	m := float64(t.Metrics[p.metric])
	if p.h.Decision.Better == "lower" {
		return -m
	}
	return m
}

// best is the rate of grid whose trials score highest; slots hold the trials of each rate one after another.
// A rate of which a trial diverged comes after all of which none did; one of which a trial is missing cannot
// be chosen.
func best(grid []float64, slots []*slot, judge func(*Trial) float64) (rate, score float64, err error) {
	fewest := tuningSeeds + 1
	for i, g := range grid {
		diverged, whole, sum := 0, true, 0.0
		for _, s := range slots[i*tuningSeeds:][:tuningSeeds] {
			switch {
			case s.trial == nil:
				whole = false
			case s.trial.Diverged || math.IsNaN(judge(s.trial)):
				diverged++
			default:
				sum += judge(s.trial)
			}
		}
		mean := math.Inf(-1)
		if diverged < tuningSeeds {
			mean = sum / float64(tuningSeeds-diverged)
		}
		if whole && (diverged < fewest || diverged == fewest && mean > score) {
			rate, score, fewest = g, mean, diverged
		}
	}
	if fewest > tuningSeeds {
		return 0, 0, fmt.Errorf("no learning rate could be tried: %s", slots[0].missing)
	}
	return rate, score, nil
}
