package kernel

// MulNT sets c = a bᵀ (+ bias per column when bias is not nil); a is m×k, b is n×k, c is m×n.
//
//	for i, j: c[i*n+j] = Σ_p a[i*k+p] * b[j*k+p], + bias[j]
//
// Four rows by two columns are summed at once: eight accumulators are what sixteen registers hold beside
// their operands.
func MulNT(c, a, b, bias []float32, m, n, k int) {
	i := 0
	for ; i+4 <= m; i += 4 {
		a0 := a[i*k:][:k]
		a1 := a[(i+1)*k:][:k]
		a2 := a[(i+2)*k:][:k]
		a3 := a[(i+3)*k:][:k]
		c0 := c[i*n:][:n]
		c1 := c[(i+1)*n:][:n]
		c2 := c[(i+2)*n:][:n]
		c3 := c[(i+3)*n:][:n]
		j := 0
		for ; j+2 <= n; j += 2 {
			b0 := b[j*k:][:k]
			b1 := b[(j+1)*k:][:k]
			var s00, s01, s10, s11, s20, s21, s30, s31 float32
			for p, y0 := range b0 {
				y1 := b1[p]
				x := a0[p]
				s00 += float32(x * y0)
				s01 += float32(x * y1)
				x = a1[p]
				s10 += float32(x * y0)
				s11 += float32(x * y1)
				x = a2[p]
				s20 += float32(x * y0)
				s21 += float32(x * y1)
				x = a3[p]
				s30 += float32(x * y0)
				s31 += float32(x * y1)
			}
			if bias != nil {
				u, v := bias[j], bias[j+1]
				s00, s10, s20, s30 = s00+u, s10+u, s20+u, s30+u
				s01, s11, s21, s31 = s01+v, s11+v, s21+v, s31+v
			}
			c0[j], c0[j+1] = s00, s01
			c1[j], c1[j+1] = s10, s11
			c2[j], c2[j+1] = s20, s21
			c3[j], c3[j+1] = s30, s31
		}
		for ; j < n; j++ {
			b0 := b[j*k:][:k]
			c0[j] = dot(a0, b0, bias, j)
			c1[j] = dot(a1, b0, bias, j)
			c2[j] = dot(a2, b0, bias, j)
			c3[j] = dot(a3, b0, bias, j)
		}
	}
	for ; i < m; i++ {
		for j := range n {
			c[i*n+j] = dot(a[i*k:][:k], b[j*k:][:k], bias, j)
		}
	}
}

func dot(x, y, bias []float32, j int) float32 {
	var s float32
	for p, v := range x {
		s += float32(v * y[p])
	}
	if bias != nil {
		s += bias[j]
	}
	return s
}

// Transpose sets dst (n×m) to the transpose of src (m×n).
func Transpose(dst, src []float32, m, n int) {
	for i := range m {
		row := src[i*n:][:n]
		for j, v := range row {
			dst[j*m+i] = v
		}
	}
}
