//go:build e2e

package e2e

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenet/papers/pdfwrite"
)

// folder makes a place with three small papers and the absolute path of the test's pack.
func folder(t *testing.T) (dir, pack string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string][2]string{
		"path.pdf":    {"Deep nets need a path", "A path for the signal helps because gradients arrive unchanged at the first layer. The plain net fails at depth sixteen."},
		"shallow.pdf": {"Shallow nets do not", "At two layers we find no difference, since nothing is scrambled there."},
		"wide.pdf":    {"Width and depth", "Wider layers reduce the damage that depth does."},
	} {
		if err := os.MkdirAll(filepath.Join(dir, "papers"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "papers", name), pdfwrite.Simple(text[0], text[1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	pack, err := filepath.Abs("testdata/pack")
	if err != nil {
		t.Fatal(err)
	}
	return dir, pack
}

func TestJourneyOfANewUser(t *testing.T) {
	bin := binary(t)
	for _, term := range []struct {
		name          string
		width, height int
	}{{"xterm-256color", 100, 30}, {"tmux-256color", 80, 24}} {
		t.Run(term.name, func(t *testing.T) {
			dir, pack := folder(t)
			p := open(t, bin, dir, term.width, term.height, "TERM="+term.name)
			p.sh("tenet init lib && cd lib")

			p.text("tenet")
			p.keys("Enter")
			p.wait(`No papers yet`)

			// Add a folder of PDFs.
			p.keys("i")
			p.wait(`add PDF, folder or \.bib`)
			p.text("../papers")
			p.keys("Enter")
			p.wait(`3 of 3 files added`)
			p.wait(`Deep nets need a path`)

			// Decide on a paper, take it back, decide again.
			p.keys("g", "y")
			p.wait(`saved, change \d+ · D1 in`)
			p.keys("u")
			p.wait(`undone|undo of|in 0`)
			p.keys("g", "y")
			p.wait(`in 1`)

			// Search as one types; enter opens the sentence.
			p.keys("M-3")
			p.wait(`\[3 Claims\]`)
			p.text("gradients unchanged")
			p.wait(`1 of [\d,]+`)
			p.keys("Enter")
			p.wait(`\[2 Read\]`)

			// Tag it: the principle is made on the way; stance and kind are two keys.
			p.keys("t")
			p.wait(`type a name|principle`)
			p.text("Keep a path")
			p.keys("Enter")
			p.wait(`P1 made`)
			p.keys("+")
			p.wait(`kind\?`)
			p.keys("e")
			p.wait(`C1 supports P1, explicit`)

			// A pack brings the hypothesis, through a second command beside the open screens.
			run(t, bin, filepath.Join(dir, "lib"), "import", pack)
			p.keys("M-4")
			p.wait(`H01 +Sixteen layers`)

			// One key locks and runs; the verdict comes by the rule.
			p.keys("M-5")
			p.wait(`the plan is complete`)
			p.keys("x")
			p.waitFor(`VALIDATED|REFUTED|INCONCLUSIVE`, time.Minute)

			// Trace it down to the sentence, and check everything.
			p.keys("w")
			p.wait(`\[6 Trace\]`)
			p.wait(`gradients arrive|A path for the`)
			p.keys("V")
			p.wait(`intact|0 findings|✓`)

			// Write the proof of it; a stranger's tenet checks the file below.
			p.keys("X")
			p.wait(`write the proof to`)
			p.keys("Enter")
			p.wait(`tenet audit checks|proof of H01 written`)

			// Undo says what cannot be undone; quit and come back.
			p.keys("q")
			p.wait(`ready>`)
			p.sh("clear")
			p.text("tenet")
			p.keys("Enter")
			p.wait(`\[1 Triage\]`)
			p.keys("M-5")
			p.waitFor(`VALIDATED|REFUTED|INCONCLUSIVE`, 10*time.Second)
			p.keys("q")
			p.wait(`ready>`)

			out := run(t, bin, filepath.Join(dir, "lib"), "verify")
			if !strings.Contains(out, "0 findings") {
				t.Errorf("verify: %s", out)
			}
			audit := run(t, bin, dir, "audit", filepath.Join("lib", "tenet-H01.tenet-proof"))
			if !strings.Contains(audit, "accepted: ") || !strings.Contains(audit, "H01 is ") {
				t.Errorf("audit: %s", audit)
			}
			why := run(t, bin, filepath.Join(dir, "lib"), "why", "H01")
			for _, want := range []string{"H01", "run R", "Keep a path", "path.pdf", "found"} {
				if !strings.Contains(why, want) {
					t.Errorf("tenet why H01 does not name %q:\n%s", want, why)
				}
			}
		})
	}
}

// trial is what decides whether two runs are the same to the last bit.
type trial struct {
	Arm   string `json:"arm"`
	Block int    `json:"block"`
	Key   string `json:"key"`
	Bits  string `json:"weights_sha"`
}

// trials reads the finished trials of a library from its export of records.
func trials(t *testing.T, bin, dir string) map[string]trial {
	t.Helper()
	var all []trial
	if err := json.Unmarshal([]byte(run(t, bin, dir, "list", "trials", "--json")), &all); err != nil {
		t.Fatal(err)
	}
	byKey := map[string]trial{}
	for _, x := range all {
		byKey[x.Key] = x
	}
	return byKey
}

// blocksJudged is the number of blocks on which the verdict of H01 rests.
func blocksJudged(t *testing.T, bin, dir string) int {
	t.Helper()
	var all []struct {
		Verdict struct {
			Stop int `json:"stop"`
		} `json:"verdict"`
	}
	if err := json.Unmarshal([]byte(run(t, bin, dir, "list", "hypotheses", "--json")), &all); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, h := range all {
		n = max(n, h.Verdict.Stop)
	}
	return n
}

func TestAKilledRunGoesOnToTheSameBits(t *testing.T) {
	bin := binary(t)
	dir, pack := folder(t)
	for _, lib := range []string{"whole", "killed"} {
		run(t, bin, dir, "init", lib)
		run(t, bin, filepath.Join(dir, lib), "import", pack)
		run(t, bin, filepath.Join(dir, lib), "lock", "H01")
	}
	run(t, bin, filepath.Join(dir, "whole"), "run", "H01")

	cmd := exec.Command(bin, "run", "H01")
	cmd.Dir = filepath.Join(dir, "killed")
	told, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(told); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "block 2") {
			break
		}
	}
	_ = cmd.Process.Signal(syscall.SIGKILL)
	_ = cmd.Wait()
	if out := run(t, bin, cmd.Dir, "verify"); !strings.Contains(out, "0 findings") {
		t.Fatalf("after kill -9: %s", out)
	}
	run(t, bin, cmd.Dir, "run", "H01")

	a, b := trials(t, bin, filepath.Join(dir, "whole")), trials(t, bin, cmd.Dir)
	stop := blocksJudged(t, bin, filepath.Join(dir, "whole"))
	if again := blocksJudged(t, bin, cmd.Dir); len(a) == 0 || stop == 0 || stop != again {
		t.Fatalf("%d trials, the verdict rests on %d blocks and on %d after the kill", len(a), stop, again)
	}
	for key, x := range a {
		if x.Block >= stop { // trained ahead by an idle worker while the verdict was given
			continue
		}
		if y, ok := b[key]; !ok || x.Bits == "" || x.Bits != y.Bits {
			t.Errorf("block %d arm %s: %+v after the kill, want %+v", x.Block, x.Arm, y, x)
		}
	}
}

func TestJourneyInPlainMode(t *testing.T) {
	bin := binary(t)
	dir, pack := folder(t)
	run(t, bin, dir, "init", "lib")
	lib := filepath.Join(dir, "lib")
	run(t, bin, lib, "add", filepath.Join(dir, "papers"))
	run(t, bin, lib, "import", pack)
	cmd := exec.Command(bin)
	cmd.Dir = lib
	cmd.Env = append(os.Environ(), "TERM=dumb", "TENET_REVIEWER=Ada")
	cmd.Stdin = strings.NewReader("screen in\nrun H01\nquit\n")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.ContainsRune(string(out), '\x1b') {
		t.Error("an escape byte in plain mode")
	}
	for _, want := range []string{`saved, change \d+`, `(?i)verdict: .?.?.?.?(validated|refuted|inconclusive)`} {
		if !regexp.MustCompile(want).Match(out) {
			t.Errorf("plain mode does not say %q:\n%s", want, out)
		}
	}
}
