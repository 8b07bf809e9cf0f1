package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/runner/net"
	"tenet/runner/task"
)

// Control is the result of one control of the study (DECISION.md §9).
type Control struct {
	Name string `json:"name"` // aa-exact, aa-random, known-effect
	OK   bool   `json:"ok"`
	Text string `json:"text"`
	Bits string `json:"bits,omitempty"` // aa-exact: digest of the weights and curves, by which engines are compared
}

const (
	exactBlocks  = 3
	randomBlocks = 20
	falseAlarm   = 100 // evidence against equal arms that must not be reached: false alarm ≤ 1 %
	knownNoise   = 0.2 // share of shuffled labels that must be found to harm
	knownBlocks  = 30  // within which it must be found
	controlNet   = `{"family":"mlp","depth":4,"width":32,"skip":[{"from":"k","to":"k+1","join":"add","branch_scale":"1/sqrt(depth)"}]}`
)

// Controls runs the three controls on this engine and records them. Nothing comes from the cache and nothing
// goes into it: a control that reuses a result controls nothing.
func Controls(ctx context.Context, lib *store.Library, actor string, o Options) ([]Control, error) {
	o, err := o.filled(lib)
	if err != nil {
		return nil, err
	}
	study := o.StudyID
	if study == "" {
		if err := lib.View(func(tx *store.Tx) error { study, err = studyID(tx); return err }); err != nil {
			return nil, err
		}
	}
	c := control{o: o, study: study, dir: lib.Dir()}
	if c.base, err = c.job(); err != nil {
		return nil, err
	}
	var done []Control
	for _, f := range []func(context.Context) (Control, error){c.exact, c.random, c.known} {
		got, err := f(ctx)
		if err != nil {
			return done, fmt.Errorf("runner: controls: %w", err)
		}
		done = append(done, got)
		c.note(got)
	}
	l := ledger{lib: lib, actor: actor}
	return done, l.update(ctx, func(tx *store.Tx) error {
		for _, d := range done {
			e := Engine()
			if err := hypotheses.PutControl(tx, hypotheses.ControlRecord{Kind: d.Name, Study: study, Engine: e.Version, Kernel: e.KernelPath, Passed: d.OK, Text: d.Text, Bits: d.Bits}); err != nil {
				return err
			}
		}
		return nil
	})
}

type control struct {
	o     Options
	study string
	dir   string
	base  Job
}

func (c control) note(d Control) {
	word := "passed"
	if !d.OK {
		word = "FAILED"
	}
	c.o.OnEvent(Event{Kind: EventNote, Text: fmt.Sprintf("control %s %s: %s", d.Name, word, d.Text)})
}

func (c control) job() (Job, error) {
	t, err := task.Find("D1")
	if err != nil {
		return Job{}, err
	}
	spec, err := net.Parse([]byte(controlNet))
	if err != nil {
		return Job{}, err
	}
	text, err := netText(spec)
	e, steps := Engine(), t.Steps
	if c.o.Steps > 0 {
		steps = c.o.Steps
	}
	return Job{
		Net: text, Task: t.Name, Data: t.DataSHA(), Steps: steps, Batch: t.Batch, Rate: store.Real(t.Rate), Study: c.study,
		Scope: "*", Engine: e.Version, KernelPath: e.KernelPath,
	}, err
}

// pairs trains two arms at n seeds; change makes the second arm's job from the first's.
func (c control) pairs(ctx context.Context, name string, from, n int, change func(*Job)) ([]*wireResult, error) {
	var jobs []Job
	for b := from; b < from+n; b++ {
		j := c.base
		j.Hypothesis, j.Block = "control/"+name, b
		k := j
		change(&k)
		jobs = append(jobs, j, k)
	}
	return runJobs(ctx, c.o, c.dir, jobs, func(done int) {
		c.o.OnEvent(Event{Kind: EventStep, Hypothesis: name, Arm: "control", Block: from + (done+1)/2, Done: done, Total: len(jobs), Step: c.base.Steps, Steps: c.base.Steps})
	})
}

