package task

import "tenet/runner/kernel"

// mover moves weights step by step as a recipe says.
type mover struct {
	r     Recipe
	rate  float64
	steps int
	adam  *kernel.Adam
	adamw *kernel.AdamW
	sgd   *kernel.Momentum
	unit  *kernel.UnitMomentum
}

// newMover is for n weights, of which the tensors end at ends, and a training of steps.
func newMover(r Recipe, rate float64, steps, n int, ends []int) *mover {
	m := &mover{r: r, rate: rate, steps: steps}
	switch r.Optimiser {
	case AdamW:
		m.adamw = kernel.NewAdamW(rate, n)
		m.adamw.Beta1, m.adamw.Beta2, m.adamw.Decay = r.Beta1, r.Beta2, r.Decay
	case SGD:
		m.sgd = &kernel.Momentum{Mu: r.Momentum, V: make([]float32, n)}
		if !r.Decoupled {
			m.sgd.Decay = r.Decay
		}
	case Unit:
		m.unit = &kernel.UnitMomentum{Mu: r.Momentum, Ends: ends, V: make([]float32, n)}
	default:
		m.adam = kernel.NewAdam(rate, n)
		m.adam.Beta1, m.adam.Beta2 = r.Beta1, r.Beta2
	}
	return m
}

// move makes step number step, counted from 1.
func (m *mover) move(w, grad []float32, step int) {
	rate := m.r.Rate(m.rate, step, m.steps)
	if m.r.Clip > 0 {
		kernel.ClipNorm(grad, m.r.Clip)
	}
	switch {
	case m.adamw != nil:
		m.adamw.Rate = rate
		m.adamw.Update(w, grad)
	case m.sgd != nil:
		if m.r.Decoupled && m.r.Decay > 0 {
			kernel.Scale(w, w, float32(1-float64(rate*m.r.Decay)))
		}
		m.sgd.Rate = rate
		m.sgd.Update(w, grad)
	case m.unit != nil:
		m.unit.Rate = rate
		m.unit.Update(w, grad)
	default:
		m.adam.Rate = rate
		m.adam.Update(w, grad)
	}
}

func (m *mover) archive(a *archive) {
	switch {
	case m.adamw != nil:
		a.integer(&m.adamw.Step)
		a.floats(m.adamw.M)
		a.floats(m.adamw.V)
	case m.sgd != nil:
		a.floats(m.sgd.V)
	case m.unit != nil:
		a.floats(m.unit.V)
	default:
		a.integer(&m.adam.Step)
		a.floats(m.adam.M)
		a.floats(m.adam.V)
	}
}
