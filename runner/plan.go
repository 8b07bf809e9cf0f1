package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/runner/net"
	"tenet/runner/task"
	"tenet/survey"
)

// plan is a hypothesis as the engine executes it.
type plan struct {
	h       hypotheses.Hypothesis
	env     hypotheses.Env
	study   string // in the streams' keys
	params  decision.Params
	task    task.Task
	data    string
	steps   int
	arms    []arm
	metric  string
	lesions [][]int
	grid    []float64 // learning rates to choose from; nil when they are fixed
}

type arm struct {
	name string
	spec net.Spec
	text json.RawMessage // spec as it goes into keys
	rate float64
}

// metricsHere are the metrics that this engine measures.
var metricsHere = []string{task.TestAccuracy, task.TrainAccuracy, task.ValidationAccuracy, task.TestLoss, task.LesionDrop}

// makePlan reads everything that a run of a hypothesis depends on.
func makePlan(tx *store.Tx, name string, o Options) (*plan, error) {
	h, err := hypotheses.Find(tx, name)
	if err != nil {
		return nil, err
	}
	if needs := h.Needs(); len(needs) > 0 {
		return nil, fmt.Errorf("runner: %s: incomplete: needs %s", h.Alias, strings.Join(needs, ", "))
	}
	p := &plan{h: h, params: h.Decision.Params(), metric: h.Decision.Metric}
	if err := p.readTask(tx); err != nil {
		return nil, err
	}
	if o.Steps > 0 {
		if !o.Exploratory {
			return nil, fmt.Errorf("runner: %s: other steps than the plan's are for exploratory runs", h.Alias)
		}
		p.steps = o.Steps
	}
	if err := p.readArms(); err != nil {
		return nil, err
	}
	if !slices.Contains(metricsHere, p.metric) || (p.metric == task.LesionDrop) != p.task.Lesions {
		return nil, fmt.Errorf("runner: %s: metric %s of task %s is not in this version", h.Alias, p.metric, p.task.Name)
	}
	if p.task.Lesions {
		if p.lesions, err = lesionSets(h.Estimand.DS); err != nil {
			return nil, fmt.Errorf("runner: %s: lesions: %w", h.Alias, err)
		}
		if err := p.checkLesions(); err != nil {
			return nil, err
		}
	}
	if p.data, err = task.DataSHA(p.task.Name); err != nil {
		return nil, err
	}
	return p, p.readEnv(tx, o)
}

func (p *plan) readTask(tx *store.Tx) error {
	t, err := hypotheses.FindTask(tx, p.h.TaskID)
	if err != nil {
		return err
	}
	if p.task, err = task.Find(t.Key); err != nil {
		return fmt.Errorf("runner: %s: %w", p.h.Alias, err)
	}
	// What the library says of the training wins over the engine's own numbers.
	if t.Training.Steps > 0 {
		p.task.Steps = t.Training.Steps
	}
	if t.Training.Batch > 0 {
		p.task.Batch = t.Training.Batch
	}
	if r := t.Training.LearningRate; r != nil {
		p.task.Rate = float64(*r)
	}
	if s := t.Training.Schedule; s != "" && s != "constant" {
		return fmt.Errorf("runner: %s: schedule %q of task %s is not in this version", p.h.Alias, s, t.Key)
	}
	if c := t.Training.Clip; c != "" && !strings.HasPrefix(c, "none") {
		return fmt.Errorf("runner: %s: clipping %q of task %s is not in this version", p.h.Alias, c, t.Key)
	}
	p.steps = p.task.Steps
	return nil
}

func (p *plan) readArms() error {
	rate, grid, err := learningRate(p.h.Controls.LearningRate, p.task.Rate)
	if err != nil {
		return fmt.Errorf("runner: %s: %w", p.h.Alias, err)
	}
	p.grid = grid
	for _, name := range p.h.Decision.Arms {
		a, _ := p.h.Arm(name) // Needs has seen that it is there
		spec, err := net.Parse([]byte(a.Spec))
		if err != nil {
			return fmt.Errorf("runner: %s: arm %s: %w", p.h.Alias, name, err)
		}
		text, err := json.Marshal(spec)
		if err != nil {
			return fmt.Errorf("runner: %s: arm %s: %w", p.h.Alias, name, err)
		}
		p.arms = append(p.arms, arm{name: name, spec: spec, text: text, rate: rate})
	}
	return nil
}

