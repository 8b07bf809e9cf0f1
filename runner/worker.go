package runner

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"tenet/runner/task"
)

// heartbeat is how often a worker tells how far it is. A parent waits a good deal longer.
const heartbeat = 200 * time.Millisecond

// ServeWorker is the worker's side: it trains one trial at a time, as told by frames on in, until in ends
// or ctx is done. It is meant to own its process (see nice and the memory limit).
func ServeWorker(ctx context.Context, in io.Reader, out io.Writer) error {
	w := &worker{out: out}
	e := Engine()
	if err := w.send(frame{Kind: frameHello, Protocol: protocolVersion, Engine: &e, PID: os.Getpid()}); err != nil {
		return fmt.Errorf("runner: worker: %w", err)
	}
	frames := make(chan frame)
	ended := make(chan error, 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() { // ends with in: the parent's pipe, which closes when the parent is gone
		r := bufio.NewReader(in)
		for {
			f, err := readFrame(r)
			if err != nil {
				ended <- err
				return
			}
			select {
			case frames <- f:
			case <-ctx.Done():
				return
			}
		}
	}()
	return w.serve(ctx, frames, ended)
}

type worker struct {
	mu  sync.Mutex // guards out
	out io.Writer

	dir  string // of data
	data *task.Data
}

// opened is the data folder; what a trial read of it is there for the next.
func (w *worker) opened(dir string) *task.Data {
	if w.data == nil || w.dir != dir {
		w.dir, w.data = dir, task.OpenData(dir)
	}
	return w.data
}

func (w *worker) send(f frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return writeFrame(w.out, f)
}

func (w *worker) serve(ctx context.Context, frames <-chan frame, ended <-chan error) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-ended:
			return endError(err)
		case f := <-frames:
			for next := &f; next != nil; {
				if next.Kind != frameJob || next.Job == nil {
					break // a cancel that comes after the result
				}
				var err error
				if next, err = w.one(ctx, *next, frames, ended); err != nil {
					return endError(err)
				}
			}
		}
	}
}

func endError(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("runner: worker: %w", err)
}

// one trains one job while it listens for a cancel. The next job may come the moment the result is out, while
// one still listens; it is handed back. An error ends the worker.
func (w *worker) one(ctx context.Context, f frame, frames <-chan frame, ended <-chan error) (next *frame, err error) {
	if f.MemoryMB > 0 {
		debug.SetMemoryLimit(int64(f.MemoryMB) << 20)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan error, 1)
	pulse := &pulse{n: f.N}
	go func() { done <- w.train(ctx, f, pulse) }()
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return next, err
		case <-tick.C:
			if mb := residentMB(); f.MemoryMB > 0 && mb > f.MemoryMB {
				cancel(fmt.Errorf("the trial uses %d MiB, its limit is %d; --memory gives it more", mb, f.MemoryMB))
			}
			if err := w.send(pulse.frame()); err != nil {
				cancel(err)
			}
		case g := <-frames:
			switch g.Kind {
			case frameCancel:
				cancel(errors.New("cancelled"))
			case frameJob:
				next = &g
			}
		case err := <-ended:
			cancel(err)
			<-done
			return nil, err
		}
	}
}

func residentMB() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int((m.Sys - m.HeapReleased) >> 20)
}

// train runs a job to its result frame. A panic of the trial is the trial's failure, not the worker's.
func (w *worker) train(ctx context.Context, f frame, p *pulse) (err error) {
	runtime.LockOSThread() // so that the low priority holds for this work and ends with it
	defer runtime.UnlockOSThread()
	lowerPriority()
	defer func() {
		if r := recover(); r != nil {
			err = w.send(frame{Kind: frameFailed, N: f.N, Text: fmt.Sprintf("the trial panicked: %v", r)})
		}
	}()
	forgetPeak()
	clock := startClock()
	var r *wireResult
	var terr error
	if f.Job.Exec != nil {
		r, terr = runExternal(ctx, f.Dir, *f.Job)
	} else {
		r, terr = w.trial(ctx, f, p, clock)
	}
	if terr != nil {
		if cause := context.Cause(ctx); cause != nil && ctx.Err() != nil {
			terr = fmt.Errorf("%w (%w)", terr, cause)
		}
		return w.send(frame{Kind: frameFailed, N: f.N, Text: terr.Error()})
	}
	if err := w.send(p.frame()); err != nil {
		return err
	}
	return w.send(frame{Kind: frameResult, N: f.N, Result: r})
}

// pulse collects a trial's progress between two heartbeats.
type pulse struct {
	n      int
	mu     sync.Mutex // guards what follows
	start  time.Time  // of the first step told
	from   int        // the step before it: a trial may go on where an earlier worker stopped
	step   int
	loss   float64
	points []wirePoint
}

func (p *pulse) tell(g task.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.start.IsZero() {
		p.start, p.from = time.Now(), g.Step
	}
	p.step, p.loss = g.Step, g.Loss
	if g.Point != nil {
		p.points = append(p.points, toWire(*g.Point))
	}
}

// frame takes the collected points out.
func (p *pulse) frame() frame {
	p.mu.Lock()
	defer p.mu.Unlock()
	points := p.points
	p.points = nil
	rate := 0.0
	if p.step > p.from {
		rate = float64(p.step-p.from) / max(time.Since(p.start).Seconds(), 1e-9)
	}
	return frame{Kind: frameProgress, N: p.n, Step: p.step, Loss: wireReal(p.loss), Rate: wireReal(rate), Points: points}
}
