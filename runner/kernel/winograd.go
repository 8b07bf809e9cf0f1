package kernel

// Winograd's convolutions (Lavin & Gray 2016): a tile of side² numbers, transformed, takes side² products for
// out² outputs instead of taps² for each. The sums around them round a little more than the direct ones, the
// more the larger the tile. They are chosen by shape alone: forward only the form that is as exact as the
// direct sum, since a flipped sign before a relu changes a whole gradient; backward the faster ones.

// form is one of them.
type form struct{ out, taps, side int }

var (
	f23 = form{2, 3, 4}
	f43 = form{4, 3, 6}
	f25 = form{2, 5, 6}
)

// quick is one of a convolution's three directions, done in tiles: cols planes of tiles are transformed, and
// rows planes come out; for the weights' gradient rows are the tiles of output gradients.
type quick struct {
	form
	down, across        int // tiles
	height, width       int // of what is read in tiles of side²
	outHeight, outWidth int // of what is read or written in tiles of out²
	pad, batch          int
	rows, cols          int
	some                int // tiles at once
}

// choose decides which directions go this way. The prices are clocks of the transforms for sixteen lanes,
// beside one clock for a product.
func (c *Conv) choose() {
	if c.Stride != 1 || c.Batch%8 != 0 {
		return
	}
	switch c.Size {
	case 3:
		c.ahead = c.quick(f23, c.Out, c.In, false, 120, 55)
		if c.behind = c.quick(f43, c.In, c.Out, true, 320, 260); c.behind == nil {
			c.behind = c.quick(f23, c.In, c.Out, true, 120, 55)
		}
		c.grad = c.quick(f43, c.Out, c.In, false, 350, 380)
	case 5:
		c.behind = c.quick(f25, c.In, c.Out, true, 320, 120)
		c.grad = c.quick(f25, c.Out, c.In, false, 350, 260)
	}
	if c.behind != nil {
		c.behind.spread(131072/c.behind.planes(), 32)
	}
	if c.ahead != nil {
		c.ahead.spread(131072/c.ahead.planes(), 32)
	}
	if c.grad != nil {
		c.grad.spread(256, 16)
	}
}

// quick is nil where the direct way is as fast: rowPrice and colPrice are those of a tile's transforms.
func (c *Conv) quick(f form, rows, cols int, back bool, colPrice, rowPrice int) *quick {
	q := &quick{
		form: f, height: c.Height, width: c.Width, outHeight: c.OutHeight, outWidth: c.OutWidth,
		pad: c.Pad, batch: c.Batch, rows: rows, cols: cols,
	}
	if back {
		q.height, q.width, q.outHeight, q.outWidth, q.pad = q.outHeight, q.outWidth, q.height, q.width, c.Size-1-c.Pad
	}
	q.down, q.across = (q.outHeight+f.out-1)/f.out, (q.outWidth+f.out-1)/f.out
	price := 10 * (colPrice*cols + rowPrice*rows)
	if c.Batch%16 != 0 { // half a register each
		price = price * 17 / 10
	}
	pixels, covered := q.outHeight*q.outWidth, q.down*q.across*f.out*f.out
	if 2*covered > 3*pixels || 10*f.taps*f.taps*rows*cols*pixels <= q.down*q.across*(10*f.side*f.side*rows*cols+price) {
		return nil
	}
	return q
}

// planes is how many numbers of memory one tile of one picture takes.
func (q *quick) planes() int { return q.side * q.side * (q.rows + q.cols) }

// spread sets how many tiles are worked on at once: numbers lanes, but no fewer than least.
func (q *quick) spread(numbers, least int) {
	most := (least + q.batch - 1) / q.batch
	q.some = min(q.down*q.across, max(most, numbers/q.batch/most*most))
}

// A plane or a row of tiles is a little longer than what it holds: with a distance of a power of two all
// planes' stores of a tile fall into one set of the cache, at 27 % of the speed.
const gap = 16

func (q *quick) pitch() int { return (q.some*q.batch+15)&^15 + gap }

func (q *quick) zeroLine() int { return q.side * q.batch }

// scratch is how many numbers of memory run wants.
func (q *quick) scratch() int {
	if q == nil {
		return 0
	}
	return q.zeroLine() + q.side*q.side*(q.rows*q.cols+(q.rows+q.cols)*q.pitch()+3*gap)
}

// Scratch is how many numbers of memory Forward, InputGrad and WeightGrad want.
func (c *Conv) Scratch() int {
	return max(c.ahead.scratch(), c.behind.scratch(), c.grad.gradScratch(), c.stripScratch())
}

