package kernel

import "math"

// Losses that are means are summed in doubles, in sixteen lanes that are folded by halves.

func folded64(s *[16]float64) float64 {
	for w := 8; w > 0; w /= 2 {
		for l := range w {
			s[l] += s[l+w]
		}
	}
	return s[0]
}

// Sum is Σ x.
func Sum(x []float32) float32 {
	var s [16]float64
	for i, v := range x {
		s[i&15] += float64(v)
	}
	return float32(folded64(&s))
}

// squares is Σ x².
func squares(x []float32) float64 {
	var s [16]float64
	for i, v := range x {
		s[i&15] += float64(float64(v) * float64(v))
	}
	return folded64(&s)
}

// Fill sets every number of dst to v.
func Fill(dst []float32, v float32) {
	for i := range dst {
		dst[i] = v
	}
}

// MSE is the mean of (y - target)².
func MSE(y, target []float32) float32 {
	var s [16]float64
	target = target[:len(y)]
	for i, v := range y {
		d := float64(v) - float64(target[i])
		s[i&15] += float64(d * d)
	}
	return float32(folded64(&s) / float64(len(y)))
}

// MSEGrad sets dst = 2 grad (y - target)/n.
func MSEGrad(dst, y, target []float32, grad float32) {
	s := 2 * grad / float32(len(dst))
	y, target = y[:len(dst)], target[:len(dst)]
	for i, v := range y {
		dst[i] = s * (v - target[i])
	}
}

// BCE is the mean of -t ln σ(x) - (1-t) ln(1-σ(x)) = max(x, 0) - x t + ln(1 + e^-|x|). The logarithm is
// taken of products of some of the sums at a time: each is at most 2, so nothing overflows.
func BCE(x, target []float32) float32 {
	const some = 256
	var e [some]float32
	var s, prod [16]float64
	n := len(x)
	target = target[:n]
	total := 0.0
	for from := 0; from < n; from += some {
		part, t := x[from:min(from+some, n)], target[from:]
		for i, v := range part {
			e[i] = 0 - float32(math.Abs(float64(v)))
			s[i&15] += float64(max(v, 0)) - float64(float64(v)*float64(t[i]))
		}
		Exp(e[:len(part)], e[:len(part)])
		for l := range prod {
			prod[l] = 1
		}
		for i, v := range e[:len(part)] {
			prod[i&15] *= 1 + float64(v)
		}
		for _, v := range prod {
			total += Log(v)
		}
	}
	return float32((folded64(&s) + total) / float64(n))
}

// BCEGrad sets dst = grad (σ(x) - target)/n.
func BCEGrad(dst, x, target []float32, grad float32) {
	s := grad / float32(len(dst))
	target = target[:len(dst)]
	SigmoidForward(dst, x[:len(dst)])
	for i, t := range target {
		dst[i] = s * (dst[i] - t)
	}
}

// Exp sets dst = e^x, x kept within ±87.
func Exp(dst, x []float32) { active().exp(dst, x) }

func (p path) exp(dst, x []float32) {
	x = x[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		expVector(p, &dst[0], &x[0], n)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = exp(x[i])
	}
}
