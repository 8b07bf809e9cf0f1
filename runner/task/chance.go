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

// ziggurat holds the right ends of the strips, from the widest to 0, and the curve's height there; and, for
// numbers of 23 bits, how many of each strip are surely below the curve, and what one is worth.
type ziggurat struct {
	x, y [strips + 1]float64
	sure [strips]uint32
	unit [strips]float32
}

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
	for i := range strips {
		z.sure[i] = uint32(z.x[i+1] / z.x[i] * (1 << 23))
		z.unit[i] = float32(z.x[i] / (1 << 23))
	}
	return z
})

// normal is a standard normal number, by strips: one word of the stream is enough in 99 of 100 cases.
func (z *ziggurat) normal(c *chance) float64 {
	for {
		u := c.src.Uint64()
		i := int(u & (strips - 1))
		x := float64(u>>12) / (1 << 52) * z.x[i]
		if x >= z.x[i+1] {
			ok := false
			if x, ok = z.unsure(c, i, x); !ok {
				continue
			}
		}
		if u>>8&1 == 1 {
			return -x
		}
		return x
	}
}

// unsure decides about a number at the right end of strip i: it is below the curve, or above and no number, or
// of the tail.
func (z *ziggurat) unsure(c *chance, i int, x float64) (float64, bool) {
	if i == 0 {
		return c.beyond(), true
	}
	return x, z.y[i]+float64(c.uniform()*(z.y[i+1]-z.y[i])) < exponential(-x*x/2)
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

// half is a normal number of half a word; its sign has no branch, for nobody could foretell it.
func (z *ziggurat) half(c *chance, u uint32) float32 {
	i, k := u&(strips-1), u>>9
	x := float32(k) * z.unit[i]
	if k >= z.sure[i] {
		x = z.edge(c, int(i), x)
	}
	return math.Float32frombits(math.Float32bits(x) | (u&0x100)<<23)
}

// edge is the size of a number that is not surely below the curve; drawn anew where it is above.
func (z *ziggurat) edge(c *chance, i int, x float32) float32 {
	if exact, ok := z.unsure(c, i, float64(x)); ok {
		return float32(exact)
	}
	return float32(math.Abs(z.normal(c)))
}

// normals fills dst with standard normal numbers times sd, two of each word.
func (c *chance) normals(dst []float32, sd float64) {
	z, by := bell(), float32(sd)
	for len(dst) >= 2 {
		u := c.src.Uint64()
		dst[0], dst[1] = by*z.half(c, uint32(u)), by*z.half(c, uint32(u>>32))
		dst = dst[2:]
	}
	if len(dst) > 0 {
		dst[0] = by * z.half(c, uint32(c.src.Uint64()))
	}
}

// disturb adds standard normal numbers times sd to dst.
func (c *chance) disturb(dst []float32, sd float64) {
	z, by := bell(), float32(sd)
	for len(dst) >= 2 {
		u := c.src.Uint64()
		dst[0] += float32(by * z.half(c, uint32(u)))
		dst[1] += float32(by * z.half(c, uint32(u>>32)))
		dst = dst[2:]
	}
	if len(dst) > 0 {
		dst[0] += float32(by * z.half(c, uint32(c.src.Uint64())))
	}
}
