//go:build !windows

package tui

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"tenet/index"
)

// terminal is the far end of a pseudo terminal and what came through it.
type terminal struct {
	ptmx *os.File
	mu   sync.Mutex // guards seen
	seen strings.Builder
	done chan struct{}
}

func (x *terminal) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.seen.String()
}

func (x *terminal) read() {
	defer close(x.done)
	buf := make([]byte, 32<<10)
	for {
		n, err := x.ptmx.Read(buf)
		x.mu.Lock()
		x.seen.Write(buf[:n])
		x.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// wait gives up after ten seconds; the terminal has no idle signal.
func (x *terminal) wait(t *testing.T, want string) time.Duration {
	t.Helper()
	start := time.Now()
	for time.Since(start) < 10*time.Second {
		if strings.Contains(x.text(), want) {
			return time.Since(start)
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("the terminal never shows %q: %q", want, x.text())
	return 0
}

// The program on a terminal: it paints before the index is open, is silent
// when idle, and leaves the terminal as it found it.
func TestTheProgramOnATerminal(t *testing.T) {
	d := studyDesk(t)
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo terminal here: " + err.Error())
	}
	defer ptmx.Close()
	if err := pty.Setsize(ptmx, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	x := &terminal{ptmx: ptmx, done: make(chan struct{})}
	go x.read()
	open := make(chan struct{})
	var idx *index.Index
	ended := make(chan error, 1)
	go func() {
		ended <- Run(t.Context(), Deps{
			Lib: d.lib, Reviewer: "ann", In: tty, Out: tty, Getenv: func(k string) string { return map[string]string{"TERM": "xterm-256color"}[k] },
			OpenIndex: func(ctx context.Context) (*index.Index, error) {
				<-open
				var err error
				idx, err = index.Open(context.WithoutCancel(ctx), d.lib, filepath.Join(d.lib.Dir(), "index"))
				return idx, err
			},
		})
	}()
	t.Logf("first words after %s", x.wait(t, "Highway Networks"))
	close(open)
	if _, err := io.WriteString(ptmx, "4"); err != nil {
		t.Fatal(err)
	}
	x.wait(t, "42 hypotheses")
	time.Sleep(300 * time.Millisecond)
	before := len(x.text())
	time.Sleep(time.Second)
	if after := len(x.text()); after != before {
		t.Errorf("an idle program wrote %d bytes: %q", after-before, x.text()[before:])
	}
	if _, err := io.WriteString(ptmx, "q"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("q does not end the program")
	}
	if idx != nil {
		idx.Close()
	}
	x.wait(t, "\x1b[?1049l") // the alternate screen is left; the reader may lag behind
	tty.Close()
	ptmx.Close()
	<-x.done
}

func TestWithoutATerminalThePlainModeIsTaken(t *testing.T) {
	d := studyDesk(t)
	var out strings.Builder
	err := Run(t.Context(), Deps{Lib: d.lib, Reviewer: "ann", In: strings.NewReader("board\n"), Out: &out, Getenv: func(string) string { return "" }})
	if err != nil || !strings.Contains(out.String(), "tenet: Triage.") || strings.Contains(out.String(), "\x1b") {
		t.Errorf("%v: %q", err, out.String())
	}
}