// run sets y, of rows channels, from x, of cols; back reads w as the data gradient does.
func (q *quick) run(p path, y, x, w []float32, back bool, f Finish, scratch []float32) {
	planes, weights, pitch := q.side*q.side, q.rows*q.cols+gap, q.pitch()
	zero, rest := scratch[:q.zeroLine()], scratch[q.zeroLine():]
	u, rest := rest[:planes*weights], rest[planes*weights:]
	vPlane, mPlane := q.cols*pitch+gap, q.rows*pitch+gap
	v, m := rest[:planes*vPlane], rest[planes*vPlane:][:planes*mPlane]
	clear(zero)
	q.weights(p, u, w, q.rows*q.cols, weights, back)
	down, along := q.cols, 1
	if back {
		down, along = 1, q.rows
	}
	for from := 0; from < q.down*q.across; from += q.some {
		count := min(q.some, q.down*q.across-from)
		for k := range count {
			q.tileIn(p, v[k*q.batch:], x, zero, from+k, vPlane, pitch)
		}
		for t := range planes {
			p.productApart(m[t*mPlane:], u[t*weights:], v[t*vPlane:], q.rows, count*q.batch, q.cols, down, along, pitch)
		}
		for k := range count {
			q.tileOut(p, y, m[k*q.batch:], from+k, mPlane, pitch, f)
		}
	}
}

// on is the path whose registers a batch fills.
func (q *quick) on(p path) path {
	if q.batch%16 != 0 {
		return min(p, avx2)
	}
	return p
}

// outside says which of count rows from first lie outside 0 to size, as bits.
func outside(first, count, size int) int {
	bits := 0
	for k := range count {
		if first+k < 0 || first+k >= size {
			bits |= 1 << k
		}
	}
	return bits
}

// tileIn sets the planes of v, whose channels lie pitch apart, from tile number t.
func (q *quick) tileIn(p path, v, x, zero []float32, t, vPlane, pitch int) {
	r, c, b := t/q.across*q.out-q.pad, t%q.across*q.out-q.pad, q.batch
	rows, cols := outside(r, q.side, q.height), outside(c, q.side, q.width)
	from := (r*q.width + c) * b
	channel, row := q.height*q.width*b, q.width*b
	switch p = q.on(p); {
	case p == portable:
		e := expansion{q.side, q.side, rows, cols, q.cols, b, from, channel, row, vPlane, pitch}
		e.run(v, x, q.tileLine)
	case q.side == 4:
		tile4Vector(p, &v[0], &x[0], &zero[0], rows, cols, q.cols, b, 4*from, 4*channel, 4*row, 4*b, 4*vPlane, 4*pitch)
	default:
		tile6Vector(p, &v[0], &x[0], &zero[0], rows, cols, q.cols, b, 4*from, 4*channel, 4*row, 4*b, 4*vPlane, 4*pitch)
	}
}

// tileOut sets the pixels of tile number t from the planes of m.
func (q *quick) tileOut(p path, y, m []float32, t, mPlane, pitch int, f Finish) {
	r, c, b := t/q.across*q.out, t%q.across*q.out, q.batch
	rows, cols := min(q.out, q.outHeight-r), min(q.out, q.outWidth-c)
	at, channel, row := (r*q.outWidth+c)*b, q.outHeight*q.outWidth*b, q.outWidth*b
	p = q.on(p)
	if p == portable {
		q.collapse(y, m, at, rows, cols, mPlane, pitch, f)
		return
	}
	bias, hasBias := rest(f.Bias, 0, q.rows)
	addend, hasAddend := rest(f.Add, at, len(y))
	gate, hasGate := rest(f.Gate, at, len(y))
	relu := 0
	if f.Relu {
		relu = 1
	}
	switch q.form { // a function value would move its arguments to the heap
	case f23:
		f23OutVector(p, &y[at], &m[0], bias, addend, gate, rows, cols, q.rows, b, 4*mPlane, 4*pitch, 4*channel, 4*row, 4*b, hasBias, hasAddend, relu, hasGate)
	case f43:
		f43OutVector(p, &y[at], &m[0], bias, addend, gate, rows, cols, q.rows, b, 4*mPlane, 4*pitch, 4*channel, 4*row, 4*b, hasBias, hasAddend, relu, hasGate)
	default:
		f25OutVector(p, &y[at], &m[0], bias, addend, gate, rows, cols, q.rows, b, 4*mPlane, 4*pitch, 4*channel, 4*row, 4*b, hasBias, hasAddend, relu, hasGate)
	}
}

// weights sets planes of u to count transformed filters.
func (q *quick) weights(p path, u, w []float32, count, plane int, back bool) {
	whole, turned := p.whole(count), 0
	if back {
		turned = 1
	}
	if whole > 0 {
		switch q.form {
		case f23:
			f23WeightsVector(p, &u[0], &w[0], whole, 4*plane, turned)
		case f43:
			f43WeightsVector(p, &u[0], &w[0], whole, 4*plane, turned)
		default:
			f25WeightsVector(p, &u[0], &w[0], whole, 4*plane, turned)
		}
	}
	taps := q.taps * q.taps
	for n := whole; n < count; n++ {
		q.filter(u[n:], w[n*taps:][:taps], plane, back)
	}
}
