//go:build !slow

package proof

// flipStride thins the flips that the second reader sees; with -tags slow it sees every byte.
const flipStride = 23

// sweepStride thins the bits flipped in library.db.
const sweepStride = 211
