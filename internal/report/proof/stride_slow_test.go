//go:build slow

package proof

const (
	proofStride  = 1
	bundleStride = 1
	flipStride   = 1
	sweepStride  = 3
)
