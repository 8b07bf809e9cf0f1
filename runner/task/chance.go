package task

import (
	"math/bits"
	"math/rand/v2"
)

// Seeds gives the seed of a named stream. The same name must always give the same seed.
type Seeds func(stream string) [32]byte

// shuffler shuffles with ChaCha8 by Fisher and Yates. It is our own so that a seed means the same order
// whatever the standard library's shuffle does in later versions.
type shuffler struct{ src *rand.ChaCha8 }

func newShuffler(seed [32]byte) *shuffler { return &shuffler{rand.NewChaCha8(seed)} }

// below is uniform in 0 … n-1; the bias of taking the high word is below n/2⁶⁴.
func (s *shuffler) below(n int) int {
	hi, _ := bits.Mul64(s.src.Uint64(), uint64(n))
	return int(hi)
}

func (s *shuffler) shuffle(a []int) {
	for i := len(a) - 1; i > 0; i-- {
		j := s.below(i + 1)
		a[i], a[j] = a[j], a[i]
	}
}

func (s *shuffler) perm(n int) []int {
	a := make([]int, n)
	for i := range a {
		a[i] = i
	}
	s.shuffle(a)
	return a
}
