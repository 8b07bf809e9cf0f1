package runner

import (
	"encoding/json"
	"fmt"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner/net"
	"tenet/runner/task"
)

// arm is one variant of a plan as the engine trains it.
type arm struct {
	name string
	task task.Task // with the options that the arm sets
	spec net.Spec
	text json.RawMessage // spec as it goes into keys; nil where a command does the work
	exec *External
	rate float64
}

// maxSteps and maxBatch bound what an arm may ask for: beyond them it is a slip of the keyboard.
const (
	maxSteps = 10_000_000
	maxBatch = 1 << 16
)

// readArm reads an arm of a hypothesis on t. What it says of steps and batch and of the task's options goes
// into the arm's task; dir is the library's folder, where the files of commands lie.
func readArm(t task.Task, dir, name, spec string) (arm, error) {
	a := arm{name: name, task: t}
	var err error
	if isExternal(spec) {
		a.exec, err = readExternal(dir, spec)
		return a, err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(spec), &fields); err != nil {
		return a, fmt.Errorf("the arm is no JSON object: %w", err)
	}
	for _, f := range []struct {
		name string
		at   *int
		most int
	}{{"steps", &a.task.Steps, maxSteps}, {"batch", &a.task.Batch, maxBatch}} {
		raw, ok := fields[f.name]
		if !ok {
			continue
		}
		if json.Unmarshal(raw, f.at) != nil || *f.at < 1 || *f.at > f.most {
			return a, fmt.Errorf("%s: %s is not a whole number from 1 to %d", f.name, raw, f.most)
		}
		delete(fields, f.name)
	}
	rest, err := json.Marshal(fields)
	if err != nil {
		return a, err
	}
	if a.task, a.spec, err = a.task.ReadArm(rest); err != nil {
		return a, err
	}
	a.text, err = netText(a.spec)
	return a, err
}

// identity is what of an arm stands in its trials' jobs, in one text; a command's is the arm itself.
func (a arm) identity() string {
	return Job{Net: a.text, Options: a.task.Options, Exec: a.exec}.identity()
}

func (j Job) identity() string {
	if j.Exec != nil {
		return j.Exec.Arm
	}
	b, err := store.Canonical(struct {
		Net     json.RawMessage `json:"net"`
		Options task.Options    `json:"options"`
	}{j.Net, j.Options})
	if err != nil {
		return ""
	}
	return string(b)
}

// Nets reads the nets of a plan's arms, by name, as its trials are built from them. A command has none, nor has what
// this version cannot read.
func Nets(stored hypotheses.Task, h hypotheses.Hypothesis) map[string]net.Spec {
	out := map[string]net.Spec{}
	t, err := engineTask(stored, h)
	if err != nil {
		return out
	}
	for _, a := range h.Arms {
		if isExternal(a.Spec) {
			continue
		}
		if got, err := readArm(t, "", a.Name, a.Spec); err == nil {
			out[a.Name] = got.spec
		}
	}
	return out
}
