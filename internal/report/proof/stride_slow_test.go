//go:build slow

package proof

const flipStride = 1

const sweepStride = 3
