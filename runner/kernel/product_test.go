package kernel

import (
	"math/rand/v2"
	"testing"
)

func BenchmarkMulNT(b *testing.B) {
	for _, d := range [][3]int{{64, 32, 32}, {32, 32, 64}, {64, 64, 64}} {
		m, n, k := d[0], d[1], d[2]
		r := rand.New(rand.NewPCG(1, 2))
		x, y, c := make([]float32, m*k), make([]float32, n*k), make([]float32, m*n)
		for i := range x {
			x[i] = r.Float32()
		}
		for i := range y {
			y[i] = r.Float32()
		}
		b.Run("", func(b *testing.B) {
			for b.Loop() {
				MulNT(c, x, y, nil, m, n, k)
			}
			b.ReportMetric(float64(2*m*n*k*b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
