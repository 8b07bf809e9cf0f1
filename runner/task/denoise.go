package task

import (
	"context"
	"fmt"
	"strconv"
)

// codeTap is the name under which a net keeps its narrowest layer.
const codeTap = "code"

// ridge is the weight of the reader's penalty.
const ridge = 0.1

// disturbed deals clean rows as answers and the same rows with fresh noise as inputs.
type disturbed struct {
	*batches
	sd float64
	c  *chance
}

func (d *disturbed) next(x, y []float32) {
	d.batches.next(x, y)
	d.c.disturb(x, d.sd)
}

func (d *disturbed) archive(a *archive) {
	d.batches.archive(a)
	d.c.archive(a)
}

// noisy is p as a denoiser sees it: noise on the inputs, the clean rows as answers.
func noisy(p part, sd float64, c *chance) part {
	q := part{x: append([]float32(nil), p.x...), y: p.x, in: p.in, out: p.in, rows: p.rows}
	c.disturb(q.x, sd)
	return q
}

func (t Task) noiseLevel() float64 {
	if t.Options.Noise == "" {
		return usualNoise
	}
	v, _ := strconv.ParseFloat(t.Options.Noise, 64) // With has read it
	return v
}

// loadDenoising is D9a, of the embedded digits or of MNIST's. What is scored carries one fixed draw of noise; the reader learns from the codes of
// the disturbed training pictures and is asked about those of the disturbed test pictures.
func loadDenoising(_ context.Context, t Trial, seeds Seeds) (*material, error) {
	draw := digitSplit
	if t.Task.Options.Data == DataMNIST {
		draw = mnistSplit
	}
	s, err := draw(t, seeds)
	if err != nil {
		return nil, err
	}
	sd := t.Task.noiseLevel()
	clean := s.train
	clean.y, clean.out = clean.x, clean.in
	eval := newChance(seeds("eval"))
	m := &material{
		deal:       &disturbed{newBatches(clean, seeds("order")), sd, newChance(seeds("noise/input"))},
		validation: noisy(s.validation, sd, newChance(seeds("validation"))),
		test:       noisy(s.test, sd, eval),
		tally: func() tally {
			return &squares{width: s.test.in, cols: []column{{DenoiseMSE, 0, s.test.in}}}
		},
	}
	train := noisy(s.train, sd, eval)
	m.after = func(r *room) error {
		return r.read(train, m.test, s.train.y, s.test.y)
	}
	return m, nil
}

// read measures how well a ridge classifier reads the classes off a net's narrowest layer.
func (r *room) read(train, test part, trainClass, testClass []float32) error {
	prog, err := r.scoring(nil, codeTap)
	if err != nil {
		return err
	}
	a, width, err := codes(prog, train)
	if err != nil {
		return fmt.Errorf("runner/task: %s: reader: %w", r.t.Task.Name, err)
	}
	b, _, err := codes(prog, test)
	if err != nil {
		return fmt.Errorf("runner/task: %s: reader: %w", r.t.Task.Name, err)
	}
	w := fitRidge(a, trainClass, width, 10, ridge)
	r.out.Metrics[ReaderAccuracy] = w.accuracy(b, testClass)
	return nil
}
