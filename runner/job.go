package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/runner/net"
	"tenet/runner/task"
)

// Job is everything that determines a trial's result.
type Job struct {
	Net        json.RawMessage `json:"net"` // as net.Spec writes itself
	Task       string          `json:"task"`
	Data       string          `json:"data"` // hash of the task's data
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

// trial is j as the task package trains it.
func (j Job) trial() (task.Trial, error) {
	t, err := task.Find(j.Task)
	if err != nil {
		return task.Trial{}, err
	}
	spec, err := net.Parse(j.Net)
	if err != nil {
		return task.Trial{}, err
	}
	if j.Engine != EngineVersion {
		return task.Trial{}, fmt.Errorf("runner: the trial is of engine %s, this is %s", j.Engine, EngineVersion)
	}
	if data, err := task.DataSHA(j.Task); err != nil || data != j.Data {
		return task.Trial{}, fmt.Errorf("runner: the data of %s are not those of the plan (%v)", j.Task, err)
	}
	if j.Steps < 1 || j.Batch < 1 || j.Batch > t.Train {
		return task.Trial{}, fmt.Errorf("runner: %d steps of batch %d cannot be trained", j.Steps, j.Batch)
	}
	t.Batch = j.Batch
	return task.Trial{Task: t, Net: spec, Rate: float64(j.Rate), Steps: j.Steps, LabelNoise: float64(j.LabelNoise), Lesions: j.Lesions, Tuning: j.Tuning}, nil
}
