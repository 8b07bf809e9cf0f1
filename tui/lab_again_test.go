package tui

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// decidedStage shows H06, which has its verdict.
func decidedStage(t *testing.T, f *fake) *stage {
	t.Helper()
	s := newStage(t, f, 100, 30)
	s.start(s.a.openHyp("h6"))
	s.until(s.idle)
	return s
}

func TestXOnADecidedHypothesisAsksHow(t *testing.T) {
	f := newFake()
	s := decidedStage(t, f)
	s.keys("x")
	got := ansi.Strip(s.frame())
	for _, want := range []string{"H06 has its verdict, which is never replaced", "r repeat: same seeds", "n replicate: new seeds"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q\n%s", want, got)
		}
	}
	s.keys("esc")
	if f.called("run") || f.called("repeat") || f.called("replicate") || s.a.status != "nothing run" {
		t.Errorf("calls %q, status %q", f.calls, s.a.status)
	}
	s.keys("4", "down", "enter", "down", "x") // the second hypothesis of P2 in the Board
	if s.a.asking == nil || !strings.HasPrefix(s.a.asking.title, "H06") {
		t.Errorf("x in the Board asks nothing: status %q", s.a.status)
	}
}

func TestARepetitionIsShownAndEndsInOneSentence(t *testing.T) {
	f := newFake()
	f.again = repetition{Text: "H06: 22 trials, all bits equal: validated again", Same: true}
	s := decidedStage(t, f)
	s.keys2("x")
	s.apply(keyMsg("r"))
	s.until(func() bool { return f.called("repeat h6") })
	s.event(f, runEvent{Kind: "again", Arm: "raw", Block: 3, Step: 212, Steps: 400, Done: 7, Total: 22, ETA: 40 * time.Second})
	under := ansi.Strip(s.frame())
	for _, want := range []string{"▶ repeating  7 of 22 trials, all bits equal so far  about 40 s left", "V for", "seed 3 arm raw step 212 of 400"} {
		if !strings.Contains(under, want) {
			t.Errorf("lacks %q\n%s", want, under)
		}
	}
	s.keys2("1")
	if got := ansi.Strip(s.frame()); !strings.Contains(got, "▶ H06 again 7 of 22") {
		t.Errorf("the repetition is not seen from Triage\n%s", got)
	}
	s.keys2("5")
	close(f.events)
	s.until(s.idle)
	over := ansi.Strip(s.frame())
	if s.a.live != nil || s.a.pop != nil || s.a.status != f.again.Text || !strings.Contains(over, "repeated: "+f.again.Text) {
		t.Errorf("after the end: status %q\n%s", s.a.status, over)
	}
	golden(t, filepath.Join("frames", "lab-repeat.txt"), "== under way\n"+under+"\n== over\n"+over+"\n")
}

func TestARepetitionThatDiffersIsLaidOpen(t *testing.T) {
	f := newFake()
	f.again = repetition{
		Text:  "H06: 22 trials (kernel path avx2, recorded on avx512), 1 with other bits, and the same verdict: validated",
		Lines: []string{"on record: validated after 11 blocks, estimate 0.33", "again:     validated after 11 blocks, estimate 0.32", "! block 3, arm raw, key a7a7a7a7a7a7: weights 1 on record 2"},
	}
	s := decidedStage(t, f)
	s.keys2("x")
	s.apply(keyMsg("r"))
	s.until(func() bool { return f.called("repeat h6") })
	s.event(f, runEvent{Kind: "again", Done: 7, Total: 22, Differ: 1})
	if got := ansi.Strip(s.frame()); !strings.Contains(got, "7 of 22 trials, 1 with other bits") {
		t.Errorf("a difference is not shown at once\n%s", got)
	}
	close(f.events)
	s.until(s.idle)
	got := ansi.Strip(s.frame())
	for _, want := range append(f.again.Lines, "H06 repeated") {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q\n%s", want, got)
		}
	}
}

func TestCtrlXStopsARepetitionWithItsAccount(t *testing.T) {
	f := newFake()
	s := decidedStage(t, f)
	s.keys2("x")
	s.apply(keyMsg("r"))
	s.until(func() bool { return f.called("repeat h6") })
	s.keys("ctrl+x")
	if want := "H06: 7 of 22 trials, their bits all equal; the rest was not trained; stopped, nothing is recorded"; s.a.live != nil || s.a.status != want || len(s.a.faults) > 0 {
		t.Errorf("status %q, faults %q", s.a.status, s.a.faults)
	}
	if got := ansi.Strip(s.frame()); strings.Contains(got, "repeated: ") {
		t.Errorf("a part is shown as the whole\n%s", got)
	}
}

func TestAReplicationIsMadeLockedAndRun(t *testing.T) {
	f := newFake()
	s := decidedStage(t, f)
	s.keys2("x")
	s.apply(keyMsg("n"))
	s.until(func() bool { return f.called("run h5 false") })
	if !f.called("replicate h6") || !f.called("lock h5") || s.a.live == nil || s.a.live.alias != "H05" || !strings.Contains(s.a.status, "H05 is an independent run of H06") {
		t.Errorf("calls %q, status %q", f.calls, s.a.status)
	}
	s.keys("ctrl+x")
}

func TestTheLabShowsARunBesideItsReplication(t *testing.T) {
	f := newFake()
	f.beside = []string{"H06: validated, estimate 0.33, 0.2 to 0.45, 11 blocks", "H31: refuted, estimate 0.01, −0.1 to 0.12, 9 blocks (new seeds)"}
	s := decidedStage(t, f)
	got := ansi.Strip(s.frame())
	for _, want := range f.beside {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q\n%s", want, got)
		}
	}
	golden(t, filepath.Join("frames", "lab-beside.txt"), got+"\n")
}

func TestPlainModeRepeatsAndReplicates(t *testing.T) {
	f := newFake()
	f.again = repetition{Text: "H06: 22 trials, all bits equal: validated again", Same: true}
	close(f.events)
	got := speak(t, newApp(t.Context(), f, false), "run repeat H05\nlab\nh\nH06\n1\nx\nr\nrun replicate\n")
	for _, want := range []string{
		"H05 has no verdict yet; x runs it", "question: H06 has its verdict", "n: replicate: new seeds", "H06: 22 trials, all bits equal: validated again",
		"R31: validated, effect after 2 blocks",
	} {
		i := strings.Index(got, want)
		if i < 0 {
			t.Fatalf("lacks %q\n%s", want, got)
		}
	}
	if !f.called("repeat h6") || !f.called("replicate h6") || !f.called("run h5 false") {
		t.Errorf("calls %q", f.calls)
	}
}
