package runner

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/runner/task"
)

// Job is everything that determines a trial's result.
type Job struct {
	Net        json.RawMessage `json:"net,omitempty"`    // see netText; none where Exec says what is done
	Exec       *External       `json:"exec,omitempty"`   // a command of the user's
	Metric     string          `json:"metric,omitempty"` // that the command must answer
	Task       string          `json:"task"`
	Options    task.Options    `json:"options,omitzero"`   // of the task
	Data       string          `json:"data"`               // hash of the plan's data
	Own        string          `json:"own_data,omitempty"` // hash of this arm's, where the arms have different ones
	Steps      int             `json:"steps"`
	Batch      int             `json:"batch"`
	Rate       store.Real      `json:"rate"`
	LabelNoise store.Real      `json:"label_noise"`
	Lesions    [][]int         `json:"lesions,omitempty"`
	Tuning     bool            `json:"tuning,omitempty"` // streams and score of the learning-rate search
	Study      string          `json:"study"`
	Hypothesis string          `json:"hypothesis"` // the name that seeds use
	Block      int             `json:"block"`
	Scope      string          `json:"scope"`
	Engine     string          `json:"engine"`
	KernelPath string          `json:"kernel_path"`
}

// Key is the hash of j. Two jobs of one key give the same bits.
func (j Job) Key() (string, error) {
	b, err := store.Canonical(j) // the bytes that the ledger holds too, so that a reader of the ledger can recompute it
	if err != nil {
		return "", fmt.Errorf("runner: key of a trial: %w", err)
	}
	sum := sha256.Sum256(append([]byte("tenet/trial/v2\x00"), b...))
	return hex.EncodeToString(sum[:]), nil
}

// seeds names the streams of j: those of the search for learning rates are apart from all that is scored.
func (j Job) seeds() task.Seeds {
	prefix := ""
	if j.Tuning {
		prefix = "tune/"
	}
	return func(stream string) [32]byte {
		return decision.Stream(j.Study, j.Hypothesis, j.Block, prefix+stream, j.Scope)
	}
}

// trial is j as the task package trains it, from the data folder d.
func (j Job) trial(d *task.Data) (task.Trial, error) {
	t, err := task.Find(j.Task)
	if err != nil {
		return task.Trial{}, err
	}
	if t, err = t.With(j.Options); err != nil {
		return task.Trial{}, err
	}
	spec, err := netOf(j.Net)
	if err != nil {
		return task.Trial{}, err
	}
	if j.Engine != EngineVersion {
		return task.Trial{}, fmt.Errorf("runner: the trial is of engine %s, this is %s", j.Engine, EngineVersion)
	}
	if own := cmp.Or(j.Own, j.Data); t.DataSHA() != own {
		return task.Trial{}, fmt.Errorf("runner: the data of %s are %.12s, those of the plan %.12s", j.Task, t.DataSHA(), own)
	}
	if j.Steps < 1 || j.Batch < 1 || t.Train > 0 && j.Batch > t.Train {
		return task.Trial{}, fmt.Errorf("runner: %d steps of batch %d cannot be trained", j.Steps, j.Batch)
	}
	t.Steps, t.Batch = j.Steps, j.Batch
	return task.Trial{Task: t, Net: spec, Rate: float64(j.Rate), Steps: j.Steps, LabelNoise: float64(j.LabelNoise), Lesions: j.Lesions, Tuning: j.Tuning, Data: d}, nil
}
