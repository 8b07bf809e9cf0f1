package ops

import (
	"strconv"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// Scale is s·x with a fixed s.
func Scale(place string, x *G.Node, s float32) (*G.Node, error) {
	name := "scale " + strconv.FormatFloat(float64(s), 'g', -1, 32) + " " + place
	op := &fused{name: name, out: x.Shape()}
	op.run = func(dst []float32, src [][]float32) { kernel.Scale(dst, src[0], s) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		return collect(func() (*G.Node, error) { return scale(name+" dx", grad, s) })
	}
	return op.apply(x)
}

// ScaleFeatures multiplies every feature of x by its own number: a column of a matrix, a channel of a picture.
func ScaleFeatures(place string, x, s *G.Node) (*G.Node, error) {
	shape := x.Shape()
	pictures := shape.Dims() == 4
	if !pictures {
		if err := matrix(place, "x", x); err != nil {
			return nil, err
		}
	}
	n := shape[shape.Dims()-1]
	mul := kernel.MulColumns
	if pictures {
		n, mul = shape[0], kernel.MulRows
	}
	if s.Shape().TotalSize() != n {
		return nil, shapeError(place, "%d factors for %d features", s.Shape().TotalSize(), n)
	}
	rows, columns := shape.TotalSize()/n, n
	if pictures {
		rows, columns = columns, rows
	}
	run := func(dst []float32, src [][]float32) { mul(dst, src[0], src[1], rows, columns) }
	op := &fused{name: "scale features " + place, out: shape, run: run}
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		dx := &fused{name: "scale features dx " + place, out: shape, run: run}
		ds := &fused{name: "scale features ds " + place, out: tensor.Shape{n}, scratch: shape.TotalSize()}
		ds.work = func(dst []float32, src [][]float32, scratch []float32) {
			both := scratch[:shape.TotalSize()]
			kernel.Mul(both, src[0], src[1])
			if pictures {
				kernel.ChannelTotals(dst, both, n)
				return
			}
			kernel.SumRows(dst, both, rows, n)
		}
		return collect(
			func() (*G.Node, error) { return dx.apply(grad, in[1]) },
			func() (*G.Node, error) { return ds.apply(grad, in[0]) })
	}
	return op.apply(x, s)
}
