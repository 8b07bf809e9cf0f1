package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// MaxPool is the largest number of every size × size pixels, stride apart, without padding. Its gradient goes
// to the first of equals, row by row.
func MaxPool(place string, x *G.Node, size, stride int) (*G.Node, error) {
	return MaxPoolPadded(place, x, size, stride, 0)
}

// MaxPoolPadded is [MaxPool] with pad pixels beside the picture, which are never the largest.
func MaxPoolPadded(place string, x *G.Node, size, stride, pad int) (*G.Node, error) {
	w, err := window(place, x, size, stride, pad)
	if err != nil {
		return nil, err
	}
	op := &fused{name: "max pool " + place, out: tensor.Shape{w.Channels, w.OutHeight, w.OutWidth, w.Batch}}
	op.run = func(dst []float32, src [][]float32) { w.Max(dst, src[0]) }
	op.grad = func(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "max pool dx " + place, out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) { w.MaxGrad(dst, src[0], src[1], src[2], nil) }
		d.follow = map[follower]work{{roleReluGrad, 1}: func(dst []float32, src [][]float32, _ []float32) {
			w.MaxGrad(dst, src[0], src[1], src[2], src[3])
		}}
		if w.Partition() {
			d.follow[follower{roleAdd, 1}] = func(dst []float32, src [][]float32, _ []float32) {
				w.MaxGradAdd(dst, src[0], src[1], src[2], src[3])
			}
			d.followOver = map[follower][]int{{roleAdd, 1}: {3}}
		}
		return collect(func() (*G.Node, error) { return d.apply(in[0], out, grad) })
	}
	return op.apply(x)
}

// AvgPool is the mean of every size × size pixels, stride apart, without padding.
func AvgPool(place string, x *G.Node, size, stride int) (*G.Node, error) {
	return AvgPoolPadded(place, x, size, stride, 0, true)
}

// AvgPoolPadded is [AvgPool] with pad pixels beside the picture, which count as zeros if counted, else not.
func AvgPoolPadded(place string, x *G.Node, size, stride, pad int, counted bool) (*G.Node, error) {
	w, err := window(place, x, size, stride, pad)
	if err != nil {
		return nil, err
	}
	op := &fused{name: "mean pool " + place, out: tensor.Shape{w.Channels, w.OutHeight, w.OutWidth, w.Batch}}
	op.run = func(dst []float32, src [][]float32) { w.Mean(dst, src[0], counted) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "mean pool dx " + place, out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) { w.MeanGrad(dst, src[0], counted) }
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x)
}

func window(place string, x *G.Node, size, stride, pad int) (*kernel.Window, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	s := x.Shape()
	w, err := kernel.NewWindow(s[0], s[1], s[2], s[3], size, stride, pad)
	if err != nil {
		return nil, shapeError(place, "%v", err)
	}
	return w, nil
}

// ChannelMax is the largest number of each channel, as batch × channels.
func ChannelMax(place string, x *G.Node) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	m, pixels, batch := x.Shape()[0], x.Shape()[1]*x.Shape()[2], x.Shape()[3]
	op := &fused{name: "channel max " + place, out: tensor.Shape{batch, m}}
	op.run = func(dst []float32, src [][]float32) { kernel.ChannelMax(dst, src[0], m, pixels, batch) }
	op.grad = func(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "channel max dx " + place, out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) {
			kernel.ChannelMaxGrad(dst, src[0], src[1], src[2], m, pixels, batch)
		}
		return collect(func() (*G.Node, error) { return d.apply(in[0], out, grad) })
	}
	return op.apply(x)
}
