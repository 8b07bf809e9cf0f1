package kernel

// Sprint is a kernel with fixed operands: Run does FLOP floating-point operations, those of a convolution
// counted as if every output took all its weights.
type Sprint struct {
	Name string
	FLOP float64
	Run  func()
}

// Sprints are the kernels that most of a training goes through, for a benchmark to hold beside the peak:
// the product of 64 × 64 × 64, and the 3×3 convolution of 16 channels, 32 × 32 pixels and 32 pictures, direct
// and as it is done, which may take fewer operations than are counted.
func Sprints() ([]Sprint, error) {
	const n = 64
	c, err := NewConv(16, 16, 32, 32, 32, 3, 1, 1)
	if err != nil {
		return nil, err
	}
	p := active()
	a, b, bias, ab := ramp(n*n), ramp(n*n), ramp(n), make([]float32, n*n)
	x, dy, w := ramp(c.inSize()), ramp(c.outSize()), ramp(c.weights())
	y, dx, dw := make([]float32, c.outSize()), make([]float32, c.inSize()), make([]float32, c.weights())
	scratch := make([]float32, c.Scratch())
	flop := float64(2 * c.weights() * c.OutHeight * c.OutWidth * c.Batch)
	return []Sprint{
		{"product 64×64×64", 2 * n * n * n, func() { MulNN(ab, a, b, n, n, n, Finish{Bias: bias, Relu: true}) }},
		{"direct 3×3 forward", flop, func() { p.gatherForward(c, y, x, w, Finish{}) }},
		{"direct 3×3 dx", flop, func() { p.gatherInputGrad(c, dx, dy, w, Finish{}) }},
		{"direct 3×3 dw", flop, func() { p.rowsGrad(c, dw, x, dy) }},
		{"3×3 forward", flop, func() { c.Forward(y, x, w, Finish{}, scratch) }},
		{"3×3 dx", flop, func() { c.InputGrad(dx, dy, w, Finish{}, scratch) }},
		{"3×3 dw", flop, func() { c.WeightGrad(dw, x, dy, scratch) }},
	}, nil
}

// ramp is n numbers around zero, none of them small enough to be slow.
func ramp(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i%17) - 8.25
	}
	return x
}