// contrast is the D of a pair: accuracy of the first less that of the second.
func contrast(a, b *wireResult) (decision.Block, error) {
	side := func(w *wireResult) decision.Trial {
		return decision.Trial{Metric: float64(w.Metrics[task.TestAccuracy]), Diverged: w.Diverged}
	}
	return decision.Reduce(decision.Spec{Reduction: decision.Paired, Worst: 0.1}, []decision.Trial{side(a), side(b)})
}

// exact: the same arm twice with the same streams must give the same bits.
func (c control) exact(ctx context.Context) (Control, error) {
	res, err := c.pairs(ctx, "aa-exact", 0, exactBlocks, func(*Job) {})
	if err != nil {
		return Control{}, err
	}
	out := Control{Name: "aa-exact", OK: true, Text: fmt.Sprintf("%d blocks, each D = 0 bit for bit, weights and curves too", exactBlocks)}
	bits := sha256.New()
	for b := range exactBlocks {
		x, y := res[2*b], res[2*b+1]
		fmt.Fprintf(bits, "%s %x\n", x.WeightsSHA, sha256.Sum256(x.Curve))
		if x.WeightsSHA != y.WeightsSHA || string(x.Curve) != string(y.Curve) || x.Metrics[task.TestAccuracy] != y.Metrics[task.TestAccuracy] {
			out.OK, out.Text = false, fmt.Sprintf("block %d: the same trial gave weights %.12s and %.12s", b, x.WeightsSHA, y.WeightsSHA)
			return out, nil
		}
	}
	out.Bits = hex.EncodeToString(bits.Sum(nil))
	return out, nil
}

// random: the same arm under other streams must raise no alarm.
func (c control) random(ctx context.Context) (Control, error) {
	res, err := c.pairs(ctx, "aa-random", 0, randomBlocks, func(j *Job) { j.Scope = "aa" })
	if err != nil {
		return Control{}, err
	}
	// The alarm is max ½(e_up(0) + e_dn(0)): the evidence of the two-sided claim with θ₀ = 0.
	seq, err := decision.NewSequence(decision.Params{Kind: decision.Different, Theta0: 0, Delta: 1, TVal: math.MaxFloat64, TRef: math.MaxFloat64, Constant: decision.Allow}.Filled())
	if err != nil {
		return Control{}, err
	}
	for b := range randomBlocks {
		d, err := contrast(res[2*b], res[2*b+1])
		if err != nil {
			return Control{}, err
		}
		if err := seq.Add(d); err != nil {
			return Control{}, err
		}
	}
	v, _ := seq.Evidence()
	return Control{Name: "aa-random", OK: v < falseAlarm, Text: fmt.Sprintf("%d blocks, largest evidence for a difference %.2g, alarm at %d", randomBlocks, v, falseAlarm)}, nil
}

// known: training on labels of which a fifth is shuffled must be found to harm.
func (c control) known(ctx context.Context) (Control, error) {
	var blocks []decision.Block
	for len(blocks) < knownBlocks {
		from, n := len(blocks), 5
		res, err := c.pairs(ctx, "known-effect", from, n, func(j *Job) { j.LabelNoise = knownNoise })
		if err != nil {
			return Control{}, err
		}
		for b := range n {
			d, err := contrast(res[2*b], res[2*b+1])
			if err != nil {
				return Control{}, err
			}
			blocks = append(blocks, d)
		}
		rec, err := decision.Decide(blocks, decision.Params{}.Filled())
		if err != nil {
			return Control{}, err
		}
		if rec.Verdict == string(hypotheses.Validated) {
			return Control{Name: "known-effect", OK: true, Text: fmt.Sprintf("harm of %.0f %% shuffled labels validated after %d blocks, accuracy lost %.3f", 100*knownNoise, rec.Stop, rec.Estimate)}, nil
		}
	}
	return Control{Name: "known-effect", Text: fmt.Sprintf("harm of %.0f %% shuffled labels not found in %d blocks", 100*knownNoise, knownBlocks)}, nil
}
