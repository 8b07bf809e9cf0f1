package kernel

// Spin does about n floating-point operations as fast as the core can do fused multiply-adds on the path in
// use, and says how many they were: what a benchmark calls the peak.
func Spin(n float64) float64 {
	p := active()
	lanes := map[path]float64{portable: 1, avx2: 8, avx512: 16}[p]
	rounds := max(1, int(n/(24*lanes)))
	x := []float32{1e-3}
	if p == portable {
		for range 12 * rounds {
			x[0] = fma(1e-3, 1e-3, x[0])
		}
	} else {
		spinVector(p, &x[0], rounds)
	}
	return float64(rounds) * 24 * lanes
}
