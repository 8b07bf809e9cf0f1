package bench

import "math"

// seed is the definition's; only starts are drawn from others, too.
const seed = 1

// mix and draw are the definition's counter-based generator.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func draw(stream, i uint64) uint64 { return drawOf(seed, stream, i) }

func drawOf(seed, stream, i uint64) uint64 {
	return mix(mix(mix(seed)+stream) + (i+1)*0x9E3779B97F4A7C15)
}

// uniform is number i of a stream, in [0, 1).
func uniform(stream, i uint64) float64 { return unit(draw(stream, i)) }

func unit(u uint64) float64 { return float64(u>>40) / (1 << 24) }

// weights fills w with the numbers of stream k of seed from number first on, uniform within ±√(gain/inputs).
func weights(w []float32, seed uint64, gain float64, inputs, k, first int) {
	bound := math.Sqrt(gain / float64(inputs))
	for i := range w {
		w[i] = float32(bound * (2*unit(drawOf(seed, uint64(k), uint64(first+i))) - 1))
	}
}

// normal is number i of a stream of standard normal numbers.
func normal(stream, i uint64) float64 {
	u1 := (float64(draw(stream, 2*i)>>11) + 0.5) / (1 << 53)
	u2 := float64(draw(stream, 2*i+1)>>11) / (1 << 53)
	return math.Sqrt(-2*math.Log(u1)) * math.Cos(2*math.Pi*u2)
}
