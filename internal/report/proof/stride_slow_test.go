//go:build slow

package proof

const flipStride = 1
