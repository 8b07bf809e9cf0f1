package kernel

import "math"

// AdamW is Adam with decoupled decay (Loshchilov & Hutter 2019): the weights shrink by rate·decay before
// each step, past the moments.
type AdamW struct {
	Rate, Beta1, Beta2, Epsilon, Decay float64
	Step                               int
	M, V                               []float32
}

// NewAdamW has the usual constants (0.9, 0.999, 1e-8) and no decay for n parameters.
func NewAdamW(rate float64, n int) *AdamW {
	return &AdamW{Rate: rate, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, M: make([]float32, n), V: make([]float32, n)}
}

// Update moves w by one step against grad.
func (a *AdamW) Update(w, grad []float32) {
	adam := Adam{Rate: a.Rate, Beta1: a.Beta1, Beta2: a.Beta2, Epsilon: a.Epsilon, Step: a.Step, M: a.M, V: a.V}
	adam.update(w, grad, float32(1-a.Rate*a.Decay))
	a.Step = adam.Step
}

// ClipNorm scales grad so that its Euclidean length is at most limit, and gives the length it had. A length
// that is no number scales nothing: the training is broken, and its loss will say so.
func ClipNorm(grad []float32, limit float64) float64 {
	length := math.Sqrt(squares(grad))
	if length > limit && !math.IsInf(length, 0) {
		Scale(grad, grad, float32(limit/length))
	}
	return length
}
