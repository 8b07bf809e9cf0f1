//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// pane is one tmux window in which a program runs.
type pane struct {
	t      *testing.T
	socket string
	width  int
	height int
}

func binary(t *testing.T) string {
	t.Helper()
	bin := os.Getenv("TENET_BIN")
	if bin == "" {
		bin = filepath.Join(t.TempDir(), "tenet")
		if out, err := exec.Command("go", "build", "-o", bin, "tenet/cmd/tenet").CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, out)
		}
	}
	return bin
}

// open starts a shell of the given size in dir, with tenet on its path.
func open(t *testing.T, bin, dir string, width, height int, env ...string) *pane {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Fatal("tmux is needed: it is the terminal of this test")
	}
	if filepath.Base(bin) != "tenet" { // the shell runs it by name, and must not find another
		t.Fatalf("TENET_BIN is %s; a program named tenet is wanted", bin)
	}
	p := &pane{t: t, socket: filepath.Join(t.TempDir(), "tmux"), width: width, height: height}
	args := []string{"new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), "-c", dir}
	for _, kv := range append(env, "TENET_REVIEWER=Ada", "PS1=ready> ") {
		args = append(args, "-e", kv)
	}
	args = append(args, "bash", "--norc", "--noprofile", "-i")
	for try := 1; ; try++ { // on a loaded machine tmux's server sometimes ends at once
		out, err := exec.Command("tmux", append([]string{"-S", p.socket}, args...)...).CombinedOutput()
		if err == nil {
			break
		}
		if try == 5 {
			t.Fatalf("tmux %v: %v\n%s", args, err, out)
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("last screen:\n%s", p.screen())
		}
		_ = exec.Command("tmux", "-S", p.socket, "kill-server").Run()
	})
	p.wait(`ready>`)
	// tmux sets the path of its own start, so the shell is told.
	p.sh("export PATH='" + filepath.Dir(bin) + "':$PATH")
	return p
}

func (p *pane) tmux(args ...string) string {
	p.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", p.socket}, args...)...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("tmux %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// screen is what a person sees now.
func (p *pane) screen() string {
	out, _ := exec.Command("tmux", "-S", p.socket, "capture-pane", "-p").CombinedOutput()
	return string(out)
}

// keys types keys by tmux's names: "Enter", "C-x", "Down", or a letter.
func (p *pane) keys(names ...string) {
	p.t.Helper()
	for _, n := range names {
		p.tmux("send-keys", n)
		time.Sleep(30 * time.Millisecond) // a person's pace; a burst would be one paste
	}
}

// text types words.
func (p *pane) text(s string) {
	p.t.Helper()
	p.tmux("send-keys", "-l", s)
}

// wait waits until the screen shows the pattern, for ten seconds.
func (p *pane) wait(pattern string) string {
	p.t.Helper()
	return p.waitFor(pattern, 10*time.Second)
}

func (p *pane) waitFor(pattern string, limit time.Duration) string {
	p.t.Helper()
	re := regexp.MustCompile(pattern)
	deadline := time.Now().Add(limit)
	for {
		s := p.screen()
		if re.MatchString(s) {
			return s
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("after %s the screen does not show %q:\n%s", limit, pattern, s)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// sh runs a command line in the pane's shell and waits for its end.
func (p *pane) sh(line string) {
	p.t.Helper()
	p.text("clear; " + line + "; echo done-$?")
	p.keys("Enter")
	p.wait(`(?m)^done-0`)
}

// run runs tenet beside the pane and returns its output.
func run(t *testing.T, bin, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(bin, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TENET_REVIEWER=Ada")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("tenet %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
