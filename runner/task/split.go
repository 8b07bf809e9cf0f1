package task

import "fmt"

// part is scaled rows with their labels, ready for a net.
type part struct {
	x, label []float32
	rows     int
}

type split struct{ train, validation, test part }

// cut draws the split of a block, scales by the training mean of each input (value/16 less mean, times 2)
// and shuffles the labels of a share noise of the training rows among themselves.
func cut(t Task, d set, seeds Seeds, noise float64) (split, error) {
	if t.Train+t.Validation+t.Test > d.rows || d.width != t.In {
		return split{}, fmt.Errorf("runner/task: %s: %d rows of %d do not make a split of %d, %d and %d rows of %d", t.Name, d.rows, d.width, t.Train, t.Validation, t.Test, t.In)
	}
	order := newShuffler(seeds("split")).perm(d.rows)
	train, rest := order[:t.Train], order[t.Train:]
	mean := make([]float64, d.width)
	for _, r := range train {
		for j := range mean {
			mean[j] += float64(d.x[r*d.width+j]) / 16
		}
	}
	for j := range mean {
		mean[j] /= float64(len(train))
	}
	s := split{
		train:      d.part(train, mean),
		validation: d.part(rest[:t.Validation], mean),
		test:       d.part(rest[t.Validation:][:t.Test], mean),
	}
	if noise > 0 {
		shuffleLabels(s.train.label, noise, newShuffler(seeds("label-noise")))
	}
	return s, nil
}

func (d set) part(rows []int, mean []float64) part {
	p := part{x: make([]float32, len(rows)*d.width), label: make([]float32, len(rows)), rows: len(rows)}
	for i, r := range rows {
		for j, m := range mean {
			p.x[i*d.width+j] = float32(2 * (float64(d.x[r*d.width+j])/16 - m))
		}
		p.label[i] = float32(d.label[r])
	}
	return p
}

func shuffleLabels(label []float32, share float64, s *shuffler) {
	n := int(share * float64(len(label)))
	chosen := s.perm(len(label))[:n]
	to := append([]int(nil), chosen...)
	s.shuffle(to)
	moved := make([]float32, n)
	for i, r := range to {
		moved[i] = label[r]
	}
	for i, r := range chosen {
		label[r] = moved[i]
	}
}

// batches deals the training rows: every row once per epoch, a fresh order each, no rest thrown away.
type batches struct {
	p     part
	width int
	order []int
	at    int
	s     *shuffler
}

func newBatches(p part, width int, seed [32]byte) *batches {
	b := &batches{p: p, width: width, s: newShuffler(seed)}
	b.order = b.s.perm(p.rows)
	return b
}

// next fills one batch.
func (b *batches) next(x, label []float32) {
	for i := range label {
		if b.at == len(b.order) {
			b.s.shuffle(b.order)
			b.at = 0
		}
		r := b.order[b.at]
		b.at++
		copy(x[i*b.width:][:b.width], b.p.x[r*b.width:])
		label[i] = b.p.label[r]
	}
}
