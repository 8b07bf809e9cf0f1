package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// Upsample makes a square of factor × factor equal pixels of every pixel.
func Upsample(place string, x *G.Node, factor int) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	c, h, w, n := x.Shape()[0], x.Shape()[1], x.Shape()[2], x.Shape()[3]
	r, err := kernel.NewResize(c, h, w, n, factor)
	if err != nil {
		return nil, shapeError(place, "%v", err)
	}
	op := &fused{name: "upsample " + place, out: tensor.Shape{c, h * factor, w * factor, n}}
	op.run = func(dst []float32, src [][]float32) { r.Up(dst, src[0]) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "upsample dx " + place, out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) { r.Grad(dst, src[0]) }
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x)
}

// Deconv doubles the sides of x by a transposed convolution with w (in × out × 2 × 2), stride 2, plus b (out)
// unless that is nil.
func Deconv(place string, x, w, b *G.Node) (*G.Node, error) {
	return DeconvOf(place, x, w, b, 2, 0, 0)
}

// DeconvOf is a transposed convolution with w (in × out × size × size): the gradient of a convolution's input.
// more rows and columns are added at the bottom and right of what pad leaves.
func DeconvOf(place string, x, w, b *G.Node, stride, pad, more int) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	xs, ws := x.Shape(), w.Shape()
	if ws.Dims() != 4 || ws[2] != ws[3] || ws[0] != xs[0] {
		return nil, shapeError(place, "w has shape %v, want %d × out × size × size", ws, xs[0])
	}
	if b != nil && b.Shape().TotalSize() != ws[1] {
		return nil, shapeError(place, "b has %d numbers, w gives %d", b.Shape().TotalSize(), ws[1])
	}
	side := func(n int) int { return (n-1)*stride - 2*pad + ws[2] + more }
	c, err := kernel.NewConv(ws[1], xs[0], side(xs[1]), side(xs[2]), xs[3], ws[2], stride, pad)
	if err != nil {
		return nil, shapeError(place, "%v", err)
	}
	if c.OutHeight != xs[1] || c.OutWidth != xs[2] {
		return nil, shapeError(place, "%d further pixels are too many for stride %d", more, stride)
	}
	op := &fused{name: "deconv " + place, out: tensor.Shape{c.In, c.Height, c.Width, c.Batch}, scratch: c.Scratch()}
	op.work = func(dst []float32, src [][]float32, scratch []float32) {
		f := kernel.Finish{}
		if b != nil {
			f.Bias = src[2]
		}
		c.InputGrad(dst, src[0], src[1], f, scratch)
	}
	op.grad = func(ns G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		made := []func() (*G.Node, error){
			func() (*G.Node, error) { return deconvInputGrad(place, c, grad, ns[1]) },
			func() (*G.Node, error) {
				d := &fused{name: "deconv dw " + place, out: ws.Clone(), scratch: c.Scratch()}
				d.work = func(dst []float32, src [][]float32, scratch []float32) { c.WeightGrad(dst, src[0], src[1], scratch) }
				return d.apply(grad, ns[0])
			},
			func() (*G.Node, error) {
				d := &fused{name: "deconv db " + place, out: tensor.Shape{c.In}}
				d.run = func(dst []float32, src [][]float32) { kernel.ChannelTotals(dst, src[0], c.In) }
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

func deconvInputGrad(place string, c *kernel.Conv, grad, w *G.Node) (*G.Node, error) {
	op := &fused{name: "deconv dx " + place, out: tensor.Shape{c.Out, c.OutHeight, c.OutWidth, c.Batch}, scratch: c.Scratch()}
	forward := func(f func(src [][]float32) kernel.Finish) work {
		return func(dst []float32, src [][]float32, scratch []float32) {
			c.Forward(dst, src[0], src[1], f(src), scratch)
		}
	}
	op.work = forward(func([][]float32) kernel.Finish { return kernel.Finish{} })
	op.follow = map[follower]work{
		{roleReluGrad, 1}: forward(func(src [][]float32) kernel.Finish { return kernel.Finish{Gate: src[2]} }),
		{roleAdd, 1}:      forward(func(src [][]float32) kernel.Finish { return kernel.Finish{Add: src[2]} }),
	}
	return op.apply(grad, w)
}
