package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// Pictures lie channel × row × column × batch, so that the batch fills the vector's lanes.

func picture(place, name string, n *G.Node) error {
	if n.Shape().Dims() != 4 {
		return shapeError(place, "%s has shape %v, want four axes: channel, row, column, batch", name, n.Shape())
	}
	return nil
}

// Conv is a convolution of x with w (out × in × size × size), plus b (out) unless that is nil.
func Conv(place string, x, w, b *G.Node, stride, pad int) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	xs, ws := x.Shape(), w.Shape()
	if ws.Dims() != 4 || ws[2] != ws[3] || ws[1] != xs[0] {
		return nil, shapeError(place, "w has shape %v, want out × %d × size × size", ws, xs[0])
	}
	if b != nil && b.Shape().TotalSize() != ws[0] {
		return nil, shapeError(place, "b has %d numbers, w gives %d", b.Shape().TotalSize(), ws[0])
	}
	c, err := kernel.NewConv(xs[0], ws[0], xs[1], xs[2], xs[3], ws[2], stride, pad)
	if err != nil {
		return nil, shapeError(place, "%v", err)
	}
	op := &fused{name: "conv " + place, out: tensor.Shape{c.Out, c.OutHeight, c.OutWidth, c.Batch}, scratch: c.Scratch()}
	forward := func(relu, add bool) work {
		return func(dst []float32, src [][]float32, scratch []float32) {
			f := kernel.Finish{Relu: relu}
			if b != nil {
				f.Bias = src[2]
			}
			if add {
				f.Add = src[len(src)-1]
			}
			c.Forward(dst, src[0], src[1], f, scratch)
		}
	}
	op.work = forward(false, false)
	op.follow = map[follower]work{{roleRelu, 0}: forward(true, false), {roleAdd, 1}: forward(false, true)}
	op.then = map[[2]follower]work{{{roleAdd, 1}, {roleRelu, 0}}: forward(true, true)}
	op.grad = func(ns G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		made := []func() (*G.Node, error){
			func() (*G.Node, error) { return convInputGrad(place, c, grad, ns[1]) },
			func() (*G.Node, error) {
				d := &fused{name: "conv dw " + place, out: ws.Clone(), scratch: c.Scratch()}
				d.work = func(dst []float32, src [][]float32, scratch []float32) { c.WeightGrad(dst, src[0], src[1], scratch) }
				return d.apply(ns[0], grad)
			},
			func() (*G.Node, error) {
				d := &fused{name: "conv db " + place, out: tensor.Shape{c.Out}}
				d.run = func(dst []float32, src [][]float32) { kernel.ChannelTotals(dst, src[0], c.Out) }
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

func convInputGrad(place string, c *kernel.Conv, grad, w *G.Node) (*G.Node, error) {
	op := &fused{name: "conv dx " + place, out: tensor.Shape{c.In, c.Height, c.Width, c.Batch}, scratch: c.Scratch()}
	op.work = func(dst []float32, src [][]float32, scratch []float32) {
		c.InputGrad(dst, src[0], src[1], kernel.Finish{}, scratch)
	}
	op.follow = map[follower]work{
		{roleReluGrad, 1}: func(dst []float32, src [][]float32, scratch []float32) {
			c.InputGrad(dst, src[0], src[1], kernel.Finish{Gate: src[2]}, scratch)
		},
		{roleAdd, 1}: func(dst []float32, src [][]float32, scratch []float32) {
			c.InputGrad(dst, src[0], src[1], kernel.Finish{Add: src[2]}, scratch)
		},
	}
	op.then = map[[2]follower]work{{{roleAdd, 1}, {roleReluGrad, 1}}: func(dst []float32, src [][]float32, scratch []float32) {
		c.InputGrad(dst, src[0], src[1], kernel.Finish{Add: src[2], Gate: src[3]}, scratch)
	}}
	return op.apply(grad, w)
}

// ChannelNorm normalises each channel of x over pixels and batch, as in training; scale and shift are one
// number a channel. moments are the batch's own: the means, then the rates 1/√(variance + epsilon).
func ChannelNorm(place string, x, scale, shift *G.Node) (y, moments *G.Node, err error) {
	if moments, err = ChannelMoments(place, x); err != nil {
		return nil, nil, err
	}
	y, err = ChannelNormBy(place, x, moments, scale, shift)
	return y, moments, err
}

// ChannelNormBy is [ChannelNorm] with moments that are known already, which must be those of x: its gradient
// takes them for such.
func ChannelNormBy(place string, x, moments, scale, shift *G.Node) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	m := x.Shape()[0]
	n := x.Shape().TotalSize() / m
	if scale.Shape().TotalSize() != m || shift.Shape().TotalSize() != m {
		return nil, shapeError(place, "scale and shift have %d and %d numbers, x has %d channels", scale.Shape().TotalSize(), shift.Shape().TotalSize(), m)
	}
	if moments.Shape().TotalSize() != 2*m {
		return nil, shapeError(place, "the moments have %d numbers, x has %d channels", moments.Shape().TotalSize(), m)
	}
	// The moments' dependence on x is part of the gradient below, so they have none of their own.
	op := &fused{name: "channel norm " + place, out: x.Shape(), wrt: []bool{true, false, true, true}}
	forward := func(relu bool) work {
		return func(dst []float32, src [][]float32, _ []float32) {
			kernel.ChannelNorm(dst, src[0], src[1][:m], src[1][m:], src[2], src[3], m, n, relu)
		}
	}
	op.work = forward(false)
	add := func(relu bool) work {
		return func(dst []float32, src [][]float32, _ []float32) {
			kernel.ChannelNormAdd(dst, src[0], src[1][:m], src[1][m:], src[2], src[3], src[4], m, n, relu)
		}
	}
	op.follow = map[follower]work{{roleRelu, 0}: forward(true), {roleAdd, 1}: add(false)}
	op.then = map[[2]follower]work{{{roleAdd, 1}, {roleRelu, 0}}: add(true)}
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		su := &fused{name: "channel sums " + place, out: tensor.Shape{2 * m}}
		su.run = func(dst []float32, src [][]float32) {
			kernel.ChannelSums(dst[:m], dst[m:], src[0], src[1][:m], src[1][m:], src[2], m, n)
		}
		sums, err := su.apply(in[0], in[1], grad)
		if err != nil {
			return nil, err
		}
		dx := &fused{name: "channel norm dx " + place, out: x.Shape()}
		dx.run = func(dst []float32, src [][]float32) {
			kernel.ChannelGrad(dst, src[0], src[1][:m], src[1][m:], src[2], src[3], src[4][:m], src[4][m:], m, n)
		}
		dx.over = []int{3}
		dx.follow = map[follower]work{{roleAdd, 1}: func(dst []float32, src [][]float32, _ []float32) {
			kernel.ChannelGradAdd(dst, src[0], src[1][:m], src[1][m:], src[2], src[3], src[4][:m], src[4][m:], src[5], m, n)
		}}
		dx.followOver = map[follower][]int{{roleAdd, 1}: {5, 3}}
		half := func(name string, from int) func() (*G.Node, error) {
			d := &fused{name: "channel norm " + name + " " + place, out: tensor.Shape{m}}
			d.run = func(dst []float32, src [][]float32) { copy(dst, src[0][from:]) }
			return func() (*G.Node, error) { return d.apply(sums) }
		}
		return collect(func() (*G.Node, error) { return dx.apply(in[0], in[1], in[2], grad, sums) }, nil, half("dscale", 0), half("dshift", m))
	}
	return op.apply(x, moments, scale, shift)
}

// ChannelMean is the mean of each channel over its pixels, as batch × channels.
func ChannelMean(place string, x *G.Node) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	m, pixels, batch := x.Shape()[0], x.Shape()[1]*x.Shape()[2], x.Shape()[3]
	op := &fused{name: "channel mean " + place, out: tensor.Shape{batch, m}}
	op.run = func(dst []float32, src [][]float32) { kernel.ChannelMean(dst, src[0], m, pixels, batch) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "channel mean dx " + place, out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) { kernel.ChannelMeanGrad(dst, src[0], m, pixels, batch) }
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x)
}
