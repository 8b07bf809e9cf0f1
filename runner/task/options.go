package task

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tenet/runner/net"
)

// Options are what an arm says of its task and not of its net. The zero value is the task as the study
// writes it. Numbers are decimal texts, so that a trial's key holds no reals.
type Options struct {
	Target    string `json:"target,omitempty"`    // D2: class, wave · D3: both, teacher, linear teacher · D8: fine, coarse
	Data      string `json:"data,omitempty"`      // D4: mnist, digits · D5: cifar, shapes · D8: drawn, membranes · D9a: digits, mnist
	Picture   string `json:"picture,omitempty"`   // D5: 16x16 grey, 32x32 colour
	Split     string `json:"split,omitempty"`     // D5: drawn, published
	Augment   string `json:"augment,omitempty"`   // D5: none, flip and crop
	Lag       int    `json:"lag,omitempty"`       // D6a, D6b: symbols after the first
	Noise     string `json:"noise,omitempty"`     // D9a: standard deviation
	Space     string `json:"space,omitempty"`     // D9b: points 2, pixels 64, latent 12
	Optimiser string `json:"optimiser,omitempty"` // any task that trains: see Recipe.With
	Schedule  string `json:"schedule,omitempty"`
	Clip      string `json:"clip,omitempty"`
}

// The words of options; of each list the first is the study's own.
var (
	targets = map[string][]string{
		"D2": {TargetClass, TargetWave}, "D3": {TargetBoth, TargetTeacher, TargetLinear}, "D8": {TargetFine, TargetCoarse},
	}
	sources = map[string][]string{
		"D4": {DataMNIST, DataDigits}, "D5": {DataCIFAR, DataShapes}, "D8": {DataDrawn, DataMembranes}, "D9a": {DataDigits, DataMNIST},
	}
	pictures = map[string][]string{"D5": {PictureGrey, PictureColour}}
	splits   = map[string][]string{"D5": {SplitDrawn, SplitPublished}}
	augments = map[string][]string{"D5": {AugmentNone, AugmentFlip}}
	spaces   = map[string][]string{"D9b": {SpacePixels, SpaceLatent, SpaceRing}}
)

// The words of options.
const (
	TargetClass    = "class"
	TargetWave     = "wave"
	TargetBoth     = "both"
	TargetTeacher  = "teacher"
	TargetLinear   = "linear teacher"
	TargetFine     = "fine"
	TargetCoarse   = "coarse"
	DataMNIST      = "mnist"
	DataDigits     = "digits"
	DataCIFAR      = "cifar"
	DataShapes     = "shapes"
	DataDrawn      = "drawn"
	DataMembranes  = "membranes"
	PictureGrey    = "16x16 grey"
	PictureColour  = "32x32 colour"
	SplitDrawn     = "drawn"
	SplitPublished = "published"
	AugmentNone    = "none"
	AugmentFlip    = "flip and crop"
	SpacePixels    = "pixels 64"
	SpaceLatent    = "latent 12"
	SpaceRing      = "points 2"
)

// maxLag bounds a recall task: beyond it a lag is a slip of the keyboard.
const maxLag = 500

// ReadArm reads an arm of a hypothesis on t: what speaks of the task goes into the task, the rest is a net.
// A field that neither knows is an error with its name.
func (t Task) ReadArm(arm []byte) (Task, net.Spec, error) {
	dec := json.NewDecoder(bytes.NewReader(arm))
	dec.UseNumber()
	var fields map[string]any
	if err := dec.Decode(&fields); err != nil {
		return t, net.Spec{}, fmt.Errorf("runner/task: %s: the arm is no JSON object: %w", t.Name, err)
	}
	o := t.Options
	words := map[string]*string{
		"target": &o.Target, "data": &o.Data, "picture": &o.Picture, "split": &o.Split, "augment": &o.Augment,
		"noise": &o.Noise, "space": &o.Space, "schedule": &o.Schedule, "clip": &o.Clip,
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		into, ok := words[key]
		if key == "optimiser" && fields[key] != net.OptimiserAdam && fields[key] != net.OptimiserUnit {
			into, ok = &o.Optimiser, true // what the net's own words do not cover
		}
		switch v := fields[key].(type) {
		case string:
			if !ok {
				continue
			}
			*into = v
		case json.Number:
			if ok {
				*into = v.String()
			} else if key == "lag" {
				n, err := strconv.Atoi(v.String())
				if err != nil {
					return t, net.Spec{}, fmt.Errorf("runner/task: %s: lag: %s is no whole number", t.Name, v)
				}
				o.Lag = n
			} else {
				continue
			}
		default:
			if ok || key == "lag" {
				return t, net.Spec{}, fmt.Errorf("runner/task: %s: %s: neither a word nor a number", t.Name, key)
			}
			continue
		}
		delete(fields, key)
	}
	with, err := t.With(o)
	if err != nil {
		return t, net.Spec{}, err
	}
	rest, err := json.Marshal(fields)
	if err != nil {
		return t, net.Spec{}, fmt.Errorf("runner/task: %s: %w", t.Name, err)
	}
	spec, err := net.Parse(rest)
	return with, spec, err
}

