package kernel

import (
	"os"
	"sync"
)

// path is a way of doing this package's arithmetic; all give the same bits.
type path int8

const (
	portable path = iota
	avx2          // with FMA
	avx512        // F, DQ, BW and VL
)

// PathVariable is the environment variable that forces a path: portable, avx2 or avx512. A path that the
// processor lacks, or an unknown word, leaves the choice to the processor.
const PathVariable = "TENET_KERNEL_PATH"

func (p path) String() string { return [...]string{"portable", "avx2", "avx512"}[p] }

// Path names the arithmetic in use, for a trial's record.
func Path() string { return active().String() }

// active is chosen once, at the first kernel.
var active = sync.OnceValue(func() path {
	have := supported()
	for _, p := range have {
		if os.Getenv(PathVariable) == p.String() {
			return p
		}
	}
	return have[len(have)-1]
})

// whole is how many of n numbers the vector code of p takes; the rest is done one by one.
func (p path) whole(n int) int {
	if p == portable {
		return 0
	}
	return n &^ 15
}
