package task

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"tenet/runner/net"
)

// Task is a task as the engine trains it.
type Task struct {
	Name                    string // as the study names it
	Title                   string
	Kind                    string
	Train, Validation, Test int // rows; Train 0: every batch is drawn afresh
	Steps, Batch            int
	Rate                    float64 // the fixed learning rate
	Recipe                  Recipe  // no optimiser: nothing is trained
	Every                   int     // steps between two scores of the test part, for the curve
	Lesions                 bool    // trained nets are scored again with blocks taken away
	Primary                 string  // the metric that hypotheses mostly test
	Options                 Options
}

// The kinds of tasks.
const (
	Classification = "classification"
	Lesions        = "lesions"
	Regression     = "regression"
	Recall         = "sequence"
	Language       = "language model"
	Segmentation   = "segmentation"
	Denoising      = "autoencoder"
	Generation     = "generation"
	Adversarial    = "adversarial generation"
	Probe          = "architecture"
)

// The rows of the CIFAR-10 pictures at hand, in their published split.
const (
	cifarTrain = 4500
	cifarTest  = 1000
)

const (
	usualLag   = 20
	usualNoise = 0.1
)

// all lists the tasks of the study with its numbers.
func all() []Task {
	clipped := adam()
	clipped.Clip = 1
	game := adam()
	game.Beta1, game.Beta2 = 0.5, 0.9
	published := Recipe{Optimiser: SGD, Momentum: 0.9, Decay: 1e-4, Schedule: Steps, Drops: []float64{0.5, 0.75}, Factor: 0.1}
	return []Task{
		{Name: "D1", Title: "digits", Kind: Classification, Train: 1000, Validation: 397, Test: 400, Steps: 400, Batch: 64, Rate: 1e-3, Recipe: adam(), Every: 20, Primary: TestAccuracy},
		{Name: "D2", Title: "spirals", Kind: Classification, Train: 2000, Validation: 500, Test: 1000, Steps: 800, Batch: 64, Rate: 3e-3, Recipe: adam(), Every: 40, Primary: TestAccuracy},
		{Name: "D3", Title: "carry and compute", Kind: Regression, Validation: 1000, Test: 1000, Steps: 500, Batch: 64, Rate: 2e-3, Recipe: adam(), Every: 50, Primary: CarryMSE},
		{Name: "D4", Title: "mnist-10k", Kind: Classification, Train: 8000, Validation: 1000, Test: 1000, Steps: 600, Batch: 64, Rate: 1e-3, Recipe: adam(), Every: 60, Primary: TestAccuracy},
		{Name: "D5", Title: "cifar-5k", Kind: Classification, Train: 4000, Validation: 500, Test: 1000, Steps: 300, Batch: 64, Rate: 1e-3, Recipe: adam(), Every: 100, Primary: TestAccuracy},
		{
			Name: "D5c", Title: "cifar-10 in colour, the published recipe", Kind: Classification, Train: cifarTrain, Test: cifarTest, Steps: 1600, Batch: 128, Rate: 0.1, Recipe: published, Every: 100, Primary: TestAccuracy,
			Options: Options{Picture: PictureColour, Split: SplitPublished, Augment: AugmentFlip},
		},
		{Name: "D6a", Title: "plain recall", Kind: Recall, Validation: 500, Test: 500, Steps: 400, Batch: 32, Rate: 5e-3, Recipe: clipped, Every: 80, Primary: RecallAccuracy},
		{Name: "D6b", Title: "latest cue", Kind: Recall, Validation: 500, Test: 500, Steps: 400, Batch: 32, Rate: 5e-3, Recipe: clipped, Every: 80, Primary: RecallAccuracy},
		{Name: "D7", Title: "characters", Kind: Language, Train: 180000, Validation: 10000, Test: 10000, Steps: 600, Batch: 16, Rate: 2e-3, Recipe: adam(), Every: 150, Primary: BitsPerCharacter},
		{Name: "D8", Title: "cells", Kind: Segmentation, Train: 96, Validation: 48, Test: 48, Steps: 150, Batch: 16, Rate: 3e-3, Recipe: adam(), Every: 30, Primary: IoU},
		{Name: "D9a", Title: "denoising digits", Kind: Denoising, Train: 1000, Validation: 397, Test: 400, Steps: 500, Batch: 64, Rate: 2e-3, Recipe: adam(), Every: 50, Primary: ReaderAccuracy},
		{Name: "D9b", Title: "small diffusion", Kind: Generation, Train: 1000, Validation: 397, Test: 400, Steps: 1500, Batch: 128, Rate: 2e-3, Recipe: adam(), Every: 300, Primary: NoiseMSE},
		{Name: "D10", Title: "eight modes", Kind: Adversarial, Validation: 2000, Test: 2000, Steps: 2000, Batch: 128, Rate: 5e-4, Recipe: game, Every: 200, Primary: Modes},
		{Name: "A1", Title: "signal probe", Kind: Probe, Test: 128, Steps: 1, Batch: 128, Primary: GradientCosine},
		{Name: "A2", Title: "lesions", Kind: Lesions, Train: 1000, Validation: 397, Test: 400, Steps: 400, Batch: 64, Rate: 1e-3, Recipe: adam(), Every: 20, Lesions: true, Primary: LesionDrop},
	}
}

