package kernel

import "math"

// Relu sets dst = src, or 0 where src < 0; a NaN stays a NaN.
func Relu(dst, src []float32) { active().relu(dst, src) }

func (p path) relu(dst, src []float32) {
	dst = dst[:len(src)]
	n := p.whole(len(src))
	if n > 0 {
		reluVector(p, &dst[0], &src[0], n)
	}
	for i := n; i < len(src); i++ {
		v := src[i]
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}

// ReluGrad sets dst = grad where x > 0, else 0 (zero at x = 0, as PyTorch); x may be Relu's input or its
// output. No branch: signs of a net's activations are coin flips to a branch predictor.
func ReluGrad(dst, x, grad []float32) { active().reluGrad(dst, x, grad) }

func (p path) reluGrad(dst, x, grad []float32) {
	x, grad = x[:len(dst)], grad[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		reluGradVector(p, &dst[0], &x[0], &grad[0], n)
	}
	for i := n; i < len(dst); i++ {
		b := int32(math.Float32bits(x[i]))
		dst[i] = math.Float32frombits(math.Float32bits(grad[i]) & uint32((^b&-b)>>31))
	}
}

// TanhForward sets dst = tanh(src).
func TanhForward(dst, src []float32) { active().tanh(dst, src) }

func (p path) tanh(dst, src []float32) {
	dst = dst[:len(src)]
	n := p.whole(len(src))
	if n > 0 {
		tanhVector(p, &dst[0], &src[0], n)
	}
	for i := n; i < len(src); i++ {
		dst[i] = tanh(src[i])
	}
}

// TanhGrad sets dst = grad (1 - y²), y being the forward's output.
func TanhGrad(dst, y, grad []float32) { active().tanhGrad(dst, y, grad) }

func (p path) tanhGrad(dst, y, grad []float32) {
	y, grad = y[:len(dst)], grad[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		tanhGradVector(p, &dst[0], &y[0], &grad[0], n)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = grad[i] * (1 - float32(y[i]*y[i]))
	}
}

// SigmoidForward sets dst = 1/(1+e^-src).
func SigmoidForward(dst, src []float32) { active().sigmoid(dst, src) }

func (p path) sigmoid(dst, src []float32) {
	dst = dst[:len(src)]
	n := p.whole(len(src))
	if n > 0 {
		sigmoidVector(p, &dst[0], &src[0], n)
	}
	for i := n; i < len(src); i++ {
		dst[i] = 1 / (1 + exp(0-src[i]))
	}
}

// SigmoidGrad sets dst = grad y (1 - y), y being the forward's output.
func SigmoidGrad(dst, y, grad []float32) { active().sigmoidGrad(dst, y, grad) }

func (p path) sigmoidGrad(dst, y, grad []float32) {
	y, grad = y[:len(dst)], grad[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		sigmoidGradVector(p, &dst[0], &y[0], &grad[0], n)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = grad[i] * float32(y[i]*(1-y[i]))
	}
}
