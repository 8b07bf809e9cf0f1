package task

import (
	"math"

	"tenet/runner/net"
)

// Trial describes one training, all but its streams.
type Trial struct {
	Task       Task
	Net        net.Spec
	Rate       float64 // learning rate
	Steps      int
	LabelNoise float64 // share of training labels shuffled, for the known-effect control
	Lesions    [][]int // lesion sets to score after training
	Tuning     bool    // score the validation part only
}

// Metrics of a trial. A diverged trial has none.
const (
	TestAccuracy       = "test_accuracy"
	TrainAccuracy      = "train_accuracy"
	ValidationAccuracy = "validation_accuracy"
	TestLoss           = "test_loss"
	LesionDrop         = "lesion_drop"
)

// Outcome is what a trial gave.
type Outcome struct {
	Metrics    map[string]float64
	Diverged   bool
	DivergedAt int // step, from 1
	Curve      Curve
	WeightsSHA string
	Params     int
	FLOPs      float64 // of the whole training, products only
}

// Point is one sample of a curve: the mean training loss and error since the sample before, and the error
// on the test part where it was scored, else NaN.
type Point struct {
	Step                        int
	Loss, TrainError, TestError float32
}

// Progress is told after every step.
type Progress struct {
	Step  int
	Loss  float64
	Point *Point // a new sample of the curve, or nil
}

func finite(v float32) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
