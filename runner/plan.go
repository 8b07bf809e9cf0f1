package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/runner/task"
	"tenet/survey"
)

// plan is a hypothesis as the engine executes it.
type plan struct {
	h       hypotheses.Hypothesis
	env     hypotheses.Env
	dir     string // of the library, where external commands run
	study   string // in the streams' keys
	params  decision.Params
	task    task.Task // as the library has it, before the arms' options
	data    string    // hash over the arms' data
	steps   int       // of the first arm, for showing
	arms    []arm
	metric  string
	lesions [][]int
	grid    []float64 // learning rates to choose from; nil when they are fixed
}

// makePlan reads everything that a run of a hypothesis depends on; dir is the library's folder.
func makePlan(tx *store.Tx, dir, name string, o Options) (*plan, error) {
	h, err := hypotheses.Find(tx, name)
	if err != nil {
		return nil, err
	}
	if needs := h.Needs(); len(needs) > 0 {
		return nil, fmt.Errorf("runner: %s: incomplete: needs %s", h.Alias, strings.Join(needs, ", "))
	}
	p := &plan{h: h, dir: dir, params: h.Decision.Params(), metric: h.Decision.Metric}
	if err := p.readTask(tx); err != nil {
		return nil, err
	}
	if o.Steps > 0 && !o.Exploratory {
		return nil, fmt.Errorf("runner: %s: other steps than the plan's are for exploratory runs", h.Alias)
	}
	if err := p.readArms(o); err != nil {
		return nil, err
	}
	if err := p.checkMetric(); err != nil {
		return nil, err
	}
	if o.DataDir == "" {
		o.DataDir = dataDir(dir)
	}
	if err := p.checkArms(task.OpenData(o.DataDir)); err != nil {
		return nil, err
	}
	return p, p.readEnv(tx, o)
}

func (p *plan) readTask(tx *store.Tx) error {
	t, err := hypotheses.FindTask(tx, p.h.TaskID)
	if err != nil {
		return err
	}
	if p.task, err = engineTask(t, p.h); err != nil {
		return fmt.Errorf("runner: %s: %w", p.h.Alias, err)
	}
	return nil
}

// engineTask is a stored task as the engine trains it. What the library says of the training wins over the
// engine's own numbers. A task that the engine does not know is one for commands.
func engineTask(t hypotheses.Task, h hypotheses.Hypothesis) (task.Task, error) {
	all := len(h.Arms) > 0
	for _, a := range h.Arms {
		all = all && isExternal(a.Spec)
	}
	known, err := task.Find(t.Key)
	if err != nil && all {
		known, err = task.Task{Name: t.Key, Title: t.Name, Kind: t.Kind}, nil
	}
	if err != nil {
		return known, err
	}
	r := t.Training
	if r.Steps > 0 {
		known.Steps = r.Steps
	}
	if r.Batch > 0 {
		known.Batch = r.Batch
	}
	if r.LearningRate != nil {
		known.Rate = float64(*r.LearningRate)
	}
	if r.Note != "" || known.Recipe.Optimiser == "" {
		return known, nil
	}
	own := known.Recipe
	o := known.Options
	if o.Optimiser, o.Schedule, o.Clip = r.Optimiser, r.Schedule, r.Clip; o.Schedule == own.Schedule {
		o.Schedule = ""
	}
	with, err := known.With(o)
	if err == nil && reflect.DeepEqual(with.Recipe, own) { // the engine's own, in other words
		return known, nil
	}
	return with, err
}

func (p *plan) readArms(o Options) error {
	rate, grid, err := learningRate(p.h.Controls.LearningRate, p.task.Rate)
	if err != nil {
		return fmt.Errorf("runner: %s: %w", p.h.Alias, err)
	}
	p.grid = grid
	sums := map[string]bool{}
	for _, name := range p.h.Decision.Arms {
		spec, _ := p.h.Arm(name) // Needs has seen that it is there
		a, err := readArm(p.task, p.dir, name, spec.Spec)
		if err != nil {
			return fmt.Errorf("runner: %s: arm %s: %w", p.h.Alias, name, err)
		}
		if a.rate = rate; o.Steps > 0 {
			a.task.Steps = o.Steps
		}
		if a.exec == nil && a.task.Recipe.Optimiser == "" {
			p.grid = nil // nothing is trained
		}
		p.arms = append(p.arms, a)
		sums[a.data()] = true
	}
	p.steps = p.arms[0].task.Steps
	if p.data = p.arms[0].data(); len(sums) > 1 {
		p.data, err = digest("tenet/engine-data/v1", slices.Sorted(maps.Keys(sums)))
	}
	return err
}

