package task

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"sync"

	"tenet/runner/kernel"
)

// Seeds gives the seed of a named stream. The same name must always give the same seed.
type Seeds func(stream string) [32]byte

// under is s with every name behind a prefix.
func (s Seeds) under(prefix string) Seeds {
	return func(stream string) [32]byte { return s(prefix + stream) }
}

// chance draws from ChaCha8. How numbers come of its words is our own, so that a seed means the same draws
// whatever the standard library's own ways are in later versions.
type chance struct{ src *rand.ChaCha8 }

func newChance(seed [32]byte) *chance { return &chance{rand.NewChaCha8(seed)} }

// below is uniform in 0 … n-1; the bias of taking the high word is below n/2⁶⁴.
func (c *chance) below(n int) int {
	hi, _ := bits.Mul64(c.src.Uint64(), uint64(n))
	return int(hi)
}

// uniform is in [0, 1), a multiple of 2⁻⁵³.
func (c *chance) uniform() float64 { return float64(c.src.Uint64()>>11) / (1 << 53) }

func (c *chance) shuffle(a []int) {
	for i := len(a) - 1; i > 0; i-- {
		j := c.below(i + 1)
		a[i], a[j] = a[j], a[i]
	}
}

func (c *chance) perm(n int) []int {
	a := make([]int, n)
	for i := range a {
		a[i] = i
	}
	c.shuffle(a)
	return a
}

// strips is how many parts of equal area the bell curve is cut into; tail is where the last one begins and
// area what each holds (Marsaglia & Tsang 2000, for 256 strips).
const (
	strips = 256
	tail   = 3.6541528853610088
	area   = 0.00492867323399
)

// ziggurat holds the right ends of the strips, from the widest to 0, and the curve's height there.
type ziggurat struct{ x, y [strips + 1]float64 }

var bell = sync.OnceValue(func() *ziggurat {
	z := &ziggurat{}
	height := func(x float64) float64 { return exponential(-x * x / 2) }
	z.x[0], z.x[1] = area/height(tail), tail // the widest holds the tail too, as if it were a box
	z.y[1] = height(tail)
	for i := 2; i < strips; i++ {
		z.y[i] = z.y[i-1] + area/z.x[i-1]
		z.x[i] = math.Sqrt(-2 * kernel.Log(z.y[i]))
	}
	z.y[strips] = 1
	return z
})

// normal is a standard normal number, by strips: one word of the stream is enough in 99 of 100 cases.
func (z *ziggurat) normal(c *chance) float64 {
	for {
		u := c.src.Uint64()
		i := int(u & (strips - 1))
		x := float64(u>>12) / (1 << 52) * z.x[i]
		if x >= z.x[i+1] {
			if i == 0 {
				x = c.beyond()
			} else if z.y[i]+float64(c.uniform()*(z.y[i+1]-z.y[i])) >= exponential(-x*x/2) {
				continue
			}
		}
		if u>>8&1 == 1 {
			return -x
		}
		return x
	}
}

// beyond is a normal number given that it lies in the tail (Marsaglia 1964).
func (c *chance) beyond() float64 {
	for {
		x := -kernel.Log(1-c.uniform()) / tail
		y := -kernel.Log(1 - c.uniform())
		if 2*y > x*x {
			return tail + x
		}
	}
}

// normals fills dst with standard normal numbers times sd.
func (c *chance) normals(dst []float32, sd float64) {
	z := bell()
	for i := range dst {
		dst[i] = float32(sd * z.normal(c))
	}
}

// disturb adds standard normal numbers times sd to dst.
func (c *chance) disturb(dst []float32, sd float64) {
	z := bell()
	for i := range dst {
		dst[i] += float32(sd * z.normal(c))
	}
}
