package ops

import (
	G "gorgonia.org/gorgonia"

	"tenet/runner/kernel"
)

// Relu is max(x, 0). Its gradient reads the output, so that the input need not be kept.
func Relu(place string, x *G.Node) (*G.Node, error) {
	op := &fused{name: "relu " + place, out: x.Shape(), role: roleRelu, over: []int{0}}
	op.run = func(dst []float32, src [][]float32) { kernel.Relu(dst, src[0]) }
	op.grad = func(_ G.Nodes, out, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "relu dx " + place, out: x.Shape(), role: roleReluGrad, over: []int{1, 0}}
		d.run = func(dst []float32, src [][]float32) { kernel.ReluGrad(dst, src[0], src[1]) }
		return collect(func() (*G.Node, error) { return d.apply(out, grad) })
	}
	return op.apply(x)
}

// Tanh is the hyperbolic tangent.
func Tanh(place string, x *G.Node) (*G.Node, error) {
	return fromOutput("tanh "+place, x, kernel.TanhForward, kernel.TanhGrad)
}

// Sigmoid is 1/(1 + e^-x).
func Sigmoid(place string, x *G.Node) (*G.Node, error) {
	return fromOutput("sigmoid "+place, x, kernel.SigmoidForward, kernel.SigmoidGrad)
}

// fromOutput is an activation whose derivative is a function of its output.
func fromOutput(name string, x *G.Node, forward func(dst, src []float32), backward func(dst, y, grad []float32)) (*G.Node, error) {
	op := &fused{name: name, out: x.Shape(), over: []int{0}}
	op.run = func(dst []float32, src [][]float32) { forward(dst, src[0]) }
	op.grad = func(_ G.Nodes, out, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: name + " dx", out: x.Shape(), over: []int{1, 0}}
		d.run = func(dst []float32, src [][]float32) { backward(dst, src[0], src[1]) }
		return collect(func() (*G.Node, error) { return d.apply(out, grad) })
	}
	return op.apply(x)
}
