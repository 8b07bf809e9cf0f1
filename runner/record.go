package runner

import (
	"iter"
	"time"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/runner/task"
)

// Kinds of the records this package keeps.
const (
	KindRun   = "run"
	KindTrial = "trial"
)

// RunState is where a run stands.
type RunState string

// The states of a run.
const (
	RunRunning RunState = "running" // or its process died: the next run of the hypothesis goes on where it stopped
	RunStopped RunState = "stopped" // by people; resumable
	RunDecided RunState = "decided" // ended by the rule, the registered number of blocks or a budget
	RunFailed  RunState = "failed"  // by an error, in Why
)

// Record is a run in the ledger.
type Record struct {
	ID           string                `json:"id"`
	Alias        string                `json:"alias"`
	HypothesisID string                `json:"hypothesis_id"`
	Exploratory  bool                  `json:"exploratory,omitempty"`
	State        RunState              `json:"state"`
	Study        string                `json:"study"` // in the keys of its streams
	Engine       EngineInfo            `json:"engine"`
	Jobs         int                   `json:"jobs"`
	Steps        int                   `json:"steps"`           // per trial
	Rates        map[string]store.Real `json:"rates,omitempty"` // learning rate of each arm
	StartedAt    string                `json:"started_at"`
	EndedAt      string                `json:"ended_at,omitempty"`
	Blocks       int                   `json:"blocks"` // logged by this run
	Trials       int                   `json:"trials"` // trained by this run
	Reused       int                   `json:"reused"` // taken from the cache
	WallMS       int64                 `json:"wall_ms"`
	CPUMS        int64                 `json:"cpu_ms"`             // of the workers
	EnergyJ      store.Real            `json:"energy_j,omitempty"` // of the trials that it trained; their basis stands with each
	CO2G         store.Real            `json:"co2_g,omitempty"`
	Basis        string                `json:"basis,omitempty"` // of energy and CO2e, as its last trial has it
	Verdict      string                `json:"verdict,omitempty"`
	Reason       string                `json:"reason,omitempty"`
	Why          string                `json:"why,omitempty"`
}

// Trial is one training in the ledger. It is written once and never changes.
type Trial struct {
	ID           string                `json:"id"`
	Key          string                `json:"key"`
	RunID        string                `json:"run_id"`
	HypothesisID string                `json:"hypothesis_id"`
	Arm          string                `json:"arm"`
	Block        int                   `json:"block"` // seed index, from 0
	Job          Job                   `json:"job"`
	Metrics      map[string]store.Real `json:"metrics"`
	Diverged     bool                  `json:"diverged,omitempty"`
	DivergedAt   int                   `json:"diverged_at,omitempty"` // step, from 1
	CurveSHA     string                `json:"curve_sha"`             // in the vault
	WeightsSHA   string                `json:"weights_sha"`           // of the final weights; of an external command's answer
	LogSHA       string                `json:"log_sha,omitempty"`     // what an external command said on standard error, in the vault
	Attempt      int                   `json:"attempt"`
	Usage        Usage                 `json:"usage"`
	Engine       EngineInfo            `json:"engine"`
	At           string                `json:"at"`
}

// Result is what a call of Run came to.
type Result struct {
	RunID        string          `json:"run_id"`
	RunAlias     string          `json:"run"`
	HypothesisID string          `json:"hypothesis_id"`
	Exploratory  bool            `json:"exploratory"`
	Verdict      string          `json:"verdict"`
	Reason       string          `json:"reason"`
	Record       decision.Record `json:"-"` // all numbers; hypotheses keeps it in the ledger
	Blocks       int             `json:"blocks"`
	Trials       int             `json:"trials"`
	Reused       int             `json:"reused"`
	Wall         time.Duration   `json:"wall_ns"`
	CPU          time.Duration   `json:"cpu_ns"`
}

// Trials gives the trials that a run trained itself.
func Trials(tx *store.Tx, runID string) iter.Seq2[Trial, error] {
	return store.Refs[Trial](tx, KindTrial, "run_id", runID)
}

// TrialsOf gives every trial of a hypothesis, by its id.
func TrialsOf(tx *store.Tx, hypothesisID string) iter.Seq2[Trial, error] {
	return store.Refs[Trial](tx, KindTrial, "hypothesis_id", hypothesisID)
}

// Runs gives the runs of a hypothesis, by its id, in the order they began.
func Runs(tx *store.Tx, hypothesisID string) iter.Seq2[Record, error] {
	return store.Refs[Record](tx, KindRun, "hypothesis_id", hypothesisID)
}

// Curve reads the training curve of a trial.
func Curve(lib *store.Library, t Trial) ([]Point, error) {
	b, err := lib.Vault().Bytes(t.CurveSHA)
	if err != nil {
		return nil, err
	}
	c, err := task.DecodeCurve(b)
	if err != nil {
		return nil, err
	}
	out := make([]Point, len(c))
	for i, p := range c {
		out[i] = Point{Step: p.Step, Loss: float64(p.Loss), TrainError: float64(p.TrainError), TestError: float64(p.TestError)}
	}
	return out, nil
}
