package runner

import (
	"context"
	"errors"
	"sync"

	"tenet/internal/store"
)

// maxAttempts is how often a trial is tried before it counts as missing.
const maxAttempts = 3

// assignment is a job on its way through the pool.
type assignment struct {
	n   int // unique within the pool, from 1
	job Job
	tag any // the caller's
}

// report is what the pool tells of an assignment: progress, a lost attempt, or the end.
type report struct {
	assignment
	progress *frame
	result   *wireResult // the end: trained
	lost     error       // an attempt failed, another follows
	missing  error       // the end: all attempts failed
	stopped  error       // the end: cancelled
	curve    string      // result: its curve in the vault
	broken   error       // result: the curve could not be put there
	unkept   error       // a state of the trial could not be kept; the trial goes on
	from     int         // result: the step of the state that the attempt began with
	attempt  int
}

// pool runs assignments on workers. Reports come on one channel, which the caller must drain until it closes.
type pool struct {
	todo    chan assignment
	reports chan report
	options Options
	dir     string       // of the library, where external commands run
	keeper  *keeper      // of trials' states; nil: none are kept
	vault   *store.Vault // for the curves of trials; nil: they are not kept
	wg      sync.WaitGroup
	cancel  context.CancelFunc
}

// newPool starts o.Jobs feeders; each starts its worker when its first assignment comes.
func newPool(ctx context.Context, o Options, dir string, k *keeper, v *store.Vault) *pool {
	ctx, cancel := context.WithCancel(ctx)
	p := &pool{todo: make(chan assignment, o.Jobs), reports: make(chan report, 4*o.Jobs), options: o, dir: dir, keeper: k, vault: v, cancel: cancel}
	for range o.Jobs {
		p.wg.Add(1)
		go func() {
			defer p.wg.Done()
			f := feeder{p: p}
			defer f.end()
			for a := range p.todo {
				f.serve(ctx, a)
			}
		}()
	}
	go func() { // ends after the feeders, which end when todo closes
		p.wg.Wait()
		close(p.reports)
	}()
	return p
}

// stop cancels what runs and lets the workers go. The caller drains reports afterwards.
func (p *pool) stop() {
	p.cancel()
	close(p.todo)
}

// feeder owns one worker.
type feeder struct {
	p    *pool
	proc *process
}

func (f *feeder) end() {
	if f.proc != nil {
		f.proc.close()
		f.proc = nil
	}
}

func (f *feeder) serve(ctx context.Context, a assignment) {
	for attempt := 1; ; attempt++ {
		result, from, err := f.try(ctx, a)
		r := report{assignment: a, attempt: attempt, from: from}
		switch {
		case err == nil:
			r.result = result
		case ctx.Err() != nil, errors.Is(err, errNoStart):
			r.stopped = err
		case attempt == maxAttempts:
			r.missing = err
		default:
			r.lost = err
		}
		switch {
		case r.result != nil && f.p.vault != nil:
			f.p.wg.Add(1)
			go func() { // the disk is waited for while the worker trains on
				defer f.p.wg.Done()
				r.curve, r.broken = f.p.vault.PutBytes(context.WithoutCancel(ctx), r.result.Curve)
				f.p.reports <- r
			}()
		default:
			f.p.reports <- r
		}
		if r.lost == nil {
			return
		}
	}
}

// try is one attempt: from the state that an earlier one left, or from the beginning.
func (f *feeder) try(ctx context.Context, a assignment) (*wireResult, int, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	if f.proc == nil {
		proc, err := startProcess(ctx, f.p.options.Command)
		if err != nil {
			return nil, 0, err
		}
		f.proc = proc
	}
	o := order{n: a.n, job: a.job, memoryMB: f.p.options.MemoryMB, dir: f.p.dir, data: f.p.options.DataDir, progress: func(g frame) {
		f.p.reports <- report{assignment: a, progress: &g}
	}}
	key, before := "", state{}
	if f.p.keeper != nil && a.job.Exec == nil { // an external command keeps its own state, or none
		var err error
		if key, err = a.job.Key(); err != nil {
			return nil, 0, err
		}
		before, _ = f.p.keeper.load(key)
		o.from, o.every = before.bytes, f.p.options.every()
		o.keep = func(g frame) {
			s := state{Key: key, Step: g.Step, bytes: g.state, Spent: before.Spent}
			if g.Usage != nil {
				s.Spent = g.Usage.plus(before.Spent)
			}
			if err := f.p.keeper.save(s); err != nil {
				f.p.reports <- report{assignment: a, unkept: err}
			}
		}
	}
	result, err := f.proc.run(ctx, o)
	switch {
	case err == nil && before.Step > 0:
		result.Usage = result.Usage.plus(before.Spent)
	case errors.Is(err, errFailed) && key != "":
		f.p.keeper.drop(key) // the state itself may be at fault: the next attempt begins anew
	case err != nil && !errors.Is(err, errFailed):
		f.proc.kill()
		f.proc = nil
	}
	return result, before.Step, err
}
