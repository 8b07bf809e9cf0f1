package kernel

import "math"

// SoftmaxCrossEntropy is the mean over rows of -ln softmax(x)[label]; x is m×n. Large logits are safe:
// the row's maximum is taken off first. Rows are summed in order, in doubles.
func SoftmaxCrossEntropy(x, label []float32, m, n int) float32 {
	return active().softmaxCrossEntropy(x[:m*n], label[:m], m, n)
}

func (p path) softmaxCrossEntropy(x, label []float32, m, n int) float32 {
	const some = 64 // rows at a time, so that their tops and sums need no memory from outside
	var top, sum [some]float32
	var total float64
	for i := 0; i < m; i += some {
		rows := min(some, m-i)
		if p != portable {
			softmaxRowsVector(p, &top[0], &sum[0], &x[i*n], rows, n)
		}
		for r := range rows {
			row := x[(i+r)*n:][:n]
			if p == portable {
				top[r], sum[r] = softmaxRow(nil, row)
			}
			total += float64(top[r]) + Log(float64(sum[r])) - float64(row[int(label[i+r])])
		}
	}
	return float32(total / float64(m))
}

// softmaxRow gives the row's largest number and Σ e^(x - top), in sixteen lanes; the summands go to out
// unless that is nil.
func softmaxRow(out, row []float32) (top, sum float32) {
	var most, s [16]float32
	for l := range most {
		most[l] = float32(math.Inf(-1))
	}
	for j, v := range row {
		if !(most[j&15] > v) {
			most[j&15] = v
		}
	}
	for w := 8; w > 0; w /= 2 {
		for l := range w {
			if !(most[l] > most[l+w]) {
				most[l] = most[l+w]
			}
		}
	}
	for j, v := range row {
		e := exp(v - most[0])
		s[j&15] += e
		if out != nil {
			out[j] = e
		}
	}
	return most[0], folded(&s)
}

// SoftmaxCrossEntropyGrad sets dst = (softmax(x) - onehot(label)) · grad / m.
func SoftmaxCrossEntropyGrad(dst, x, label []float32, grad float32, m, n int) {
	active().softmaxCrossEntropyGrad(dst[:m*n], x[:m*n], label[:m], grad, m, n)
}

func (p path) softmaxCrossEntropyGrad(dst, x, label []float32, grad float32, m, n int) {
	if m == 0 || n == 0 {
		return
	}
	g := grad / float32(m)
	if p != portable {
		softmaxGradRowsVector(p, &dst[0], &x[0], m, n, g)
	}
	for i := range m {
		out := dst[i*n:][:n]
		if p == portable {
			_, sum := softmaxRow(out, x[i*n:][:n])
			scaled := g / sum
			for j := range out {
				out[j] *= scaled
			}
		}
		out[int(label[i])] -= g
	}
}

// Hits counts the rows of x (m×n) whose largest entry stands at the label; of equal entries the first counts.
func Hits(x, label []float32, m, n int) int {
	hits := 0
	for i := range m {
		best := 0
		row := x[i*n:][:n]
		for j, v := range row {
			if v > row[best] {
				best = j
			}
		}
		if best == int(label[i]) {
			hits++
		}
	}
	return hits
}
