package kernel

// Add sets dst = a + b.
func Add(dst, a, b []float32) { active().add(dst, a, b) }

func (p path) add(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		addVector(p, &dst[0], &a[0], &b[0], n)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = a[i] + b[i]
	}
}

// AddScaled sets dst = x + s·h.
func AddScaled(dst, x, h []float32, s float32) { active().addScaled(dst, x, h, s) }

func (p path) addScaled(dst, x, h []float32, s float32) {
	x, h = x[:len(dst)], h[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		addScaledVector(p, &dst[0], &x[0], &h[0], n, s)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = x[i] + float32(s*h[i])
	}
}

// Scale sets dst = s·x.
func Scale(dst, x []float32, s float32) { active().scale(dst, x, s) }

func (p path) scale(dst, x []float32, s float32) {
	x = x[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		scaleVector(p, &dst[0], &x[0], n, s)
	}
	for i := n; i < len(dst); i++ {
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
func Gate(dst, x, h, t []float32) { active().gate(dst, x, h, t) }

func (p path) gate(dst, x, h, t []float32) {
	x, h, t = x[:len(dst)], h[:len(dst)], t[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		gateVector(p, &dst[0], &x[0], &h[0], &t[0], n)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = x[i] + float32(t[i]*(h[i]-x[i]))
	}
}

// GateGradX sets dst = grad (1 - t).
func GateGradX(dst, t, grad []float32) { active().gateGradX(dst, t, grad) }

func (p path) gateGradX(dst, t, grad []float32) {
	t, grad = t[:len(dst)], grad[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		gateGradXVector(p, &dst[0], &t[0], &grad[0], n)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = grad[i] * (1 - t[i])
	}
}

// GateGradT sets dst = grad (h - x).
func GateGradT(dst, x, h, grad []float32) { active().gateGradT(dst, x, h, grad) }

func (p path) gateGradT(dst, x, h, grad []float32) {
	x, h, grad = x[:len(dst)], h[:len(dst)], grad[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		gateGradTVector(p, &dst[0], &x[0], &h[0], &grad[0], n)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = grad[i] * (h[i] - x[i])
	}
}

// Mul sets dst = a·b.
func Mul(dst, a, b []float32) { active().mul(dst, a, b) }

func (p path) mul(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	n := p.whole(len(dst))
	if n > 0 {
		mulVector(p, &dst[0], &a[0], &b[0], n)
	}
	for i := n; i < len(dst); i++ {
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
