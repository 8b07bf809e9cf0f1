package tui

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

// speak runs plain mode on a script and gives what it said.
func speak(t *testing.T, a *App, script string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a.ctx, a.plain = ctx, true
	var out bytes.Buffer
	if err := runPlain(a, strings.NewReader(script), &out); err != nil {
		t.Fatal(err)
	}
	cancel()
	a.gate.close(5 * time.Second)
	return out.String()
}

// Invariant 8.
func TestPlainModeWritesNoEscape(t *testing.T) {
	script := "help\nlist\nread\nopen D1\nlist\nnext\nclaims\nsearch unscaled\nboard\nnext\nlab\nlist\ntrace\nwhy H06\nlist\nquit\n"
	got := speak(t, newApp(t.Context(), newFake(), false), script)
	for i, r := range got {
		if r < 0x20 && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			t.Fatalf("byte %q at %d: %q", r, i, got[max(0, i-40):i+1])
		}
		if r >= 0x2500 && r <= 0x28ff && r != '▶' {
			t.Fatalf("a drawing %q at %d: %q", r, i, got[max(0, i-40):i+3])
		}
	}
}

func TestPlainModeDoesTheJourney(t *testing.T) {
	f := newFake()
	got := speak(t, newApp(t.Context(), f, false), `screen in
out
2
open D1
next
tag
1
m
undo
score
find the depth
list
bogus
`)
	for _, want := range []string{
		"tenet: Triage. Library skip-study.", "paper 1 of 5: D1 Writing less at every layer.", "saved, change", "question: out, because?",
		"2: no reasoning", "sentence 2 of 5: The first writes every branch", "tags into which principle?", "1: P1 The identity path",
		"question: + supports P1, kind?", "C1043 supports", "undone: claim", `query "the depth": 2 of 104882 found.`, `"bogus" is no action. Type help.`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q", want)
		}
	}
	for _, want := range []string{"screen p1 in", "screen p2 out no reasoning", "tag supports empirical result P1", "undo"} {
		if !f.called(want) {
			t.Errorf("%q was not done: %q", want, f.calls)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestPlainModeTellsARunBlockByBlockAndWaitsForIt(t *testing.T) {
	f := newFake()
	go func() {
		f.events <- runEvent{Kind: "step", Run: "R31", Block: 1, Steps: 400}
		f.events <- runEvent{Kind: "block", Run: "R31", Block: 1, V: 9.2, R: 0.1, T: 60, Est: 0.28, Lo: -0.05, Hi: 0.61, D: "0.31"}
		time.Sleep(3 * tickEvery) // the block is told by the tick, as on the screen
		close(f.events)
	}()
	got := speak(t, newApp(t.Context(), f, false), "run H05\nwhy H06\n")
	at := 0
	for _, want := range []string{"block 1: D 0.31; V 9.20, R 0.10, line at 60", "R31: validated, effect after 2 blocks", "chain of H06, node 1 of"} {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("lacks %q after %d\n%s", want, at, got)
		}
		at += i
	}
}

func TestPlainModeStopsARun(t *testing.T) {
	f := newFake()
	got := speak(t, newApp(t.Context(), f, false), "run H05\nstop\n")
	if !strings.Contains(got, "stopped before its first block; x resumes") {
		t.Errorf("stop was not told\n%s", got)
	}
}

func TestPlainModeSaysWhyAnActionIsOff(t *testing.T) {
	f := newFake()
	f.empty = true
	got := speak(t, newApp(t.Context(), f, false), "screen in\nread\ntag\n")
	for _, want := range []string{"y: no paper is selected", "+: no sentence is selected"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q\n%s", want, got)
		}
	}
}

// A study that is there to be read and repeated has first steps of its own, each done by doing it.
func TestTheGuideOfAFinishedStudyFollowsWhatIsDone(t *testing.T) {
	a := newApp(t.Context(), newFake(), false)
	there := ""
	a.guide = &guide{Guide: Guide{Question: "Does it help?", First: "H01", Done: true, Decided: 42, Hypotheses: 43, Intro: func() string { return there }}}
	a.at = roomLab
	at := func(step int, want string) {
		t.Helper()
		if n, text := a.guide.step(); n != step || !strings.Contains(text, want) {
			t.Errorf("step %d %q, want %d %q", n, text, step, want)
		}
	}
	at(1, "42 of 43 hypotheses are decided")
	a.guide.again() // before the verdict was looked at it counts for nothing
	a.goTo(roomTrace)
	at(2, "the nets of H01 are trained again")
	a.guide.again()
	at(3, "Press 4")
	a.goTo(roomBoard)
	at(4, "introduction")
	if a.goTo(roomRead); a.guide.intro() != "" {
		t.Error("an introduction that is not there yet was opened")
	}
	there = "D94"
	at(5, "Press n")
	a.guide.tagged = true
	at(6, "identity")
	a.guide.searched = true
	at(7, "tenet demo --seed 2")
}

func TestPlainModeGreetsWithTheGuide(t *testing.T) {
	a := newApp(t.Context(), newFake(), true)
	a.guide = &guide{Guide: Guide{Question: "Does it help?", Wording: "Two nets…", First: "H05"}}
	a.at = roomLab
	got := speak(t, a, "")
	for _, want := range []string{"Does it help?", "Two nets...", "Step 1 of 7: Press x to run H05"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q\n%s", want, got)
		}
	}
}
