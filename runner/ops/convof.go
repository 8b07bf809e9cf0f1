package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// Sliding says how the weights of [ConvOf] go over a picture.
type Sliding struct {
	Stride            int
	PadRows, PadCols  int
	Dilation, Grouped int // taps lie so far apart; channels fall into so many groups that see only their own
}

// ConvOf is the convolution of x with w (out × in of a group × rows × columns), plus b (out) unless that is
// nil. Weights that are dilated or not square are first spread over a square, which must fit the paddings.
func ConvOf(place string, x, w, b *G.Node, s Sliding) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	ws := w.Shape()
	if ws.Dims() != 4 || s.Dilation < 1 || s.Grouped < 1 || s.Stride < 1 {
		return nil, shapeError(place, "w has shape %v, stride, dilation and groups are %d, %d and %d", ws, s.Stride, s.Dilation, s.Grouped)
	}
	rows, cols := (ws[2]-1)*s.Dilation+1, (ws[3]-1)*s.Dilation+1
	size := max(rows, cols)
	top, left := (size-rows)/2, (size-cols)/2
	pad := s.PadRows + top
	if (size-rows)%2 != 0 || (size-cols)%2 != 0 || pad != s.PadCols+left {
		return nil, shapeError(place, "weights of %d × %d taps, %d apart, with paddings %d and %d lie in no square", ws[2], ws[3], s.Dilation, s.PadRows, s.PadCols)
	}
	if size != ws[2] || size != ws[3] {
		var err error
		if w, err = spread(place, w, s.Dilation, size, top, left); err != nil {
			return nil, err
		}
	}
	if s.Grouped == 1 {
		return Conv(place, x, w, b, s.Stride, pad)
	}
	return groupedConv(place, x, w, b, s.Stride, pad, s.Grouped)
}

// spread lays taps into squares.
func spread(place string, w *G.Node, dilation, size, top, left int) (*G.Node, error) {
	ws := w.Shape()
	filters, h, k := ws[0]*ws[1], ws[2], ws[3]
	op := &fused{name: fmt.Sprintf("taps %d apart from %d,%d of %s", dilation, top, left, place), out: tensor.Shape{ws[0], ws[1], size, size}}
	op.run = func(dst []float32, src [][]float32) {
		kernel.SpreadTaps(dst, src[0], filters, h, k, dilation, size, top, left)
	}
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: op.name + " dx", out: ws.Clone()}
		d.run = func(dst []float32, src [][]float32) {
			kernel.GatherTaps(dst, src[0], filters, h, k, dilation, size, top, left)
		}
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(w)
}

// groupedConv runs one convolution on every group of channels.
func groupedConv(place string, x, w, b *G.Node, stride, pad, groups int) (*G.Node, error) {
	xs, ws := x.Shape(), w.Shape()
	if xs[0] != groups*ws[1] || ws[0]%groups != 0 {
		return nil, shapeError(place, "w has shape %v and x %d channels, which make no %d groups", ws, xs[0], groups)
	}
	if b != nil && b.Shape().TotalSize() != ws[0] {
		return nil, shapeError(place, "b has %d numbers, w gives %d", b.Shape().TotalSize(), ws[0])
	}
	c, err := kernel.NewConv(ws[1], ws[0]/groups, xs[1], xs[2], xs[3], ws[2], stride, pad)
	if err != nil {
		return nil, shapeError(place, "%v", err)
	}
	out := tensor.Shape{ws[0], c.OutHeight, c.OutWidth, c.Batch}
	// part is group g's share of numbers that lie group after group.
	part := func(v []float32, g int) []float32 { n := len(v) / groups; return v[g*n:][:n] }
	op := &fused{name: fmt.Sprintf("conv in %d groups %s", groups, place), out: out, scratch: c.Scratch()}
	op.work = func(dst []float32, src [][]float32, scratch []float32) {
		for g := range groups {
			f := kernel.Finish{}
			if len(src) == 3 {
				f.Bias = part(src[2], g)
			}
			c.Forward(part(dst, g), part(src[0], g), part(src[1], g), f, scratch)
		}
	}
	op.grad = func(ns G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		made := []func() (*G.Node, error){
			func() (*G.Node, error) {
				d := &fused{name: op.name + " dx", out: xs.Clone(), scratch: c.Scratch()}
				d.work = func(dst []float32, src [][]float32, scratch []float32) {
					for g := range groups {
						c.InputGrad(part(dst, g), part(src[0], g), part(src[1], g), kernel.Finish{}, scratch)
					}
				}
				return d.apply(grad, ns[1])
			},
			func() (*G.Node, error) {
				d := &fused{name: op.name + " dw", out: ws.Clone(), scratch: c.Scratch()}
				d.work = func(dst []float32, src [][]float32, scratch []float32) {
					for g := range groups {
						c.WeightGrad(part(dst, g), part(src[0], g), part(src[1], g), scratch)
					}
				}
				return d.apply(ns[0], grad)
			},
			func() (*G.Node, error) {
				d := &fused{name: op.name + " db", out: tensor.Shape{ws[0]}}
				d.run = func(dst []float32, src [][]float32) { kernel.ChannelTotals(dst, src[0], ws[0]) }
				return d.apply(grad)
			},
		}
		return collect(made[:len(ns)]...)
	}
	if b == nil {
		return op.apply(x, w)
	}
	return op.apply(x, w, b)
}
