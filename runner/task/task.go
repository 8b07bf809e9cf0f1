package task

import (
	"fmt"
	"strings"

	"tenet/runner/net"
)

// Task is a task as the engine trains it.
type Task struct {
	Name                    string // as the study names it
	Kind                    string
	In, Classes             int
	Train, Validation, Test int // rows
	Steps, Batch            int
	Rate                    float64 // the fixed learning rate
	Lesions                 bool    // trained nets are scored again with blocks taken away
}

// names are the study's tasks; those of a later version have an empty kind.
var names = map[string]Task{
	"D1": {Name: "D1", Kind: "classification", In: 64, Classes: 10, Train: 1000, Validation: 397, Test: 400, Steps: 400, Batch: 64, Rate: 1e-3},
	"A2": {Name: "A2", Kind: "lesions", In: 64, Classes: 10, Train: 1000, Validation: 397, Test: 400, Steps: 400, Batch: 64, Rate: 1e-3, Lesions: true},
	"D2": {Name: "D2 (spirals)"}, "D3": {Name: "D3 (carry and compute)"}, "D4": {Name: "D4 (mnist-10k)"},
	"D5": {Name: "D5 (cifar-5k)"}, "D6a": {Name: "D6a (plain recall)"}, "D6b": {Name: "D6b (latest cue)"},
	"D7": {Name: "D7 (characters)"}, "D8": {Name: "D8 (cells)"}, "D9a": {Name: "D9a (denoising digits)"},
	"D9b": {Name: "D9b (small diffusion)"}, "D10": {Name: "D10 (eight modes)"}, "A1": {Name: "A1 (signal probe)"},
}

// Find returns the task of a name.
func Find(name string) (Task, error) {
	t, ok := names[strings.TrimSpace(name)]
	switch {
	case !ok:
		return Task{}, fmt.Errorf("runner/task: unknown task %q", name)
	case t.Kind == "":
		return Task{}, fmt.Errorf("runner/task: task %s is not in this version", t.Name)
	}
	return t, nil
}

// IO is what a net for t must take and give.
func (t Task) IO() net.IO { return net.IO{In: t.In, Out: t.Classes, Batch: t.Batch} }

// DataSHA is the hash of everything t's data are made from.
func DataSHA(name string) (string, error) {
	if _, err := Find(name); err != nil {
		return "", err
	}
	d, err := digits()
	return d.sha, err
}
