package task

import (
	"tenet/runner/kernel"
)

// part is rows ready for a net, with what it should answer. Large pictures stay bytes until they are used.
type part struct {
	x, y    []float32
	in, out int // numbers of a row of x and of y
	rows    int
	raw     [][]byte       // instead of x: rows of bytes
	shade   [][256]float32 // of raw: what each byte means, a table a channel
}

// row fills dst with row r of the input.
func (p *part) row(r int, dst []float32) {
	if p.raw == nil {
		copy(dst, p.x[r*p.in:][:p.in])
		return
	}
	per := p.in / len(p.shade)
	for c := range p.shade {
		table, out := &p.shade[c], dst[c*per:][:per]
		for i, b := range p.raw[r][c*per:][:per] {
			out[i] = table[b]
		}
	}
}

// source deals training batches.
type source interface {
	next(x, y []float32) // fills one batch
	archived
}

// batches deals the training rows: every row once per epoch, a fresh order each, no rest thrown away.
type batches struct {
	p     part
	order []int
	at    int
	c     *chance
}

func newBatches(p part, seed [32]byte) *batches {
	b := &batches{p: p, c: newChance(seed)}
	b.order = b.c.perm(p.rows)
	return b
}

// draw gives the next row's number.
func (b *batches) draw() int {
	if b.at == len(b.order) {
		b.c.shuffle(b.order)
		b.at = 0
	}
	b.at++
	return b.order[b.at-1]
}

func (b *batches) next(x, y []float32) {
	in, out := b.p.in, b.p.out
	for i := range len(x) / in {
		r := b.draw()
		b.p.row(r, x[i*in:][:in])
		copy(y[i*out:][:out], b.p.y[r*out:])
	}
}

func (b *batches) archive(a *archive) {
	b.c.archive(a)
	a.integers(b.order)
	a.integer(&b.at)
	for _, r := range b.order {
		if r < 0 || r >= b.p.rows {
			a.refuse("a row that is not there")
		}
	}
	if b.at < 0 || b.at > len(b.order) {
		a.refuse("a place beyond the epoch")
	}
}

// material is everything a supervised training needs: batches, parts to score, and how.
type material struct {
	deal                    source
	train, validation, test part
	tally                   func() tally
	after                   func(r *room) error // more metrics of a training that ended well; may be nil
}

// tally scores a part batch by batch.
type tally interface {
	add(out, y []float32, rows int)
	wrong() float64               // the task's error
	metrics(m map[string]float64) // of the test part
}

// classes counts right answers and sums the loss.
type classes struct {
	n, per         int // classes; answers a row
	name, lossName string
	hits, answers  int
	loss           float64
}

func (c *classes) add(out, y []float32, rows int) {
	n := rows * c.per
	c.hits += kernel.Hits(out, y, n, c.n)
	c.loss += float64(float64(kernel.SoftmaxCrossEntropy(out, y, n, c.n)) * float64(n))
	c.answers += n
}

func (c *classes) accuracy() float64 { return float64(c.hits) / float64(c.answers) }
func (c *classes) mean() float64     { return c.loss / float64(c.answers) }
func (c *classes) wrong() float64    { return 1 - c.accuracy() }

func (c *classes) metrics(m map[string]float64) { m[c.name], m[c.lossName] = c.accuracy(), c.mean() }

// squares sums squared errors, of some columns apart.
type squares struct {
	cols  []column
	width int
	rows  int
	sums  []float64 // a number of the output each
	first bool      // the error is that of the first of cols, else of all
}

// column names the mean over some numbers of the output.
type column struct {
	name     string
	from, to int
}

func (s *squares) add(out, y []float32, rows int) {
	if s.sums == nil {
		s.sums = make([]float64, s.width)
	}
	for r := range rows {
		o, t := out[r*s.width:][:s.width], y[r*s.width:][:s.width]
		for j, v := range o {
			d := float64(v) - float64(t[j])
			s.sums[j] += float64(d * d)
		}
	}
	s.rows += rows
}

func (s *squares) mean(from, to int) float64 {
	sum := 0.0
	for _, v := range s.sums[from:to] {
		sum += v
	}
	return sum / float64((to-from)*s.rows)
}

func (s *squares) wrong() float64 {
	if s.first {
		return s.mean(s.cols[0].from, s.cols[0].to)
	}
	return s.mean(0, s.width)
}

func (s *squares) metrics(m map[string]float64) {
	for _, c := range s.cols {
		m[c.name] = s.mean(c.from, c.to)
	}
}
