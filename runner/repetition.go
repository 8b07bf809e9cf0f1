package runner

import (
	"context"
	"fmt"
	"time"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// Repetition is what training every recorded trial of a hypothesis once more gave: those of the blocks that
// its verdict rests on, and those that chose its learning rates. Nothing of it is recorded.
type Repetition struct {
	Hypothesis string        `json:"hypothesis"`
	Verdict    string        `json:"verdict"` // on record
	Reason     string        `json:"reason"`
	Blocks     int           `json:"blocks"`
	Trials     int           `json:"trials"`
	Different  []Difference  `json:"different"` // trials whose bits are not those on record
	Again      string        `json:"again"`     // the verdict of the trials trained again
	KernelPath string        `json:"kernel_path"`
	Recorded   string        `json:"recorded_kernel_path"`
	Wall       time.Duration `json:"wall_ns"`
	CPU        time.Duration `json:"cpu_ns"`
	EnergyJ    float64       `json:"energy_j"`
	CO2G       float64       `json:"co2_g"`
	Basis      string        `json:"basis"`
}

// Difference is a trial that gave other bits.
type Difference struct {
	Arm    string `json:"arm"`
	Block  int    `json:"block"` // seed index
	Tuning bool   `json:"tuning,omitempty"`
	Key    string `json:"key"`
	Text   string `json:"text"`
}

// Same reports a repetition in which every bit is the one on record.
func (r Repetition) Same() bool { return len(r.Different) == 0 }

// String says it in one line.
func (r Repetition) String() string {
	took := fmt.Sprintf("%s on the clock, %s of processor time", r.Wall.Round(100*time.Millisecond), r.CPU.Round(100*time.Millisecond))
	what := fmt.Sprintf("%s: %d trials of %d blocks trained again (%s)", r.Hypothesis, r.Trials, r.Blocks, took)
	if r.Same() {
		return fmt.Sprintf("%s: the same bits, so the same verdict: %s", what, r.Verdict)
	}
	where := ""
	if r.KernelPath != r.Recorded {
		where = fmt.Sprintf(" on kernel path %s, recorded on %s", r.KernelPath, r.Recorded)
	}
	return fmt.Sprintf("%s%s: %d gave other bits; the verdict on record is %s, that of the new bits %s", what, where, len(r.Different), r.Verdict, r.Again)
}

// recorded is what the ledger holds of a decided hypothesis.
type recorded struct {
	h      hypotheses.Hypothesis
	blocks []hypotheses.Block
	trials []Trial
}

// Repeat trains the recorded trials of a hypothesis that has a verdict again, at their recorded seeds, and
// compares metrics, weights and curves bit for bit.
func Repeat(ctx context.Context, lib *store.Library, hypothesis string, o Options) (Repetition, error) {
	o, err := o.filled(lib)
	if err != nil {
		return Repetition{}, err
	}
	var rec recorded
	if err := lib.View(func(tx *store.Tx) error { rec, err = readRecorded(tx, hypothesis); return err }); err != nil {
		return Repetition{}, err
	}
	h := rec.h
	e := Engine()
	r := Repetition{
		Hypothesis: h.Alias, Verdict: h.Verdict.Verdict, Reason: h.Verdict.Reason, Blocks: len(rec.blocks), Trials: len(rec.trials),
		Different: []Difference{}, Again: h.Verdict.Verdict, KernelPath: e.KernelPath, Recorded: e.KernelPath,
	}
	jobs := make([]Job, len(rec.trials))
	for i, t := range rec.trials {
		if t.Job.Engine != e.Version {
			return r, fmt.Errorf("runner: %s: its trials are of engine %s, this is %s; only the same engine repeats them", h.Alias, t.Job.Engine, e.Version)
		}
		if t.Job.Exec != nil && !o.TrustExec {
			return r, fmt.Errorf("runner: %s: its trials run a command: %w; read it, then say --trust-exec", h.Alias, ErrUntrusted)
		}
		jobs[i] = t.Job
		r.Recorded, jobs[i].KernelPath = t.Job.KernelPath, e.KernelPath
	}
	started := time.Now()
	results, err := runJobs(ctx, o, lib.Dir(), jobs, func(done int) {
		o.OnEvent(Event{Kind: EventTrial, Hypothesis: h.Alias, Arm: rec.trials[done-1].Arm, Done: done, Total: len(jobs), Text: "trained again"})
	})
	if err != nil {
		return r, fmt.Errorf("runner: %s: %w", h.Alias, err)
	}
	r.Wall = time.Since(started)
	byID := map[string]*wireResult{}
	for i, t := range rec.trials {
		text, err := differs(lib, t, results[i])
		if err != nil {
			return r, err
		}
		if text != "" {
			r.Different = append(r.Different, Difference{Arm: t.Arm, Block: t.Block, Tuning: t.Job.Tuning, Key: t.Key, Text: text})
		}
		byID[t.ID] = results[i]
		u := results[i].Usage.priced(o.Watts, o.Grid)
		r.CPU += time.Duration(u.CPUMS) * time.Millisecond
		r.EnergyJ, r.CO2G, r.Basis = r.EnergyJ+float64(u.EnergyJ), r.CO2G+float64(u.CO2G), u.Basis
	}
	if !r.Same() {
		r.Again, err = rec.judge(byID)
	}
	return r, err
}

func readRecorded(tx *store.Tx, name string) (recorded, error) {
	h, err := hypotheses.Find(tx, name)
	switch {
	case err != nil:
		return recorded{}, err
	case h.Verdict == nil || h.Lock == nil:
		return recorded{}, fmt.Errorf("runner: %s has no verdict to repeat; it is %s", h.Alias, h.State)
	}
	r := recorded{h: h}
	s, err := store.Get[hypotheses.StartRecord](tx, hypotheses.KindStart, h.Verdict.RunID)
	if err != nil {
		return r, err
	}
	if r.blocks, err = hypotheses.BlocksAt(tx, s, h.Verdict.Seq); err != nil {
		return r, err
	}
	wanted := map[string]bool{}
	for _, b := range r.blocks {
		for _, ref := range b.Trials {
			wanted[ref.TrialID] = !ref.Missing
		}
	}
	for t, err := range TrialsOf(tx, h.ID) {
		if err != nil {
			return r, err
		}
		if wanted[t.ID] || t.Job.Tuning && t.Job.Study == s.SeedStudy {
			r.trials = append(r.trials, t)
			delete(wanted, t.ID)
		}
	}
	for id, still := range wanted {
		if still {
			return r, fmt.Errorf("runner: %s: trial %s of its blocks is not in the library", h.Alias, id)
		}
	}
	if len(r.trials) == 0 {
		return r, fmt.Errorf("runner: %s: no trial of it is in the library", h.Alias)
	}
	return r, nil
}

// judge reads new results of the recorded blocks under the thresholds that the verdict was given at.
func (r recorded) judge(results map[string]*wireResult) (string, error) {
	d := *r.h.Decision
	p := d.Params()
	p.TVal, p.TRef = float64(r.h.Verdict.TV), float64(r.h.Verdict.TR)
	var blocks []decision.Block
	for _, b := range r.blocks {
		trials := make([]decision.Trial, len(b.Trials))
		for i, ref := range b.Trials {
			w := results[ref.TrialID]
			if w == nil {
				trials[i].Missing = true
				continue
			}
			m, measured := w.Metrics[d.Metric]
			trials[i] = decision.Trial{Metric: float64(m), Diverged: w.Diverged || !measured}
		}
		got, err := decision.Reduce(d.Spec(), trials)
		if err != nil {
			return "", fmt.Errorf("runner: %s: block %d: %w", r.h.Alias, b.B, err)
		}
		blocks = append(blocks, got)
	}
	rec, err := decision.Decide(blocks, p)
	if err != nil {
		return "", fmt.Errorf("runner: %s: %w", r.h.Alias, err)
	}
	return rec.Verdict, nil
}
