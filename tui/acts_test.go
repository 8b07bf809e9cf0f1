package tui

import (
	"errors"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// Enter comes faster than the answer: it opens what the whole query finds, not
// the hit of an older one that is still on the screen.
func TestEnterWaitsForTheAnswerToTheWholeQuery(t *testing.T) {
	f := newFake()
	f.hold = map[string]chan struct{}{"ab": make(chan struct{})}
	s := newStage(t, f, 100, 30)
	s.keys("alt+3", "a")
	s.apply(keyMsg("b"))
	s.apply(keyMsg("enter"))
	if s.a.at != roomClaims || !s.a.claims.opens {
		t.Fatalf("at %s while the search is under way", s.a.at)
	}
	close(f.hold["ab"])
	s.until(s.idle)
	if s.a.at != roomRead {
		t.Errorf("the answer does not open its hit, at %s", s.a.at)
	}
	// Another letter takes the enter back.
	f.hold = map[string]chan struct{}{"abc": make(chan struct{})}
	s.keys("alt+3")
	s.apply(keyMsg("c"))
	s.apply(keyMsg("enter"))
	s.apply(keyMsg("d"))
	close(f.hold["abc"])
	s.until(s.idle)
	if s.a.at != roomClaims {
		t.Errorf("a letter after enter still opens a hit, at %s", s.a.at)
	}
}

func TestLinkingAllHitsAsksAndNoIsTheDefault(t *testing.T) {
	for _, keys := range [][]string{{"enter"}, {"n"}, {"esc"}} {
		f := newFake()
		s := newStage(t, f, 100, 30)
		s.show(roomClaims)
		s.keys("esc", "T", "enter")
		if got := ansi.Strip(s.frame()); !strings.Contains(got, "link all 2 claims found to P1?") {
			t.Fatalf("no question\n%s", got)
		}
		s.keys(keys...)
		if f.called("linkall") || s.a.status != "nothing linked" {
			t.Errorf("%v: status %q, calls %q", keys, s.a.status, f.calls)
		}
		if s.a.read.into.ID != "" {
			t.Errorf("tags in Read now go into %s", s.a.read.into.Alias)
		}
	}
}

func TestAnActOnAllHitsNeedsAClaimAmongThem(t *testing.T) {
	f := newFake()
	s := newStage(t, f, 100, 30)
	s.keys("alt+3")
	s.typed("passages")
	s.keys("esc", "T")
	if !strings.Contains(s.a.status, "finds no claim") || s.a.pop != nil {
		t.Errorf("status %q", s.a.status)
	}
}

func TestControlsAreStoppedByEsc(t *testing.T) {
	f := newFake()
	f.hold = map[string]chan struct{}{"controls": make(chan struct{})}
	s := newStage(t, f, 100, 30)
	s.show(roomLab)
	s.apply(keyMsg("C"))
	if why := s.a.controlsOff(); !strings.Contains(why, "esc stops") || s.a.runOff() == "" {
		t.Errorf("while they run: C %q, x %q", why, s.a.runOff())
	}
	s.apply(keyMsg("esc"))
	s.until(s.idle)
	if !strings.Contains(s.a.status, "nothing of them is kept") || len(s.a.faults) > 0 || s.a.lab.stop != nil {
		t.Errorf("status %q, faults %q", s.a.status, s.a.faults)
	}
}

func TestAClaimByHandRefusesAPageThatIsNone(t *testing.T) {
	f := newFake()
	s := newStage(t, f, 100, 30)
	s.show(roomRead)
	s.keys("a", "w", "enter", "x", "enter")
	if !strings.Contains(s.a.status, "is no page") || s.a.asking == nil || f.called("byhand") {
		t.Errorf("status %q, calls %q", s.a.status, f.calls)
	}
	s.keys("esc", "a", "enter")
	if !strings.Contains(s.a.status, "needs words") || f.called("byhand") {
		t.Errorf("without words: %q", s.a.status)
	}
}

func TestAPaperIsOpenedOutside(t *testing.T) {
	for r, want := range map[room]string{roomTriage: "/tmp/paper-p1.pdf", roomRead: "/tmp/claim-c1.pdf", roomClaims: "/tmp/paper-p1.pdf"} {
		s := newStage(t, newFake(), 100, 30)
		var got string
		s.a.launch = func(target string) error { got = target; return nil }
		s.show(r)
		s.keys("esc", "o")
		if got != want || !strings.Contains(s.a.status, "opened "+want) {
			t.Errorf("%s opens %q, status %q", r, got, s.a.status)
		}
	}
	s := newStage(t, newFake(), 100, 30)
	s.a.launch = func(string) error { return errors.New("nothing here opens files") }
	s.keys("o")
	if len(s.a.faults) != 1 {
		t.Errorf("faults %q", s.a.faults)
	}
	s.keys("esc", "4", "o")
	if !strings.Contains(s.a.status, "no paper is selected") {
		t.Errorf("on the board: %q", s.a.status)
	}
}

func TestTraceBeginsWithAVerdictThatIsThere(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.keys("6")
	if s.a.trace.name != "H06" || s.a.trace.current() == nil {
		t.Errorf("traces %q, %d rows", s.a.trace.name, len(s.a.trace.rows))
	}
}

func TestAClaimByHandDoesNotAskForAPDF(t *testing.T) {
	for _, c := range []struct {
		row  claimRow
		want string
	}{{claimRow{Page: 3}, "by hand, p. 3, not yet verified"}, {claimRow{}, "by hand, not yet verified"}, {claimRow{Quote: "so", Verified: true}, "no PDF yet, verified"}, {claimRow{Quote: "so", Outcome: "lost"}, "! lost, not yet verified"}} {
		if got := outcomeWord(&c.row); got != c.want {
			t.Errorf("%+v: %q", c.row, got)
		}
	}
}

func TestWhatWasSaidOnAnotherScreenIsForgotten(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.keys("s")
	if s.a.status == "" {
		t.Fatal("skipping a paper says nothing")
	}
	s.keys("4")
	if s.a.status != "" {
		t.Errorf("the board still says %q", s.a.status)
	}
}

func TestAPassageSaysItsPageHoweverLongItsPapersName(t *testing.T) {
	s := newStage(t, newFake(), 80, 24)
	h := hit{Kind: "passage", Paper: "a-very-long-bibliography-key-2021", Page: 117, Snippet: "words"}
	if got := ansi.Strip(s.a.hitRows(80, 2, &h, false)[0]); !strings.Contains(got, "… p117") {
		t.Errorf("%q", got)
	}
}
