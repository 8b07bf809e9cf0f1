package kernel

import (
	"fmt"
	"slices"
)

// Conv is a convolution of fixed shape on pictures that lie channel × row × column × batch. Weights are
// out × in × size × size. It holds tables of which summands an output has, so that no picture is padded and
// nothing is summed that lies outside; it is read-only and may be shared.
type Conv struct {
	In, Out, Height, Width, Batch int
	Size, Stride, Pad             int
	OutHeight, OutWidth           int
	forward, back                 []span
	backTables, forwardTables     [][]int32
	ahead, behind, grad           *quick // the directions that go Winograd's way; nil: none
}

// span is a run of outputs of one row that have the same table: pixels of them, apart by step numbers.
type span struct {
	table, pixels, step int
	to                  int // number in the output plane of the first
	from, fromStep      int // numbers in the input plane: where the table's offsets count from, and per pixel
}

// NewConv lays out a convolution.
func NewConv(in, out, height, width, batch, size, stride, pad int) (*Conv, error) {
	c := &Conv{In: in, Out: out, Height: height, Width: width, Batch: batch, Size: size, Stride: stride, Pad: pad}
	if min(in, out, height, width, batch, size, stride) < 1 || pad < 0 || pad >= size || height+2*pad < size || width+2*pad < size {
		return nil, fmt.Errorf("kernel: no convolution: %d to %d channels, %d×%d pixels, batch %d, size %d, stride %d, padding %d", in, out, height, width, batch, size, stride, pad)
	}
	c.OutHeight, c.OutWidth = (height+2*pad-size)/stride+1, (width+2*pad-size)/stride+1
	c.forward, c.forwardTables = c.plan(c.OutHeight, c.OutWidth, c.Height, c.Width, c.In, false)
	c.back, c.backTables = c.plan(c.Height, c.Width, c.OutHeight, c.OutWidth, c.Out, true)
	c.choose()
	return c, nil
}

// tap is one summand along one axis: the weight's place and the input's, relative to the output's.
type tap struct{ k, at int }

// taps lists the summands of output i along an axis, relative to base; a data gradient reads the weights the
// other way round and, with a stride, only every so many of them.
func (c *Conv) taps(i, inputs int, back bool) (base int, ts []tap) {
	base = i*c.Stride - c.Pad
	if back {
		base = i / c.Stride
	}
	for k := range c.Size {
		at := i*c.Stride - c.Pad + k
		if back {
			at = i + c.Pad - k
			if at%c.Stride != 0 {
				continue
			}
			at /= c.Stride
		}
		if at >= 0 && at < inputs {
			ts = append(ts, tap{k, at - base})
		}
	}
	return base, ts
}

// reach is what an output reads along one axis; outputs of a kind read alike.
type reach struct {
	base int
	taps []tap
	kind int
}

func (c *Conv) axis(outputs, inputs int, back bool) []reach {
	rs := make([]reach, outputs)
	var kinds [][]tap
	for i := range rs {
		base, ts := c.taps(i, inputs, back)
		kind := slices.IndexFunc(kinds, func(k []tap) bool { return slices.Equal(k, ts) })
		if kind < 0 {
			kind = len(kinds)
			kinds = append(kinds, ts)
		}
		rs[i] = reach{base, ts, kind}
	}
	return rs
}

func (c *Conv) plan(height, width, inHeight, inWidth, inChannels int, back bool) ([]span, [][]int32) {
	var spans []span
	var tables [][]int32
	known := map[int]int{}
	phases := 1 // columns whose tables repeat lie so far apart
	if back {
		phases = c.Stride
	}
	rows, columns := c.axis(height, inHeight, back), c.axis(width, inWidth, back)
	for y, row := range rows {
		for phase := range phases {
			last := -1
			for x := phase; x < width; x += phases {
				column := columns[x]
				kind := row.kind*width + column.kind
				if kind == last {
					spans[len(spans)-1].pixels++
					continue
				}
				last = kind
				if _, ok := known[kind]; !ok {
					known[kind] = len(tables)
					tables = append(tables, c.table(row.taps, column.taps, inHeight*inWidth, inWidth, inChannels, back))
				}
				s := span{table: known[kind], pixels: 1, step: phases * c.Batch, to: (y*width + x) * c.Batch, from: (row.base*inWidth + column.base) * c.Batch, fromStep: c.Batch}
				if !back {
					s.fromStep = c.Stride * c.Batch
				}
				spans = append(spans, s)
			}
		}
	}
	return spans, tables
}

// table lists byte offsets into weights and input, channel by channel and in each tap by tap.
func (c *Conv) table(ys, xs []tap, plane, width, channels int, back bool) []int32 {
	var t []int32
	taps := c.Size * c.Size
	for ch := range channels {
		w := ch * taps
		if back {
			w = ch * c.In * taps
		}
		for _, y := range ys {
			for _, x := range xs {
				t = append(t, int32(4*(w+y.k*c.Size+x.k)), int32(4*c.Batch*(ch*plane+y.at*width+x.at)))
			}
		}
	}
	return t
}

