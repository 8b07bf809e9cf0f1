package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

type normKernels struct {
	name    string
	forward func(dst, src, scale, shift []float32, m, n int)
	dx      func(dst, x, scale, grad []float32, m, n int)
	dscale  func(dst, x, grad []float32, m, n int)
}

// LayerNorm normalises each row of x; scale and shift are vectors of x's width, or both nil.
func LayerNorm(place string, x, scale, shift *G.Node) (*G.Node, error) {
	return norm(place, normKernels{"layer norm ", kernel.LayerNorm, kernel.LayerNormGrad, kernel.LayerNormScaleGrad}, x, scale, shift)
}

// BatchNorm normalises each column of x over the batch at hand, as in training.
func BatchNorm(place string, x, scale, shift *G.Node) (*G.Node, error) {
	return norm(place, normKernels{"batch norm ", kernel.BatchNorm, kernel.BatchNormGrad, kernel.BatchNormScaleGrad}, x, scale, shift)
}

func norm(place string, k normKernels, x, scale, shift *G.Node) (*G.Node, error) {
	if err := matrix(place, "x", x); err != nil {
		return nil, err
	}
	if (scale == nil) != (shift == nil) {
		return nil, shapeError(place, "scale and shift come together")
	}
	m, n := x.Shape()[0], x.Shape()[1]
	op := &fused{name: k.name + place, out: x.Shape()}
	op.run = func(dst []float32, src [][]float32) {
		if len(src) == 1 {
			k.forward(dst, src[0], nil, nil, m, n)
			return
		}
		k.forward(dst, src[0], src[1], src[2], m, n)
	}
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		dx := &fused{name: k.name + "dx " + place, out: x.Shape(), over: []int{2}} // its sums are taken before it writes
		if len(in) == 1 {
			dx.over = []int{1}
			dx.run = func(dst []float32, src [][]float32) { k.dx(dst, src[0], nil, src[1], m, n) }
			return collect(func() (*G.Node, error) { return dx.apply(in[0], grad) })
		}
		dx.run = func(dst []float32, src [][]float32) { k.dx(dst, src[0], src[1], src[2], m, n) }
		ds := &fused{name: k.name + "dscale " + place, out: tensor.Shape{n}}
		ds.run = func(dst []float32, src [][]float32) { k.dscale(dst, src[0], src[1], m, n) }
		return collect(
			func() (*G.Node, error) { return dx.apply(in[0], in[1], grad) },
			func() (*G.Node, error) { return ds.apply(in[0], grad) },
			func() (*G.Node, error) { return SumRows(place+" shift", grad) })
	}
	if scale == nil {
		return op.apply(x)
	}
	return op.apply(x, scale, shift)
}

// BatchNormEval normalises with kept statistics (mean, variance: vectors). It is for scoring: it has a
// gradient for none of its inputs.
func BatchNormEval(place string, x, mean, variance, scale, shift *G.Node) (*G.Node, error) {
	if err := matrix(place, "x", x); err != nil {
		return nil, err
	}
	m, n := x.Shape()[0], x.Shape()[1]
	op := &fused{name: "batch norm eval " + place, out: x.Shape()}
	op.run = func(dst []float32, src [][]float32) {
		if len(src) == 3 {
			kernel.BatchNormEval(dst, src[0], src[1], src[2], nil, nil, m, n)
			return
		}
		kernel.BatchNormEval(dst, src[0], src[1], src[2], src[3], src[4], m, n)
	}
	if scale == nil {
		return op.apply(x, mean, variance)
	}
	return op.apply(x, mean, variance, scale, shift)
}
