package papers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// PoolOptions say how many child processes read and what they may use. Zero means the default.
type PoolOptions struct {
	Command     []string                           // the child, such as {exe, "papers", "--stdio"}
	Env         []string                           // added to the environment of the child
	Workers     int                                // default: number of processors
	BaseTimeout time.Duration                      // for a file, default 10 s
	PerPage     time.Duration                      // more for each of its pages, default 250 ms
	MemoryMB    int                                // default 1024
	Options     Options                            // bounds inside the child
	OnProgress  func(path string, done, total int) // may be nil; called from the goroutine of Parse
}

// A Pool reads PDF files in child processes, so that no file can take the program down: one that runs too long or grows too large is
// killed with its process group, and the next file gets a new child. All methods may be called from many goroutines.
type Pool struct {
	o     PoolOptions
	slots chan struct{} // one for each reading that may run
	quit  chan struct{} // closed by Close

	mu     sync.Mutex // guards idle and closed
	idle   []*worker
	closed bool
	busy   sync.WaitGroup
}

// ErrClosed is returned by Parse after Close.
var ErrClosed = errors.New("papers: pool is closed")

// NewPool starts no process yet; the first Parse does.
func NewPool(o PoolOptions) *Pool {
	if o.Workers <= 0 {
		o.Workers = runtime.NumCPU()
	}
	if o.BaseTimeout <= 0 {
		o.BaseTimeout = 10 * time.Second
	}
	if o.PerPage <= 0 {
		o.PerPage = 250 * time.Millisecond
	}
	if o.MemoryMB <= 0 {
		o.MemoryMB = 1024
	}
	return &Pool{o: o, slots: make(chan struct{}, o.Workers), quit: make(chan struct{})}
}

// Parse reads one file in a child. As many run at once as there are workers; the rest wait. What the file is to blame for comes back
// wrapped around the Err values, as from Open; when ctx ends, the child is killed at once.
func (p *Pool) Parse(ctx context.Context, path string) (*Document, error) {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("papers: %s: %w", path, ctx.Err())
	case <-p.quit:
		return nil, ErrClosed
	}
	for {
		w, err := p.take(ctx)
		if err != nil {
			return nil, err
		}
		used := w.served > 0
		d, healthy, err := p.ask(ctx, w, path)
		p.give(w, healthy)
		if used && errors.Is(err, ErrCrashed) {
			continue // it may have died of what it read before, or while it was idle; a fresh child decides
		}
		return d, err
	}
}

// take gives an idle child or starts one.
func (p *Pool) take(ctx context.Context) (*worker, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	p.busy.Add(1)
	if n := len(p.idle); n > 0 {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return w, nil
	}
	p.mu.Unlock()
	w, err := startWorker(ctx, p.o)
	if err != nil {
		p.busy.Done()
		return nil, err
	}
	return w, nil
}

// give keeps a healthy child for the next file and ends any other.
func (p *Pool) give(w *worker, healthy bool) {
	defer p.busy.Done()
	if healthy && residentMB(w.cmd.Process.Pid) < p.o.MemoryMB/2 {
		p.mu.Lock()
		if !p.closed {
			p.idle = append(p.idle, w)
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
	}
	w.end()
}

// Close ends the children, those at work too, and waits for them. Readings in progress come back with ErrClosed.
func (p *Pool) Close() {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		p.busy.Wait()
		return
	}
	p.closed = true
	idle := p.idle
	p.idle = nil
	close(p.quit)
	p.mu.Unlock()
	for _, w := range idle {
		w.end()
	}
	p.busy.Wait()
}

// What a child gets more, once, in time and memory when it starts the last source: the first start on a machine compiles it.
const (
	startPatience = time.Minute
	startMemoryMB = 1024 // the compiler takes a third of it, and three times as much in a build with the race detector
)

// watchEvery is how often the memory of a child at work is looked at.
const watchEvery = 50 * time.Millisecond

// ask sends one request and gathers the answer; healthy says whether the child may be asked again.
func (p *Pool) ask(ctx context.Context, w *worker, path string) (d *Document, healthy bool, err error) {
	start := time.Now()
	limit, allowed, started := p.o.BaseTimeout, p.o.MemoryMB, false
	timer := time.NewTimer(limit)
	defer timer.Stop()
	watch := time.NewTicker(watchEvery)
	defer watch.Stop()
	w.served++
	id := w.served
	sent := make(chan error, 1)
	go func() { // a child that does not read must not hold the parent
		sent <- writeFrame(w.send, request{ID: id, Path: path, Options: p.o.Options, MemoryMB: p.o.MemoryMB})
	}()
	defer func() {
		if !healthy {
			w.end()
		}
		<-sent // the goroutine above ends at the latest with the child
	}()
	for {
		select {
		case b, ok := <-w.frames:
			if !ok {
				w.end() // so that standard error is complete
				return nil, false, w.crash(path)
			}
			var r reply
			if err := json.Unmarshal(b, &r); err != nil || r.ID != id {
				return nil, false, fmt.Errorf("papers: %s: %w: its answer makes no sense", path, ErrCrashed)
			}
			switch r.Type {
			case "progress":
				if !started {
					limit = max(limit, p.o.BaseTimeout+time.Duration(r.Total)*p.o.PerPage)
				}
				timer.Reset(time.Until(start.Add(limit)))
				if p.o.OnProgress != nil {
					p.o.OnProgress(path, r.Done, r.Total)
				}
			case "starting":
				if !started { // once: a child that is out of order may say it for ever
					started = true
					limit += startPatience
					allowed += startMemoryMB
					timer.Reset(time.Until(start.Add(limit)))
				}
			case "error":
				return nil, true, errorOf(r.Code, r.Text)
			case "document":
				d = r.Document
			case "page":
				if d == nil || r.Page == nil {
					return nil, false, fmt.Errorf("papers: %s: %w: a page before its document", path, ErrCrashed)
				}
				d.Pages = append(d.Pages, *r.Page)
			case "end":
				if d == nil {
					return nil, false, fmt.Errorf("papers: %s: %w: an end before its document", path, ErrCrashed)
				}
				return d, true, nil
			}
		case <-timer.C:
			return nil, false, fmt.Errorf("papers: %s: %w: not read in %v", path, ErrLimit, limit)
		case <-watch.C:
			if mb := residentMB(w.cmd.Process.Pid); mb > allowed {
				return nil, false, fmt.Errorf("papers: %s: %w: reading it took %d MB, allowed are %d", path, ErrLimit, mb, allowed)
			}
		case <-ctx.Done():
			return nil, false, fmt.Errorf("papers: %s: %w", path, ctx.Err())
		case <-p.quit:
			return nil, false, ErrClosed
		}
	}
}
