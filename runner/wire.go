package runner

import (
	"tenet/internal/store"
	"tenet/runner/task"
)

// wireReal is a number on the wire: JSON has no NaN and no infinity, and losses have both.
type wireReal = store.Real

type wirePoint struct {
	Step       int      `json:"step"`
	Loss       wireReal `json:"loss"`
	TrainError wireReal `json:"train_error"`
	TestError  wireReal `json:"test_error"`
}

func toWire(p task.Point) wirePoint {
	return wirePoint{p.Step, wireReal(p.Loss), wireReal(p.TrainError), wireReal(p.TestError)}
}

func (p wirePoint) point() Point {
	return Point{Step: p.Step, Loss: float64(p.Loss), TrainError: float64(p.TrainError), TestError: float64(p.TestError)}
}

// wireResult is a trial's outcome on the wire.
type wireResult struct {
	Metrics    map[string]wireReal `json:"metrics,omitempty"`
	Diverged   bool                `json:"diverged,omitempty"`
	DivergedAt int                 `json:"diverged_at,omitempty"`
	Curve      []byte              `json:"curve"`
	WeightsSHA string              `json:"weights_sha"`
	Log        []byte              `json:"log,omitempty"` // an external command's standard error, its end
	Usage      Usage               `json:"usage"`
}
