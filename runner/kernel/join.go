package kernel

// Add sets dst = a + b.
func Add(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

// AddScaled sets dst = x + s·h.
func AddScaled(dst, x, h []float32, s float32) {
	x, h = x[:len(dst)], h[:len(dst)]
	for i := range dst {
		dst[i] = x[i] + float32(s*h[i])
	}
}

// Scale sets dst = s·x.
func Scale(dst, x []float32, s float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = s * x[i]
	}
}

// Dot is Σ a·b, summed in doubles in index order.
func Dot(a, b []float32) float32 {
	var s float64
	for i, v := range a {
		s += float64(float64(v) * float64(b[i]))
	}
	return float32(s)
}

// Gate sets dst = t·h + (1-t)·x, written x + t·(h - x).
func Gate(dst, x, h, t []float32) {
	for i := range dst {
		dst[i] = x[i] + float32(t[i]*(h[i]-x[i]))
	}
}

// GateGradX sets dst = grad (1 - t).
func GateGradX(dst, t, grad []float32) {
	for i := range dst {
		dst[i] = grad[i] * (1 - t[i])
	}
}

// GateGradT sets dst = grad (h - x).
func GateGradT(dst, x, h, grad []float32) {
	for i := range dst {
		dst[i] = grad[i] * (h[i] - x[i])
	}
}

// Mul sets dst = a·b.
func Mul(dst, a, b []float32) {
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

// Columns copies columns from, from+1, … of src (m×n) into dst (m×w).
func Columns(dst, src []float32, m, n, from, w int) {
	for i := range m {
		copy(dst[i*w:][:w], src[i*n+from:][:w])
	}
}

// SetColumns copies src (m×w) into columns from, from+1, … of dst (m×n).
func SetColumns(dst, src []float32, m, n, from, w int) {
	for i := range m {
		copy(dst[i*n+from:][:w], src[i*w:][:w])
	}
}

// SumRows sets dst (n) to the column sums of src (m×n), rows in order.
func SumRows(dst, src []float32, m, n int) {
	copy(dst, src[:n])
	for i := 1; i < m; i++ {
		row := src[i*n:][:n]
		for j, v := range row {
			dst[j] += v
		}
	}
}
