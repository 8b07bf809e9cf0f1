package task

import (
	"context"
	"math"
)

// loadSpirals is D2: two spirals r = t at the angle 3πt + class·π, t in 0.1 … 1, with noise 0.02; or, for the
// target wave, sin 8πx over x in 0 … 1. Inputs are brought to mean 0 and deviation 1 by the training part.
func loadSpirals(_ context.Context, t Trial, seeds Seeds) (*material, error) {
	wave := t.Task.Options.Target == TargetWave
	c := newChance(seeds("data"))
	k := t.Task
	parts := []part{spiral(k.Train, wave, c), spiral(k.Validation, wave, c), spiral(k.Test, wave, c)}
	standardise(parts)
	s := split{parts[0], parts[1], parts[2]}
	if t.LabelNoise > 0 {
		shuffleLabels(s.train.y, t.LabelNoise, newChance(seeds("label-noise")))
	}
	m := classified(s, seeds, 2)
	if wave {
		m.tally = func() tally { return &squares{width: 1, cols: []column{{TestMSE, 0, 1}}} }
	}
	return m, nil
}

func spiral(n int, wave bool, c *chance) part {
	p := part{x: make([]float32, 0, 2*n), y: make([]float32, n), in: 2, out: 1, rows: n}
	z := bell()
	for i := range n {
		if wave {
			x := c.uniform()
			s, _ := sineCosine(8 * math.Pi * x)
			p.x, p.y[i] = append(p.x, float32(x)), float32(s)
			continue
		}
		class := i % 2
		r := 0.1 + float64(0.9*c.uniform())
		s, co := sineCosine(math.Pi * (float64(3*r) + float64(class)))
		p.x = append(p.x, float32(float64(r*co)+float64(0.02*z.normal(c))), float32(float64(r*s)+float64(0.02*z.normal(c))))
		p.y[i] = float32(class)
	}
	if wave {
		p.in = 1
	}
	return p
}

// standardise brings every input of the parts to mean 0 and deviation 1 over the first part.
func standardise(parts []part) {
	first := parts[0]
	for j := range first.in {
		sum, squares := 0.0, 0.0
		for r := range first.rows {
			v := float64(first.x[r*first.in+j])
			sum += v
			squares += float64(v * v)
		}
		mean := sum / float64(first.rows)
		sd := math.Sqrt(squares/float64(first.rows) - float64(mean*mean))
		if !(sd > 0) {
			sd = 1
		}
		for _, p := range parts {
			for r := range p.rows {
				v := &p.x[r*p.in+j]
				*v = float32((float64(*v) - mean) / sd)
			}
		}
	}
}
