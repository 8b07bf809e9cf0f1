//go:build unix

package main

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// screen is tenet on a pseudo terminal and everything it wrote there.
type screen struct {
	*machine
	tty  *os.File
	mu   sync.Mutex // guards seen
	seen strings.Builder
	over chan struct{}
	exit func() int // waits for the end
	kill func() error
}

func (m *machine) onTerminal(rows, cols uint16, args ...string) *screen {
	m.t.Helper()
	c := m.command(args...)
	tty, err := pty.StartWithSize(c, &pty.Winsize{Rows: rows, Cols: cols})
	if err != nil {
		m.t.Skipf("needs a pseudo terminal: %v", err)
	}
	s := &screen{machine: m, tty: tty, over: make(chan struct{})}
	s.kill = c.Process.Kill
	s.exit = sync.OnceValue(func() int { _ = c.Wait(); return c.ProcessState.ExitCode() })
	go func() {
		defer close(s.over)
		buf := make([]byte, 32<<10)
		for {
			n, err := tty.Read(buf)
			s.mu.Lock()
			s.seen.Write(buf[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	m.t.Cleanup(func() {
		_ = c.Process.Kill()
		s.exit()
		tty.Close()
		<-s.over
	})
	return s
}

func (s *screen) shows(want string) {
	s.t.Helper()
	s.until("on the terminal "+want, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return strings.Contains(s.seen.String(), want)
	})
}

func (s *screen) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.Reset()
}

// types writes keys and gives up on a program that does not read them.
func (s *screen) types(keys string) {
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = s.tty.WriteString(keys)
	}()
	select {
	case <-written:
	case <-time.After(time.Minute):
		_ = s.kill()
		s.t.Errorf("%d keys were not read in ten seconds", len(keys))
	}
}

func (s *screen) quits() {
	s.t.Helper()
	s.types("\x03")
	watchdog := time.AfterFunc(time.Minute, func() { _ = s.kill() })
	defer watchdog.Stop()
	if code := s.exit(); code != 0 {
		s.t.Errorf("exit code %d, want 0", code)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.Contains(s.seen.String(), "panic") {
		s.t.Errorf("a panic reached the terminal: %q", s.seen.String())
	}
}

func TestATerminalTooSmallSaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.run(0, "init", "lib")
	s := m.onTerminal(5, 20, "--library", "lib")
	s.shows("tenet needs")
	s.forget()
	if err := pty.Setsize(s.tty, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	s.shows("Triage") // it grows back
	s.quits()
	m.verified()
}

func TestAMegabytePastedIsCutAndTold(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.run(0, "init", "lib")
	s := m.onTerminal(24, 80, "--library", "lib")
	s.shows("Triage")
	s.types("/")
	s.types("\x1b[200~" + strings.Repeat("word ", 1<<20/5) + "\x1b[201~")
	s.shows("pasted text cut at")
	s.quits()
	m.verified()
}

// A terminal without bracketed paste sends the text as keys, some ten thousand a second.
func TestTextThatComesAsKeysIsCutAndTold(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.run(0, "init", "lib")
	s := m.onTerminal(24, 80, "--library", "lib")
	s.shows("Triage")
	s.types("/")
	s.types(strings.Repeat("word ", 8_000/5))
	s.shows("the box holds 4.0 KiB")
	s.quits()
	m.verified()
}
