package runner

import (
	"context"
	"time"

	"tenet/runner/task"
)

// clock counts what a trial uses.
type clock struct {
	started time.Time
	cpu     time.Duration
	meter   meter
}

func startClock() clock {
	return clock{time.Now(), processCPU(), startMeter(powercapDir, procStat)}
}

// usage is what has been used since the start.
func (c clock) usage() Usage {
	cpu := processCPU() - c.cpu
	return Usage{
		WallMS: time.Since(c.started).Milliseconds(), CPUMS: cpu.Milliseconds(), PeakRSSKB: peakRSSKB(),
		EnergyJ: wireReal(c.meter.joules(cpu.Seconds())),
	}
}

// trial trains a job of the engine's own, from the state that came with it.
func (w *worker) trial(ctx context.Context, f frame, p *pulse, c clock) (*wireResult, error) {
	trial, err := f.Job.trial(w.opened(f.Data))
	if err != nil {
		return nil, err
	}
	o, err := trial.RunFrom(ctx, f.Job.seeds(), w.checkpoints(ctx, f, c), p.tell)
	if err != nil {
		return nil, err
	}
	r := &wireResult{
		Diverged: o.Diverged, DivergedAt: o.DivergedAt, Curve: o.Curve.Bytes(), WeightsSHA: o.WeightsSHA,
		Metrics: map[string]wireReal{}, Usage: c.usage(),
	}
	r.Usage.Params, r.Usage.FLOPs = o.Params, wireReal(o.FLOPs)
	for name, v := range o.Metrics {
		r.Metrics[name] = wireReal(v)
	}
	return r, nil
}

// checkpoints sends the trial's state as often as the parent wants it, and once more when it is cancelled.
func (w *worker) checkpoints(ctx context.Context, f frame, c clock) task.Checkpoints {
	at := task.Checkpoints{From: f.state}
	if f.Every == (every{}) {
		return at
	}
	last := time.Now()
	at.Due = func(step int) bool {
		due := ctx.Err() != nil || f.Every.Steps > 0 && step%f.Every.Steps == 0 || f.Every.MS > 0 && time.Since(last).Milliseconds() >= f.Every.MS
		if due {
			last = time.Now()
		}
		return due
	}
	at.Save = func(step int, state []byte) error {
		used := c.usage()
		return w.send(frame{Kind: frameState, N: f.N, Step: step, Usage: &used, state: state})
	}
	return at
}
