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
	images, err := t.Data.bytes(t.Task, mnistImages)
	if err != nil {
		return nil, err
	}
	labels, err := t.Data.bytes(t.Task, mnistLabels)
	if err != nil {
		return nil, err
	}
	x, shape, err := idxBody(images)
	if err != nil {
		return nil, fmt.Errorf("runner/task: D4: %s: %w", mnistImages, err)
	}
	l, _, err := idxBody(labels)
	if err != nil {
		return nil, fmt.Errorf("runner/task: D4: %s: %w", mnistLabels, err)
	}
	d := set{rows: shape[0], width: 14 * 14, x: make([]uint16, shape[0]*14*14), label: l}
	for i := range d.x {
		at := i/196*784 + i%196/14*2*28 + i%14*2
		d.x[i] = uint16(x[at]) + uint16(x[at+1]) + uint16(x[at+28]) + uint16(x[at+29])
	}
	s, err := d.cut(t.Task, seeds, scale{4 * 255, 1}, t.LabelNoise)
	if err != nil {
		return nil, err
	}
	return classified(s, seeds, 10), nil
}

// cifarRecord is a label and three planes of 32×32 bytes.
const cifarRecord = 1 + 3*32*32

// loadPictures is D5. The pictures at hand are 4,500 and 1,000; a drawn split shuffles all 5,500 and takes
// 4,000 to train on, 500 for validation and 1,000 for the test; the published one keeps the two files apart
// and has no validation part.
func loadPictures(_ context.Context, t Trial, seeds Seeds) (*material, error) {
	o := t.Task.Options
	var all []byte
	n := 10
	if o.Data == DataShapes {
		all, n = drawShapes(t.Task, newChance(seeds("data"))), shapeClasses
	} else {
		for _, name := range []string{cifarTrainFile, cifarTestFile} {
			b, err := t.Data.bytes(t.Task, name)
			if err != nil {
				return nil, err
			}
			all = append(all, b...)
		}
	}
	rows := len(all) / cifarRecord
	if rows*cifarRecord != len(all) || t.Task.Train+t.Task.Validation+t.Task.Test > rows {
		return nil, fmt.Errorf("runner/task: %s: %d bytes of pictures do not make %d, %d and %d", t.Task.Name, len(all), t.Task.Train, t.Task.Validation, t.Task.Test)
	}
	order := make([]int, rows)
	for i := range order {
		order[i] = i
	}
	if o.Split != SplitPublished && o.Data != DataShapes {
		order = newChance(seeds("split")).perm(rows)
	}
	train, rest := order[:t.Task.Train], order[t.Task.Train:]
	s := split{}
	if o.Picture == PictureColour {
		shade := shades(all, train)
		take := func(rows []int) part { return colour(all, rows, shade) }
		s = split{take(train), take(rest[:t.Task.Validation]), take(rest[t.Task.Validation:][:t.Task.Test])}
	} else {
		at, by := greyScale(all, train)
		take := func(rows []int) part { return grey(all, rows, at, by) }
		s = split{take(train), take(rest[:t.Task.Validation]), take(rest[t.Task.Validation:][:t.Task.Test])}
	}
	if t.LabelNoise > 0 {
		shuffleLabels(s.train.y, t.LabelNoise, newChance(seeds("label-noise")))
	}
	m := classified(s, seeds, n)
	if o.Augment == AugmentFlip {
		m.deal = newJittered(m.deal.(*batches), t.Task.IO().Picture, newChance(seeds("augment")))
	}
	return m, nil
}

// shades makes the tables of a channel's bytes: less the training mean, over the training deviation.
func shades(all []byte, train []int) [][256]float32 {
	tables := make([][256]float32, 3)
	for c := range tables {
		sum, squares := 0, 0
		for _, r := range train {
			for _, b := range all[r*cifarRecord+1+c*1024:][:1024] {
				sum += int(b)
				squares += int(b) * int(b)
			}
		}
		at, by := moments(len(train)*1024, sum, squares)
		for b := range 256 {
			tables[c][b] = float32((float64(b) - at) / by)
		}
	}
	return tables
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

func colour(all []byte, rows []int, shade [][256]float32) part {
	p := part{raw: make([]byte, 0, len(rows)*3072), shade: shade, y: make([]float32, len(rows)), in: 3072, out: 1, rows: len(rows)}
	for i, r := range rows {
		rec := all[r*cifarRecord:][:cifarRecord]
		p.y[i] = float32(rec[0])
		p.raw = append(p.raw, rec[1:]...)
	}
	return p
}

// greyAt is the brightness of a 2×2 patch, in thousandths of a quarter: 0 … 1020000, by the weights of
// ITU-R BT.601.
func greyAt(rec []byte, p int) int {
	at := 1 + p/16*2*32 + p%16*2
	sum := 0
	for c, weight := range [...]int{299, 587, 114} {
		k := at + c*1024
		sum += weight * (int(rec[k]) + int(rec[k+1]) + int(rec[k+32]) + int(rec[k+33]))
	}
	return sum
}

func greyScale(all []byte, train []int) (mean, deviation float64) {
	sum, squares := 0, 0
	for _, r := range train {
		rec := all[r*cifarRecord:][:cifarRecord]
		for p := range 256 {
			v := greyAt(rec, p)
			sum += v
			squares += v * v // below 2⁶³ up to eight million pixels
		}
	}
	return moments(len(train)*256, sum, squares)
}

func grey(all []byte, rows []int, mean, deviation float64) part {
	p := part{x: make([]float32, len(rows)*256), y: make([]float32, len(rows)), in: 256, out: 1, rows: len(rows)}
	for i, r := range rows {
		rec := all[r*cifarRecord:][:cifarRecord]
		p.y[i] = float32(rec[0])
		for j := range 256 {
			p.x[i*256+j] = float32((float64(greyAt(rec, j)) - mean) / deviation)
		}
	}
	return p
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
