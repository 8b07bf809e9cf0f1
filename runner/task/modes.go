package task

import "math"

// The numbers of D10: modes on the unit circle, their deviation, latent numbers, and the share of samples that
// makes a mode found.
const (
	modes    = 8
	modeSD   = 0.05
	latents  = 8
	leastOf  = 50 // a mode is found when 1 of so many samples is near it
	nearness = 3  // standard deviations
)

// centres are the modes' places.
func centres() [modes][2]float64 {
	var at [modes][2]float64
	for k := range at {
		s, c := sineCosine(2 * math.Pi * float64(k) / modes)
		at[k] = [2]float64{c, s}
	}
	return at
}

// drawRing fills x with points of a mixture of equal Gaussians, and mode, unless nil, with where they are from.
func drawRing(x, mode []float32, c *chance) {
	at, z := centres(), bell()
	for i := range len(x) / 2 {
		k := c.below(modes)
		x[2*i] = float32(at[k][0] + float64(modeSD*z.normal(c)))
		x[2*i+1] = float32(at[k][1] + float64(modeSD*z.normal(c)))
		if mode != nil {
			mode[i] = float32(k)
		}
	}
}

// found counts the modes that enough of the points x are near to, and the share of points near any.
func found(x []float32) (modesFound int, near float64) {
	at := centres()
	var count [modes]int
	n := len(x) / 2
	for i := range n {
		for k, p := range at {
			dx, dy := float64(x[2*i])-p[0], float64(x[2*i+1])-p[1]
			if float64(dx*dx)+float64(dy*dy) <= nearness*nearness*modeSD*modeSD {
				count[k]++
				break
			}
		}
	}
	total := 0
	for _, k := range count {
		if leastOf*k >= n {
			modesFound++
		}
		total += k
	}
	return modesFound, float64(total) / float64(n)
}
