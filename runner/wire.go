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
	Usage      Usage               `json:"usage"`
}

// Usage is what a trial used.
type Usage struct {
	WallMS    int64      `json:"wall_ms"`
	CPUMS     int64      `json:"cpu_ms"`
	PeakRSSKB int64      `json:"peak_rss_kb"` // of the worker process so far; 0 where the system does not tell
	Params    int        `json:"params"`
	FLOPs     store.Real `json:"flops"` // products of the training, 2 per multiply-add
}

// busyMS is the processor's time, or the clock's where the system does not tell: a loaded machine makes a
// trial late, not dear.
func (u Usage) busyMS() int64 {
	if u.CPUMS > 0 {
		return u.CPUMS
	}
	return u.WallMS
}
