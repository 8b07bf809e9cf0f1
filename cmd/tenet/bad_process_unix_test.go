//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenet/papers/pdfwrite"
)

// machine is a folder with a tenet of its own in it, which another user may run and which may be taken away.
type machine struct {
	t   *testing.T
	dir string
	exe string
	uid uint32 // 0: whoever runs the test
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	found, err := exec.LookPath("tenet") // testscript.Main has put the test binary there under this name
	if err != nil {
		t.Fatal(err)
	}
	// Not t.TempDir: its parents are closed to other users.
	dir, err := os.MkdirTemp("", "tenet-bad-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	m := &machine{t: t, dir: dir, exe: filepath.Join(dir, "tenet")}
	m.check(os.Chmod(dir, 0o777))
	real, err := filepath.EvalSymlinks(found)
	m.check(err)
	if os.Link(real, m.exe) != nil { // on another disk
		data, err := os.ReadFile(real)
		m.check(err)
		m.check(os.WriteFile(m.exe, data, 0o755))
	}
	return m
}

func (m *machine) check(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) path(name string) string { return filepath.Join(m.dir, name) }

func (m *machine) command(args ...string) *exec.Cmd {
	c := exec.Command(m.exe, args...)
	c.Dir = m.dir
	c.Env = append(os.Environ(), "HOME="+m.dir, "TMPDIR="+m.dir, "TENET_REVIEWER=Ada", "TERM=xterm-256color", "NO_COLOR=", "TENET_LIBRARY=")
	if m.uid != 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: m.uid, Gid: m.uid}}
	}
	return c
}

// run runs tenet to its end and holds it to an exit code; it returns everything that was printed.
func (m *machine) run(code int, args ...string) string {
	m.t.Helper()
	return m.finish(code, m.command(args...))
}

func (m *machine) finish(code int, c *exec.Cmd) string {
	m.t.Helper()
	b, err := c.CombinedOutput()
	out := string(b)
	if c.ProcessState == nil {
		m.t.Fatal(err)
	}
	if got := c.ProcessState.ExitCode(); got != code {
		m.t.Errorf("tenet %s: exit code %d, want %d:\n%s", strings.Join(c.Args[1:], " "), got, code, out)
	}
	if strings.Contains(out, "panic") || strings.Contains(out, "goroutine ") {
		m.t.Errorf("tenet %s: a panic reached the user:\n%s", strings.Join(c.Args[1:], " "), out)
	}
	return out
}

// verified holds the library lib to being whole.
func (m *machine) verified() {
	m.t.Helper()
	if out := m.run(0, "verify", "--library", "lib"); !strings.Contains(out, " 0 findings") {
		m.t.Errorf("afterwards the library does not verify: %s", out)
	}
}

func (m *machine) says(out string, wants ...string) {
	m.t.Helper()
	for _, w := range wants {
		if !strings.Contains(out, w) {
			m.t.Errorf("want %q in\n%s", w, out)
		}
	}
}

// until waits at most a minute for something that other processes do.
func (m *machine) until(what string, ok func() bool) {
	m.t.Helper()
	for range 6000 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	m.t.Fatalf("%s did not come", what)
}

// manyPDFs writes n files that differ and take a while to read.
func (m *machine) manyPDFs(n int) {
	m.t.Helper()
	m.check(os.Mkdir(m.path("in"), 0o755))
	pdf := pdfwrite.Long(400, pdfwrite.Form{})
	for i := range n {
		m.check(os.WriteFile(m.path(fmt.Sprintf("in/%d.pdf", i)), fmt.Appendf(pdf[:len(pdf):len(pdf)], "%% %d\n", i), 0o644))
	}
}

// addUntilSome starts tenet add on many files and returns when the first is recorded: two are on their way at a time, with two
// files each in the vault, so that the eighth comes after the second was taken and the first written down.
func (m *machine) addUntilSome() (*exec.Cmd, *bytes.Buffer) {
	m.t.Helper()
	var out bytes.Buffer
	c := m.command("add", "--library", "lib", "--jobs", "1", "in")
	c.Stdout, c.Stderr = &out, &out
	m.check(c.Start())
	m.until("the first paper", func() bool {
		files, _ := filepath.Glob(m.path("lib/vault/*/*"))
		return len(files) >= 8
	})
	return c, &out
}

func TestAnInterruptedAddKeepsWhatWasDone(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.run(0, "init", "lib")
	m.manyPDFs(60)
	c, out := m.addUntilSome()
	m.check(c.Process.Signal(os.Interrupt))
	_ = c.Wait()
	if got := c.ProcessState.ExitCode(); got != 1 {
		t.Errorf("exit code %d, want 1", got)
	}
	m.says(out.String(), "tenet: add: stopped with ", " of 60 files not reached\n", "what was finished before is kept; run the same command again to go on.")
	m.verified()
	if papers := m.run(0, "list", "papers", "--library", "lib"); !strings.Contains(papers, "D1 ") {
		t.Errorf("nothing was kept: %s", papers)
	}
}

