package proof

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// reader is the second reader, with a Python to run it; the test is skipped loudly where there is none.
func reader(t *testing.T) (python, script string) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("SKIPPED: the second reader needs python3, which is not here; nothing was compared")
	}
	script = filepath.Join("..", "..", "..", "docs", "reader", "audit.py")
	text, err := os.ReadFile(script)
	must(t, err)
	if n := bytes.Count(text, []byte("\n")); n > 500 {
		t.Errorf("the second reader has %d lines; it must stay within 500", n)
	}
	return python, script
}

// second gives the second reader's answers to proof files.
func second(t *testing.T, cases [][]byte) []string {
	t.Helper()
	python, script := reader(t)
	var in bytes.Buffer
	for _, c := range cases {
		fmt.Fprintf(&in, "%d\n", len(c))
		in.Write(c)
	}
	cmd := exec.CommandContext(t.Context(), python, script, "--cases")
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	must(t, err)
	return strings.Fields(string(out))
}

// proofs are sound files of many kinds: each verdict, a family, a repeat, deviations.
func proofs(t *testing.T) map[string][]byte {
	out := map[string][]byte{}
	l := newLab(t, "H01")
	l.decide("H01", 0.1)
	out["validated"] = l.prove("H01")
	l.update(func(tx *store.Tx) error {
		return hypotheses.Deviate(tx, hypotheses.Deviation{HypothesisID: "H01", Class: "minor", Text: "another machine"})
	})
	out["minor deviation"] = l.prove("H01")
	l.update(func(tx *store.Tx) error {
		return hypotheses.Deviate(tx, hypotheses.Deviation{HypothesisID: "H01", Class: "major", Text: "a seed was seen"})
	})
	out["invalid"] = l.prove("H01")

	l = newLab(t, "H01")
	l.decide("H01", -0.1)
	out["refuted"] = l.prove("H01")

	l = newLab(t, "H01")
	l.lock("H01")
	l.run("H01", 0.1, 2)
	out["inconclusive"] = l.prove("H01")

	l = newLab(t, "H01")
	l.lock("H01")
	out["receipt of a lock"] = l.prove("H01")
	l.env.DataSHA, l.env.KernelPath, l.why = "d2", "avx2", "the data were lost"
	l.run("H01", 0.1, 60)
	out["against the plan"] = l.prove("H01")

	l = newLab(t, "H01", "H02", "H03")
	l.lock("H01")
	l.run("H01", 0.1, 7)
	l.decide("H02", 0.12)
	l.decide("H03", 0.11)
	out["family"], out["first of a family"] = l.prove("H01"), l.prove("H02")

	for _, kind := range []string{"equivalent", "different"} {
		l = newLab(t, "H01")
		l.update(func(tx *store.Tx) error {
			_, err := hypotheses.Edit(tx, "H01", func(h *hypotheses.Hypothesis) { h.Decision.Kind, h.Decision.Delta = kind, 0.06 })
			return err
		})
		l.decide("H01", 0.1)
		out[kind] = l.prove("H01")
		if kind == "equivalent" {
			l = newLab(t, "H01")
			l.update(func(tx *store.Tx) error {
				_, err := hypotheses.Edit(tx, "H01", func(h *hypotheses.Hypothesis) {
					h.Decision.Kind, h.Decision.Delta, h.Decision.Center = kind, 0.06, "median"
				})
				return err
			})
			l.decide("H01", 0)
			out["equivalence by medians"] = l.prove("H01")
		}
	}
	l = newLab(t, "H01", "H02")
	l.update(func(tx *store.Tx) error {
		for _, name := range []string{"H01", "H02"} {
			if _, err := hypotheses.Edit(tx, name, func(h *hypotheses.Hypothesis) { h.Decision.Rule, h.Decision.NMax = "eholm", 7 }); err != nil {
				return err
			}
		}
		return nil
	})
	l.decide("H01", 0.1)
	l.decide("H02", 0.1)
	out["eholm"] = l.prove("H02")
	return out
}

func TestTheSecondReaderAgrees(t *testing.T) {
	var cases [][]byte
	var names []string
	add := func(name string, data []byte) { cases, names = append(cases, data), append(names, name) }
	sound := proofs(t)
	for name, data := range sound {
		add(name, data)
	}
	base := sound["validated"]
	for i := 0; i < len(base); i += flipStride {
		bad := bytes.Clone(base)
		bad[i] ^= 1 << (i % 8)
		add(fmt.Sprintf("byte %d", i), bad)
	}
	lines := bytes.SplitAfter(base, []byte("\n"))
	for i := 0; i < len(lines); i += 3 {
		add(fmt.Sprintf("without line %d", i), bytes.Join(append(append([][]byte{}, lines[:i]...), lines[i+1:]...), nil))
	}
	add("empty", nil)
	add("twice", append(bytes.Clone(base), base...))
	add("another's sentence", bytes.Replace(base, []byte("sentence H01"), []byte("sentence H02"), 1))
	add("another's checkpoint", append(bytes.Clone(base[:bytes.LastIndex(base, []byte("\n\ntenet/"))+2]), sound["refuted"][bytes.LastIndex(sound["refuted"], []byte("\n\ntenet/"))+2:]...))
	answers := second(t, cases)
	if len(answers) != len(cases) {
		t.Fatalf("%d answers to %d cases", len(answers), len(cases))
	}
	accepted := 0
	for i, data := range cases {
		_, err := Audit(data)
		if (err == nil) != (answers[i] == "accepted") {
			t.Errorf("%s: tenet says %v, the second reader %s", names[i], err, answers[i])
		}
		if err == nil {
			accepted++
		}
	}
	if accepted != len(sound) {
		t.Errorf("%d of %d cases accepted, %d are sound", accepted, len(cases), len(sound))
	}
	t.Logf("%d cases, %d accepted", len(cases), accepted)
}

func command(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}
