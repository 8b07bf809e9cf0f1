package runner

import (
	"fmt"
	"testing"
	"time"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// BenchmarkSchedulingPerTrial runs trials that only take time, one at a time, and gives what the run takes beyond
// them for each: worker protocol, cache, ledger commit (synced to the disk), block and rule.
func BenchmarkSchedulingPerTrial(b *testing.B) {
	for _, long := range []time.Duration{time.Millisecond, 10 * time.Millisecond, time.Second} {
		b.Run(long.String(), func(b *testing.B) {
			trials, over := 0, time.Duration(0)
			for b.Loop() {
				s := newStudy(b, tinyArms(), func(h *hypotheses.Hypothesis, _ *hypotheses.Task) {
					h.Decision.NMax, h.Decision.Constant = 20, "allow"
				})
				s.lock()
				blocks := 10
				if long >= time.Second {
					blocks = 2
				}
				var first time.Time
				res, err := Run(b.Context(), s.lib, "tester", "H01", Options{
					Jobs: 1, MaxBlocks: blocks, Command: workerCommand("naps", long.String()),
					OnEvent: func(e Event) {
						if e.Kind == EventTrial && first.IsZero() {
							first = time.Now() // the worker's start is another benchmark's
						}
					},
				})
				if err != nil || res.Trials < 2 {
					b.Fatalf("%+v %v", res, err)
				}
				trials += res.Trials - 1
				over += time.Since(first) - time.Duration(res.Trials-1)*long
			}
			b.ReportMetric(float64(over.Microseconds())/1000/float64(trials), "ms-over/trial")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkWorkerStart is from the call to the worker's hello, and its end.
func BenchmarkWorkerStart(b *testing.B) {
	for b.Loop() {
		p, err := startProcess(b.Context(), workerCommand("sound"))
		if err != nil {
			b.Fatal(err)
		}
		p.close()
	}
}

// BenchmarkCheckpoint keeps and loads a state of a net of a million parameters with its optimiser.
func BenchmarkCheckpoint(b *testing.B) {
	k := newKeeper(b.TempDir())
	s := state{Key: fmt.Sprintf("%064d", 1), Step: 1, bytes: make([]byte, 12<<20)}
	b.SetBytes(int64(len(s.bytes)))
	for b.Loop() {
		if err := k.save(s); err != nil {
			b.Fatal(err)
		}
		if _, ok := k.load(s.Key); !ok {
			b.Fatal("the state is not there")
		}
	}
}

// BenchmarkTrialInLedger is the commit of one trial alone, whose curve is in the vault.
func BenchmarkTrialInLedger(b *testing.B) {
	s := newStudy(b, tinyArms(), nil)
	l := ledger{lib: s.lib, actor: "tester"}
	var p *plan
	s.view(func(tx *store.Tx) (err error) { p, err = makePlan(tx, s.lib.Dir(), "H01", Options{}); return err })
	n := 0
	for b.Loop() {
		n++
		if _, err := l.keep(b.Context(), Record{ID: "r", HypothesisID: s.h.ID}, []kept{{"res", p.job(p.arms[0], n), 1, &wireResult{WeightsSHA: "w"}, "curve"}}); err != nil {
			b.Fatal(err)
		}
	}
}
