package task

import (
	"context"
	"fmt"
	"math"
)

// loadMNIST halves the first 10,000 pictures: each number is the mean of four, over 255, less the training
// mean of its place.
func loadMNIST(ctx context.Context, t Trial, seeds Seeds) (*material, error) {
	if t.Task.Options.Data == DataDigits {
		return loadDigits(ctx, t, seeds)
	}
	s, err := mnistSplit(t, seeds)
	if err != nil {
		return nil, err
	}
	return classified(s, seeds, 10), nil
}

// mnistSplit is a block's split of MNIST's first 10,000 pictures, each the sums of its 2×2 squares: 14×14.
func mnistSplit(t Trial, seeds Seeds) (split, error) {
	images, err := t.Data.bytes(t.Task, mnistImages)
	if err != nil {
		return split{}, err
	}
	labels, err := t.Data.bytes(t.Task, mnistLabels)
	if err != nil {
		return split{}, err
	}
	x, shape, err := idxBody(images)
	if err != nil {
		return split{}, fmt.Errorf("runner/task: %s: %s: %w", t.Task.Name, mnistImages, err)
	}
	l, _, err := idxBody(labels)
	if err != nil {
		return split{}, fmt.Errorf("runner/task: %s: %s: %w", t.Task.Name, mnistLabels, err)
	}
	d := set{rows: shape[0], width: 14 * 14, x: make([]uint16, shape[0]*14*14), label: l}
	for i := range d.x {
		at := i/196*784 + i%196/14*2*28 + i%14*2
		d.x[i] = uint16(x[at]) + uint16(x[at+1]) + uint16(x[at+28]) + uint16(x[at+29])
	}
	return d.cut(t.Task, seeds, scale{4 * 255, 1}, t.LabelNoise)
}

// loadPictures is D5. The pictures at hand are 4,500 and 1,000; a drawn split shuffles all 5,500 and takes
// 4,000 to train on, 500 for validation and 1,000 for the test; the published one keeps the two files apart
// and has no validation part.
func loadPictures(_ context.Context, t Trial, seeds Seeds) (*material, error) {
	o, k := t.Task.Options, t.Task
	var all []record
	n := 10
	if o.Data == DataShapes {
		all, n = records(drawShapes(k, newChance(seeds("data")))), shapeClasses
	} else {
		for _, name := range []string{cifarTrainFile, cifarTestFile} {
			b, err := t.Data.bytes(k, name)
			if err != nil {
				return nil, err
			}
			all = append(all, records(b)...)
		}
	}
	if k.Train+k.Validation+k.Test > len(all) {
		return nil, fmt.Errorf("runner/task: %s: %d pictures do not make parts of %d, %d and %d", k.Name, len(all), k.Train, k.Validation, k.Test)
	}
	if o.Split != SplitPublished && o.Data != DataShapes {
		drawn := make([]record, len(all))
		for i, r := range newChance(seeds("split")).perm(len(all)) {
			drawn[i] = all[r]
		}
		all = drawn
	}
	train, rest := all[:k.Train], all[k.Train:]
	take := greys(train)
	if o.Picture == PictureColour {
		take = colours(train)
	}
	s := split{take(train), take(rest[:k.Validation]), take(rest[k.Validation:][:k.Test])}
	if t.LabelNoise > 0 {
		shuffleLabels(s.train.y, t.LabelNoise, newChance(seeds("label-noise")))
	}
	m := classified(s, seeds, n)
	if o.Augment == AugmentFlip {
		m.deal = newJittered(newBatches(s.train, seeds("order")), k.IO().Picture, newChance(seeds("augment")))
	}
	return m, nil
}

// record is a picture of CIFAR-10 as its file has it: a label and three planes of 32×32 bytes.
type record []byte

const recordSize = 1 + 3*32*32

func records(file []byte) []record {
	var all []record
	for ; len(file) >= recordSize; file = file[recordSize:] {
		all = append(all, file[:recordSize:recordSize])
	}
	return all
}

