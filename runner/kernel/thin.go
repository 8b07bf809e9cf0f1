package kernel

// Thin tells products of m × n numbers that are made turned over: a result of a few columns leaves most lanes
// empty, its transpose fills them. Every number is the same chain of sums either way.
func Thin(m, n int) bool { return n <= 4 && m >= 16*n }

// ThinNN is [MulNN] for a thin result; scratch has m·(n + k) numbers.
func ThinNN(c, a, b []float32, m, n, k int, f Finish, scratch []float32) {
	at, ct := scratch[:m*k], scratch[m*k:][:m*n]
	Transpose(at, a, m, k)
	MulTN(ct, b, at, n, m, k, Finish{})
	finishTurned(c, ct, m, n, f)
}

// ThinNT is c = a bᵀ for a thin result: a is m×k, b is n×k. Scratch has m·(n + k) numbers.
func ThinNT(c, a, b []float32, m, n, k int, f Finish, scratch []float32) {
	at, ct := scratch[:m*k], scratch[m*k:][:m*n]
	Transpose(at, a, m, k)
	MulNN(ct, b, at, n, m, k, Finish{})
	finishTurned(c, ct, m, n, f)
}

// finishTurned sets c (m×n) to the transpose of ct with what f says done to it.
func finishTurned(c, ct []float32, m, n int, f Finish) {
	for j := range n {
		row, bias := ct[j*m:][:m], float32(0)
		if f.Bias != nil {
			bias = f.Bias[j]
		}
		for i, v := range row {
			if f.Bias != nil {
				v += bias
			}
			c[i*n+j] = v
		}
	}
	if f.Add != nil {
		Add(c[:m*n], c[:m*n], f.Add)
	}
	if f.Relu {
		Relu(c[:m*n], c[:m*n])
	}
	if f.Gate != nil {
		ReluGrad(c[:m*n], f.Gate[:m*n], c[:m*n])
	}
}
