//go:build unix

package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestACommandIsShownAndAskedForBeforeItRuns answers no, then yes, to the command of the example.
func TestACommandIsShownAndAskedForBeforeItRuns(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("the example needs Python 3")
	}
	example, err := os.ReadFile("../../docs/examples/external/threshold.py")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	m := newMachine(t)
	m.run(0, "init", "lib")
	m.run(0, "import", "--library", "lib", docs+"/../../docs/examples/external")
	m.check(os.WriteFile(m.path("lib/threshold.py"), example, 0o600))
	m.run(0, "lock", "--library", "lib", "H01")
	for _, c := range []struct {
		answer, shows string
		code          int
	}{{"n\r", "nothing was run: the commands are not trusted", 1}, {"yes\r", "validated", 0}} {
		s := m.onTerminal(40, 160, "run", "--library", "lib", "H01")
		s.shows("run them? [y/N]")
		s.mu.Lock()
		said := s.seen.String()
		s.mu.Unlock()
		m.says(said, "python3 threshold.py", "content ", "with your rights")
		s.types(c.answer)
		s.shows(c.shows)
		if code := s.exit(); code != c.code {
			t.Errorf("answered %q: exit code %d, want %d", strings.TrimSpace(c.answer), code, c.code)
		}
	}
	m.verified()
}
