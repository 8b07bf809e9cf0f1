package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// Mul is a·b, number by number.
func Mul(place string, a, b *G.Node) (*G.Node, error) {
	if err := same(place, "the first factor", a, "the second", b); err != nil {
		return nil, err
	}
	op := &fused{name: "mul " + place, out: a.Shape(), over: []int{0, 1}}
	op.run = func(dst []float32, src [][]float32) { kernel.Mul(dst, src[0], src[1]) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		times := func(name string, other *G.Node) func() (*G.Node, error) {
			d := &fused{name: "mul " + name + " " + place, out: a.Shape(), over: []int{0, 1}}
			d.run = op.run
			return func() (*G.Node, error) { return d.apply(grad, other) }
		}
		return collect(times("da", in[1]), times("db", in[0]))
	}
	return op.apply(a, b)
}

// Columns are the columns from, from+1, … before to of a matrix.
func Columns(place string, x *G.Node, from, to int) (*G.Node, error) {
	if err := matrix(place, "x", x); err != nil {
		return nil, err
	}
	m, n := x.Shape()[0], x.Shape()[1]
	if from < 0 || to <= from || to > n {
		return nil, shapeError(place, "columns %d to %d of %d", from, to, n)
	}
	w := to - from
	op := &fused{name: fmt.Sprintf("columns %d to %d of %d %s", from, to, n, place), out: tensor.Shape{m, w}}
	op.run = func(dst []float32, src [][]float32) { kernel.Columns(dst, src[0], m, n, from, w) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: op.name + " dx", out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) {
			clear(dst)
			kernel.SetColumns(dst, src[0], m, n, from, w)
		}
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x)
}

// Rows are the rows from, from+step, … before to of a matrix: of sequences of step rows each, position from.
func Rows(place string, x *G.Node, from, to, step int) (*G.Node, error) {
	if err := matrix(place, "x", x); err != nil {
		return nil, err
	}
	rows, n := x.Shape()[0], x.Shape()[1]
	if from < 0 || to <= from || to > rows || step < 1 {
		return nil, shapeError(place, "rows %d to %d of %d in steps of %d", from, to, rows, step)
	}
	m := (to - from + step - 1) / step
	op := &fused{name: fmt.Sprintf("rows %d to %d by %d of %d %s", from, to, step, rows, place), out: tensor.Shape{m, n}}
	op.run = func(dst []float32, src [][]float32) { kernel.Rows(dst, src[0], m, n, from, step) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: op.name + " dx", out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) {
			clear(dst)
			kernel.SetRows(dst, src[0], m, n, from, step)
		}
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x)
}
