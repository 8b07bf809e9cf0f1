package runner

import (
	"fmt"
	"testing"
	"tenet/hypotheses"
)

func TestSmokeFull(t *testing.T) {
	s := newStudy(t, [2]string{fmt.Sprintf(plainNet, 32, 32), fmt.Sprintf(resNet, 32, 32)}, func(_ *hypotheses.Hypothesis, k *hypotheses.Task) { k.Training.Steps = 400 })
	c, err := Preview(t.Context(), s.lib, "H01", Options{Command: workerCommand("sound")})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + c.String())
	s.lock()
	res, err := Run(t.Context(), s.lib, "tester", "H01", Options{Command: workerCommand("sound"), OnEvent: func(e Event) {
		if e.Kind != EventStep {
			t.Logf("%s %s b%d t%d %s done %d/%d eta %s V %.3g R %.3g T %.3g est %.4f", e.Kind, e.Arm, e.Block, e.Trial, e.Text, e.Done, e.Total, e.ETA, e.V, e.R, e.T, e.Estimate)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", res)
}
