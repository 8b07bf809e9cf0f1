//go:build slow

package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// H01 of the built-in study, by keys: run, repeated to the same bits, replicated under new seeds.
func TestTheFirstHypothesisIsRepeatedAndReplicatedOnARealLibrary(t *testing.T) {
	d := studyDesk(t)
	hyps, err := d.Hypotheses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, d, 110, 40)
	s.start(s.a.openHyp(hyps[0].ID))
	s.until(s.idle)
	s.keys("x")
	if h := s.a.lab.hyp; !h.Final || h.Verdict == "" || len(s.a.faults) > 0 {
		t.Fatalf("after x: %+v, faults %q", h.hypRow, s.a.faults)
	}
	before := d.lib.Seq()
	s.keys("x", "r")
	if !strings.Contains(s.a.status, "all bits equal: "+s.a.lab.hyp.Verdict+" again") || d.lib.Seq() != before {
		t.Errorf("repeated: %q, faults %q, %d changes", s.a.status, s.a.faults, d.lib.Seq()-before)
	}
	first := s.a.lab.hyp.Alias
	s.keys("x", "n")
	h := s.a.lab.hyp
	if h.Alias == first || h.Verdict == "" || !h.Locked || len(h.Beside) != 2 || len(s.a.faults) > 0 {
		t.Fatalf("replicated: %+v, faults %q", h, s.a.faults)
	}
	got := ansi.Strip(s.frame())
	for _, want := range []string{first + ": ", h.Alias + ": " + h.Verdict, "(new seeds)"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q\n%s", want, got)
		}
	}
	if u, err := d.Undo(t.Context()); err == nil && u.Seq != 0 {
		t.Errorf("the replication was undone: %+v", u)
	}
}
