package ops

import (
	"strconv"

	G "gorgonia.org/gorgonia"

	"tenet/runner/kernel"
)

// Gelu is x/2 (1 + tanh(√(2/π)(x + 0.044715 x³))), the tanh form.
func Gelu(place string, x *G.Node) (*G.Node, error) {
	return fromInput("gelu "+place, x, kernel.Gelu, kernel.GeluGrad, true)
}

// SiLU is x/(1 + e^-x).
func SiLU(place string, x *G.Node) (*G.Node, error) {
	return fromInput("silu "+place, x, kernel.SiLU, kernel.SiLUGrad, true)
}

// LeakyRelu is x, or slope·x where x is below zero; slope is above zero.
func LeakyRelu(place string, x *G.Node, slope float32) (*G.Node, error) {
	if !(slope > 0) {
		return nil, shapeError(place, "a leaky slope of %v, want one above zero", slope)
	}
	return fromOutput("leaky relu "+strconv.FormatFloat(float64(slope), 'g', -1, 32)+" "+place, x,
		func(dst, x []float32) { kernel.LeakyRelu(dst, x, slope) },
		func(dst, y, grad []float32) { kernel.LeakyReluGrad(dst, y, grad, slope) })
}

// Elu is x, or e^x - 1 where x is below zero.
func Elu(place string, x *G.Node) (*G.Node, error) {
	return fromOutput("elu "+place, x, kernel.Elu, kernel.EluGrad)
}

// fromInput is an activation whose derivative is a function of its input; pointwise tells that numbers do not
// mix, so that outputs may be written over inputs.
func fromInput(name string, x *G.Node, forward func(dst, src []float32), backward func(dst, x, grad []float32), pointwise bool) (*G.Node, error) {
	op := &fused{name: name, out: x.Shape()}
	if pointwise {
		op.over = []int{0}
	}
	op.run = func(dst []float32, src [][]float32) { forward(dst, src[0]) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: name + " dx", out: x.Shape()}
		if pointwise {
			d.over = []int{1, 0}
		}
		d.run = func(dst []float32, src [][]float32) { backward(dst, src[0], src[1]) }
		return collect(func() (*G.Node, error) { return d.apply(in[0], grad) })
	}
	return op.apply(x)
}
