package runner

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner/task"
)

// Cost is what a run is thought to cost, and how likely each verdict is. It rests on a few timed steps on
// seeds of their own and on simulated blocks: no outcome of the study is used.
type Cost struct {
	Hypothesis string        `json:"hypothesis"`
	Arms       []ArmCost     `json:"arms"`
	Tuning     int           `json:"tuning_trials"` // before the first block
	NMin       int           `json:"n_min"`
	NMax       int           `json:"n_max"`
	Blocks     float64       `json:"blocks"` // expected at the effect that the pilot saw, else n_max
	Trials     float64       `json:"trials"` // expected, tuning included
	CPU        time.Duration `json:"cpu_ns"`
	Wall       time.Duration `json:"wall_ns"` // on Jobs workers
	EnergyJ    float64       `json:"energy_j"`
	CO2G       float64       `json:"co2_g"`
	Basis      string        `json:"basis"` // of times, energy and CO2e
	Jobs       int           `json:"jobs"`
	Threshold  float64       `json:"threshold"`

	Outlook hypotheses.Outlook `json:"outlook"` // what the rule would do, by simulation
	Prices  []Price            `json:"prices"`  // of the outlook's prospects, in their order
}

// Price is what a run costs if the true effect is that of a prospect.
type Price struct {
	Theta   float64       `json:"theta"` // in units of D
	Blocks  float64       `json:"blocks"`
	CPU     time.Duration `json:"cpu_ns"`
	EnergyJ float64       `json:"energy_j"`
	CO2G    float64       `json:"co2_g"`
}

// ArmCost is one arm's share.
type ArmCost struct {
	Name     string        `json:"name"`
	Params   int           `json:"params"`
	GFLOP    float64       `json:"gflop"` // of a trial
	PerTrial time.Duration `json:"per_trial_ns"`
	PerStep  time.Duration `json:"per_step_ns"`      // measured; 0 where the arm is a command
	Stated   bool          `json:"stated,omitempty"` // the plan's own number, nothing was timed
}

const (
	previewSteps = 3 // of the short trial, which shows what starting and scoring cost
	previewMost  = 200
	previewTime  = time.Second // about so long the steps beyond are to take
)

// Preview times a few steps of each arm and simulates the rule.
func Preview(ctx context.Context, lib *store.Library, hypothesis string, o Options) (Cost, error) {
	o, err := o.filled(lib)
	if err != nil {
		return Cost{}, err
	}
	o.Exploratory = true // nothing is recorded, and a draft may be looked at
	c := Cost{Jobs: o.Jobs}
	var p *plan
	if err := lib.View(func(tx *store.Tx) error {
		if p, err = makePlan(tx, lib.Dir(), hypothesis, o); err != nil {
			return err
		}
		tv, tr, err := hypotheses.Thresholds(tx, p.h.ID)
		if err != nil {
			return err
		}
		c.Threshold = max(tv, tr)
		c.Outlook, err = hypotheses.OutlookOf(ctx, tx, p.h.ID)
		return err
	}); err != nil {
		return Cost{}, err
	}
	if err := p.missing(task.OpenData(o.DataDir)); err != nil {
		return Cost{}, err
	}
	c.Hypothesis, c.NMin, c.NMax, c.Blocks = p.h.Alias, p.params.NMin, p.params.NMax, float64(p.params.NMax)
	for _, a := range p.arms {
		got, err := timeArm(ctx, p, a, o)
		if err != nil {
			return Cost{}, err
		}
		c.Arms = append(c.Arms, got)
	}
	c.Tuning = len(p.grid) * tuningSeeds * len(p.arms)
	for _, x := range c.Outlook.Prospects {
		if x.Expected {
			c.Blocks = x.MeanBlocks
		}
		cpu := c.cpu(x.MeanBlocks)
		u := Usage{CPUMS: cpu.Milliseconds()}.priced(o.Watts, o.Grid)
		c.Prices = append(c.Prices, Price{x.Theta, x.MeanBlocks, cpu, float64(u.EnergyJ), float64(u.CO2G)})
	}
	c.Trials = c.Blocks*float64(len(c.Arms)) + float64(c.Tuning)
	c.CPU = c.cpu(c.Blocks)
	c.Wall = c.CPU / time.Duration(o.Jobs)
	u := Usage{CPUMS: c.CPU.Milliseconds()}.priced(o.Watts, o.Grid)
	c.EnergyJ, c.CO2G = float64(u.EnergyJ), float64(u.CO2G)
	c.Basis = "time from steps timed here, on this machine; " + u.Basis
	return c, nil
}

