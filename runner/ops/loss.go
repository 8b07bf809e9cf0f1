package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// SoftmaxCrossEntropy is the mean over rows of -ln softmax(x)[label]; x is batch × classes and label a
// vector of class numbers, which has no gradient. The result is a scalar, ready for gorgonia.Grad.
func SoftmaxCrossEntropy(x, label *G.Node) (*G.Node, error) {
	if err := matrix("loss", "x", x); err != nil {
		return nil, err
	}
	m, n := x.Shape()[0], x.Shape()[1]
	if label.Shape().TotalSize() != m {
		return nil, shapeError("loss", "%d labels for %d rows", label.Shape().TotalSize(), m)
	}
	op := &fused{name: "softmax cross-entropy", out: tensor.ScalarShape(), wrt: []bool{true, false}}
	op.run = func(dst []float32, src [][]float32) { dst[0] = kernel.SoftmaxCrossEntropy(src[0], src[1], m, n) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "softmax cross-entropy dx", out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) {
			kernel.SoftmaxCrossEntropyGrad(dst, src[0], src[1], src[2][0], m, n)
		}
		return collect(func() (*G.Node, error) { return d.apply(in[0], in[1], grad) }, nil)
	}
	return op.apply(x, label)
}