// Forward sets y (out × rows × columns × batch) to the convolution of x with w, finished by f, whose bias is
// one per output channel.
//
//	for every output: s = 0; for i, ky, kx inside the picture: s = fma(w[o,i,ky,kx], x[i,·,·], s); y = finish(s)
//
// Where it pays, by shape alone, all three directions go Winograd's way instead (winograd.go). scratch has
// c.Scratch() numbers.
func (c *Conv) Forward(y, x, w []float32, f Finish, scratch []float32) {
	active().convForward(c, y, x, w, f, scratch)
}

// InputGrad sets dx to the gradient of the input.
//
//	for every input: s = 0; for o, ky, kx that read it: s = fma(w[o,i,ky,kx], dy[o,·,·], s); dx = finish(s)
func (c *Conv) InputGrad(dx, dy, w []float32, f Finish, scratch []float32) {
	active().convInputGrad(c, dx, dy, w, f, scratch)
}

func (c *Conv) inSize() int  { return c.In * c.Height * c.Width * c.Batch }
func (c *Conv) outSize() int { return c.Out * c.OutHeight * c.OutWidth * c.Batch }
func (c *Conv) weights() int { return c.Out * c.In * c.Size * c.Size }

func (p path) convForward(c *Conv, y, x, w []float32, f Finish, scratch []float32) {
	if c.ahead != nil {
		c.ahead.run(p, y[:c.outSize()], x[:c.inSize()], w[:c.weights()], false, f, scratch)
		return
	}
	p.gatherForward(c, y, x, w, f)
}

func (p path) gatherForward(c *Conv, y, x, w []float32, f Finish) {
	taps := c.Size * c.Size
	g := gathering{y[:c.outSize()], x[:c.inSize()], w[:c.weights()], c.forward, c.forwardTables, c.Out, c.In * taps, c.OutHeight * c.OutWidth * c.Batch, c.Batch}
	g.run(p, f)
}

func (p path) convInputGrad(c *Conv, dx, dy, w []float32, f Finish, scratch []float32) {
	if c.behind != nil {
		c.behind.run(p, dx[:c.inSize()], dy[:c.outSize()], w[:c.weights()], true, f, scratch)
		return
	}
	p.gatherInputGrad(c, dx, dy, w, f)
}

func (p path) gatherInputGrad(c *Conv, dx, dy, w []float32, f Finish) {
	taps := c.Size * c.Size
	g := gathering{dx[:c.inSize()], dy[:c.outSize()], w[:c.weights()], c.back, c.backTables, c.In, taps, c.Height * c.Width * c.Batch, c.Batch}
	g.run(p, f)
}

// gathering is one direction of a convolution with its memory: channels outputs whose weights lie wRow
// numbers apart and whose planes have plane numbers.
type gathering struct {
	y, x, w                      []float32
	spans                        []span
	tables                       [][]int32
	channels, wRow, plane, batch int
}

func (g gathering) run(p path, f Finish) {
	for _, s := range g.spans {
		t := g.tables[s.table]
		if p == portable {
			g.loop(s, t, f)
			continue
		}
		entries := len(t) / 2
		if entries == 0 { // nothing reads here, as between the outputs of a stride
			t = []int32{0, 0}
		}
		pixels, batch := s.pixels, g.batch
		if batch%32 != 0 && s.step == batch && s.fromStep == batch { // pixels side by side are one run of lanes
			pixels, batch = 1, batch*pixels
		}
		some := max(8, longest/(len(t)/2*batch*pixels)&^7)
		for from := 0; from < g.channels; from += some {
			n := min(some, g.channels-from)
			at := from*g.plane + s.to
			bias, hasBias := rest(f.Bias, from, g.channels)
			addend, hasAddend := rest(f.Add, at, len(g.y))
			gate, hasGate := rest(f.Gate, at, len(g.y))
			relu := 0
			if f.Relu {
				relu = 1
			}
			gatherVector(p, &g.y[at], &g.w[from*g.wRow], &g.x[0], bias, addend, gate, &t[0], entries, n, pixels, batch,
				4*s.from, 4*s.fromStep, 4*s.step, 4*g.wRow, 4*g.plane, hasBias, hasAddend, relu, hasGate)
		}
	}
}

// loop is run on one span in plain Go.
func (g gathering) loop(s span, t []int32, f Finish) {
	for ch := range g.channels {
		w := g.w[ch*g.wRow:]
		for px := range s.pixels {
			at := ch*g.plane + s.to + px*s.step
			from := s.from + px*s.fromStep
			if len(t) == 0 {
				clear(g.y[at:][:g.batch])
			}
			for n := 0; n < g.batch && len(t) > 0; n++ {
				var sum float32
				for e := 0; e < len(t); e += 2 {
					sum = fma(w[t[e]/4], g.x[from+int(t[e+1]/4)+n], sum)
				}
				g.y[at+n] = sum
			}
			f.apply(g.y[at:][:g.batch], ch, at)
		}
	}
}

// apply finishes outputs of channel ch that begin at number at of the whole.
func (f Finish) apply(out []float32, ch, at int) {
	if f.Bias != nil {
		for n := range out {
			out[n] += f.Bias[ch]
		}
	}
	if f.Add != nil {
		portable.add(out, out, f.Add[at:])
	}
	if f.Relu {
		portable.relu(out, out)
	}
	if f.Gate != nil {
		portable.reluGrad(out, f.Gate[at:][:len(out)], out)
	}
}
