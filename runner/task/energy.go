package task

import "math"

// energyDistance between two samples of rows is 2 E|a-b| - E|a-a'| - E|b-b'|, in Euclidean lengths (Székely &
// Rizzo 2013); 0 for equal distributions, and all pairs are taken, so it needs no chance.
func energyDistance(a, b []float32, width int) float64 {
	return 2*meanDistance(a, b, width) - meanDistance(a, a, width) - meanDistance(b, b, width)
}

func meanDistance(a, b []float32, width int) float64 {
	n, m := len(a)/width, len(b)/width
	total := 0.0
	for i := range n {
		p := a[i*width:][:width]
		row := 0.0
		for j := range m {
			q := b[j*width:][:width]
			s := 0.0
			for k, v := range p {
				d := float64(v) - float64(q[k])
				s += float64(d * d)
			}
			row += math.Sqrt(s)
		}
		total += row
	}
	return total / float64(n) / float64(m)
}
