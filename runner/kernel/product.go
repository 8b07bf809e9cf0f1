package kernel

// Finish says what is done to every output of a product before it is stored, in this order.
type Finish struct {
	Bias []float32 // one per column, added; nil for none
	Add  []float32 // as large as the output, added; nil for none
	Relu bool      // below zero becomes zero
	Gate []float32 // as large as the output: where it is not above zero the output becomes zero; nil for none
}

// MulNN sets c = a b; a is m×k, b is k×n, c is m×n.
//
//	for i, j: s = 0; for p: s = fma(a[i*k+p], b[p*n+j], s); c[i*n+j] = finish(s)
func MulNN(c, a, b []float32, m, n, k int, f Finish) {
	active().product(c[:m*n], a[:m*k], b[:k*n], m, n, k, k, 1, f)
}

// MulTN sets c = aᵀ b; a is k×m, b is k×n, c is m×n.
//
//	for i, j: s = 0; for p: s = fma(a[p*m+i], b[p*n+j], s); c[i*n+j] = finish(s)
func MulTN(c, a, b []float32, m, n, k int, f Finish) {
	active().product(c[:m*n], a[:k*m], b[:k*n], m, n, k, 1, m, f)
}

// longest is how many multiplications one call of assembly may do: it cannot be interrupted, and a
// collection of garbage waits for it.
const longest = 8 << 20

// product is c = a b where number i, p of a lies at i*down + p*along.
func (p path) product(c, a, b []float32, m, n, k, down, along int, f Finish) {
	if p == portable || m == 0 || n == 0 || k == 0 {
		productLoop(c, a, b, m, n, k, down, along, f)
		return
	}
	rows := max(8, longest/(n*k)&^7)
	bias, hasBias := first(f.Bias, n)
	relu := 0
	if f.Relu {
		relu = 1
	}
	for i := 0; i < m; i += rows {
		gate, hasGate := rest(f.Gate, i*n, m*n)
		addend, hasAddend := rest(f.Add, i*n, m*n)
		productVector(p, &c[i*n], &a[i*down], &b[0], bias, addend, gate, min(rows, m-i), n, k, 4*down, 4*along, 4*n, 4*n, hasBias, hasAddend, relu, hasGate)
	}
}

// productApart is c = a b where number i, p of a lies at i*down + p*along and rows of b and c lie pitch apart.
func (p path) productApart(c, a, b []float32, m, n, k, down, along, pitch int) {
	if p != portable {
		productVector(p, &c[0], &a[0], &b[0], nil, nil, nil, m, n, k, 4*down, 4*along, 4*pitch, 4*pitch, 0, 0, 0, 0)
		return
	}
	for i := range m {
		for j := range n {
			var s float32
			for q := range k {
				s = fma(a[i*down+q*along], b[q*pitch+j], s)
			}
			c[i*pitch+j] = s
		}
	}
}

// first is where x begins, if there is an x; it must have n numbers.
func first(x []float32, n int) (*float32, int) {
	if x == nil {
		return nil, 0
	}
	return &x[:n][0], 1
}

// rest is where x begins at from, if there is an x; it must have end numbers.
func rest(x []float32, from, end int) (*float32, int) {
	if x == nil {
		return nil, 0
	}
	return &x[from:end][0], 1
}

func productLoop(c, a, b []float32, m, n, k, down, along int, f Finish) {
	for i := range m {
		out := c[i*n:][:n]
		j := 0
		for ; j+4 <= n; j += 4 {
			var s0, s1, s2, s3 float32
			for q := range k {
				x, y := a[i*down+q*along], b[q*n+j:][:4]
				s0, s1, s2, s3 = fma(x, y[0], s0), fma(x, y[1], s1), fma(x, y[2], s2), fma(x, y[3], s3)
			}
			out[j], out[j+1], out[j+2], out[j+3] = s0, s1, s2, s3
		}
		for ; j < n; j++ {
			var s float32
			for q := range k {
				s = fma(a[i*down+q*along], b[q*n+j], s)
			}
			out[j] = s
		}
		if f.Bias != nil {
			for j, v := range f.Bias[:n] {
				out[j] += v
			}
		}
		if f.Add != nil {
			portable.add(out, out, f.Add[i*n:])
		}
		if f.Relu {
			portable.relu(out, out)
		}
		if f.Gate != nil {
			portable.reluGrad(out, f.Gate[i*n:][:n], out)
		}
	}
}

// Transpose sets dst (n×m) to the transpose of src (m×n).
func Transpose(dst, src []float32, m, n int) { active().transpose(dst[:m*n], src[:m*n], m, n) }

func (p path) transpose(dst, src []float32, m, n int) {
	mm, nn := 0, 0
	if p != portable && m >= 8 && n >= 8 {
		mm, nn = m&^7, n&^7
		transposeVector(p, &dst[0], &src[0], mm, nn, 4*m, 4*n)
	}
	for i := range m {
		from := 0
		if i < mm {
			from = nn
		}
		for j := from; j < n; j++ {
			dst[j*m+i] = src[i*n+j]
		}
	}
}

// SumRows sets dst (n) to the column sums of src (m×n), rows in order.
func SumRows(dst, src []float32, m, n int) { active().sumRows(dst[:n], src[:m*n], m, n) }

func (p path) sumRows(dst, src []float32, m, n int) {
	w := p.whole(n)
	if m == 0 {
		clear(dst)
		return
	}
	if w > 0 {
		sumRowsVector(p, &dst[0], &src[0], m, w, 4*n)
	}
	copy(dst[w:], src[w:n])
	for i := 1; i < m; i++ {
		for j := w; j < n; j++ {
			dst[j] += src[i*n+j]
		}
	}
}
