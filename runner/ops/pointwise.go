package ops

import (
	G "gorgonia.org/gorgonia"

	"tenet/runner/kernel"
)

// pointwise is f of every number, with f's derivative.
func pointwise(name string, x *G.Node, f, slope func(x float32) float32) (*G.Node, error) {
	return fromInput(name, x,
		func(dst, src []float32) { kernel.Each(dst, src, f) },
		func(dst, src, grad []float32) { kernel.EachGrad(dst, src, grad, slope) }, true)
}

// Exp is e^x, x kept within ±87.
func Exp(place string, x *G.Node) (*G.Node, error) {
	return fromOutput("exp "+place, x, kernel.Exp, kernel.Mul)
}

// Log is the natural logarithm.
func Log(place string, x *G.Node) (*G.Node, error) {
	return pointwise("log "+place, x, kernel.Log1, func(x float32) float32 { return 1 / x })
}

// Sqrt is the square root.
func Sqrt(place string, x *G.Node) (*G.Node, error) {
	return pointwise("sqrt "+place, x, kernel.Sqrt1, func(x float32) float32 { return 0.5 / kernel.Sqrt1(x) })
}

// InverseSqrt is 1/√x.
func InverseSqrt(place string, x *G.Node) (*G.Node, error) {
	return pointwise("inverse sqrt "+place, x, func(x float32) float32 { return 1 / kernel.Sqrt1(x) },
		func(x float32) float32 { return -0.5 / (x * kernel.Sqrt1(x)) })
}

// Square is x².
func Square(place string, x *G.Node) (*G.Node, error) {
	return pointwise("square "+place, x, func(x float32) float32 { return x * x }, func(x float32) float32 { return 2 * x })
}

// Softplus is ln(1 + e^x).
func Softplus(place string, x *G.Node) (*G.Node, error) {
	return pointwise("softplus "+place, x, kernel.Softplus1, kernel.Sigmoid1)
}

// GeluExact is x Φ(x), Φ being the normal distribution; [Gelu] is the faster tanh form.
func GeluExact(place string, x *G.Node) (*G.Node, error) {
	return pointwise("gelu exact "+place, x, kernel.GeluExact1, kernel.GeluExactSlope1)
}
