package bench

import "math"

// noising is the diffusion of the definition: how much of a picture and of the noise is in it at each of 200
// times, and 32 numbers that tell a net the time. Tables are rounded to float32.
type noising struct {
	keep, noise []float32
	table       []float32
}

const (
	times   = 200
	tells   = 32
	pixels  = 64
	tells16 = tells / 2
)

func newNoising() noising {
	n := noising{table: make([]float32, times*tells)}
	product := 1.0
	for t := range times {
		beta := 1e-4 + float64(t)*((0.04-1e-4)/(times-1))
		product *= 1 - beta
		n.keep = append(n.keep, float32(math.Sqrt(product)))
		n.noise = append(n.noise, float32(math.Sqrt(1-product)))
		for k := range tells16 {
			a := float64(t) * math.Exp(-math.Log(10000)*float64(k)/tells16)
			n.table[t*tells+k] = float32(math.Sin(a))
			n.table[t*tells+tells16+k] = float32(math.Cos(a))
		}
	}
	return n
}

// mix sets rows of pixels + tells numbers: the pictures x noised by eps at the times t, and the times.
func (n noising) mix(rows, x, eps, t []float32) {
	for j, at := range t {
		row := rows[j*(pixels+tells):][:pixels+tells]
		keep, noise := n.keep[int(at)], n.noise[int(at)]
		for k := range pixels {
			row[k] = float32(keep*x[j*pixels+k]) + float32(noise*eps[j*pixels+k])
		}
		copy(row[pixels:], n.table[int(at)*tells:][:tells])
	}
}
