// Package kernel is the arithmetic of training: products, norms, activations and optimiser steps on
// plain float32 slices.
//
// It does not know graphs, tensors, nets or tasks; a kernel takes slices and dimensions.
//
// # Words
//
// A path is a way of doing the same arithmetic: portable Go, AVX2 with FMA, AVX-512. The last two are
// assembly that the program in gen writes; go generate reproduces it. The path is chosen once, by what the
// processor can do or by the environment ([PathVariable]). A product is named by how its operands lie: MulTN
// multiplies a's transpose with b. Row-major always.
//
// # Invariants
//
//  1. An output of a product is one chain of fused multiply-adds over k ascending, then bias, addend, relu
//     and gate. (TestProductsEqualTheNaiveLoopBitForBit, TestFMARoundsOnce)
//  2. All paths give the same bits, for every kernel, shape and number; which NaN a NaN is, is left open.
//     (TestPathsGiveTheSameBits, FuzzPathsGiveTheSameBits)
//  3. No kernel touches memory beside its slices. (TestNoKernelTouchesMemoryBesideItsSlices)
//  4. Exponentials use only + - * / and rounding, so their bits do not depend on the machine's mathematics
//     library, and err by a few units at most. (TestVectorMathIsWithinAFewUnits, TestMathIsWithinOneUnit)
//  5. A NaN in is a NaN out: a broken training is seen, never clipped away. (TestNaNGoesThrough)
//  6. Adam, momentum and unit steps match their published formulas. (TestOptimisersMatchGolden)
//  7. A convolution and its gradients are the sums they are defined as, whichever way they are computed; the
//     way follows from the shape alone. (TestConvolutionsEqualTheNaiveLoop, TestTheseShapesGoWinogradsWay)
//  8. The assembly in the folder is what the generator writes. (TestAssemblyIsWhatTheGeneratorWrites)
//
// Sums along a row go to sixteen lanes that are folded by halves, of a whole channel to sixty-four; sums down a
// column go in order, of a group norm in four chains. Numbers too small to be normal are computed with, not
// flushed: a flag of the thread must not decide bits.
//
// # May import
//
// The standard library, x/sys/cpu.
package kernel
