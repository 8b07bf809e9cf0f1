package papers

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// worker is one child process as its parent sees it. It belongs to one goroutine at a time.
type worker struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	send    *bufio.Writer
	frames  chan []byte // closed when the child's output ends
	readErr error       // why it ended; read after frames is closed
	stop    chan struct{}
	stderr  *tail
	served  int
	ended   sync.Once
}

// tail keeps the last of what a child says on standard error, for the message when it dies.
type tail struct {
	mu   sync.Mutex // guards text
	text []byte
}

const tailLength = 2048

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if n := len(t.text) - tailLength; n > 0 {
		t.text = append(t.text[:0], t.text[n:]...)
	}
	return len(b), nil
}

// first gives the first line that says something, which in a Go crash is the cause.
func (t *tail) first() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for l := range strings.Lines(string(t.text)) {
		if l = strings.TrimSpace(l); l != "" {
			return l
		}
	}
	return ""
}

// helloTimeout bounds how long a child may take to start.
const helloTimeout = 10 * time.Second

func startWorker(ctx context.Context, o PoolOptions) (*worker, error) {
	if len(o.Command) == 0 {
		return nil, errors.New("papers: pool: no command for the reading process")
	}
	w := &worker{cmd: exec.Command(o.Command[0], o.Command[1:]...), frames: make(chan []byte), stop: make(chan struct{}), stderr: &tail{}}
	w.cmd.Env = append(os.Environ(), o.Env...)
	w.cmd.Stderr = w.stderr
	w.cmd.WaitDelay = time.Second
	ownGroup(w.cmd)
	in, err := w.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("papers: pool: %w", err)
	}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("papers: pool: %w", err)
	}
	if err := w.cmd.Start(); err != nil {
		return nil, fmt.Errorf("papers: pool: %w", err)
	}
	w.in, w.send = in, bufio.NewWriter(in)
	go w.read(out)
	if err := w.hello(ctx); err != nil {
		w.end()
		return nil, err
	}
	return w, nil
}

// read hands on the child's frames until its output ends or the worker is stopped.
func (w *worker) read(out io.Reader) {
	defer close(w.frames)
	r := bufio.NewReaderSize(out, 1<<16)
	for {
		b, err := readFrame(r)
		if err != nil {
			w.readErr = err
			return
		}
		select {
		case w.frames <- b:
		case <-w.stop:
			return
		}
	}
}

func (w *worker) hello(ctx context.Context) error {
	timer := time.NewTimer(helloTimeout)
	defer timer.Stop()
	select {
	case b, ok := <-w.frames:
		if !ok {
			return w.crash("")
		}
		var h hello
		if err := json.Unmarshal(b, &h); err != nil || h.Tenet != "papers" {
			return fmt.Errorf("papers: pool: %w: it does not speak like one", ErrCrashed)
		}
		if h.Protocol != protocol || h.Engine != EngineVersion {
			return fmt.Errorf("papers: pool: the reading process is another version (protocol %d, %s); this is protocol %d, %s", h.Protocol, h.Engine, protocol, EngineVersion)
		}
		return nil
	case <-timer.C:
		return fmt.Errorf("papers: pool: %w: no word from it in %v", ErrCrashed, helloTimeout)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// crash makes the error of a child that ended by itself. Call it only after frames is closed.
func (w *worker) crash(path string) error {
	cause := ""
	switch {
	case errors.Is(w.readErr, errFrame):
		cause = ": its output is garbage"
	case w.stderr.first() != "":
		cause = ": " + w.stderr.first()
	}
	if path == "" {
		return fmt.Errorf("papers: pool: %w%s", ErrCrashed, cause)
	}
	return fmt.Errorf("papers: %s: %w%s", path, ErrCrashed, cause)
}

// end kills the child with its group and waits until nothing of it is left.
func (w *worker) end() {
	w.ended.Do(func() {
		close(w.stop)
		killGroup(w.cmd)
		_ = w.in.Close()
		for range w.frames {
		}
		_ = w.cmd.Wait() // it was killed; how it ended does not matter
	})
}
