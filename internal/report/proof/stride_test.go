//go:build !slow

package proof

// The sweeps take every so many bytes; with -tags slow they take all of them.
const (
	proofStride  = 7   // of a proof file
	bundleStride = 41  // of a bundle
	flipStride   = 23  // of what the second reader sees
	sweepStride  = 211 // of the records in library.db
)
