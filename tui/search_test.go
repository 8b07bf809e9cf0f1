package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Invariant 6.
func TestASlowSearchNeverOverwritesANewerOne(t *testing.T) {
	f := newFake()
	f.hold = map[string]chan struct{}{"a": make(chan struct{})}
	s := newStage(t, f, 100, 30)
	s.keys("alt+3")
	s.apply(keyMsg("a"))
	if s.a.claims.flying == nil {
		t.Fatal("no search was started")
	}
	s.apply(keyMsg("b"))
	s.until(s.idle)
	if got := s.a.claims.answer.Hits[1].Title; got != "ab" || s.a.claims.asked != "ab" {
		t.Errorf("the answer shown is of %q, asked %q", got, s.a.claims.asked)
	}
	if f.cancels != 1 {
		t.Errorf("the older search was cancelled %d times", f.cancels)
	}
}

func TestHeldKeysNeverPileSearchesUp(t *testing.T) {
	f := newFake()
	f.hold = map[string]chan struct{}{"x": make(chan struct{})}
	s := newStage(t, f, 100, 30)
	s.keys("alt+3")
	for range 3000 {
		s.apply(keyMsg("x"))
	}
	if s.a.busy > 1 {
		t.Errorf("%d searches are under way", s.a.busy)
	}
	s.until(s.idle)
	if n := len(s.a.claims.asked); n != 3000 {
		t.Errorf("the answer is of %d letters", n)
	}
}

func TestOldHitsStayWhileANewerQueryIsUnderWay(t *testing.T) {
	f := newFake()
	f.hold = map[string]chan struct{}{"deepx": make(chan struct{})}
	s := newStage(t, f, 100, 30)
	s.keys("alt+3")
	s.typed("deep")
	s.apply(keyMsg("x"))
	got := ansi.Strip(s.frame())
	if !strings.Contains(got, "searching") || !strings.Contains(got, "C1041") {
		t.Errorf("while searching\n%s", got)
	}
	close(f.hold["deepx"])
	s.until(s.idle)
}

func TestABadQueryIsNamedAndTheLastHitsStay(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.keys("alt+3")
	s.typed("deep ((")
	got := ansi.Strip(s.frame())
	for _, want := range []string{"[((]", "a parenthesis is open", "C1041"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q\n%s", want, got)
		}
	}
	s.keys("backspace", "backspace")
	if got := ansi.Strip(s.frame()); strings.Contains(got, "parenthesis") {
		t.Errorf("the fault stays after it was mended\n%s", got)
	}
}

func TestNothingFoundSaysWhatToDo(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.keys("alt+3")
	s.typed("zzz")
	if got := ansi.Strip(s.frame()); !strings.Contains(got, "Nothing fits.") {
		t.Errorf("no advice\n%s", got)
	}
}

func TestAHitOpensAtItsSentence(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.keys("alt+3")
	s.typed("depth")
	s.keys("down", "enter")
	if s.a.at != roomRead || s.a.read.sent != 1 {
		t.Errorf("at %s, sentence %d; the passage begins in sentence 1", s.a.at, s.a.read.sent)
	}
}

func TestLettersInTheBoxAreTextAndAltStillSwitches(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.keys("alt+3")
	s.typed("quxjk?:/")
	if got := s.a.claims.box.text(); got != "quxjk?:/" || s.a.pop != nil {
		t.Errorf("the box holds %q, pop %v", got, s.a.pop)
	}
	s.keys("alt+5")
	if s.a.at != roomLab {
		t.Errorf("alt+5 leads to %s", s.a.at)
	}
}

func TestAMegabyteOfPasteIsCappedAndTold(t *testing.T) {
	bomb := strings.Repeat("\x1b[2J\x1b_Gf=100;AAAA\x1b\\\r\x00\u202e"+strings.Repeat("\u0301", 40)+"深", 10<<20/64)
	for _, c := range []struct {
		name  string
		limit int
		open  []string
	}{
		{"search", queryCap, []string{"alt+3"}},
		{"palette", queryCap, []string{":"}},
		{"help", queryCap, []string{"?"}},
		{"path", queryCap, []string{"i"}},
		{"comment", commentCap, []string{"c"}},
	} {
		s := newStage(t, newFake(), 100, 30)
		s.keys(c.open...)
		start := time.Now()
		s.send(tea.PasteMsg{Content: bomb})
		frame := s.frame()
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s: a paste of %d MiB took %s", c.name, len(bomb)>>20, d)
		}
		checkFrame(t, frame, 100, 30)
		if strings.Contains(frame, "\x1b[2J") || strings.Contains(frame, "\x1b_") {
			t.Errorf("%s: an escape of the paste reached the frame", c.name)
		}
		if !strings.Contains(s.a.status, "cut") {
			t.Errorf("%s: the cut is not told: %q", c.name, s.a.status)
		}
		if n := boxOf(s.a).text(); len(n) > c.limit {
			t.Errorf("%s: the box holds %d bytes", c.name, len(n))
		}
	}
}

func boxOf(a *App) *box {
	switch {
	case a.pop != nil:
		return a.pop.box
	case a.asking != nil:
		return a.asking.box
	}
	return &a.claims.box
}

func TestAPasteWithoutABoxSaysSo(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.send(tea.PasteMsg{Content: "yyyy"})
	if !strings.Contains(s.a.status, "nothing here takes text") || s.a.triage.counts.in != 1 {
		t.Errorf("status %q, in %d", s.a.status, s.a.triage.counts.in)
	}
}
