package task

import (
	"math"

	"tenet/runner/kernel"
)

// energyDistance between two samples of rows is 2 E|a-b| - E|a-a'| - E|b-b'|, in Euclidean lengths (Székely &
// Rizzo 2013); 0 for equal distributions. All pairs are taken, so it needs no chance.
func energyDistance(a, b []float32, width int) float64 {
	return 2*meanDistance(a, b, width) - meanDistance(a, a, width) - meanDistance(b, b, width)
}

// meanDistance takes |a-b|² = |a|² + |b|² - 2ab, all products at once; a row and itself are apart by 0.
func meanDistance(a, b []float32, width int) float64 {
	n, m := len(a)/width, len(b)/width
	columns := make([]float32, len(b))
	for j := range m {
		for k, v := range b[j*width:][:width] {
			columns[k*m+j] = v
		}
	}
	products := make([]float32, n*m)
	kernel.MulNN(products, a, columns, n, m, width, kernel.Finish{})
	one, other := lengths(a, width), lengths(b, width)
	same := n == m && &a[0] == &b[0]
	total := 0.0
	for i, q := range one {
		row := 0.0
		for j, p := range products[i*m:][:m] {
			if d := q + other[j] - 2*float64(p); d > 0 && !(same && i == j) {
				row += math.Sqrt(d)
			}
		}
		total += row
	}
	return total / float64(n) / float64(m)
}

// lengths are the squared lengths of rows.
func lengths(a []float32, width int) []float64 {
	q := make([]float64, len(a)/width)
	for i := range q {
		q[i] = dot(a[i*width:][:width], a[i*width:][:width])
	}
	return q
}
