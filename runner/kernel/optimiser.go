package kernel

import "math"

// Adam holds the moments of one flat parameter vector (Kingma & Ba 2015, algorithm 1).
type Adam struct {
	Rate, Beta1, Beta2, Epsilon float64
	Step                        int
	M, V                        []float32
}

// NewAdam has the usual constants (0.9, 0.999, 1e-8) for n parameters.
func NewAdam(rate float64, n int) *Adam {
	return &Adam{Rate: rate, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, M: make([]float32, n), V: make([]float32, n)}
}

// Update moves w by one step against grad. Bias corrections are folded into the rate and the epsilon, which
// changes no more than the last rounding.
func (a *Adam) Update(w, grad []float32) { a.update(w, grad, 1) }

// update is Update after w = keep·w.
func (a *Adam) update(w, grad []float32, keep float32) {
	a.Step++
	c1 := 1 - power(a.Beta1, a.Step)
	c2 := math.Sqrt(1 - power(a.Beta2, a.Step))
	rate, eps := float32(a.Rate*c2/c1), float32(a.Epsilon*c2)
	b1, b2 := float32(a.Beta1), float32(a.Beta2)
	d1, d2 := float32(1-a.Beta1), float32(1-a.Beta2)
	active().adam(w, a.M[:len(w)], a.V[:len(w)], grad[:len(w)], rate, eps, b1, b2, d1, d2, keep)
}

func (p path) adam(w, m, v, grad []float32, rate, eps, b1, b2, d1, d2, keep float32) {
	n := p.whole(len(w))
	if n > 0 {
		adamVector(p, &w[0], &m[0], &v[0], &grad[0], n, rate, eps, b1, b2, d1, d2, keep)
	}
	for i := n; i < len(w); i++ {
		g := grad[i]
		mi := float32(b1*m[i]) + float32(d1*g)
		vi := float32(b2*v[i]) + float32(d2*float32(g*g))
		m[i], v[i] = mi, vi
		w[i] = float32(keep*w[i]) - rate*mi/(float32(math.Sqrt(float64(vi)))+eps)
	}
}

// power is b to the n by squaring: the same bits on every machine, which math.Pow does not promise.
func power(b float64, n int) float64 {
	p := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			p *= b
		}
		b *= b
	}
	return p
}

// Momentum is stochastic gradient descent with v = μ v + (g + decay w), w -= rate v.
type Momentum struct {
	Rate, Mu, Decay float64
	V               []float32
}

// Update moves w by one step against grad.
func (o *Momentum) Update(w, grad []float32) {
	active().momentum(w, o.V[:len(w)], grad[:len(w)], float32(o.Rate), float32(o.Mu), float32(o.Decay))
}

func (p path) momentum(w, v, grad []float32, rate, mu, decay float32) {
	n := p.whole(len(w))
	if n > 0 {
		momentumVector(p, &w[0], &v[0], &grad[0], n, rate, mu, decay)
	}
	for i := n; i < len(w); i++ {
		v[i] = float32(mu*v[i]) + (grad[i] + float32(decay*w[i]))
		w[i] -= float32(rate * v[i])
	}
}

// UnitMomentum is momentum on gradients that are first scaled to length one tensor by tensor, so that no
// layer's step depends on how large its gradient is (layer-normalised momentum). Ends holds where each
// tensor ends in the flat vector.
type UnitMomentum struct {
	Rate, Mu float64
	Ends     []int
	V        []float32
}

// Update moves w by one step against grad.
func (o *UnitMomentum) Update(w, grad []float32) {
	rate, mu := float32(o.Rate), float32(o.Mu)
	start := 0
	for _, end := range o.Ends {
		var q float64
		for _, g := range grad[start:end] {
			q += float64(float64(g) * float64(g))
		}
		unit := float32(1 / (math.Sqrt(q) + 1e-12))
		active().unitMomentum(w[start:end], o.V[start:end], grad[start:end], rate, mu, unit)
		start = end
	}
}

func (p path) unitMomentum(w, v, grad []float32, rate, mu, unit float32) {
	n := p.whole(len(w))
	if n > 0 {
		unitMomentumVector(p, &w[0], &v[0], &grad[0], n, rate, mu, unit)
	}
	for i := n; i < len(w); i++ {
		v[i] = float32(mu*v[i]) + float32(unit*grad[i])
		w[i] -= float32(rate * v[i])
	}
}
