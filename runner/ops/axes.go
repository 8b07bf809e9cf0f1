package ops

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// Permute brings the axes of x into the order given.
func Permute(place string, x *G.Node, order ...int) (*G.Node, error) {
	shape := x.Shape()
	if !slices.Equal(slices.Sorted(slices.Values(order)), axes(len(shape))) {
		return nil, shapeError(place, "%v is no order of %d axes", order, len(shape))
	}
	out := make(tensor.Shape, len(order))
	for k, axis := range order {
		out[k] = shape[axis]
	}
	walk := kernel.NewAxes(shape, order)
	op := &fused{name: fmt.Sprintf("permute %v %s", order, place), out: out}
	op.run = func(dst []float32, src [][]float32) { walk.Permute(dst, src[0]) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: op.name + " dx", out: shape}
		d.run = func(dst []float32, src [][]float32) { walk.Unpermute(dst, src[0]) }
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x)
}

func axes(n int) []int {
	a := make([]int, n)
	for k := range a {
		a[k] = k
	}
	return a
}

// SumOver adds up along the axes given; with all of them the result is a scalar.
func SumOver(place string, x *G.Node, along ...int) (*G.Node, error) {
	return reduce("sum over", place, x, along, false)
}

// MeanOver is [SumOver] divided by how many numbers are added.
func MeanOver(place string, x *G.Node, along ...int) (*G.Node, error) {
	return reduce("mean over", place, x, along, true)
}

func reduce(name, place string, x *G.Node, along []int, mean bool) (*G.Node, error) {
	shape := x.Shape()
	var order []int
	out := tensor.Shape{}
	for k, n := range shape {
		if !slices.Contains(along, k) {
			order, out = append(order, k), append(out, n)
		}
	}
	kept := len(order)
	order = append(order, slices.Compact(slices.Sorted(slices.Values(along)))...)
	if kept == len(shape) || len(order) != len(shape) || !slices.Equal(slices.Sorted(slices.Values(order)), axes(len(shape))) {
		return nil, shapeError(place, "axes %v of %d", along, len(shape))
	}
	if kept == 0 {
		out = tensor.ScalarShape()
	}
	s := 1.0
	if mean {
		s = float64(out.TotalSize()) / float64(shape.TotalSize())
	}
	walk := kernel.NewAxes(shape, order)
	op := &fused{name: fmt.Sprintf("%s %v %s", name, along, place), out: out}
	op.run = func(dst []float32, src [][]float32) { walk.Total(dst, src[0], s) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: op.name + " dx", out: shape}
		d.run = func(dst []float32, src [][]float32) { walk.Spread(dst, src[0], s) }
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x)
}
