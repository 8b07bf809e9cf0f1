package ops

import (
	"fmt"
	"strconv"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// AddScaled is x + s·h with a fixed s: a skip x past a branch h.
func AddScaled(place string, x, h *G.Node, s float32) (*G.Node, error) {
	if err := same(place, "the skip", x, "the branch", h); err != nil {
		return nil, err
	}
	name := "add " + strconv.FormatFloat(float64(s), 'g', -1, 32) + " " + place
	op := &fused{name: name, out: x.Shape(), over: []int{1, 0}}
	if s == 1 {
		op.role = roleAdd
	}
	op.run = func(dst []float32, src [][]float32) { kernel.AddScaled(dst, src[0], src[1], s) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		return collect(
			func() (*G.Node, error) { return grad, nil },
			func() (*G.Node, error) { return scale(name+" dh", grad, s) })
	}
	return op.apply(x, h)
}

func scale(name string, x *G.Node, s float32) (*G.Node, error) {
	if s == 1 {
		return x, nil
	}
	op := &fused{name: name, out: x.Shape(), over: []int{0}}
	op.run = func(dst []float32, src [][]float32) { kernel.Scale(dst, src[0], s) }
	return op.apply(x)
}

// AddTrained is x + s·h with a trained s of one number.
func AddTrained(place string, x, h, s *G.Node) (*G.Node, error) {
	if err := same(place, "the skip", x, "the branch", h); err != nil {
		return nil, err
	}
	op := &fused{name: "add trained " + place, out: x.Shape()}
	op.run = func(dst []float32, src [][]float32) { kernel.AddScaled(dst, src[0], src[1], src[2][0]) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		dh := &fused{name: "add trained dh " + place, out: x.Shape()}
		dh.run = func(dst []float32, src [][]float32) { kernel.Scale(dst, src[0], src[1][0]) }
		ds := &fused{name: "add trained ds " + place, out: tensor.Shape{1}}
		ds.run = func(dst []float32, src [][]float32) { dst[0] = kernel.Dot(src[0], src[1]) }
		return collect(
			func() (*G.Node, error) { return grad, nil },
			func() (*G.Node, error) { return dh.apply(grad, in[2]) },
			func() (*G.Node, error) { return ds.apply(grad, in[1]) })
	}
	return op.apply(x, h, s)
}

// Gate is t·h + (1-t)·x, the highway join.
func Gate(place string, x, h, t *G.Node) (*G.Node, error) {
	if err := same(place, "the skip", x, "the branch", h); err != nil {
		return nil, err
	}
	if err := same(place, "the skip", x, "the gate", t); err != nil {
		return nil, err
	}
	op := &fused{name: "gate " + place, out: x.Shape()}
	op.run = func(dst []float32, src [][]float32) { kernel.Gate(dst, src[0], src[1], src[2]) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		dx := &fused{name: "gate dx " + place, out: x.Shape()}
		dx.run = func(dst []float32, src [][]float32) { kernel.GateGradX(dst, src[0], src[1]) }
		dh := &fused{name: "gate dh " + place, out: x.Shape()}
		dh.run = func(dst []float32, src [][]float32) { kernel.Mul(dst, src[0], src[1]) }
		dt := &fused{name: "gate dt " + place, out: x.Shape()}
		dt.run = func(dst []float32, src [][]float32) { kernel.GateGradT(dst, src[0], src[1], src[2]) }
		return collect(
			func() (*G.Node, error) { return dx.apply(in[2], grad) },
			func() (*G.Node, error) { return dh.apply(in[2], grad) },
			func() (*G.Node, error) { return dt.apply(in[0], in[1], grad) })
	}
	return op.apply(x, h, t)
}

// Concat puts batch × n matrices side by side.
func Concat(place string, parts ...*G.Node) (*G.Node, error) {
	m, n := parts[0].Shape()[0], 0
	from := make([]int, len(parts))
	for i, p := range parts {
		if err := matrix(place, fmt.Sprintf("part %d", i), p); err != nil {
			return nil, err
		}
		if p.Shape()[0] != m {
			return nil, shapeError(place, "part %d has %d rows, part 0 has %d", i, p.Shape()[0], m)
		}
		from[i] = n
		n += p.Shape()[1]
	}
	op := &fused{name: "concat " + place, out: tensor.Shape{m, n}}
	op.run = func(dst []float32, src [][]float32) {
		for i, s := range src {
			kernel.SetColumns(dst, s, m, n, from[i], len(s)/m)
		}
	}
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		made := make([]func() (*G.Node, error), len(in))
		for i, p := range in {
			w := p.Shape()[1]
			d := &fused{name: fmt.Sprintf("columns %d of %s", from[i], place), out: tensor.Shape{m, w}}
			d.run = func(dst []float32, src [][]float32) { kernel.Columns(dst, src[0], m, n, from[i], w) }
			made[i] = func() (*G.Node, error) { return d.apply(grad) }
		}
		return collect(made...)
	}
	return op.apply(parts...)
}
