// Package kernel is the arithmetic of training: products, norms, activations and optimiser steps on
// plain float32 slices.
//
// It does not know graphs, tensors, nets or tasks; a kernel takes slices and dimensions. Everything here
// is portable Go (path [Path]); vector paths in assembly come beside it and are named by their own path.
//
// # Words
//
// A product is named by how its operands lie: MulNT multiplies rows of a with rows of b. Row-major always.
//
// # Invariants
//
//  1. An output of a product is one chain over k ascending, bias last; every product is rounded before it
//     is added, so no compiler may fuse the two and the bits are equal on every machine.
//     (TestProductsEqualTheNaiveLoopBitForBit)
//  2. Exp, Log and Tanh use only + - * / and sqrt of IEEE doubles, so their bits do not depend on the
//     machine's mathematics library, and lie within one float32 unit of it. (TestMathIsWithinOneUnit)
//  3. A NaN in is a NaN out: a broken training is seen, never clipped away. (TestNaNGoesThrough)
//  4. Adam, momentum and unit steps match their published formulas. (TestOptimisersMatchGolden)
//
// # May import
//
// The standard library.
package kernel