func (p *plan) checkLesions() error {
	for _, a := range p.arms {
		for _, set := range p.lesions {
			if _, err := net.Build(a.spec, p.task.IO(), net.Score, set); err != nil {
				return fmt.Errorf("runner: %s: arm %s: %w", p.h.Alias, a.name, err)
			}
		}
	}
	return nil
}

// learningRate reads a protocol: one rate for all arms, or a grid to choose from.
func learningRate(l hypotheses.LearningRate, fallback float64) (rate float64, grid []float64, err error) {
	switch l.Protocol {
	case "tuned":
		for _, r := range l.Grid {
			if !(r > 0 && r < 100) {
				return 0, nil, fmt.Errorf("learning rate %v of the grid is no rate", float64(r))
			}
			grid = append(grid, float64(r))
		}
		if len(grid) == 0 {
			return 0, nil, fmt.Errorf("a tuned learning rate needs a grid")
		}
		slices.Sort(grid)
		return 0, slices.Compact(grid), nil
	case "", "fixed":
		words := strings.Fields(l.Value)
		if len(words) == 0 {
			return fallback, nil, nil
		}
		r, err := strconv.ParseFloat(words[len(words)-1], 64)
		if err != nil || !(r > 0 && r < 100) || len(words) > 1 && words[0] != "adam" {
			return 0, nil, fmt.Errorf("learning rate %q is not like adam 1e-3", l.Value)
		}
		return r, nil, nil
	}
	return 0, nil, fmt.Errorf("learning-rate protocol %q is not in this version", l.Protocol)
}

// readEnv names the world of the run, with digests of what the engine will really do.
func (p *plan) readEnv(tx *store.Tx, o Options) error {
	study := o.StudyID
	if study == "" {
		var err error
		if study, err = studyID(tx); err != nil {
			return err
		}
	}
	e := Engine()
	p.env = hypotheses.Env{StudyID: study, EngineVersion: e.Version, VCS: e.VCS, KernelPath: e.KernelPath, DataSHA: p.data}
	p.study = hypotheses.SeedStudy(study, o.Exploratory)
	var err error
	if p.env.TaskDigest, err = digest("tenet/engine-task/v1", p.task); err != nil {
		return err
	}
	p.env.TrainingDigest, err = digest("tenet/engine-training/v1", struct {
		Steps, Batch int
		Rate         float64
		Grid         []float64
		Seeds        int
		Optimisers   []string
	}{p.steps, p.task.Batch, p.arms[0].rate, p.grid, tuningSeeds, p.optimisers()})
	return err
}

func (p *plan) optimisers() []string {
	var out []string
	for _, a := range p.arms {
		out = append(out, a.spec.Optimiser)
	}
	return out
}

func digest(tag string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("runner: %s: %w", tag, err)
	}
	sum := sha256.Sum256(append([]byte(tag+"\x00"), b...))
	return hex.EncodeToString(sum[:]), nil
}

// studyID is the id of the library's study, from which its seeds follow; its name where it has no id.
func studyID(tx *store.Tx) (string, error) {
	type study struct {
		StudyID string `json:"study_id"`
		Name    string `json:"name"`
	}
	for s, err := range store.All[study](tx, survey.KindStudy) {
		switch {
		case err != nil:
			return "", err
		case s.StudyID != "":
			return s.StudyID, nil
		case s.Name != "":
			return s.Name, nil
		}
	}
	return "study", nil
}

// job is the trial of an arm in a block.
func (p *plan) job(a arm, block int) Job {
	e := Engine()
	return Job{
		Net: a.text, Task: p.task.Name, Data: p.data, Steps: p.steps, Batch: p.task.Batch, Rate: store.Real(a.rate), Lesions: p.lesions,
		Study: p.study, Hypothesis: p.h.Alias, Block: block, Scope: "*", Engine: e.Version, KernelPath: e.KernelPath,
	}
}

// LockEnv is the world that a lock of the hypothesis must record.
func LockEnv(lib *store.Library, name string) (hypotheses.Env, error) {
	var env hypotheses.Env
	err := lib.View(func(tx *store.Tx) error {
		p, err := makePlan(tx, name, Options{})
		if err == nil {
			env = p.env
		}
		return err
	})
	return env, err
}
