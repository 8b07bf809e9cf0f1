package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryRowOfBadInputIsHeld holds docs/bad-input.md to tests that are there.
func TestEveryRowOfBadInputIsHeld(t *testing.T) {
	doc, err := os.ReadFile("../../docs/bad-input.md")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, room := range []string{".", "../../papers", "../../runner", "../../tui", "../../internal/store"} {
		files, err := filepath.Glob(filepath.Join(room, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(b)
		}
	}
	held := regexp.MustCompile("`(bad-[a-z]+|[a-z]+\\.txtar|Test[A-Za-z0-9]+)`")
	rows := 0
	for line := range strings.Lines(string(doc)) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) != 5 || strings.HasPrefix(line, "| bad input") {
			continue
		}
		rows++
		names := held.FindAllStringSubmatch(cells[4], -1)
		if len(names) == 0 {
			t.Errorf("no test named in: %s", line)
		}
		for _, n := range names {
			name := n[1]
			if strings.HasPrefix(name, "Test") {
				if !strings.Contains(code.String(), "func "+name+"(") {
					t.Errorf("%s is no test", name)
				}
			} else if _, err := os.Stat(filepath.Join("testdata/script", strings.TrimSuffix(name, ".txtar")+".txtar")); err != nil {
				t.Errorf("%v", err)
			}
		}
	}
	if rows < 30 {
		t.Errorf("only %d rows were understood", rows)
	}
}
