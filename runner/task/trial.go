package task

import (
	"math"

	"tenet/runner/net"
)

// Trial describes one training, all but its streams.
type Trial struct {
	Task       Task // with its options
	Net        net.Spec
	Rate       float64 // learning rate
	Steps      int
	LabelNoise float64 // share of training labels shuffled, for the known-effect control
	Lesions    [][]int // lesion sets to score after training
	Tuning     bool    // score the validation part only
	Data       *Data   // the data folder; nil where the task needs none. What it holds is in Task.DataSHA
}

// Metrics of a trial. A diverged trial has none. Those of a hypothesis's decision have the study's names.
const (
	TestAccuracy       = "test_accuracy"
	TrainAccuracy      = "train_accuracy"
	ValidationAccuracy = "validation_accuracy"
	ValidationScore    = "validation_score" // what learning rates are chosen by, of every task: higher is better
	TestLoss           = "test_loss"
	LesionDrop         = "lesion_drop"
	SwapDrop           = "swap_drop" // A2: mean accuracy lost by swapping two neighbours
	TestMSE            = "test_mse"
	CarryMSE           = "carry_mse"   // D3: of the part of the target that is the input
	TeacherMSE         = "teacher_mse" // D3: of the teacher's part
	RecallAccuracy     = "recall_accuracy"
	BitsPerCharacter   = "bits_per_character"      // D7: on the validation part, as the study registers it
	TestBits           = "test_bits_per_character" // D7: on the test part
	IoU                = "iou"
	EdgeIoU            = "edge_iou" // D8: of the pixels within two of an edge
	ReaderAccuracy     = "reader_accuracy"
	DenoiseMSE         = "denoise_mse"
	NoiseMSE           = "noise_mse"
	EnergyDistance     = "energy_distance"
	Modes              = "modes"
	OnModes            = "on_modes" // D10: share of samples within three standard deviations of a mode
	GradientCosine     = "gradient_cosine"
	VarianceRatio      = "variance_ratio"  // A1: log10 of output to input variance
	GradientRatio      = "gradient_ratio"  // A1: log10 of first to last block's gradient norm
	StateGrowth        = "state_growth"    // A1: log10 of the last to the first state's variance
	StateLikeness      = "state_likeness"  // A1: centred kernel alignment of the first and the last state
	PathLength         = "path_length"     // A1: mean number of blocks on the ways through the net, by its edges' weights
	JacobianSpread     = "jacobian_spread" // A1: standard deviation of log10 of the Jacobian's singular value
)

// Metrics lists the metrics that a trial of t measures.
func (t Task) Metrics() []string {
	switch t.Kind {
	case Classification:
		if t.Options.Target == TargetWave {
			return []string{TestMSE}
		}
		return []string{TestAccuracy, TrainAccuracy, TestLoss}
	case Lesions:
		return []string{LesionDrop, SwapDrop, TestAccuracy, TrainAccuracy, TestLoss}
	case Regression:
		if t.Options.Target != "" {
			return []string{TeacherMSE, TestMSE}
		}
		return []string{CarryMSE, TeacherMSE, TestMSE}
	case Recall:
		return []string{RecallAccuracy, TestLoss}
	case Language:
		return []string{BitsPerCharacter, TestBits}
	case Segmentation:
		return []string{IoU, EdgeIoU, TestLoss}
	case Denoising:
		return []string{ReaderAccuracy, DenoiseMSE}
	case Generation:
		if t.Options.Space == "" {
			return []string{NoiseMSE, EnergyDistance, ReaderAccuracy}
		}
		return []string{NoiseMSE, EnergyDistance}
	case Adversarial:
		return []string{Modes, OnModes}
	}
	return []string{GradientCosine, VarianceRatio, GradientRatio, JacobianSpread, StateGrowth, StateLikeness, PathLength}
}

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
// on the test part where it was scored, else NaN. The error is the task's own: a share of wrong answers, one
// less an overlap, a mean square, bits a character.
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

// Checkpoints says where a trial begins and when its state is wanted.
type Checkpoints struct {
	From    []byte                             // a state of this trial and these streams; nil: step 0
	Due     func(step int) bool                // asked after every step but the last; nil: never
	Save    func(step int, state []byte) error // an error of it ends the trial
	Refused func(error)                        // told why From is no state of this trial, which then begins at step 0; may be nil
}

func finite(v float32) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