// data is the hash of what the arm trains on; a command brings its own, which its files' hashes cover.
func (a arm) data() string {
	if a.exec != nil {
		return "external"
	}
	return a.task.DataSHA()
}

// checkMetric holds what is tested against what the arms' trials measure.
func (p *plan) checkMetric() error {
	for i := range p.arms {
		a := &p.arms[i]
		if a.exec != nil {
			continue
		}
		if p.metric == task.LesionDrop && a.task.Kind == task.Classification {
			a.task.Lesions = true // as of A2, on other data
		}
		if has := a.task.Metrics(); !slices.Contains(has, p.metric) && !(a.task.Lesions && p.metric == task.LesionDrop) {
			return fmt.Errorf("runner: %s: task %s does not measure %s; it measures %s", p.h.Alias, a.task.Name, p.metric, strings.Join(has, ", "))
		}
		if p.grid != nil && a.task.Train > 0 && a.task.Validation == 0 {
			return fmt.Errorf("runner: %s: arm %s: a learning rate cannot be chosen: task %s has no validation part in this form", p.h.Alias, a.name, a.task.Name)
		}
	}
	if p.metric != task.LesionDrop {
		return nil
	}
	var err error
	if p.lesions, err = lesionSets(p.h.Estimand.DS); err != nil {
		return fmt.Errorf("runner: %s: lesions: %w", p.h.Alias, err)
	}
	return nil
}

// checkArms builds every arm's nets, so that what does not fit is said before a lock. An arm whose data are
// not here yet is built by its first trial.
func (p *plan) checkArms(d *task.Data) error {
	for _, a := range p.arms {
		if a.exec != nil || a.task.Missing(d) != nil {
			continue
		}
		t, err := p.job(a, 0).trial(d)
		if err == nil {
			err = t.Check()
		}
		if err != nil {
			return fmt.Errorf("runner: %s: arm %s: %w", p.h.Alias, a.name, err)
		}
	}
	return nil
}

// missing says what the data folder lacks for a run of p.
func (p *plan) missing(d *task.Data) error {
	for _, a := range p.arms {
		if a.exec != nil {
			continue
		}
		if err := a.task.Missing(d); err != nil {
			return &NoDataError{fmt.Errorf("runner: %s: %w", p.h.Alias, err)}
		}
	}
	return nil
}

// NoDataError says that the data folder lacks what a hypothesis trains on.
type NoDataError struct{ err error }

func (e *NoDataError) Error() string { return e.err.Error() }
func (e *NoDataError) Unwrap() error { return e.err }

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
	case "", "fixed", "none":
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
	type training struct {
		Steps, Batch int
		Rate         float64
		Recipe       task.Recipe
		Optimiser    string
		Exec         *External
	}
	var all []training
	var commands []*External
	for _, a := range p.arms {
		all = append(all, training{a.task.Steps, a.task.Batch, a.rate, a.task.Recipe, a.spec.Optimiser, a.exec})
		if a.exec != nil {
			commands = append(commands, a.exec)
		}
	}
	if commands != nil {
		if p.env.Exec, err = digest("tenet/engine-exec/v1", commands); err != nil {
			return err
		}
	}
	p.env.TrainingDigest, err = digest("tenet/engine-training/v2", struct {
		Arms  []training
		Grid  []float64
		Seeds int
	}{all, p.grid, tuningSeeds})
	return err
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
	j := Job{
		Net: a.text, Exec: a.exec, Task: a.task.Name, Options: a.task.Options, Data: p.data, Steps: a.task.Steps, Batch: a.task.Batch,
		Rate: store.Real(a.rate), Lesions: p.lesions, Study: p.study, Hypothesis: p.h.Alias, Block: block, Scope: "*",
		Engine: e.Version, KernelPath: e.KernelPath,
	}
	if own := a.data(); own != j.Data {
		j.Own = own
	}
	if a.exec != nil {
		j.Metric, j.Lesions, j.Options = p.metric, nil, task.Options{}
	}
	return j
}

// LockEnv is the world that a lock of the hypothesis must record.
func LockEnv(lib *store.Library, name string) (hypotheses.Env, error) {
	var env hypotheses.Env
	err := lib.View(func(tx *store.Tx) error {
		p, err := makePlan(tx, lib.Dir(), name, Options{})
		if err == nil {
			env = p.env
		}
		return err
	})
	return env, err
}
