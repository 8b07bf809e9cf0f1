//go:build slow

package task

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"tenet/runner/kernel"
)

// outcomesVariable asks a copy of the test's program to print what it trains.
const outcomesVariable = "TENET_TASK_OUTCOMES"

func TestOutcomesOfThisPath(t *testing.T) {
	if os.Getenv(outcomesVariable) == "" {
		t.Skip("printed for TestAllKernelPathsGiveTheSameBitsInEveryTask")
	}
	for _, c := range smallCases() {
		o := run(t, c.trial(t), seeds("path"))
		fmt.Printf("outcome %s: %s %x %v\n", c.name, o.WeightsSHA, shaOf(o.Curve.Bytes()), o.Metrics)
	}
}

func TestAllKernelPathsGiveTheSameBitsInEveryTask(t *testing.T) {
	outcomes := func(path string) []string {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOutcomesOfThisPath$", "-test.v")
		cmd.Env = append(os.Environ(), outcomesVariable+"=1", kernel.PathVariable+"="+path)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", path, err, out)
		}
		var lines []string
		for _, l := range strings.Split(string(out), "\n") {
			if strings.HasPrefix(l, "outcome ") {
				lines = append(lines, l)
			}
		}
		return lines
	}
	want := outcomes("portable")
	if len(want) != len(smallCases()) {
		t.Fatalf("%d outcomes of %d cases", len(want), len(smallCases()))
	}
	for _, path := range []string{"avx2", "avx512"} { // a path that the processor lacks falls back to one it has
		for i, got := range outcomes(path) {
			if got != want[i] {
				t.Errorf("%s: %s\nportable: %s", path, got, want[i])
			}
		}
	}
}
