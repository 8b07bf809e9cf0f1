//go:build unix

package runner

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// shell writes a script into the library's folder.
func (s *study) shell(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.lib.Dir(), name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

const answers = `read line
case "$line" in
*'"who":"res"'*) echo "{\"metrics\":{\"test_accuracy\":0.9}}" ;;
*) echo "{\"metrics\":{\"test_accuracy\":0.5},\"params\":3,\"flops\":7}" ;;
esac
echo "words about $line" >&2
`

func commandArms() [2]string {
	return [2]string{`{"exec":"sh answer.sh","who":"plain"}`, `{"exec":["sh","answer.sh"],"who":"res","rate":0.5}`}
}

func anyConstant(h *hypotheses.Hypothesis, _ *hypotheses.Task) { h.Decision.Constant = "allow" }

func TestACommandIsAnArm(t *testing.T) {
	s := newStudy(t, commandArms(), anyConstant)
	s.shell("answer.sh", answers)
	s.lock()
	_, err := Run(t.Context(), s.lib, "tester", "H01", Options{Command: workerCommand("sound")})
	if !errors.Is(err, ErrUntrusted) || !strings.Contains(err.Error(), "sh answer.sh") {
		t.Fatalf("an untrusted command: got %v", err)
	}
	if len(s.trials()) != 0 {
		t.Fatal("an untrusted command was run")
	}
	res := s.run(Options{TrustExec: true})
	if res.Verdict != "validated" || res.Record.Estimate < 0.39 {
		t.Fatalf("got %+v", res)
	}
	s.view(func(tx *store.Tx) error {
		for tr, err := range TrialsOf(tx, s.h.ID) {
			if err != nil {
				return err
			}
			if err := tr.Check(); err != nil {
				t.Error(err)
			}
			words, err := s.lib.Vault().Bytes(tr.LogSHA)
			if err != nil || !strings.HasPrefix(string(words), "words about {") {
				t.Errorf("its words: %q, %v", words, err)
			}
			if tr.Arm == "plain" && (tr.Usage.Params != 3 || tr.Usage.FLOPs != 7) || tr.Usage.Basis == "" {
				t.Errorf("its cost: %+v", tr.Usage)
			}
			if c, err := Curve(s.lib, tr); err != nil || len(c) != 0 {
				t.Errorf("its curve: %v %v", c, err)
			}
		}
		return nil
	})
	if n, wrong := s.wrong(); n < 10 || len(wrong) > 0 {
		t.Errorf("%d trials, %v", n, wrong)
	}
}

func TestACommandGetsItsTrial(t *testing.T) {
	s := newStudy(t, commandArms(), anyConstant)
	s.shell("answer.sh", answers)
	s.lock()
	s.run(Options{TrustExec: true, MaxBlocks: 2, Jobs: 1})
	seeds := map[int]map[string]asked{}
	s.view(func(tx *store.Tx) error {
		for tr, err := range TrialsOf(tx, s.h.ID) {
			if err != nil {
				return err
			}
			words, err := s.lib.Vault().Bytes(tr.LogSHA)
			if err != nil {
				return err
			}
			var a asked
			if err := json.Unmarshal([]byte(strings.TrimPrefix(string(words), "words about ")), &a); err != nil {
				return err
			}
			if seeds[tr.Block] == nil {
				seeds[tr.Block] = map[string]asked{}
			}
			seeds[tr.Block][tr.Arm] = a
		}
		return nil
	})
	a, b, other := seeds[0]["plain"], seeds[0]["res"], seeds[1]["plain"]
	if a.Seed != b.Seed || a.Seeds["init"] != b.Seeds["init"] || a.Seed == other.Seed || a.Seeds["split"] == a.Seeds["order"] {
		t.Errorf("seeds: %v, %v, next block %v", a.Seeds, b.Seeds, other.Seeds)
	}
	if a.Format != externalFormat || a.Metric != "test_accuracy" || a.Steps != 20 || string(a.Rate) != "0.001" || !strings.Contains(string(b.Arm), `"rate":0.5`) {
		t.Errorf("got %+v", a)
	}
}

func TestAnAnswerThatIsNoneIsAFailedAttempt(t *testing.T) {
	for script, want := range map[string]string{
		"echo 0.9":                           "is not like",
		"echo '{\"metric\":{}}'":             "unknown field",
		"echo '{\"metrics\":{\"other\":1}}'": "no metric test_accuracy",
		"echo '{\"metrics\":{}} and more'":   "something follows",
		"echo the reason >&2; exit 4":        "exit status 4; it said: the reason",
		"yes 123456789 | head -c 2000000":    "longer than",
		"sleep 60":                           "not done after 300ms",
		"(sleep 60 &) ; sleep 60":            "not done after 300ms",
	} {
		s := newStudy(t, [2]string{`{"exec":"sh answer.sh","timeout":"300ms"}`, `{"exec":"sh answer.sh","timeout":"20s"}`}, anyConstant)
		s.shell("answer.sh", script+"\n")
		p := s.plan()
		j := p.job(p.arms[1], 0)
		if strings.Contains(script, "sleep") {
			if j.Exec.Arm != `{"exec":"sh answer.sh","timeout":"300ms"}` {
				t.Fatalf("the arms stand in another order: %s", j.Exec.Arm)
			}
		} else {
			j = p.job(p.arms[0], 0)
		}
		if _, err := runExternal(t.Context(), s.lib.Dir(), j); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", script, err, want)
		}
	}
}

func TestADivergedAnswerIsAResult(t *testing.T) {
	s := newStudy(t, commandArms(), anyConstant)
	s.shell("answer.sh", `echo '{"diverged":true,"diverged_at":12}'`)
	p := s.plan()
	r, err := runExternal(t.Context(), s.lib.Dir(), p.job(p.arms[0], 0))
	if err != nil || !r.Diverged || r.DivergedAt != 12 {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestAChangedFileIsAnotherExperiment(t *testing.T) {
	s := newStudy(t, commandArms(), anyConstant)
	s.shell("answer.sh", answers)
	s.lock()
	p := s.plan()
	s.shell("answer.sh", answers+"# a word more\n")
	_, err := Run(t.Context(), s.lib, "tester", "H01", Options{TrustExec: true, Command: workerCommand("sound")})
	if err == nil || !strings.Contains(err.Error(), "external command or one of its files ") {
		t.Errorf("a file changed after the lock: got %v", err)
	}
	if _, err := runExternal(t.Context(), s.lib.Dir(), p.job(p.arms[0], 0)); err == nil || !strings.Contains(err.Error(), "answer.sh: its content is") {
		t.Errorf("a file changed while a run goes on: got %v", err)
	}
}

func TestACommandThatCannotBePinnedIsNoPlan(t *testing.T) {
	for arm, want := range map[string]string{
		`{"exec":""}`:          "names no command",
		`{"exec":7}`:           "neither a command line",
		`{"exec":"sh"}`:        "names no file",
		`{"exec":"./gone.sh"}`: "no such file",
		`{"exec":"sh answer.sh","timeout":"soon"}`:    "is no time",
		`{"exec":"sh answer.sh","files":["/etc"]}`:    "relative to the library's folder",
		`{"exec":"sh answer.sh","files":["lost.py"]}`: "lost.py: no such file",
		`{"exec":"sh answer.sh","files":["vault"]}`:   "no regular file",
	} {
		s := newStudy(t, [2]string{arm, arm}, anyConstant)
		s.shell("answer.sh", answers)
		if _, err := LockEnv(s.lib, "H01"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", arm, err, want)
		}
	}
}
