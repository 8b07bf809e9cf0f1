package tui

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// then is what work comes back as: a function applied on the screen's own
// goroutine. It checks its generation itself when it can be overtaken.
type then func(*App) tea.Cmd

// gate counts the work that is under way, so that leaving can wait for it: the
// framework does not wait for its commands, and work may hold a transaction.
type gate struct {
	mu     sync.Mutex // guards closed
	closed bool
	wg     sync.WaitGroup
}

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.wg.Add(1)
	return true
}

// close lets nothing new in and waits for what is inside, at most d.
func (g *gate) close(d time.Duration) bool {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	done := make(chan struct{})
	go func() { g.wg.Wait(); close(done) }()
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}

// answered wraps the end of counted work.
type answered struct{ next then }

// work runs f elsewhere. While it runs the program is busy; tests wait for that
// to end.
func (a *App) work(f func(context.Context) then) tea.Cmd {
	return a.workIn(a.ctx, f)
}

func (a *App) workIn(ctx context.Context, f func(context.Context) then) tea.Cmd {
	a.busy++
	return func() tea.Msg {
		if !a.gate.enter() {
			return nil
		}
		defer a.gate.wg.Done()
		return answered{f(ctx)}
	}
}

// load is work that asks the study something. Its answer is dropped when a
// newer question of the same slot was asked meanwhile.
func load[T any](a *App, slot *int, ask func(context.Context) (T, error), use func(*App, T) tea.Cmd) tea.Cmd {
	*slot++
	gen := *slot
	return a.work(func(ctx context.Context) then {
		got, err := ask(ctx)
		return func(a *App) tea.Cmd {
			if gen != *slot {
				return nil
			}
			if err != nil {
				a.fail(err)
				return nil
			}
			return use(a, got)
		}
	})
}

// write is work that changes the library; when it is saved the line says so
// and what is shown is brought up to date.
func (a *App) write(do func(context.Context) (saved, error), after func(*App, saved) tea.Cmd) tea.Cmd {
	return a.work(func(ctx context.Context) then {
		s, err := do(ctx)
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return a.reload()
			}
			a.savedSeq = max(a.savedSeq, s.Seq)
			a.say(savedLine(s))
			cmd := a.reload()
			if after != nil {
				cmd = tea.Batch(cmd, after(a, s))
			}
			return cmd
		}
	})
}

func savedLine(s saved) string {
	if s.Seq == 0 {
		return s.Text
	}
	if s.Text == "" {
		return fmt.Sprintf("saved, change %s", count(int(s.Seq)))
	}
	return fmt.Sprintf("saved, change %s · %s", count(int(s.Seq)), s.Text)
}

// fail shows an error until it is read.
func (a *App) fail(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	a.faults = append(a.faults, clean(err.Error()))
}

// say shows a word in the status line until the next one.
func (a *App) say(s string) { a.status = clean(s) }

// count writes n with its thousands apart.
func count(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plural writes n things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return count(n) + " " + thing + "s"
}