// rules names the task whose options t has: a task of published settings has those of the one it sets.
func (t Task) rules() string { return strings.TrimSuffix(t.Name, "c") }

// With is t under o. Words of the study's own are left out, so that equal trials have equal options.
func (t Task) With(o Options) (Task, error) {
	for _, f := range []struct {
		name string
		at   *string
		may  []string
	}{
		{"target", &o.Target, targets[t.rules()]},
		{"data", &o.Data, sources[t.rules()]},
		{"picture", &o.Picture, pictures[t.rules()]},
		{"split", &o.Split, splits[t.rules()]},
		{"augment", &o.Augment, augments[t.rules()]},
		{"space", &o.Space, spaces[t.rules()]},
	} {
		switch {
		case *f.at == "":
			continue
		case f.may == nil:
			return t, fmt.Errorf("runner/task: %s: %s: not a field of this task", t.Name, f.name)
		case !slices.Contains(f.may, *f.at):
			return t, fmt.Errorf("runner/task: %s: %s: %q is not one of %s", t.Name, f.name, *f.at, strings.Join(f.may, ", "))
		case *f.at == f.may[0]:
			*f.at = ""
		}
	}
	var err error
	if o.Noise, err = t.noise(o.Noise); err != nil {
		return t, err
	}
	switch recall := t.Name == "D6a" || t.Name == "D6b"; {
	case o.Lag != 0 && !recall:
		return t, fmt.Errorf("runner/task: %s: lag: not a field of this task", t.Name)
	case o.Lag < 0 || o.Lag > maxLag || t.Name == "D6b" && o.Lag != 0 && o.Lag < free:
		return t, fmt.Errorf("runner/task: %s: lag: %d is out of reach", t.Name, o.Lag)
	case o.Lag == usualLag:
		o.Lag = 0
	}
	if t.Recipe.Optimiser == "" && (o.Optimiser != "" || o.Schedule != "" || o.Clip != "") {
		return t, fmt.Errorf("runner/task: %s: optimiser, schedule, clip: this task trains nothing", t.Name)
	}
	if t.Recipe, err = t.Recipe.With(o.Optimiser, o.Schedule, o.Clip); err != nil {
		return t, err
	}
	if o.Split == SplitPublished && o.Data == DataShapes {
		return t, fmt.Errorf("runner/task: %s: split: drawn shapes have no published split", t.Name)
	}
	t.Options = o
	return t.sized(), nil
}

// noise checks D9a's noise and writes it in one way.
func (t Task) noise(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	if t.Name != "D9a" {
		return "", fmt.Errorf("runner/task: %s: noise: not a field of this task", t.Name)
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= 100) {
		return "", fmt.Errorf("runner/task: D9a: noise: %q is no standard deviation", text)
	}
	if v == usualNoise {
		return "", nil
	}
	return strconv.FormatFloat(v, 'g', -1, 64), nil
}

// sized sets the rows of t's parts and its picture by the options.
func (t Task) sized() Task {
	o := t.Options
	switch {
	case o.Data == DataDigits:
		t.Train, t.Validation, t.Test = 1000, 397, 400
	case o.Data == DataMNIST: // of D9a: in D4 it is the study's own word and left out
		t.Train, t.Validation, t.Test = 8000, 1000, 1000
	case o.Data == DataMembranes:
		t.Train, t.Validation, t.Test = 80, 16, 24
	case o.Split == SplitPublished:
		t.Train, t.Validation, t.Test = cifarTrain, 0, cifarTest
	case o.Space == SpaceRing:
		t.Train, t.Validation, t.Test = 2000, 400, 400
	}
	return t
}

// Note says in words what o makes of a task that a reader should know beside its name; "" where nothing.
func (t Task) Note() string {
	switch t.Options.Data {
	case DataDigits:
		return "D4 on the embedded 8×8 digits instead of MNIST"
	case DataMNIST:
		return "D9a on MNIST's digits at 14×14 instead of the embedded 8×8 ones"
	case DataShapes:
		return "D5 on drawn shapes of five classes instead of CIFAR-10"
	case DataMembranes:
		return "D8 on membrane pictures (ISBI 2012) instead of drawn cells"
	}
	return ""
}
