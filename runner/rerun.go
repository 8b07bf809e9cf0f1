package runner

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"

	"tenet/internal/store"
)

// Rerun is what training a recorded trial once more gave.
type Rerun struct {
	Trial Trial  `json:"trial"`
	Same  bool   `json:"same"`
	Text  string `json:"text"`
}

// Verify trains n trials of the library again, drawn by chance from those that this engine and kernel path
// can repeat, and compares metrics, weights and curves bit for bit. Nothing is recorded. candidates is the
// number it drew from.
func Verify(ctx context.Context, lib *store.Library, n int, chance *rand.Rand, o Options) (reruns []Rerun, candidates int, err error) {
	if o, err = o.filled(lib); err != nil {
		return nil, 0, err
	}
	var trials []Trial
	e := Engine()
	if err := lib.View(func(tx *store.Tx) error {
		for t, err := range store.All[Trial](tx, KindTrial) {
			if err != nil {
				return err
			}
			if t.Job.Engine == e.Version && t.Job.KernelPath == e.KernelPath && (t.Job.Exec == nil || o.TrustExec) {
				trials = append(trials, t)
			}
		}
		return nil
	}); err != nil {
		return nil, 0, err
	}
	candidates = len(trials)
	chance.Shuffle(candidates, func(i, j int) { trials[i], trials[j] = trials[j], trials[i] })
	trials = trials[:min(n, candidates)]
	jobs := make([]Job, len(trials))
	for i, t := range trials {
		jobs[i] = t.Job
	}
	results, err := runJobs(ctx, o, lib.Dir(), jobs, func(done int) {
		o.OnEvent(Event{Kind: EventNote, Text: fmt.Sprintf("trained %d of %d trials again", done, len(jobs))})
	})
	if err != nil {
		return nil, candidates, err
	}
	for i, t := range trials {
		r := Rerun{Trial: t}
		if r.Text, err = differs(lib, t, results[i]); err != nil {
			return reruns, candidates, err
		}
		if r.Same = r.Text == ""; r.Same {
			r.Text = "metrics, weights and curve are the same bits"
		}
		reruns = append(reruns, r)
	}
	return reruns, candidates, nil
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
