package kernel

// LocalNorm is the normalisation across channels of Krizhevsky et al. (2012): y = x/s^Power with
// s = K + Alpha/Size times the sum of squares over the Size channels around.
type LocalNorm struct {
	Channels, Size  int
	Alpha, Power, K float64
}

// sums gives s of channel c at place p of planes of n numbers.
func (l LocalNorm) sums(x []float32, c, p, n int) float64 {
	s := 0.0
	for k := max(0, c-l.Size/2); k < min(l.Channels, c+(l.Size+1)/2); k++ {
		v := float64(x[k*n+p])
		s += float64(v * v)
	}
	return l.K + float64(l.Alpha/float64(l.Size)*s)
}

func raised(s, power float64) float64 { return Exp64(power * Log(s)) }

// Forward sets y to the normalised x.
func (l LocalNorm) Forward(y, x []float32) {
	n := len(x) / l.Channels
	for c := range l.Channels {
		for p := range n {
			y[c*n+p] = float32(float64(x[c*n+p]) * raised(l.sums(x, c, p, n), -l.Power))
		}
	}
}

// Backward sets dx to the gradient of x.
func (l LocalNorm) Backward(dx, x, grad []float32) {
	n := len(x) / l.Channels
	for c := range l.Channels {
		for p := range n {
			d := float64(grad[c*n+p]) * raised(l.sums(x, c, p, n), -l.Power)
			// The channels whose sums hold this one.
			for k := max(0, c-(l.Size-1)/2); k < min(l.Channels, c+l.Size/2+1); k++ {
				t := float64(grad[k*n+p]) * float64(x[k*n+p]) * raised(l.sums(x, k, p, n), -l.Power-1)
				d -= float64(2 * l.Power * l.Alpha / float64(l.Size) * t * float64(x[c*n+p]))
			}
			dx[c*n+p] = float32(d)
		}
	}
}