// cpu is the processor time of so many blocks and of the tuning before them.
func (c *Cost) cpu(blocks float64) time.Duration {
	var block time.Duration
	for _, a := range c.Arms {
		block += a.PerTrial
	}
	return time.Duration(float64(block) * (blocks + float64(c.Tuning)/float64(len(c.Arms))))
}

// timeArm trains an arm for a few steps, and then for so many more that their time can be told.
func timeArm(ctx context.Context, p *plan, a arm, o Options) (ArmCost, error) {
	if a.exec != nil { // what a command does with fewer steps is its own
		return ArmCost{Name: a.name, PerTrial: time.Duration(float64(p.h.Budget.CPUSPerTrial) * float64(time.Second)), Stated: true}, nil
	}
	if p.grid != nil {
		a.rate = p.grid[0]
	}
	j := p.job(a, 0)
	j.Study, j.Lesions = "preview of nothing", nil
	o.Jobs = 1
	try := func(steps int) (*wireResult, error) {
		j.Steps = steps
		got, err := runJobs(ctx, o, p.dir, []Job{j}, nil)
		if err != nil {
			return nil, fmt.Errorf("runner: %s: arm %s: %w", p.h.Alias, a.name, err)
		}
		return got[0], nil
	}
	first := min(previewSteps, a.task.Steps)
	short, err := try(first)
	if err != nil {
		return ArmCost{}, err
	}
	out := ArmCost{Name: a.name, Params: short.Usage.Params, GFLOP: float64(short.Usage.FLOPs) / float64(max(first, 1)) * float64(a.task.Steps) / 1e9}
	if first == a.task.Steps { // a probe of an untrained net
		out.PerTrial = time.Duration(max(short.Usage.BusyMS(), 1)) * time.Millisecond
		return out, nil
	}
	more := previewMost
	if ms := short.Usage.BusyMS(); ms > 0 {
		more = min(max(int(previewTime.Milliseconds())*first/int(ms), 5), previewMost)
	}
	more = min(more, a.task.Steps-first)
	long, err := try(first + more)
	if err != nil {
		return ArmCost{}, err
	}
	step := float64(max(long.Usage.BusyMS()-short.Usage.BusyMS(), 0)) / float64(more)
	ms := float64(short.Usage.BusyMS()) + step*float64(a.task.Steps-first)
	out.PerStep = time.Duration(step * float64(time.Millisecond))
	out.PerTrial = time.Duration(max(ms, 1) * float64(time.Millisecond))
	return out, nil
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
		if a.Stated {
			fmt.Fprintf(&b, "  %-14s a command: %s a trial, as the plan says; nothing was timed\n", a.Name, a.PerTrial)
			continue
		}
		fmt.Fprintf(&b, "  %-14s %8d parameters %8.2f GFLOP %9s a trial\n", a.Name, a.Params, a.GFLOP, a.PerTrial.Round(10*time.Millisecond))
	}
	for _, line := range c.Outlook.Lines() {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	expected := false
	for i, x := range c.Prices {
		fmt.Fprintf(&b, "  at D %+.3f: %4.1f blocks, %s of processor time, %s\n", x.Theta, x.Blocks, x.CPU.Round(time.Second), wattHours(x.EnergyJ))
		expected = expected || c.Outlook.Prospects[i].Expected
	}
	if !expected {
		b.WriteString("  no pilot says what to expect: the blocks below are the most that can come\n")
	}
	fmt.Fprintf(&b, "  about %.0f trials, %s of processor time, %s on %d workers, %s, %.2g g CO2e\n  %s",
		c.Trials, c.CPU.Round(time.Second), c.Wall.Round(time.Second), c.Jobs, wattHours(c.EnergyJ), c.CO2G, c.Basis)
	return b.String()
}

func wattHours(joules float64) string { return fmt.Sprintf("%.3g Wh", joules/3600) }
