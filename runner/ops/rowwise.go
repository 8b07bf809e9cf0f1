package ops

import (
	"strconv"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// rowwise is an activation of whole rows whose gradient is told by its output, or by its input if ofInput.
func rowwise(name, place string, x *G.Node, forward func(dst, x []float32, m, n int), backward func(dst, v, grad []float32, m, n int), ofInput bool) (*G.Node, error) {
	if err := matrix(place, "x", x); err != nil {
		return nil, err
	}
	m, n := x.Shape()[0], x.Shape()[1]
	f := func(dst, x []float32) { forward(dst, x, m, n) }
	b := func(dst, v, grad []float32) { backward(dst, v, grad, m, n) }
	if ofInput {
		return fromInput(name+" "+place, x, f, b, false)
	}
	return fromOutput(name+" "+place, x, f, b)
}

// Softmax is e^x over its row's sum.
func Softmax(place string, x *G.Node) (*G.Node, error) {
	return rowwise("softmax", place, x, kernel.Softmax, kernel.SoftmaxGrad, false)
}

// LogSoftmax is the logarithm of [Softmax], safe for large numbers.
func LogSoftmax(place string, x *G.Node) (*G.Node, error) {
	return rowwise("log softmax", place, x, kernel.LogSoftmax, kernel.LogSoftmaxGrad, false)
}

// Unit is each row over its length, or over epsilon where that is larger.
func Unit(place string, x *G.Node, epsilon float64) (*G.Node, error) {
	return rowwise("unit "+strconv.FormatFloat(epsilon, 'g', -1, 64), place, x,
		func(dst, x []float32, m, n int) { kernel.Unit(dst, x, m, n, epsilon) },
		func(dst, x, grad []float32, m, n int) { kernel.UnitGrad(dst, x, grad, m, n, epsilon) }, true)
}

// LogSumExp is ln Σ e^x of each row, a vector.
func LogSumExp(place string, x *G.Node) (*G.Node, error) {
	if err := matrix(place, "x", x); err != nil {
		return nil, err
	}
	m, n := x.Shape()[0], x.Shape()[1]
	op := &fused{name: "log sum exp " + place, out: tensor.Shape{m}}
	op.run = func(dst []float32, src [][]float32) { kernel.LogSumExp(dst, src[0], m, n) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "log sum exp dx " + place, out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) {
			kernel.Softmax(dst, src[0], m, n)
			for i, g := range src[1] {
				kernel.Scale(dst[i*n:][:n], dst[i*n:][:n], g)
			}
		}
		return collect(func() (*G.Node, error) { return d.apply(in[0], grad) })
	}
	return op.apply(x)
}

// RMSNorm is each row over the root of its mean square, times scale, a vector of x's width.
func RMSNorm(place string, x, scale *G.Node, epsilon float64) (*G.Node, error) {
	if err := matrix(place, "x", x); err != nil {
		return nil, err
	}
	m, n := x.Shape()[0], x.Shape()[1]
	if scale.Shape().TotalSize() != n {
		return nil, shapeError(place, "scale has %d numbers, x is %d wide", scale.Shape().TotalSize(), n)
	}
	op := &fused{name: "rms norm " + strconv.FormatFloat(epsilon, 'g', -1, 64) + " " + place, out: x.Shape()}
	op.run = func(dst []float32, src [][]float32) { kernel.RMSNorm(dst, src[0], src[1], m, n, epsilon) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		dx := &fused{name: op.name + " dx", out: x.Shape()}
		dx.run = func(dst []float32, src [][]float32) { kernel.RMSNormGrad(dst, src[0], src[1], src[2], m, n, epsilon) }
		ds := &fused{name: op.name + " dscale", out: tensor.Shape{n}}
		ds.run = func(dst []float32, src [][]float32) { kernel.RMSNormScaleGrad(dst, src[0], src[1], m, n, epsilon) }
		return collect(
			func() (*G.Node, error) { return dx.apply(in[0], in[1], grad) },
			func() (*G.Node, error) { return ds.apply(in[0], grad) })
	}
	return op.apply(x, scale)
}
