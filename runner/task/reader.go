package task

import "math"

// reader is a linear classifier: scores are weights times features, plus an offset a class.
type reader struct {
	width, classes int
	w              []float64 // classes × width
	offset         []float64
}

// fitRidge solves for each class the least squares of 1 for its rows and 0 for others, with penalty times the
// squared weights; the offset is free. Closed form, in doubles, every sum in the order of the rows.
func fitRidge(x, class []float32, width, classes int, penalty float64) reader {
	rows := len(class)
	mean := make([]float64, width)
	for r := range rows {
		for j := range mean {
			mean[j] += float64(x[r*width+j])
		}
	}
	for j := range mean {
		mean[j] /= float64(rows)
	}
	share := make([]float64, classes)
	for _, c := range class {
		share[int(c)] += 1 / float64(rows)
	}
	a := make([]float64, width*width)   // Σ (x - mean)(x - mean)ᵀ, its lower half
	b := make([]float64, classes*width) // Σ (x - mean) · (is class), centred by itself
	d := make([]float64, width)
	for r := range rows {
		for j := range d {
			d[j] = float64(x[r*width+j]) - mean[j]
		}
		for i, v := range d {
			for j := range i + 1 {
				a[i*width+j] += float64(v * d[j])
			}
		}
		to := b[int(class[r])*width:][:width]
		for j, v := range d {
			to[j] += v
		}
	}
	for i := range width {
		a[i*width+i] += penalty
	}
	factorise(a, width)
	w := reader{width: width, classes: classes, w: b, offset: make([]float64, classes)}
	for c := range classes {
		solve(a, b[c*width:][:width])
		w.offset[c] = share[c]
		for j, m := range mean {
			w.offset[c] -= float64(m * b[c*width+j])
		}
	}
	return w
}

// factorise overwrites the lower half of a positive definite a with its Cholesky factor.
func factorise(a []float64, n int) {
	for i := range n {
		for j := range i + 1 {
			sum := a[i*n+j]
			for k := range j {
				sum -= float64(a[i*n+k] * a[j*n+k])
			}
			if i == j {
				a[i*n+i] = math.Sqrt(sum)
			} else {
				a[i*n+j] = sum / a[j*n+j]
			}
		}
	}
}

// solve overwrites b with the solution of l lᵀ x = b.
func solve(l, b []float64) {
	n := len(b)
	for i := range n {
		for k := range i {
			b[i] -= float64(l[i*n+k] * b[k])
		}
		b[i] /= l[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= float64(l[k*n+i] * b[k])
		}
		b[i] /= l[i*n+i]
	}
}

// accuracy is the share of rows whose highest score is their class's; of equal scores the first counts.
func (w reader) accuracy(x, class []float32) float64 {
	hits := 0
	for r, c := range class {
		best, at := math.Inf(-1), 0
		for k := range w.classes {
			s := w.offset[k]
			for j, v := range w.w[k*w.width:][:w.width] {
				s += float64(v * float64(x[r*w.width+j]))
			}
			if s > best {
				best, at = s, k
			}
		}
		if at == int(c) {
			hits++
		}
	}
	return float64(hits) / float64(len(class))
}
