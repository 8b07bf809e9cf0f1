package kernel

// The optimisers here run in plain Go on every path.

// Nesterov is momentum whose step looks ahead: v = μ v + g, w -= rate (g + μ v), as Sutskever et al. (2013)
// write it for the point ahead.
type Nesterov struct {
	Rate, Mu float64
	V        []float32
}

// Update moves w by one step against grad.
func (o *Nesterov) Update(w, grad []float32) {
	rate, mu := float32(o.Rate), float32(o.Mu)
	for i, g := range grad[:len(w)] {
		v := float32(mu*o.V[i]) + g
		o.V[i] = v
		w[i] -= float32(rate * (g + float32(mu*v)))
	}
}

// RMSProp divides each step by the root of a running mean of squared gradients.
type RMSProp struct {
	Rate, Keep, Epsilon float64
	V                   []float32
}

// Update moves w by one step against grad.
func (o *RMSProp) Update(w, grad []float32) {
	rate, keep, rest, eps := float32(o.Rate), float32(o.Keep), float32(1-o.Keep), float32(o.Epsilon)
	for i, g := range grad[:len(w)] {
		v := float32(keep*o.V[i]) + float32(rest*float32(g*g))
		o.V[i] = v
		w[i] -= rate * g / (Sqrt1(v) + eps)
	}
}

// AdaGrad divides each step by the root of the sum of all squared gradients so far (Duchi et al. 2011).
type AdaGrad struct {
	Rate, Epsilon float64
	V             []float32
}

// Update moves w by one step against grad.
func (o *AdaGrad) Update(w, grad []float32) {
	rate, eps := float32(o.Rate), float32(o.Epsilon)
	for i, g := range grad[:len(w)] {
		o.V[i] += float32(g * g)
		w[i] -= rate * g / (Sqrt1(o.V[i]) + eps)
	}
}

// AdamL2 is Adam on gradients to which decay·w is added, so that the moments see the decay; [AdamW] keeps it
// out of them.
type AdamL2 struct {
	Adam
	Decay float64
	sum   []float32
}

// Update moves w by one step against grad.
func (o *AdamL2) Update(w, grad []float32) {
	if len(o.sum) < len(w) {
		o.sum = make([]float32, len(w))
	}
	AddScaled(o.sum[:len(w)], grad, w, float32(o.Decay))
	o.Adam.Update(w, o.sum[:len(w)])
}
