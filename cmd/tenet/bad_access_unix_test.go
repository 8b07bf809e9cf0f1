//go:build unix

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"tenet/papers/pdfwrite"
)

// asNobody makes the commands of m run without the rights of root, to whom every folder is open.
func asNobody(t *testing.T) *machine {
	t.Helper()
	m := newMachine(t)
	if os.Geteuid() == 0 {
		m.uid = 65534
		if out, err := m.command("--version").CombinedOutput(); err != nil {
			t.Skipf("needs to run tenet as another user, since root may write everywhere: %v %s", err, out)
		}
	}
	m.run(0, "init", "lib")
	return m
}

// closed takes rights away and gives them back at the end.
func (m *machine) closed(name string, mode fs.FileMode) {
	m.t.Helper()
	m.check(os.Chmod(m.path(name), mode))
	m.t.Cleanup(func() { _ = os.Chmod(m.path(name), 0o755) })
}

func TestAReadOnlyLibraryIsLeftAlone(t *testing.T) {
	t.Parallel()
	m := asNobody(t)
	m.run(0, "principle", "--library", "lib", "Keep a path")
	m.closed("lib/library.db", 0o444)
	m.closed("lib", 0o555)
	const way = "give yourself the right to write there"
	m.says(m.run(1, "list", "--library", "lib"), "lib/library.db cannot be opened for writing", "permission denied", way)
	m.says(m.run(1, "principle", "--library", "lib", "Another"), "lib/library.db cannot be opened for writing", way)
	m.says(m.run(1, "init", "lib/inner"), "no library can be made in ", "permission denied", way)
	m.check(os.Chmod(m.path("lib"), 0o755))
	m.check(os.Chmod(m.path("lib/library.db"), 0o644))
	m.verified()
	m.says(m.run(0, "list", "--library", "lib"), "principles 1")
}

// Only the folder is closed: one process works, and says why a second one cannot join.
func TestAFolderWithoutRoomForASocketStillWorks(t *testing.T) {
	t.Parallel()
	m := asNobody(t)
	m.closed("lib", 0o555)
	m.says(m.run(0, "principle", "--library", "lib", "Keep a path"), "no second command can join", "permission denied", "P1 Keep a path")
	m.check(os.Chmod(m.path("lib"), 0o755))
	m.verified()
}

func TestFilesThatMayNotBeReadAreNamed(t *testing.T) {
	t.Parallel()
	m := asNobody(t)
	m.check(os.MkdirAll(m.path("in/shut"), 0o755))
	m.check(os.WriteFile(m.path("in/good.pdf"), pdfwrite.Simple("A sound paper", "The sound sentence stands here."), 0o644))
	m.check(os.WriteFile(m.path("in/own.pdf"), pdfwrite.Simple("Another paper", "Its sentence."), 0o644))
	m.check(os.WriteFile(m.path("in/own.bib"), []byte("@misc{a, title={A}}"), 0o644))
	if m.uid != 0 {
		for _, name := range []string{"in/shut", "in/own.pdf", "in/own.bib"} {
			m.check(os.Chown(m.path(name), int(m.uid), int(m.uid)))
		}
	}
	m.closed("in/shut", 0)
	m.closed("in/own.pdf", 0)
	m.closed("in/own.bib", 0)
	out := m.run(0, "add", "--library", "lib", "in")
	m.says(out, "! shut: permission denied", "! own.pdf: permission denied", "! own.bib: permission denied", "give yourself the right to read it", "good.pdf: added D1", "1 added, ", "3 failed")
	m.verified()
}

func TestAPlaceThatMayNotBeWrittenIsNamed(t *testing.T) {
	t.Parallel()
	m := asNobody(t)
	m.check(os.Mkdir(m.path("shut"), 0o755))
	if m.uid != 0 {
		m.check(os.Chown(m.path("shut"), int(m.uid), int(m.uid)))
	}
	m.closed("shut", 0o555)
	m.says(m.run(1, "report", "--library", "lib", "-o", "shut/r.html"), "report: shut/r.html cannot be written: permission denied", "give yourself the right")
	m.says(m.run(1, "export", "--library", "lib", "shut/pack"), "pack: export to ", "shut/pack", "permission denied")
	if left, err := filepath.Glob(m.path("shut/*")); err != nil || len(left) > 0 {
		t.Errorf("%v left behind, %v", left, err)
	}
	m.verified()
}
