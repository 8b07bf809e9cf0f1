package runner

import (
	"context"
	"errors"
	"sync"
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
	attempt  int
}

// pool runs assignments on workers. Reports come on one channel, which the caller must drain until it closes.
type pool struct {
	todo    chan assignment
	reports chan report
	wg      sync.WaitGroup
	cancel  context.CancelFunc
}

// newPool starts n feeders; each starts its worker when its first assignment comes.
func newPool(ctx context.Context, n, memoryMB int, command []string) *pool {
	ctx, cancel := context.WithCancel(ctx)
	p := &pool{todo: make(chan assignment), reports: make(chan report), cancel: cancel}
	for range n {
		p.wg.Add(1)
		go func() {
			defer p.wg.Done()
			f := feeder{p: p, memoryMB: memoryMB, command: command}
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
	p        *pool
	memoryMB int
	command  []string
	proc     *process
}

func (f *feeder) end() {
	if f.proc != nil {
		f.proc.close()
		f.proc = nil
	}
}

func (f *feeder) serve(ctx context.Context, a assignment) {
	for attempt := 1; ; attempt++ {
		result, err := f.try(ctx, a)
		r := report{assignment: a, attempt: attempt}
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
		f.p.reports <- r
		if r.lost == nil {
			return
		}
	}
}

func (f *feeder) try(ctx context.Context, a assignment) (*wireResult, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if f.proc == nil {
		proc, err := startProcess(ctx, f.command)
		if err != nil {
			return nil, err
		}
		f.proc = proc
	}
	result, err := f.proc.run(ctx, a.n, f.memoryMB, a.job, func(g frame) {
		f.p.reports <- report{assignment: a, progress: &g}
	})
	if err != nil && !errors.Is(err, errFailed) {
		f.proc.kill()
		f.proc = nil
	}
	return result, err
}
