package net

import (
	"math"
	"math/rand/v2"

	"tenet/runner/kernel"
)

// Param is one tensor of a net's parameters. All lie one after another in a flat vector, in the order in
// which Build names them.
type Param struct {
	Name   string
	Shape  []int // a weight is out × in, of a convolution out × in × side × side
	Offset int
	start  start
	value  float64 // of a constant start
	shrink float64 // factor of a drawn start
	act    string  // what follows, for the gain of an orthogonal start
	inputs int     // of one output, where the shape does not say it: a transposed convolution's
}

// start says how a parameter is drawn.
type start string

const (
	startConstant   start = "constant"
	startHe         start = "he"
	startGlorot     start = "glorot"
	startLecun      start = "lecun"
	startOrthogonal start = "orthogonal"
	startDelta      start = "delta-orthogonal" // a convolution that is an orthogonal map at its centre (Xiao et al. 2018)
	startEye        start = "identity"
	startTable      start = "table"  // of tokens or positions: variance 1/2, so that their sum has variance 1
	startForget     start = "forget" // zero but for the second quarter, an lstm's forget gates
)

// Size is the number of numbers in p.
func (p Param) Size() int {
	n := 1
	for _, d := range p.Shape {
		n *= d
	}
	return n
}

// Draw fills w with p's start from seed. Normal numbers come by Marsaglia's polar method from ChaCha8:
// nothing in it depends on the machine's mathematics library.
func (p Param) Draw(w []float32, seed [32]byte) {
	switch p.start {
	case startConstant:
		for i := range w {
			w[i] = float32(p.value)
		}
		return
	case startForget:
		clear(w)
		for i := len(w) / 4; i < len(w)/2; i++ {
			w[i] = float32(p.value)
		}
		return
	}
	out, in := p.Shape[0], p.Size()/p.Shape[0]
	if p.start == startEye {
		clear(w)
		for i := range min(out, in) {
			w[i*in+i] = 1
		}
		return
	}
	norm := normals{r: rand.New(rand.NewChaCha8(seed))}
	gain := 1.0
	if p.act == "relu" || p.act == "leaky relu" {
		gain = math.Sqrt2
	}
	switch {
	case p.start == startDelta && len(p.Shape) == 4:
		p.drawDelta(w, gain*p.shrink, &norm)
	case p.start == startDelta || p.start == startOrthogonal:
		orthogonal(w, out, in, gain*p.shrink, &norm)
	default:
		sd := p.shrink * math.Sqrt(p.variance())
		for i := range w {
			w[i] = float32(sd * norm.next())
		}
	}
}

// drawDelta fills the centres of the kernels.
func (p Param) drawDelta(w []float32, gain float64, norm *normals) {
	out, in, side := p.Shape[0], p.Shape[1], p.Shape[2]
	centre := make([]float32, out*in)
	orthogonal(centre, out, in, gain, norm)
	clear(w)
	for i, v := range centre {
		w[(i*side+side/2)*side+side/2] = v
	}
}

// variance is that of a drawn weight; inputs and outputs of a convolution are those of one pixel's window.
func (p Param) variance() float64 {
	out, in := p.Shape[0], p.Size()/p.Shape[0]
	if len(p.Shape) == 4 {
		out = p.Size() / p.Shape[1]
	}
	if p.inputs > 0 {
		in, out = p.inputs, p.Shape[1]
	}
	switch p.start {
	case startGlorot:
		return 2 / float64(in+out)
	case startLecun:
		return 1 / float64(in)
	case startTable:
		return 0.5
	}
	return 2 / float64(in)
}

type normals struct {
	r     *rand.Rand
	spare float64
	has   bool
}

func (n *normals) next() float64 {
	if n.has {
		n.has = false
		return n.spare
	}
	for {
		u, v := float64(2*n.r.Float64())-1, float64(2*n.r.Float64())-1
		q := float64(u*u) + float64(v*v)
		if q == 0 || q >= 1 {
			continue
		}
		f := math.Sqrt(-2 * kernel.Log(q) / q)
		n.spare, n.has = v*f, true
		return u * f
	}
}

// orthogonal fills w (out×in) with gain times a random matrix whose shorter side is orthonormal, by
// Gram–Schmidt done twice on normal vectors (once loses orthogonality, twice does not; Giraud et al. 2005).
func orthogonal(w []float32, out, in int, gain float64, norm *normals) {
	count, size := min(out, in), max(out, in)
	basis := make([][]float64, count)
	for i := range basis {
		v := make([]float64, size)
		for j := range v {
			v[j] = norm.next()
		}
		for range 2 {
			for _, b := range basis[:i] {
				d := dot64(v, b)
				for j := range v {
					v[j] -= float64(d * b[j])
				}
			}
		}
		length := math.Sqrt(dot64(v, v))
		for j := range v {
			v[j] /= length
		}
		basis[i] = v
	}
	for i := range out {
		for j := range in {
			v := 0.0
			if out <= in {
				v = basis[i][j]
			} else {
				v = basis[j][i]
			}
			w[i*in+j] = float32(gain * v)
		}
	}
}

func dot64(a, b []float64) float64 {
	s := 0.0
	for i, v := range a {
		s += float64(v * b[i])
	}
	return s
}