func TestAKilledAddLosesNothingThatWasDone(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.run(0, "init", "lib")
	m.manyPDFs(60)
	c, _ := m.addUntilSome()
	m.check(c.Process.Kill())
	_ = c.Wait()
	m.verified()
	if papers := m.run(0, "list", "papers", "--library", "lib"); !strings.Contains(papers, "D1 ") {
		t.Errorf("nothing was kept: %s", papers)
	}
	m.says(m.run(0, "add", "--library", "lib", "in/0.pdf"), "D1")
	m.verified()
}

func TestAnInterruptedRunKeepsItsBlocks(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.run(0, "demo", "--plain", "--seed", "1", "--dir", "lib")
	m.run(0, "lock", "H01", "--library", "lib")
	var out bytes.Buffer
	c := m.command("run", "H01", "--library", "lib")
	c.Stdout = &out
	errs, err := c.StderrPipe()
	m.check(err)
	m.check(c.Start())
	buf, seen := make([]byte, 4096), ""
	for !strings.Contains(seen, "block 1:") {
		n, err := errs.Read(buf)
		seen += string(buf[:n])
		if err != nil {
			t.Fatalf("%v: %s", err, seen)
		}
	}
	m.check(c.Process.Signal(os.Interrupt))
	for {
		n, err := errs.Read(buf)
		seen += string(buf[:n])
		if err != nil {
			break
		}
	}
	_ = c.Wait()
	if got := c.ProcessState.ExitCode(); got != 1 {
		t.Errorf("exit code %d, want 1", got)
	}
	m.says(seen, "stopped after ", " and ", "; tenet run H01 resumes", "what was finished before is kept")
	m.verified()
}

// Whatever a killed demo has left, the next one makes whole. It is killed while the ledger is written, when the library
// has its name, and while the artefacts come.
func TestADemoKilledWhileItsLibraryIsMadeIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	for _, stage := range []string{"lib", "lib/.init-*/library.db", "lib/library.db", "lib/vault/*/*"} {
		m := newMachine(t)
		c := m.command("demo", "--plain", "--dir", "lib")
		in, err := c.StdinPipe()
		m.check(err)
		m.check(c.Start())
		m.until(stage, func() bool { files, _ := filepath.Glob(m.path(stage)); return len(files) > 0 })
		m.check(c.Process.Kill())
		_ = in.Close()
		_ = c.Wait()
		m.run(0, "demo", "--plain", "--dir", "lib")
		m.verified()
		for _, temporary := range []string{"lib/.init-*", "lib/vault/.new-*"} {
			if left, _ := filepath.Glob(m.path(temporary)); len(left) > 0 {
				t.Errorf("killed at %s: left over %v", stage, left)
			}
		}
	}
}

func TestAHolderThatHangsIsNamed(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.run(0, "init", "lib")
	holder := m.hold()
	m.says(m.run(4, "--plain", "--library", "lib"), fmt.Sprintf("library.db is held by process %d (the terminal UI)", holder.Process.Pid), "wait for that process, or stop it; the library itself is fine.")
	m.check(holder.Process.Signal(syscall.SIGSTOP))
	m.says(m.run(4, "list", "--library", "lib"), fmt.Sprintf("library.db is held by process %d (the terminal UI), which does not answer on library.sock", holder.Process.Pid))
	m.check(holder.Process.Signal(syscall.SIGCONT))
	m.says(m.run(0, "list", "--library", "lib"), "papers 0")
	m.check(holder.Process.Signal(os.Interrupt))
	_ = holder.Wait()
	m.verified()
}

// hold starts a tenet that has the library open and is silent.
func (m *machine) hold() *exec.Cmd {
	m.t.Helper()
	c := m.command("--plain", "--library", "lib")
	in, err := c.StdinPipe()
	m.check(err)
	m.check(c.Start())
	m.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = in.Close()
		_ = c.Wait()
	})
	m.until("the holder", func() bool { _, err := os.Stat(m.path("lib/library.sock")); return err == nil })
	return c
}

// The program may be replaced or removed while it is open; its children cannot start then.
func TestAWorkerThatCannotStartIsNamed(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.run(0, "demo", "--plain", "--dir", "lib")
	m.check(os.WriteFile(m.path("good.pdf"), pdfwrite.Simple("A sound paper", "The sound sentence stands here."), 0o644))
	m.check(os.Mkdir(m.path("other"), 0o755))
	m.check(os.Link(m.exe, m.path("other/tenet")))
	m.hold()
	m.check(os.Remove(m.exe))
	m.exe = m.path("other/tenet")
	m.says(m.run(1, "add", "--library", "lib", "good.pdf"), "! good.pdf: ", "no such file")
	m.says(m.run(1, "run", "--explore", "H01", "--library", "lib"), "runner: worker: it cannot be started: ", "no such file")
	m.verified()
}
