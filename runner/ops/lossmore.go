package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// Huber is the mean over all numbers of d²/2 near zero and of delta(|d| - delta/2) beyond delta, where d is
// y - target; a scalar.
func Huber(y, target *G.Node, delta float64) (*G.Node, error) {
	if err := same("loss", "y", y, "the target", target); err != nil {
		return nil, err
	}
	op := &fused{name: fmt.Sprint("huber ", delta), out: tensor.ScalarShape()}
	op.run = func(dst []float32, src [][]float32) { dst[0] = kernel.Huber(src[0], src[1], delta) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		wrt := func(name string, a, b *G.Node) func() (*G.Node, error) {
			d := &fused{name: op.name + name, out: y.Shape()}
			d.run = func(dst []float32, src [][]float32) { kernel.HuberGrad(dst, src[0], src[1], delta, src[2][0]) }
			return func() (*G.Node, error) { return d.apply(a, b, grad) }
		}
		return collect(wrt(" dy", in[0], in[1]), wrt(" dtarget", in[1], in[0]))
	}
	return op.apply(y, target)
}

// KLNormal is the sum of the divergences of normal distributions, given their means and the logarithms of
// their variances, from the standard one; a scalar.
func KLNormal(mean, logVariance *G.Node) (*G.Node, error) {
	if err := same("loss", "the means", mean, "the variances", logVariance); err != nil {
		return nil, err
	}
	op := &fused{name: "kl normal", out: tensor.ScalarShape()}
	op.run = func(dst []float32, src [][]float32) { dst[0] = kernel.KLNormal(src[0], src[1]) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		dm := &fused{name: "kl normal dmean", out: mean.Shape()}
		dm.run = func(dst []float32, src [][]float32) { kernel.Scale(dst, src[0], src[1][0]) }
		dl := &fused{name: "kl normal dvariance", out: mean.Shape()}
		dl.run = func(dst []float32, src [][]float32) { kernel.KLNormalGrad(dst, src[0], src[1][0]) }
		return collect(
			func() (*G.Node, error) { return dm.apply(in[0], grad) },
			func() (*G.Node, error) { return dl.apply(in[1], grad) })
	}
	return op.apply(mean, logVariance)
}

// SmoothCrossEntropy is [SoftmaxCrossEntropy] with a share of each label spread evenly over all classes.
func SmoothCrossEntropy(x, label *G.Node, share float64) (*G.Node, error) {
	if err := matrix("loss", "x", x); err != nil {
		return nil, err
	}
	m, n := x.Shape()[0], x.Shape()[1]
	if label.Shape().TotalSize() != m || !(share >= 0 && share <= 1) {
		return nil, shapeError("loss", "%d labels for %d rows, a share of %v spread", label.Shape().TotalSize(), m, share)
	}
	op := &fused{name: fmt.Sprint("smooth cross-entropy ", share), out: tensor.ScalarShape(), wrt: []bool{true, false}}
	op.run = func(dst []float32, src [][]float32) { dst[0] = kernel.SmoothCrossEntropy(src[0], src[1], share, m, n) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: op.name + " dx", out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) {
			kernel.SmoothCrossEntropyGrad(dst, src[0], src[1], share, src[2][0], m, n)
		}
		return collect(func() (*G.Node, error) { return d.apply(in[0], in[1], grad) }, nil)
	}
	return op.apply(x, label)
}
