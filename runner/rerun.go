package runner

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"tenet/internal/store"
	"tenet/runner/task"
)

// Rerun is what training a recorded trial once more gave.
type Rerun struct {
	Trial Trial  `json:"trial"`
	Same  bool   `json:"same"`
	Text  string `json:"text"`
}

// Sample is what training trials drawn by chance once more gave, and what kept others from being drawn.
type Sample struct {
	Wanted     int      `json:"wanted"`
	Candidates int      `json:"candidates"` // recorded trials that could be trained again here
	Reruns     []Rerun  `json:"reruns"`
	Passed     []string `json:"passed"` // why others could not, one reason an entry, with how many
}

// String says how much of what was wanted was done.
func (s Sample) String() string {
	same := 0
	for _, r := range s.Reruns {
		if r.Same {
			same++
		}
	}
	return fmt.Sprintf("%d of %d trials trained again, drawn from %d: %d gave the same bits", len(s.Reruns), s.Wanted, s.Candidates, same)
}

// Verify trains n trials of the library again, drawn by chance from those that can be repeated here bit for
// bit, and compares metrics, weights and curves. Trials of another engine or kernel path, commands without
// leave and trials whose data files are not here are passed over, and it says so. Nothing is recorded.
func Verify(ctx context.Context, lib *store.Library, n int, chance *rand.Rand, o Options) (s Sample, err error) {
	s = Sample{Wanted: n, Reruns: []Rerun{}, Passed: []string{}}
	if o, err = o.filled(lib); err != nil {
		return s, err
	}
	trials, passed, err := repeatable(lib, o)
	if err != nil {
		return s, err
	}
	for _, why := range slices.Sorted(maps.Keys(passed)) {
		s.Passed = append(s.Passed, fmt.Sprintf("%d passed over: %s", passed[why], why))
	}
	s.Candidates = len(trials)
	chance.Shuffle(len(trials), func(i, j int) { trials[i], trials[j] = trials[j], trials[i] })
	trials = trials[:min(n, len(trials))]
	jobs := make([]Job, len(trials))
	took := time.Duration(0)
	for i, t := range trials {
		jobs[i] = t.Job
		took += time.Duration(t.Usage.CPUMS) * time.Millisecond
	}
	if len(jobs) > 0 {
		o.OnEvent(Event{Kind: EventNote, Text: fmt.Sprintf("%d trials drawn from %d; when they were recorded they took %s of processor time", len(jobs), s.Candidates, took.Round(100*time.Millisecond))})
	}
	results, err := runJobs(ctx, o, lib.Dir(), jobs, func(done int) {
		o.OnEvent(Event{Kind: EventNote, Text: fmt.Sprintf("trained %d of %d trials again", done, len(jobs))})
	})
	if err != nil {
		return s, err
	}
	for i, t := range trials {
		r := Rerun{Trial: t}
		if r.Text, err = differs(lib, t, results[i]); err != nil {
			return s, err
		}
		if r.Same = r.Text == ""; r.Same {
			r.Text = "metrics, weights and curve are the same bits"
		}
		s.Reruns = append(s.Reruns, r)
	}
	return s, nil
}

// repeatable gives the trials that can be trained again here, and counts the others by what is in their way.
func repeatable(lib *store.Library, o Options) (trials []Trial, passed map[string]int, err error) {
	passed = map[string]int{}
	e, data := Engine(), task.OpenData(o.DataDir)
	err = lib.View(func(tx *store.Tx) error {
		for t, err := range store.All[Trial](tx, KindTrial) {
			if err != nil {
				return err
			}
			if why := inTheWay(t.Job, e, data, o.TrustExec); why != "" {
				passed[why]++
			} else {
				trials = append(trials, t)
			}
		}
		return nil
	})
	return trials, passed, err
}

// inTheWay says why a job cannot be trained again here to the same bits, "" where nothing is.
func inTheWay(j Job, e EngineInfo, data *task.Data, trust bool) string {
	switch {
	case j.Engine != e.Version:
		return fmt.Sprintf("they are of engine %s, this is %s; only the same engine gives the same bits", j.Engine, e.Version)
	case j.KernelPath != e.KernelPath:
		return fmt.Sprintf("they are of kernel path %s, this machine runs %s; tenet run --repeat compares verdicts across paths", j.KernelPath, e.KernelPath)
	case j.Exec != nil && !trust:
		return "they run a command; read it, then say --trust-exec"
	case j.Exec != nil:
		return ""
	}
	_, err := j.trial(data)
	if err == nil {
		err = j.missing(data)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// differs says in what the second training of a trial departs from the record; "" in nothing.
func differs(lib *store.Library, t Trial, w *wireResult) (string, error) {
	if t.Diverged != w.Diverged || t.DivergedAt != w.DivergedAt {
		return fmt.Sprintf("diverged %v at step %d; on record %v at step %d", w.Diverged, w.DivergedAt, t.Diverged, t.DivergedAt), nil
	}
	for name, m := range t.Metrics {
		if got := w.Metrics[name]; got.String() != m.String() {
			return fmt.Sprintf("%s is %s; on record %s", name, got, m), nil
		}
	}
	if len(t.Metrics) != len(w.Metrics) {
		return fmt.Sprintf("%d metrics; on record %d", len(w.Metrics), len(t.Metrics)), nil
	}
	if t.WeightsSHA != w.WeightsSHA {
		return fmt.Sprintf("weights %.12s; on record %.12s", w.WeightsSHA, t.WeightsSHA), nil
	}
	curve, err := lib.Vault().Bytes(t.CurveSHA)
	if err != nil {
		return "", fmt.Errorf("runner: trial %.12s: curve: %w", t.Key, err)
	}
	if !bytes.Equal(curve, w.Curve) {
		return "its curve differs", nil
	}
	return "", nil
}
