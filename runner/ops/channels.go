package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// ConcatChannels puts the channels of pictures one after another. A picture's channels lie one after another,
// so that its parts and their gradients are runs of the whole.
func ConcatChannels(place string, parts ...*G.Node) (*G.Node, error) {
	if len(parts) == 0 {
		return nil, shapeError(place, "nothing to concatenate")
	}
	out := parts[0].Shape().Clone()
	for i, p := range parts {
		if err := picture(place, fmt.Sprintf("part %d", i), p); err != nil {
			return nil, err
		}
		if !p.Shape()[1:].Eq(out[1:]) {
			return nil, shapeError(place, "part %d has shape %v, part 0 has %v", i, p.Shape(), parts[0].Shape())
		}
		if i > 0 {
			out[0] += p.Shape()[0]
		}
	}
	op := &fused{name: "concat channels " + place, out: out, joins: true}
	op.run = func(dst []float32, src [][]float32) {
		for _, s := range src {
			copy(dst, s)
			dst = dst[len(s):]
		}
	}
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		made := make([]func() (*G.Node, error), len(in))
		from := 0
		for i, p := range in {
			first := from
			made[i] = func() (*G.Node, error) { return channels(place, grad, first, p.Shape()[0]) }
			from += p.Shape()[0]
		}
		return collect(made...)
	}
	return op.apply(parts...)
}

// channels are count channels of x from number first on, as a gradient needs them.
func channels(place string, x *G.Node, first, count int) (*G.Node, error) {
	shape := x.Shape().Clone()
	each := shape.TotalSize() / shape[0]
	shape[0] = count
	op := &fused{name: fmt.Sprintf("channels %d of %s", first, place), out: shape, view: true, from: first * each}
	op.run = func(dst []float32, src [][]float32) { copy(dst, src[0][first*each:]) }
	return op.apply(x)
}

// AddChannel adds e (batch × channels) to every pixel of x.
func AddChannel(place string, x, e *G.Node) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	m, pixels, batch := x.Shape()[0], x.Shape()[1]*x.Shape()[2], x.Shape()[3]
	if !e.Shape().Eq(tensor.Shape{batch, m}) {
		return nil, shapeError(place, "e has shape %v, want %d rows of %d channels", e.Shape(), batch, m)
	}
	op := &fused{name: "add channel " + place, out: x.Shape(), scratch: m * batch, over: []int{0}}
	op.work = func(dst []float32, src [][]float32, scratch []float32) {
		kernel.AddChannel(dst, src[0], src[1], m, pixels, batch, scratch)
	}
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "add channel de " + place, out: tensor.Shape{batch, m}, scratch: m * batch}
		d.work = func(dst []float32, src [][]float32, scratch []float32) {
			kernel.AddChannelGrad(dst, src[0], m, pixels, batch, scratch)
		}
		return collect(func() (*G.Node, error) { return grad, nil }, func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x, e)
}

// Flatten makes rows of pictures: batch × channels·rows·columns.
func Flatten(place string, x *G.Node) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	n := x.Shape()[3]
	op := turning("flatten "+place, x.Shape(), tensor.Shape{n, x.Shape().TotalSize() / n})
	return op.apply(x)
}

// Picture makes pictures of rows: it takes back [Flatten].
func Picture(place string, rows *G.Node, channels, height, width int) (*G.Node, error) {
	if err := matrix(place, "rows", rows); err != nil {
		return nil, err
	}
	n, each := rows.Shape()[0], rows.Shape()[1]
	if min(channels, height, width) < 1 || each != channels*height*width {
		return nil, shapeError(place, "rows of %d numbers are no pictures of %d channels, %d×%d pixels", each, channels, height, width)
	}
	op := turning("picture "+place, rows.Shape(), tensor.Shape{channels, height, width, n})
	return op.apply(rows)
}

// turning moves the batch from the last axis to the first or back.
func turning(name string, from, to tensor.Shape) *fused {
	m := from[0]
	if from.Dims() == 4 {
		m = from.TotalSize() / from[3]
	}
	n := from.TotalSize() / m
	op := &fused{name: name, out: to}
	op.run = func(dst []float32, src [][]float32) { kernel.Transpose(dst, src[0], m, n) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		return collect(func() (*G.Node, error) { return turning(name+" dx", to, from.Clone()).apply(grad) })
	}
	return op
}
