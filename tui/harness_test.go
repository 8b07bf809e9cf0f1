package tui

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"go.uber.org/goleak"

	"tenet/runner"
)

// TestMain is also the worker of the tests that run the engine.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "worker" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		if err := runner.ServeWorker(ctx, os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		return
	}
	// bleve starts its analysis workers when the program is loaded.
	clean := goleak.Cleanup(func(code int) {
		if dir, err := studyDir(); err == nil {
			os.RemoveAll(dir)
		}
		os.Exit(code)
	})
	goleak.VerifyTestMain(m, clean, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// stage drives an App as the program would, and waits on its idle signal.
type stage struct {
	*driver
	t *testing.T
}

func newStage(t *testing.T, s study, w, h int) *stage {
	t.Helper()
	return newStageOn(t, newApp(t.Context(), s, false), w, h)
}

func newStageOn(t *testing.T, a *App, w, h int) *stage {
	t.Helper()
	s := &stage{newDriver(a), t}
	t.Cleanup(func() {
		if a.live != nil {
			a.live.stop()
		}
		s.close()
		s.wg.Wait()
	})
	s.start(a.Init())
	s.send(tea.WindowSizeMsg{Width: w, Height: h})
	return s
}

// send gives the App a message and waits until all its work is done.
func (s *stage) send(msgs ...tea.Msg) {
	s.t.Helper()
	for _, m := range msgs {
		s.apply(m)
	}
	s.until(s.idle)
}

// until applies messages until ok, and then those that are already there.
func (s *stage) until(ok func() bool) {
	s.t.Helper()
	deadline := time.After(20 * time.Second)
	for !ok() {
		select {
		case m := <-s.msgs:
			s.apply(m)
		case <-deadline:
			s.t.Fatalf("the screen is still busy after 20 s; status %q, faults %q", s.a.status, s.a.faults)
		}
	}
	for {
		select {
		case m := <-s.msgs:
			s.apply(m)
		default:
			return
		}
	}
}

// keys presses keys, waiting for idle after each. A word in <> is a named key.
func (s *stage) keys(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		s.apply(keyMsg(k))
		s.until(s.idle)
	}
}

// typed presses the letters of a text.
func (s *stage) typed(text string) {
	s.t.Helper()
	for _, r := range text {
		s.apply(keyMsg(string(r)))
	}
	s.until(s.idle)
}

func keyMsg(k string) tea.Msg {
	special := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "backspace": tea.KeyBackspace, "home": tea.KeyHome, "end": tea.KeyEnd,
		"left": tea.KeyLeft, "right": tea.KeyRight, "delete": tea.KeyDelete, "f1": tea.KeyF1,
	}
	if c, ok := special[k]; ok {
		return tea.KeyPressMsg{Code: c}
	}
	if k == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	for prefix, mod := range map[string]tea.KeyMod{"ctrl+": tea.ModCtrl, "alt+": tea.ModAlt, "shift+": tea.ModShift} {
		if rest, ok := strings.CutPrefix(k, prefix); ok {
			m := keyMsg(rest).(tea.KeyPressMsg)
			m.Mod, m.Text = mod, ""
			return m
		}
	}
	return tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
}

// frame is what the screen shows now.
func (s *stage) frame() string { return s.a.View().Content }
