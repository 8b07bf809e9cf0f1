package task

import (
	"context"
	"fmt"
	"math"

	"tenet/runner/kernel"
)

// The numbers of D8's drawings.
const (
	cellSide  = 32
	cellNoise = 0.5
	block     = 8 // side of a block of the coarse target
	reach     = 2 // pixels from an edge that count for the edge metric
)

// drawCells draws pictures: 5 to 9 filled ellipses of half-axes 2 to 5 at any place and angle, and noise over
// them. The answer is where they are.
func drawCells(rows int, c *chance) part {
	const n = cellSide * cellSide
	p := part{x: make([]float32, rows*n), y: make([]float32, rows*n), in: n, out: n, rows: rows}
	for r := range rows {
		mask := p.y[r*n:][:n]
		for range 5 + c.below(5) {
			fillEllipse(mask, c)
		}
	}
	copy(p.x, p.y)
	c.disturb(p.x, cellNoise)
	return p
}

func fillEllipse(mask []float32, c *chance) {
	row, col := cellSide*c.uniform(), cellSide*c.uniform()
	a, b := 2+float64(3*c.uniform()), 2+float64(3*c.uniform())
	s, co := sineCosine(math.Pi * c.uniform())
	for i := range mask {
		y, x := float64(i/cellSide)+0.5-row, float64(i%cellSide)+0.5-col
		u, v := (float64(x*co)+float64(y*s))/a, (float64(y*co)-float64(x*s))/b
		if float64(u*u)+float64(v*v) <= 1 {
			mask[i] = 1
		}
	}
}

// coarsen sets whole blocks of 8×8 pixels of which more than 30 in 100 are set.
func coarsen(mask []float32, side int) {
	for top := 0; top < side; top += block {
		for left := 0; left < side; left += block {
			n := 0
			for i := range block * block {
				if mask[(top+i/block)*side+left+i%block] > 0.5 {
					n++
				}
			}
			v := float32(0)
			if 100*n > 30*block*block {
				v = 1
			}
			for i := range block * block {
				mask[(top+i/block)*side+left+i%block] = v
			}
		}
	}
}

// membranes cuts the slices from … to-1 of the pictures into tiles of 64×64, slice by slice, row by row. The
// answer is where the membranes are.
func membranes(t Trial, from, to int) (part, error) {
	images, err := t.Data.bytes(t.Task, isbiImages)
	if err != nil {
		return part{}, err
	}
	labels, err := t.Data.bytes(t.Task, isbiLabels)
	if err != nil {
		return part{}, err
	}
	x, shape, err := idxBody(images)
	if err != nil {
		return part{}, fmt.Errorf("runner/task: D8: %s: %w", isbiImages, err)
	}
	l, _, err := idxBody(labels)
	if err != nil {
		return part{}, fmt.Errorf("runner/task: D8: %s: %w", isbiLabels, err)
	}
	const tile, across = 64, 2
	side := shape[1]
	p := part{in: tile * tile, out: tile * tile, rows: (to - from) * across * across}
	for slice := from; slice < to; slice++ {
		for quarter := range across * across {
			top, left := quarter/across*tile, quarter%across*tile
			for i := range tile * tile {
				at := (slice*side+top+i/tile)*side + left + i%tile
				p.x = append(p.x, float32((float64(x[at])-127.5)/64))
				p.y = append(p.y, 1-float32(l[at]/255))
			}
		}
	}
	return p, nil
}

func loadCells(_ context.Context, t Trial, seeds Seeds) (*material, error) {
	k := t.Task
	var parts [3]part
	if k.Options.Data == DataMembranes { // serial sections: never split at random
		for i, at := range [][2]int{{0, 20}, {20, 24}, {24, 30}} {
			var err error
			if parts[i], err = membranes(t, at[0], at[1]); err != nil {
				return nil, err
			}
		}
	} else {
		c := newChance(seeds("data"))
		for i, rows := range []int{k.Train, k.Validation, k.Test} {
			parts[i] = drawCells(rows, c)
		}
	}
	side := k.side()
	if k.Options.Target == TargetCoarse {
		for _, p := range parts {
			for r := range p.rows {
				coarsen(p.y[r*p.out:][:p.out], side)
			}
		}
	}
	return &material{
		deal: newBatches(parts[0], seeds("order")), train: parts[0], validation: parts[1], test: parts[2],
		tally: func() tally { return &overlap{side: side} },
	}, nil
}

// overlap counts, over all pixels of a part, those in both masks and those in either; and the same near the
// edges of the true mask.
type overlap struct {
	side                 int
	both, either         int
	edgeBoth, edgeEither int
	loss                 float64
	rows                 int
}

func (o *overlap) add(out, y []float32, rows int) {
	n := o.side * o.side
	for r := range rows {
		guess, mask := out[r*n:][:n], y[r*n:][:n]
		for i, v := range guess {
			said, is := v > 0, mask[i] > 0.5
			if !said && !is {
				continue
			}
			near := o.nearEdge(mask, i)
			o.either++
			if near {
				o.edgeEither++
			}
			if said && is {
				o.both++
				if near {
					o.edgeBoth++
				}
			}
		}
	}
	o.loss += float64(float64(kernel.BCE(out[:rows*n], y[:rows*n])) * float64(rows))
	o.rows += rows
}

// nearEdge says whether a pixel of the other kind lies within reach, rows and columns counted alike.
func (o *overlap) nearEdge(mask []float32, i int) bool {
	row, col := i/o.side, i%o.side
	for r := max(0, row-reach); r <= min(o.side-1, row+reach); r++ {
		for c := max(0, col-reach); c <= min(o.side-1, col+reach); c++ {
			if mask[r*o.side+c] != mask[i] {
				return true
			}
		}
	}
	return false
}

// share is both over either; two empty masks agree.
func share(both, either int) float64 {
	if either == 0 {
		return 1
	}
	return float64(both) / float64(either)
}

func (o *overlap) wrong() float64 { return 1 - share(o.both, o.either) }

func (o *overlap) metrics(m map[string]float64) {
	m[IoU], m[EdgeIoU], m[TestLoss] = share(o.both, o.either), share(o.edgeBoth, o.edgeEither), o.loss/float64(o.rows)
}
