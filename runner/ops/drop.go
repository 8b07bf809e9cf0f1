package ops

import (
	G "gorgonia.org/gorgonia"

	"tenet/runner/kernel"
)

// Drop multiplies x by mask, which has x's shape, or one number for each sample (a row of x, the last axis of
// a picture), or one number in all. A mask has no gradient; it holds 0 or 1/keep, as who fills it decides.
func Drop(place string, x, mask *G.Node) (*G.Node, error) {
	size, masks := x.Shape().TotalSize(), mask.Shape().TotalSize()
	dims := x.Shape().Dims()
	if dims == 0 {
		return nil, shapeError(place, "x is one number")
	}
	samples := x.Shape()[0]
	if dims == 4 {
		samples = x.Shape()[3]
	}
	var mul func(dst, a, m []float32)
	switch {
	case masks == size:
		mul = kernel.Mul
	case masks == samples && dims == 4:
		mul = func(dst, a, m []float32) { kernel.MulColumns(dst, a, m, size/samples, samples) }
	case masks == samples:
		mul = func(dst, a, m []float32) { kernel.MulRows(dst, a, m, samples, size/samples) }
	case masks == 1:
		mul = func(dst, a, m []float32) { kernel.Scale(dst, a, m[0]) }
	default:
		return nil, shapeError(place, "a mask of %d numbers fits neither the %d of x, nor its %d samples, nor all", masks, size, samples)
	}
	op := &fused{name: "drop " + place, out: x.Shape(), wrt: []bool{true, false}, over: []int{0}}
	op.run = func(dst []float32, src [][]float32) { mul(dst, src[0], src[1]) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "drop dx " + place, out: x.Shape(), over: []int{0}}
		d.run = func(dst []float32, src [][]float32) { mul(dst, src[0], src[1]) }
		return collect(func() (*G.Node, error) { return d.apply(grad, in[1]) }, nil)
	}
	return op.apply(x, mask)
}
