package runner

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	startPatience  = 30 * time.Second       // for a worker's hello, on a busy machine
	silence        = 15 * time.Second       // without a frame: the worker is lost
	cancelPatience = 150 * time.Millisecond // for an answer to cancel; then the worker is killed, within the 200 ms promised
)

// process is one worker, seen from the parent. It serves one job at a time.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	frames chan frame
	err    error // why frames closed; read after that
	stderr tail
	engine EngineInfo
}

// startProcess starts a worker and waits for its hello.
func startProcess(ctx context.Context, command []string) (*process, error) {
	cmd := exec.Command(command[0], command[1:]...) // not CommandContext: the end is ours to order
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	p := &process{cmd: cmd, frames: make(chan frame, 16)}
	cmd.Stderr = &p.stderr
	cmd.WaitDelay = time.Second
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("runner: worker: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("runner: worker: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("runner: worker: %w: %w", errNoStart, err)
	}
	p.in = in
	go func() { // ends when the worker does, since its output then closes
		defer close(p.frames)
		r := bufio.NewReader(out)
		for {
			f, err := readFrame(r)
			if err != nil {
				p.err = err
				return
			}
			p.frames <- f
		}
	}()
	if err := p.hello(ctx); err != nil {
		p.kill()
		return nil, err
	}
	return p, nil
}

func (p *process) hello(ctx context.Context) error {
	timer := time.NewTimer(startPatience)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return fmt.Errorf("runner: worker %s said nothing for %s", p.cmd.Path, startPatience)
	case f, ok := <-p.frames:
		switch {
		case !ok:
			return p.lost()
		case f.Kind != frameHello || f.Engine == nil:
			return fmt.Errorf("runner: worker %s does not speak the protocol", p.cmd.Path)
		case f.Protocol != protocolVersion:
			return fmt.Errorf("runner: worker %s speaks protocol %d, this is %d", p.cmd.Path, f.Protocol, protocolVersion)
		case f.Engine.Version != EngineVersion:
			return fmt.Errorf("runner: worker %s has engine %s, this is %s", p.cmd.Path, f.Engine.Version, EngineVersion)
		}
		p.engine = *f.Engine
		return nil
	}
}

// lost says why the worker is gone. It waits for the worker's end, so that its last words are whole.
func (p *process) lost() error {
	timer := time.AfterFunc(time.Second, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	p.reap()
	why := "its output ended"
	if p.err != nil && !errors.Is(p.err, io.EOF) {
		why = p.err.Error()
	}
	if text := p.stderr.last(); text != "" {
		why += ": " + text
	}
	return fmt.Errorf("runner: worker %d lost: %s", p.cmd.Process.Pid, why)
}

// errNoStart marks a worker whose program cannot be started. The trial is not to blame and the next one
// would fare no better: the run stops, and its blocks stay as they are.
var errNoStart = errors.New("it cannot be started")

// errFailed marks a job that the worker itself reports as failed; the worker lives on.
var errFailed = errors.New("the trial failed")

// order is a job with all that its worker must know beside it.
type order struct {
	n        int
	job      Job
	memoryMB int
	dir      string      // where an external command runs
	data     string      // where data files lie
	every    every       // when to send the trial's state; the zero value: never
	from     []byte      // the state to go on from; nil: begin
	progress func(frame) // a heartbeat
	keep     func(frame) // a state
}

// run has the worker train one job. The process is of no further use after an error other than errFailed.
func (p *process) run(ctx context.Context, o order) (*wireResult, error) {
	if err := writeFrame(p.in, frame{Kind: frameJob, N: o.n, Job: &o.job, MemoryMB: o.memoryMB, Dir: o.dir, Data: o.data, Every: o.every, state: o.from}); err != nil {
		return nil, p.lost()
	}
	quiet := time.NewTimer(silence)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, p.cancel(ctx, o)
		case <-quiet.C:
			return nil, fmt.Errorf("runner: worker %d lost: silent for %s", p.cmd.Process.Pid, silence)
		case f, ok := <-p.frames:
			if !ok {
				return nil, p.lost()
			}
			quiet.Reset(silence)
			switch {
			case f.N != o.n:
			case f.Kind == frameProgress:
				o.progress(f)
			case f.Kind == frameState && o.keep != nil:
				o.keep(f)
			case f.Kind == frameFailed:
				return nil, fmt.Errorf("%w: %s", errFailed, f.Text)
			case f.Kind == frameResult && f.Result != nil:
				return f.Result, nil
			}
		}
	}
}

// cancel asks the worker to stop; one that does not in time is killed by the caller's end.
func (p *process) cancel(ctx context.Context, o order) error {
	stopped := fmt.Errorf("runner: trial cancelled: %w", ctx.Err())
	if writeFrame(p.in, frame{Kind: frameCancel, N: o.n}) != nil {
		return stopped
	}
	timer := time.NewTimer(cancelPatience)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return stopped
		case f, ok := <-p.frames:
			switch {
			case !ok || f.N == o.n && (f.Kind == frameFailed || f.Kind == frameResult):
				return stopped
			case f.N == o.n && f.Kind == frameState && o.keep != nil:
				o.keep(f) // its last words
			}
		}
	}
}

// kill ends the worker and waits for it.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be gone already
	p.reap()
}

// close lets an idle worker go: it ends when its input does.
func (p *process) close() {
	_ = p.in.Close()
	timer := time.AfterFunc(time.Second, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	p.reap()
}

func (p *process) reap() {
	for range p.frames { // so that the reader can end
	}
	_ = p.cmd.Wait() // a second call only says that there was a first
}

// tail keeps the end of what a worker wrote to standard error.
type tail struct {
	mu  sync.Mutex // guards buf
	buf []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if extra := len(t.buf) - 4096; extra > 0 {
		t.buf = t.buf[extra:]
	}
	return len(b), nil
}

// last is the first line of a Go crash, or the last line otherwise.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.buf)), "\n")
	for _, l := range lines {
		if strings.HasPrefix(l, "panic: ") || strings.HasPrefix(l, "fatal error: ") {
			return l
		}
	}
	return strings.TrimSpace(lines[len(lines)-1])
}
