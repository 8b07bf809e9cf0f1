package hypotheses

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"tenet/internal/store"
)

// Task is what nets are trained on.
type Task struct {
	ID  string `json:"id"`
	Key string `json:"key"` // "D1"

	Name         string   `json:"name"`
	Kind         string   `json:"kind"`
	UsedBy       []string `json:"used_by"`      // hypotheses, by alias
	Replications []string `json:"replications"` // the same
	Data         string   `json:"data"`
	Split        string   `json:"split"`
	Input        string   `json:"input"`
	Target       string   `json:"target"`
	DefaultModel string   `json:"default_model"`
	Training     Training `json:"training"`
	Metrics      []string `json:"metrics"`
	Cost         Cost     `json:"cost"`
	Source       string   `json:"source"`
	Notes        []string `json:"notes,omitempty"`
	Order        int      `json:"order,omitempty"`
}

// Training says how nets of a task are trained; Note stands alone where there
// is nothing to say or where another task says it.
type Training struct {
	Note         string      `json:"note,omitempty"`
	Optimiser    string      `json:"optimiser,omitempty"`
	LearningRate *store.Real `json:"learning_rate,omitempty"`
	Steps        int         `json:"steps,omitempty"`
	Batch        int         `json:"batch,omitempty"`
	Clip         string      `json:"clip,omitempty"`
	Schedule     string      `json:"schedule,omitempty"`
}

// Cost is what one trial is thought to take, in words.
type Cost struct {
	GFLOP   string `json:"gflop,omitempty" yaml:"gflop,omitempty"`
	Seconds string `json:"s,omitempty" yaml:"s,omitempty"`
}

// packTraining is Training as a pack spells it when it is more than a note.
type packTraining struct {
	Optimiser    string      `yaml:"optimiser,omitempty"`
	LearningRate *store.Real `yaml:"learning_rate,omitempty"`
	Steps        int         `yaml:"steps,omitempty"`
	Batch        int         `yaml:"batch,omitempty"`
	Clip         string      `yaml:"clip,omitempty"`
	Schedule     string      `yaml:"schedule,omitempty"`
}

// UnmarshalYAML reads the fields, or a note alone.
func (t *Training) UnmarshalYAML(read func(any) error) error {
	var note string
	if read(&note) == nil {
		*t = Training{Note: note}
		return nil
	}
	var p packTraining
	if err := read(&p); err != nil {
		return err
	}
	*t = Training{
		Optimiser: p.Optimiser, LearningRate: p.LearningRate, Steps: p.Steps,
		Batch: p.Batch, Clip: p.Clip, Schedule: p.Schedule,
	}
	return nil
}

// MarshalYAML is the inverse of UnmarshalYAML.
func (t Training) MarshalYAML() (any, error) {
	if t.Note != "" {
		return t.Note, nil
	}
	return packTraining{t.Optimiser, t.LearningRate, t.Steps, t.Batch, t.Clip, t.Schedule}, nil
}

// ModelFamily is one kind of net and its toy size.
type ModelFamily struct {
	ID  string `json:"id"`
	Key string `json:"key"` // "resnet"

	System     string   `json:"system"`
	Reference  string   `json:"reference"` // bibliography key
	Year       *int     `json:"year"`
	Body       string   `json:"body"`
	Skip       string   `json:"skip"`
	Toy        string   `json:"toy"` // sizes as JSON text
	Tasks      []string `json:"tasks"`
	Parameters string   `json:"parameters"`
	Order      int      `json:"order,omitempty"`
}

// Figure is a published figure that the study makes anew.
type Figure struct {
	ID  string `json:"id"`
	Key string `json:"key"` // "figure2"

	Title      string   `json:"title"`
	Replicates string   `json:"replicates"`
	Task       string   `json:"task"` // key
	Arms       []string `json:"arms"`
	Depths     []int    `json:"depths"`
	Curves     []string `json:"curves"`
	Layout     string   `json:"layout"`
	Seeds      int      `json:"seeds"`
	CostS      string   `json:"cost_s"`
	Secondary  string   `json:"secondary,omitempty"`
	Order      int      `json:"order,omitempty"`
}

// Tasks gives every task in the order of entry.
func Tasks(tx *store.Tx) iter.Seq2[Task, error] { return store.All[Task](tx, KindTask) }

// ModelFamilies gives every kind of net in the order of entry.
func ModelFamilies(tx *store.Tx) iter.Seq2[ModelFamily, error] {
	return store.All[ModelFamily](tx, KindModelFamily)
}

// Figures gives every figure in the order of entry.
func Figures(tx *store.Tx) iter.Seq2[Figure, error] { return store.All[Figure](tx, KindFigure) }

// FindTask gives the task with the id or the key, whatever its case.
func FindTask(tx *store.Tx, name string) (Task, error) {
	return keyed(tx, KindTask, name, func(t Task) string { return t.Key })
}

// keyed finds a record by id or key. Keys are looked up within their kind:
// the task D1 and a paper D1 may live side by side.
func keyed[T any](tx *store.Tx, kind, name string, key func(T) string) (T, error) {
	if v, err := store.Get[T](tx, kind, name); err == nil || !errors.Is(err, store.ErrNotFound) {
		return v, err
	}
	for v, err := range store.Refs[T](tx, kind, "key", name) {
		return v, err
	}
	for v, err := range store.All[T](tx, kind) {
		if err != nil || strings.EqualFold(key(v), name) {
			return v, err
		}
	}
	var none T
	return none, fmt.Errorf("hypotheses: no %s %q: %w", kind, name, store.ErrNotFound)
}
