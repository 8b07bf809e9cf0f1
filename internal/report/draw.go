package report

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tenet/hypotheses"
	"tenet/internal/report/figures"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/runner"
	"tenet/runner/net"
)

// Drawn is the pictures of a study.
type Drawn struct {
	Figures []figures.Figure
	Missing []string // what could not be drawn, and what it waits for
}

// DrawOptions say what is drawn. The zero value is everything that may be seen.
type DrawOptions struct {
	// Unfinished draws the training curves of plans that have no verdict yet, as far as they are there. Nothing
	// else does: whoever sees the arms' numbers can stop when they please.
	Unfinished bool
}

// Draw makes every picture that the library has the numbers for.
func Draw(ctx context.Context, lib *store.Library, o DrawOptions) (Drawn, error) {
	var d Drawn
	err := lib.View(func(tx *store.Tx) (err error) {
		d, err = drawn(ctx, lib, tx, o, true)
		return err
	})
	if err != nil {
		return Drawn{}, fmt.Errorf("report: figures: %w", err)
	}
	return d, nil
}

// drawn makes them of one state of the ledger; without all only those that stand in the report.
func drawn(ctx context.Context, lib *store.Library, tx *store.Tx, o DrawOptions, all bool) (d Drawn, err error) {
	g, err := gather(ctx, lib, tx, o)
	if err != nil {
		return d, err
	}
	steps := []func(*Drawn) error{g.forest, g.depths, g.gaps, g.calibration}
	if all {
		steps = append(steps, g.costBenefit, g.years, g.evidence)
	}
	for _, step := range steps {
		if err := step(&d); err != nil {
			return d, err
		}
	}
	return d, nil
}

// gathered is what pictures are made from, read once.
type gathered struct {
	ctx        context.Context //nolint:containedctx // lives for one call of Draw
	lib        *store.Library
	tx         *store.Tx
	o          DrawOptions
	principles []principles.Principle
	plans      []planned // by principle, hypotheses before replications
	trials     map[string]runner.Trial
	tried      map[string][]runner.Trial // by hypothesis: trained in confirmatory runs, the search for rates among them
	bases      []string                  // what the energy of the trials rests on, each once
}

// planned is a hypothesis with its principle and its confirmatory blocks.
type planned struct {
	hypotheses.Hypothesis
	principle principles.Principle
	blocks    []hypotheses.Block
	nets      map[string]net.Spec // of its arms, by name
}

func gather(ctx context.Context, lib *store.Library, tx *store.Tx, o DrawOptions) (*gathered, error) {
	g := &gathered{ctx: ctx, lib: lib, tx: tx, o: o, trials: map[string]runner.Trial{}, tried: map[string][]runner.Trial{}}
	for p, err := range principles.All(tx) {
		if err != nil {
			return nil, err
		}
		g.principles = append(g.principles, p)
	}
	slices.SortStableFunc(g.principles, func(a, b principles.Principle) int { return byAlias(a.Alias, b.Alias) })
	exploratory := map[string]bool{}
	for r, err := range store.All[runner.Record](tx, runner.KindRun) {
		if err != nil {
			return nil, err
		}
		exploratory[r.ID] = r.Exploratory
	}
	for t, err := range store.All[runner.Trial](tx, runner.KindTrial) {
		if err != nil {
			return nil, err
		}
		g.trials[t.ID] = t
		if exploratory[t.RunID] {
			continue
		}
		g.tried[t.HypothesisID] = append(g.tried[t.HypothesisID], t)
		if b := t.Usage.Basis; b != "" && !slices.Contains(g.bases, b) {
			g.bases = append(g.bases, b)
		}
	}
	for _, p := range g.principles {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var own []planned
		for h, err := range hypotheses.Of(tx, p.ID) {
			if err != nil {
				return nil, err
			}
			if h.Decision == nil || h.NextID != "" {
				continue
			}
			blocks, err := hypotheses.BlocksOf(tx, h.ID)
			if err != nil {
				return nil, err
			}
			task, err := hypotheses.FindTask(tx, h.TaskID)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			own = append(own, planned{h, p, blocks, runner.Nets(task, h)})
		}
		slices.SortStableFunc(own, func(a, b planned) int { return inOrder(a.Hypothesis, b.Hypothesis) })
		g.plans = append(g.plans, own...)
	}
	return g, nil
}

// verdict is the word of a decided hypothesis, "" for any other.
func (p planned) verdict() string {
	if p.Verdict == nil {
		return ""
	}
	return p.Verdict.Verdict
}

// used gives the trials that a hypothesis' blocks rest on, wherever they were trained.
func (g *gathered) used(p planned) []runner.Trial {
	var out []runner.Trial
	for _, b := range p.blocks {
		for _, ref := range b.Trials {
			if t, ok := g.trials[ref.TrialID]; ok {
				t.Arm, t.Block = ref.Arm, b.B // as this hypothesis calls them
				out = append(out, t)
			}
		}
	}
	return out
}
