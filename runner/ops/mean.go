package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// MSE is the mean of (y - target)² over all numbers, a scalar.
func MSE(y, target *G.Node) (*G.Node, error) {
	if err := same("loss", "y", y, "the target", target); err != nil {
		return nil, err
	}
	op := &fused{name: "mean square", out: tensor.ScalarShape()}
	op.run = func(dst []float32, src [][]float32) { dst[0] = kernel.MSE(src[0], src[1]) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		wrt := func(name string, a, b *G.Node) func() (*G.Node, error) {
			d := &fused{name: "mean square " + name, out: y.Shape(), over: []int{0, 1}}
			d.run = func(dst []float32, src [][]float32) { kernel.MSEGrad(dst, src[0], src[1], src[2][0]) }
			return func() (*G.Node, error) { return d.apply(a, b, grad) }
		}
		return collect(wrt("dy", in[0], in[1]), wrt("dtarget", in[1], in[0]))
	}
	return op.apply(y, target)
}

// BCE is the mean over all numbers of the cross-entropy of σ(logits) against target, numbers from 0 to 1
// that have no gradient; a scalar.
func BCE(logits, target *G.Node) (*G.Node, error) {
	if logits.Shape().TotalSize() != target.Shape().TotalSize() {
		return nil, shapeError("loss", "logits have shape %v, the target has %v", logits.Shape(), target.Shape())
	}
	op := &fused{name: "binary cross-entropy", out: tensor.ScalarShape(), wrt: []bool{true, false}}
	op.run = func(dst []float32, src [][]float32) { dst[0] = kernel.BCE(src[0], src[1]) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "binary cross-entropy dx", out: logits.Shape()}
		d.run = func(dst []float32, src [][]float32) { kernel.BCEGrad(dst, src[0], src[1], src[2][0]) }
		return collect(func() (*G.Node, error) { return d.apply(in[0], in[1], grad) }, nil)
	}
	return op.apply(logits, target)
}

// Sum is the sum of all numbers of x, a scalar: with it as the loss, gradients are those of the outputs.
func Sum(place string, x *G.Node) (*G.Node, error) {
	op := &fused{name: "sum " + place, out: tensor.ScalarShape()}
	op.run = func(dst []float32, src [][]float32) { dst[0] = kernel.Sum(src[0]) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "sum dx " + place, out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) { kernel.Fill(dst, src[0][0]) }
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x)
}
