package kernel

import "math"

// These run number by number in plain Go on every path; nets of the comparison do without them.

// Each sets dst = f(x).
func Each(dst, x []float32, f func(x float32) float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = f(v)
	}
}

// EachGrad sets dst = grad·slope(x).
func EachGrad(dst, x, grad []float32, slope func(x float32) float32) {
	grad = grad[:len(dst)]
	for i, v := range x[:len(dst)] {
		dst[i] = grad[i] * slope(v)
	}
}

// Exp1 is e^x, x kept within ±87.
func Exp1(x float32) float32 { return exp(x) }

// Log1 is the natural logarithm.
func Log1(x float32) float32 { return float32(Log(float64(x))) }

// Sqrt1 is the square root.
func Sqrt1(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// Softplus1 is ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|).
func Softplus1(x float32) float32 {
	v := float64(x)
	return float32(max(v, 0) + Log(1+Exp64(0-math.Abs(v))))
}

// Sigmoid1 is 1/(1 + e^-x).
func Sigmoid1(x float32) float32 { return 1 / (1 + exp(0-x)) }

// GeluExact1 is x Φ(x), Φ being the normal distribution.
func GeluExact1(x float32) float32 { return float32(float64(x) * normalBelow(float64(x))) }

// GeluExactSlope1 is Φ(x) + x φ(x), the derivative of [GeluExact1].
func GeluExactSlope1(x float32) float32 {
	v := float64(x)
	density := Exp64(0-float64(v*v)/2) / math.Sqrt(2*math.Pi)
	return float32(normalBelow(v) + float64(v*density))
}

func normalBelow(x float64) float64 { return (1 + erf(x/math.Sqrt2)) / 2 }
