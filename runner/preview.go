package runner

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/runner/net"
)

// Cost is what a run is thought to cost, and how likely each verdict is. It rests on a few timed steps on
// seeds of their own and on simulated blocks: no outcome of the study is used.
type Cost struct {
	Hypothesis string              `json:"hypothesis"`
	Arms       []ArmCost           `json:"arms"`
	Tuning     int                 `json:"tuning_trials"` // before the first block
	NMin       int                 `json:"n_min"`
	NMax       int                 `json:"n_max"`
	Blocks     float64             `json:"blocks"` // expected at the effect that the pilot saw, else n_max
	Trials     float64             `json:"trials"` // expected, tuning included
	CPU        time.Duration       `json:"cpu_ns"`
	Wall       time.Duration       `json:"wall_ns"` // on Jobs workers
	Jobs       int                 `json:"jobs"`
	Scale      float64             `json:"scale,omitempty"` // spread of D assumed, from the pilot; 0: none
	Threshold  float64             `json:"threshold"`
	Forecasts  []decision.Forecast `json:"forecasts,omitempty"`
}

// ArmCost is one arm's share.
type ArmCost struct {
	Name     string        `json:"name"`
	Params   int           `json:"params"`
	GFLOP    float64       `json:"gflop"` // of a trial
	PerTrial time.Duration `json:"per_trial_ns"`
	Diagram  string        `json:"diagram"`
}

const (
	previewSteps     = 5 // of the short trial, which shows what starting costs; the long one has previewLonger more
	previewLonger    = 40
	previewSequences = 1000 // DECISION.md §9 asks for no fewer
)

// Preview times a few steps of each arm and simulates the rule.
func Preview(ctx context.Context, lib *store.Library, hypothesis string, o Options) (Cost, error) {
	o, err := o.filled()
	if err != nil {
		return Cost{}, err
	}
	o.Exploratory = true // nothing is recorded, and a draft may be looked at
	var p *plan
	var t float64
	if err := lib.View(func(tx *store.Tx) error {
		if p, err = makePlan(tx, hypothesis, o); err != nil {
			return err
		}
		tv, tr, err := hypotheses.Thresholds(tx, p.h.ID)
		t = max(tv, tr)
		return err
	}); err != nil {
		return Cost{}, err
	}
	c := Cost{Hypothesis: p.h.Alias, NMin: p.params.NMin, NMax: p.params.NMax, Jobs: o.Jobs, Threshold: t}
	if err := c.timeArms(ctx, p, o); err != nil {
		return Cost{}, err
	}
	c.Tuning = len(p.grid) * tuningSeeds * len(p.arms)
	if err := c.forecast(ctx, p); err != nil {
		return Cost{}, err
	}
	var block time.Duration
	for _, a := range c.Arms {
		block += a.PerTrial
	}
	c.Trials = c.Blocks*float64(len(c.Arms)) + float64(c.Tuning)
	c.CPU = time.Duration(float64(block) * c.Trials / float64(len(c.Arms)))
	c.Wall = c.CPU / time.Duration(o.Jobs)
	return c, nil
}

func (c *Cost) timeArms(ctx context.Context, p *plan, o Options) error {
	var jobs []Job
	for _, a := range p.arms {
		if p.grid != nil {
			a.rate = p.grid[0]
		}
		j := p.job(a, 0)
		j.Study, j.Steps, j.Lesions = "preview of nothing", previewSteps, nil
		k := j
		k.Steps += previewLonger
		jobs = append(jobs, j, k)
	}
	results, err := runJobs(ctx, Options{Jobs: 1, MemoryMB: o.MemoryMB, Command: o.Command}, jobs, nil)
	if err != nil {
		return err
	}
	for i, a := range p.arms {
		d, err := net.Describe(a.spec, p.task.IO())
		if err != nil {
			return err
		}
		short, long := results[2*i].Usage.busyMS(), results[2*i+1].Usage.busyMS()
		ms := float64(short) + float64(max(long-short, 0))*float64(p.steps-previewSteps)/previewLonger
		per := time.Duration(max(ms, 1) * float64(time.Millisecond))
		c.Arms = append(c.Arms, ArmCost{Name: a.name, Params: d.Params, GFLOP: d.FLOPs * float64(p.steps) / 1e9, PerTrial: per, Diagram: d.Diagram})
	}
	return nil
}

// forecast simulates the rule on the pilot's spread: at no effect, at Δ and at the effect that it saw.
func (c *Cost) forecast(ctx context.Context, p *plan) error {
	c.Blocks = float64(c.NMax)
	if p.h.Pilot == nil || !(p.h.Pilot.SD > 0) {
		return nil
	}
	c.Scale = float64(p.h.Pilot.SD)
	q := p.params
	q.TVal, q.TRef = c.Threshold, c.Threshold
	effects := []float64{0, float64(p.h.Decision.Delta) / c.Scale, float64(p.h.Pilot.Mean) / c.Scale}
	f, err := decision.Simulate(ctx, q, c.Scale, effects, previewSequences, 1)
	if err != nil {
		return err
	}
	c.Forecasts, c.Blocks = f, f[len(f)-1].MeanBlocks
	return nil
}

// String says it for people.
func (c Cost) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d to %d blocks of %d trials", c.Hypothesis, c.NMin, c.NMax, len(c.Arms))
	if c.Tuning > 0 {
		fmt.Fprintf(&b, " after %d tuning trials", c.Tuning)
	}
	b.WriteString("\n")
	for _, a := range c.Arms {
		fmt.Fprintf(&b, "  %-12s %7d parameters %7.1f GFLOP %8s a trial\n", a.Name, a.Params, a.GFLOP, a.PerTrial.Round(10*time.Millisecond))
	}
	words := []string{"no effect", "effect Δ", "pilot's effect"}
	for i, f := range c.Forecasts {
		fmt.Fprintf(&b, "  %-15s D = %+.3f: validated %.2f, refuted %.2f, blocks %.1f on average, nine in ten by %d\n", words[i], f.Theta, f.Validated, f.Refuted, f.MeanBlocks, f.Blocks90)
	}
	if c.Scale == 0 {
		b.WriteString("  no pilot, so the blocks are the most that can come\n")
	}
	fmt.Fprintf(&b, "  about %.0f trials, %s of processor time, %s on %d workers (threshold %.0f)", c.Trials, c.CPU.Round(time.Second), c.Wall.Round(time.Second), c.Jobs, c.Threshold)
	return b.String()
}
