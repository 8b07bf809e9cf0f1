package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// startRun shows a draft in the Lab and presses x.
func runningStage(t *testing.T, f *fake) *stage {
	t.Helper()
	s := newStage(t, f, 100, 30)
	s.start(s.a.openHyp("h5"))
	s.until(s.idle)
	s.apply(keyMsg("x"))
	s.until(func() bool { return f.called("run h5 false") })
	return s
}

// event sends one event of the runner and waits until the tick has shown it.
func (s *stage) event(f *fake, e runEvent) {
	s.t.Helper()
	l := s.a.live
	before := l.copy().version
	f.events <- e
	s.until(func() bool { v := l.copy().version; return v > before && l.seen.version == v })
}

func TestARunIsLockedShownAndEndsInItsVerdict(t *testing.T) {
	f := newFake()
	s := runningStage(t, f)
	if !f.called("lock h5") {
		t.Error("a draft was run without a lock")
	}
	s.event(f, runEvent{
		Kind: "step", Run: "R31", Arm: "plain", Block: 1, Trial: 1, Step: 212, Steps: 400, Rate: 120, ETA: 9 * time.Minute, Total: 10,
		Curve: []point{{0, 2.3}, {100, 1.1}, {212, 0.4}},
	})
	s.event(f, runEvent{Kind: "block", Run: "R31", Block: 1, V: 9.2, R: 0.1, T: 60, Est: 0.28, Lo: -0.05, Hi: 0.61, D: "0.31"})
	got := ansi.Strip(s.frame())
	for _, want := range []string{"▶ running", "step 212 of 400", "first verdict possible in about 9 min", "V for 9.2", "plain", "no block"} {
		if want == "no block" {
			if strings.Contains(got, want) {
				t.Errorf("a block is done but the screen says %q", want)
			}
			continue
		}
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q\n%s", want, got)
		}
	}
	s.keys2("1")
	if got := ansi.Strip(s.frame()); !strings.Contains(got, "▶ H05 block 1") {
		t.Errorf("the run is not seen from Triage\n%s", got)
	}
	s.keys2("5")
	s.apply(keyMsg("x"))
	if !strings.Contains(s.a.status, "H05 is running; ctrl+x stops it") {
		t.Errorf("x while running says %q", s.a.status)
	}
	close(f.events)
	s.until(s.idle)
	if s.a.live != nil || !strings.Contains(s.a.status, "R31: validated, effect") {
		t.Errorf("after the end: live %v, status %q", s.a.live, s.a.status)
	}
	s.keys("L")
	if got := ansi.Strip(s.frame()); !strings.Contains(got, "block 1: V 9.2") {
		t.Errorf("the log lacks the block\n%s", got)
	}
}

// keys2 presses keys without waiting for idle, as a run keeps the App busy.
func (s *stage) keys2(keys ...string) {
	for _, k := range keys {
		s.apply(keyMsg(k))
	}
	s.until(func() bool { return s.a.busy <= 1 })
}

func TestCtrlXStopsARunAndSaysWhatIsKept(t *testing.T) {
	f := newFake()
	s := runningStage(t, f)
	s.event(f, runEvent{Kind: "step", Run: "R31", Arm: "plain", Block: 7, Trial: 13, Step: 212, Steps: 400, Done: 12, Total: 20})
	s.keys("ctrl+x")
	if s.a.live != nil {
		t.Fatal("the run is still there")
	}
	if want := "R31 stopped in block 7 after 12 trials, they are kept; x resumes"; s.a.status != want {
		t.Errorf("got %q, want %q", s.a.status, want)
	}
	if len(s.a.faults) > 0 {
		t.Errorf("stopping is no error: %q", s.a.faults)
	}
}

func TestNoTickLivesWithoutARun(t *testing.T) {
	f := newFake()
	s := runningStage(t, f)
	s.keys("ctrl+x")
	_, cmd := s.a.Update(tick{})
	if cmd != nil {
		t.Error("the tick goes on after the run")
	}
}

func TestAVerdictIsNeverReplaced(t *testing.T) {
	f := newFake()
	s := newStage(t, f, 100, 30)
	s.start(s.a.openHyp("h6"))
	s.until(s.idle)
	s.keys("x")
	if f.called("run") || s.a.asking == nil || !strings.Contains(s.a.asking.title, "never replaced") {
		t.Errorf("calls %q, status %q", f.calls, s.a.status)
	}
	s.keys("esc", "E")
	if f.called("run") || !strings.Contains(s.a.status, "never replaced") {
		t.Errorf("exploring it: calls %q, status %q", f.calls, s.a.status)
	}
}

func TestAnExploratoryRunLocksNothing(t *testing.T) {
	f := newFake()
	s := newStage(t, f, 100, 30)
	s.start(s.a.openHyp("h5"))
	s.until(s.idle)
	s.apply(keyMsg("E"))
	s.until(func() bool { return f.called("run h5 true") })
	if f.called("lock") {
		t.Error("exploring locked the plan")
	}
	s.event(f, runEvent{Kind: "step", Block: 1, Steps: 10})
	if got := ansi.Strip(s.frame()); !strings.Contains(got, "~ exploratory") {
		t.Errorf("the screen does not say it is exploratory\n%s", got)
	}
	s.keys("ctrl+x")
}

func TestQuittingStopsTheRun(t *testing.T) {
	f := newFake()
	s := runningStage(t, f)
	l := s.a.live
	s.apply(keyMsg("q"))
	s.until(s.idle)
	select {
	case <-l.done:
	default:
		t.Error("the runner still runs")
	}
	s.until(func() bool { return s.quit })
}
