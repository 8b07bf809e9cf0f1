package kernel

import "math"

// Relu sets dst = max(src, 0); a NaN stays a NaN.
func Relu(dst, src []float32) {
	dst = dst[:len(src)]
	for i, v := range src {
		dst[i] = max(v, 0)
	}
}

// ReluGrad sets dst = grad where x > 0, else 0 (zero at x = 0, as PyTorch). No branch: signs of a net's
// activations are coin flips to a branch predictor.
func ReluGrad(dst, x, grad []float32) {
	x, grad = x[:len(dst)], grad[:len(dst)]
	for i := range dst {
		b := int32(math.Float32bits(x[i]))
		dst[i] = math.Float32frombits(math.Float32bits(grad[i]) & uint32((^b&-b)>>31))
	}
}

// TanhForward sets dst = tanh(src).
func TanhForward(dst, src []float32) {
	for i, v := range src {
		dst[i] = float32(Tanh(float64(v)))
	}
}

// TanhGrad sets dst = grad (1 - y²), y being the forward's output.
func TanhGrad(dst, y, grad []float32) {
	for i, v := range y {
		dst[i] = grad[i] * (1 - float32(v*v))
	}
}

// SigmoidForward sets dst = 1/(1+e^-src).
func SigmoidForward(dst, src []float32) {
	for i, v := range src {
		dst[i] = float32(Sigmoid(float64(v)))
	}
}

// SigmoidGrad sets dst = grad y (1 - y), y being the forward's output.
func SigmoidGrad(dst, y, grad []float32) {
	for i, v := range y {
		dst[i] = grad[i] * float32(v*(1-v))
	}
}