// Names lists the tasks there are.
func Names() []string {
	var names []string
	for _, t := range all() {
		names = append(names, t.Name)
	}
	return names
}

// Find returns the task of a name, with no options set but its own.
func Find(name string) (Task, error) {
	name = strings.TrimSpace(name)
	tasks := all()
	i := slices.IndexFunc(tasks, func(t Task) bool { return t.Name == name })
	if i < 0 {
		return Task{}, fmt.Errorf("runner/task: unknown task %q; there are %s", name, strings.Join(Names(), ", "))
	}
	return tasks[i], nil
}

// IO is what a net for t must take and give.
func (t Task) IO() net.IO {
	io := net.IO{Batch: t.Batch}
	o := t.Options
	switch t.Name {
	case "D1", "A2":
		io.In, io.Out = 64, 10
	case "D2":
		io.In, io.Out = 2, 2
		if o.Target == TargetWave {
			io.In, io.Out, io.Loss = 1, 1, net.MSE
		}
	case "D3":
		io.In, io.Out, io.Loss = 16, 24, net.MSE
		if o.Target != "" {
			io.Out = 8
		}
	case "D4":
		io.Picture, io.Out = [3]int{1, 14, 14}, 10
		if o.Data == DataDigits {
			io.Picture = [3]int{1, 8, 8}
		}
	case "D5", "D5c":
		io.Picture, io.Out = [3]int{1, 16, 16}, 10
		if o.Picture == PictureColour {
			io.Picture = [3]int{3, 32, 32}
		}
		if o.Data == DataShapes {
			io.Out = shapeClasses
		}
	case "D6a", "D6b":
		io.In, io.Out, io.Steps = symbols+1, symbols, t.lag()+1
	case "D7":
		io.In, io.Out, io.Steps, io.Vocab, io.Every = 1, letters, window, letters, true
	case "D8":
		side := t.side()
		io.Picture, io.Out, io.Loss = [3]int{1, side, side}, side*side, net.BCE
	case "D9a":
		io.In, io.Out, io.Loss = 64, 64, net.MSE
		if o.Data == DataMNIST {
			io.In, io.Out = 14*14, 14*14
		}
	case "D9b":
		n := t.dims()
		io.In, io.Out, io.Loss = n+timeFeatures, n, net.MSE
	case "D10":
		io.In, io.Out, io.Loss = latents, 2, net.BCE
	case "A1":
		io.In, io.Out, io.Loss, io.InputGrad = 2, 1, net.Sum, true
	}
	if p := io.Picture; p != [3]int{} {
		io.In = p[0] * p[1] * p[2]
	}
	return io
}

func (t Task) lag() int {
	if t.Options.Lag > 0 {
		return t.Options.Lag
	}
	return usualLag
}

// side is that of D8's pictures.
func (t Task) side() int {
	if t.Options.Data == DataMembranes {
		return 64
	}
	return 32
}

// dims is how many numbers a point of D9b has.
func (t Task) dims() int {
	switch t.Options.Space {
	case SpaceRing:
		return 2
	case SpaceLatent:
		return codeWidth
	}
	return 64
}

// DataSHA is the hash of everything t's data are made from: files by their contents, generators by the
// version of their rule.
func (t Task) DataSHA() string {
	h := sha256.New()
	for _, name := range t.needs() {
		f, _ := fileNamed(name)
		fmt.Fprintf(h, "file %s\n", f.SHA)
	}
	o := t.Options
	o.Optimiser, o.Schedule, o.Clip = "", "", "" // those are of the training
	fmt.Fprintf(h, "rule %s/%d %+v\n", t.Name, dataRule, o)
	return hex.EncodeToString(h.Sum(nil))
}

// dataRule is the version of how data are drawn and scaled. Whoever changes a generator moves it.
const dataRule = 1