func (r record) plane(c int) []byte { return r[1+c*1024:][:1024] }

// labelled is a part of pictures without their inputs.
func labelled(rows []record, in int) part {
	p := part{y: make([]float32, len(rows)), in: in, out: 1, rows: len(rows)}
	for i, r := range rows {
		p.y[i] = float32(r[0])
	}
	return p
}

// colours makes parts of three planes: less the training mean of the plane, over its deviation. The bytes stay
// where they are; a table a plane says what each means.
func colours(train []record) func(rows []record) part {
	shade := make([][256]float32, 3)
	for c := range shade {
		sum, squares := 0, 0
		for _, r := range train {
			for _, b := range r.plane(c) {
				sum += int(b)
				squares += int(b) * int(b)
			}
		}
		mean, sd := moments(len(train)*1024, sum, squares)
		for b := range 256 {
			shade[c][b] = float32((float64(b) - mean) / sd)
		}
	}
	return func(rows []record) part {
		p := labelled(rows, 3*1024)
		p.raw, p.shade = make([][]byte, len(rows)), shade
		for i, r := range rows {
			p.raw[i] = r[1:]
		}
		return p
	}
}

// greys makes parts of one plane of 16×16: less the training mean, over the deviation, of all pixels.
func greys(train []record) func(rows []record) part {
	sum, squares := 0, 0
	for _, r := range train {
		for p := range 256 {
			v := r.grey(p)
			sum += v
			squares += v * v // below 2⁶³ up to eight million pixels
		}
	}
	mean, sd := moments(len(train)*256, sum, squares)
	return func(rows []record) part {
		p := labelled(rows, 256)
		p.x = make([]float32, len(rows)*256)
		for i, r := range rows {
			for j := range 256 {
				p.x[i*256+j] = float32((float64(r.grey(j)) - mean) / sd)
			}
		}
		return p
	}
}

// grey is the brightness of a 2×2 patch, 0 … 1020000, by the weights of ITU-R BT.601.
func (r record) grey(p int) int {
	at := p/16*2*32 + p%16*2
	sum := 0
	for c, weight := range [...]int{299, 587, 114} {
		b := r.plane(c)
		sum += weight * (int(b[at]) + int(b[at+1]) + int(b[at+32]) + int(b[at+33]))
	}
	return sum
}

// moments gives mean and deviation of n whole numbers by their exact sums, so that their order is no matter.
func moments(n, sum, squares int) (mean, deviation float64) {
	mean = float64(sum) / float64(n)
	deviation = math.Sqrt(float64(squares)/float64(n) - float64(mean*mean))
	if !(deviation > 0) {
		deviation = 1
	}
	return mean, deviation
}

// jittered mirrors every second picture and cuts it from a frame of four zeros around it, as the residual
// nets' paper trains.
type jittered struct {
	*batches
	shape [3]int
	c     *chance
	plain []float32
}

func newJittered(b *batches, shape [3]int, c *chance) *jittered {
	return &jittered{batches: b, shape: shape, c: c, plain: make([]float32, b.p.in)}
}

const frame = 4

func (j *jittered) next(x, y []float32) {
	in := j.p.in
	h, w := j.shape[1], j.shape[2]
	for i := range len(x) / in {
		r := j.draw()
		y[i] = j.p.y[r]
		j.p.row(r, j.plain)
		flip := j.c.below(2) == 1
		down, right := j.c.below(2*frame+1)-frame, j.c.below(2*frame+1)-frame
		out := x[i*in:][:in]
		clear(out)
		for c := range j.shape[0] {
			for row := max(0, -down); row < min(h, h-down); row++ {
				to := out[(c*h+row)*w:][:w]
				from := j.plain[(c*h+row+down)*w:][:w]
				for col := max(0, -right); col < min(w, w-right); col++ {
					at := col + right
					if flip {
						at = w - 1 - at
					}
					to[col] = from[at]
				}
			}
		}
	}
}

func (j *jittered) archive(a *archive) {
	j.batches.archive(a)
	j.c.archive(a)
}
