package task

import (
	"context"
	"fmt"
)

// loader makes the material of a task from its streams and files.
type loader func(ctx context.Context, t Trial, seeds Seeds) (*material, error)

// loaders are the supervised tasks; D10 and A1 have loops of their own.
func (t Task) loader() loader {
	switch t.rules() {
	case "D1", "A2":
		return loadDigits
	case "D2":
		return loadSpirals
	case "D3":
		return loadTeacher
	case "D4":
		return loadMNIST
	case "D5":
		return loadPictures
	case "D6a", "D6b":
		return loadRecall
	case "D7":
		return loadCharacters
	case "D8":
		return loadCells
	case "D9a":
		return loadDenoising
	case "D9b":
		return loadDiffusion
	}
	return nil
}

// split is the parts of a block.
type split struct{ train, validation, test part }

// scale is how a number of a set becomes an input: over so much, less the training mean of its place, times
// gain.
type scale struct{ over, gain float64 }

// cut draws the split of a block, scales it, and shuffles the labels of a share noise of the training rows
// among themselves. Means come of exact sums, so the order of the rows does not matter to them.
func (d set) cut(t Task, seeds Seeds, by scale, noise float64) (split, error) {
	if t.Train+t.Validation+t.Test > d.rows {
		return split{}, fmt.Errorf("runner/task: %s: %d rows do not make a split of %d, %d and %d", t.Name, d.rows, t.Train, t.Validation, t.Test)
	}
	order := newChance(seeds("split")).perm(d.rows)
	train, rest := order[:t.Train], order[t.Train:]
	sums := make([]int, d.width)
	for _, r := range train {
		for j := range sums {
			sums[j] += int(d.x[r*d.width+j])
		}
	}
	mean := make([]float64, d.width)
	for j, sum := range sums {
		mean[j] = float64(sum) / by.over / float64(len(train))
	}
	s := split{
		train:      d.part(train, mean, by),
		validation: d.part(rest[:t.Validation], mean, by),
		test:       d.part(rest[t.Validation:][:t.Test], mean, by),
	}
	if noise > 0 {
		shuffleLabels(s.train.y, noise, newChance(seeds("label-noise")))
	}
	return s, nil
}

func (d set) part(rows []int, mean []float64, by scale) part {
	p := part{x: make([]float32, len(rows)*d.width), y: make([]float32, len(rows)), in: d.width, out: 1, rows: len(rows)}
	for i, r := range rows {
		for j, m := range mean {
			p.x[i*d.width+j] = float32(by.gain * (float64(d.x[r*d.width+j])/by.over - m))
		}
		p.y[i] = float32(d.label[r])
	}
	return p
}

func shuffleLabels(label []float32, share float64, c *chance) {
	n := int(share * float64(len(label)))
	chosen := c.perm(len(label))[:n]
	to := append([]int(nil), chosen...)
	c.shuffle(to)
	moved := make([]float32, n)
	for i, r := range to {
		moved[i] = label[r]
	}
	for i, r := range chosen {
		label[r] = moved[i]
	}
}

// classified is the material of a split whose rows have classes.
func classified(s split, seeds Seeds, n int) *material {
	return &material{
		deal: newBatches(s.train, seeds("order")), train: s.train, validation: s.validation, test: s.test,
		tally: func() tally { return &classes{n: n, per: 1, name: TestAccuracy, lossName: TestLoss} },
	}
}

// digitSplit is the split of the embedded digits: value/16 less the mean, times 2.
func digitSplit(t Trial, seeds Seeds) (split, error) {
	d, err := digits()
	if err != nil {
		return split{}, err
	}
	return d.cut(t.Task, seeds, scale{16, 2}, t.LabelNoise)
}

func loadDigits(_ context.Context, t Trial, seeds Seeds) (*material, error) {
	s, err := digitSplit(t, seeds)
	if err != nil {
		return nil, err
	}
	return classified(s, seeds, 10), nil
}
