package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// Linear is x wᵀ + b: x is batch × in, w is out × in, b is out, or nil for no bias. place names the layer.
func Linear(place string, x, w, b *G.Node) (*G.Node, error) {
	if err := matrix(place, "x", x); err != nil {
		return nil, err
	}
	if err := matrix(place, "w", w); err != nil {
		return nil, err
	}
	n, in, out := x.Shape()[0], x.Shape()[1], w.Shape()[0]
	if w.Shape()[1] != in {
		return nil, shapeError(place, "w has %d inputs, x gives %d", w.Shape()[1], in)
	}
	if b != nil && b.Shape().TotalSize() != out {
		return nil, shapeError(place, "b has %d numbers, w gives %d", b.Shape().TotalSize(), out)
	}
	op := &fused{name: "linear " + place, out: tensor.Shape{n, out}, scratch: in * out}
	if kernel.Thin(n, out) {
		op.scratch = n * (in + out)
	}
	inputs := 2
	if b != nil {
		inputs = 3
	}
	forward := func(relu, add bool) work {
		return func(dst []float32, src [][]float32, scratch []float32) {
			f := kernel.Finish{Relu: relu}
			if inputs == 3 {
				f.Bias = src[2]
			}
			if add {
				f.Add = src[inputs]
			}
			if kernel.Thin(n, out) {
				kernel.ThinNT(dst, src[0], src[1], n, out, in, f, scratch)
				return
			}
			kernel.Transpose(scratch[:in*out], src[1], out, in)
			kernel.MulNN(dst, src[0], scratch, n, out, in, f)
		}
	}
	op.work = forward(false, false)
	op.follow = map[follower]work{{roleRelu, 0}: forward(true, false), {roleAdd, 1}: forward(false, true)}
	op.grad = func(ns G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		made := []func() (*G.Node, error){
			func() (*G.Node, error) { return linearInputGrad(place, grad, ns[1]) },
			func() (*G.Node, error) { return linearWeightGrad(place, grad, ns[0]) },
			func() (*G.Node, error) { return SumRows(place, grad) },
		}
		return collect(made[:len(ns)]...)
	}
	if b == nil {
		return op.apply(x, w)
	}
	return op.apply(x, w, b)
}

func linearInputGrad(place string, grad, w *G.Node) (*G.Node, error) {
	n, out, in := grad.Shape()[0], w.Shape()[0], w.Shape()[1]
	op := &fused{name: "linear dx " + place, out: tensor.Shape{n, in}}
	if kernel.Thin(n, in) {
		op.scratch = n * (in + out)
	}
	back := func(finish func(src [][]float32) kernel.Finish) work {
		return func(dst []float32, src [][]float32, scratch []float32) {
			if kernel.Thin(n, in) {
				kernel.ThinNN(dst, src[0], src[1], n, in, out, finish(src), scratch)
				return
			}
			kernel.MulNN(dst, src[0], src[1], n, in, out, finish(src))
		}
	}
	op.work = back(func([][]float32) kernel.Finish { return kernel.Finish{} })
	op.follow = map[follower]work{
		{roleReluGrad, 1}: back(func(src [][]float32) kernel.Finish { return kernel.Finish{Gate: src[2]} }),
		{roleAdd, 1}:      back(func(src [][]float32) kernel.Finish { return kernel.Finish{Add: src[2]} }),
	}
	return op.apply(grad, w)
}

func linearWeightGrad(place string, grad, x *G.Node) (*G.Node, error) {
	n, out, in := grad.Shape()[0], grad.Shape()[1], x.Shape()[1]
	op := &fused{name: "linear dw " + place, out: tensor.Shape{out, in}}
	if kernel.Thin(out, in) {
		op.scratch = out * in
	}
	op.work = func(dst []float32, src [][]float32, scratch []float32) {
		if !kernel.Thin(out, in) {
			kernel.MulTN(dst, src[0], src[1], out, in, n, kernel.Finish{})
			return
		}
		kernel.MulTN(scratch, src[1], src[0], in, out, n, kernel.Finish{})
		kernel.Transpose(dst, scratch[:in*out], in, out)
	}
	return op.apply(grad, x)
}

// SumRows sums a batch × n matrix over the batch.
func SumRows(place string, x *G.Node) (*G.Node, error) {
	m, n := x.Shape()[0], x.Shape()[1]
	op := &fused{name: "sum rows " + place, out: tensor.Shape{n}}
	op.run = func(dst []float32, src [][]float32) { kernel.SumRows(dst, src[0], m, n) }
	return op.apply(x)
}
