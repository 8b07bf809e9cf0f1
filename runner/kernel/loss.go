package kernel

// SoftmaxCrossEntropy is the mean over rows of -ln softmax(x)[label]; x is m×n. Large logits are safe:
// the row's maximum is taken off first.
func SoftmaxCrossEntropy(x, label []float32, m, n int) float32 {
	var total float64
	for i := range m {
		row := x[i*n:][:n]
		top, sum := logSum(row)
		total += top + Log(sum) - float64(row[int(label[i])])
	}
	return float32(total / float64(m))
}

func logSum(row []float32) (top, sum float64) {
	t := row[0]
	for _, v := range row[1:] {
		t = max(t, v)
	}
	top = float64(t)
	for _, v := range row {
		sum += Exp(float64(v) - top)
	}
	return top, sum
}

// SoftmaxCrossEntropyGrad sets dst = (softmax(x) - onehot(label)) · grad / m.
func SoftmaxCrossEntropyGrad(dst, x, label []float32, grad float32, m, n int) {
	g := float64(grad) / float64(m)
	for i := range m {
		row, out := x[i*n:][:n], dst[i*n:][:n]
		top, sum := logSum(row)
		for j, v := range row {
			p := Exp(float64(v)-top) / sum
			if j == int(label[i]) {
				p--
			}
			out[j] = float32(p * g)
		}
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
