package kernel

import "math"

// Huber is the mean of d²/2 where |d| ≤ delta, else delta(|d| - delta/2), d = y - target.
func Huber(y, target []float32, delta float64) float32 {
	var s [16]float64
	for i, v := range y {
		d := math.Abs(float64(v) - float64(target[i]))
		if d <= delta {
			s[i&15] += float64(d*d) / 2
		} else {
			s[i&15] += float64(delta * (d - delta/2))
		}
	}
	return float32(folded64(&s) / float64(len(y)))
}

// HuberGrad sets dst = grad/n times y - target, kept within ±delta.
func HuberGrad(dst, y, target []float32, delta float64, grad float32) {
	s := float64(grad) / float64(len(dst))
	for i, v := range y[:len(dst)] {
		dst[i] = float32(s * max(-delta, min(delta, float64(v)-float64(target[i]))))
	}
}

// KLNormal is Σ (μ² + e^l - l - 1)/2, the divergence of normal distributions with means μ and variances e^l
// from the standard one.
func KLNormal(mean, logVariance []float32) float32 {
	var s [16]float64
	for i, v := range mean {
		m, l := float64(v), float64(logVariance[i])
		s[i&15] += (float64(m*m) + Exp64(l) - l - 1) / 2
	}
	return float32(folded64(&s))
}

// KLNormalGrad sets dst = grad (e^l - 1)/2.
func KLNormalGrad(dst, logVariance []float32, grad float32) {
	for i, l := range logVariance[:len(dst)] {
		dst[i] = float32(float64(grad) * (Exp64(float64(l)) - 1) / 2)
	}
}

// SmoothCrossEntropy is the mean over rows of the cross-entropy against labels of which a share is spread
// evenly over all n classes: ln Σ e^x - (1 - share) x[label] - share·mean(x).
func SmoothCrossEntropy(x, label []float32, share float64, m, n int) float32 {
	total := 0.0
	for i := range m {
		row := x[i*n:][:n]
		top, sum := softmaxRow(nil, row)
		total += float64(top) + Log(float64(sum)) - float64((1-share)*float64(row[int(label[i])])) - share*float64(Sum(row))/float64(n)
	}
	return float32(total / float64(m))
}

// SmoothCrossEntropyGrad sets dst = (softmax(x) - (1 - share) onehot(label) - share/n)·grad/m.
func SmoothCrossEntropyGrad(dst, x, label []float32, share float64, grad float32, m, n int) {
	Softmax(dst, x, m, n)
	s, even := float64(grad)/float64(m), share/float64(n)
	for i := range m {
		out := dst[i*n:][:n]
		out[int(label[i])] -= float32(1 - share)
		for j, v := range out {
			out[j] = float32((float64(v) - even) * s)
		}
	}
}
