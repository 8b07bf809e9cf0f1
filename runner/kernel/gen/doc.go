// Command gen writes the vector kernels of runner/kernel: Go assembly and its Go declarations, for AVX-512
// and for AVX2 with FMA, from one description each.
//
// It is a module of its own, so that the assembler library is no dependency of the program. It is run by
// go generate in runner/kernel and writes the same bytes every time.
//
// # Words
//
// An isa is one of the two instruction sets. A lane is one float32 of a register. A tile is the block of
// outputs that stays in registers while a product sums over k.
//
// # Invariants
//
//  1. The files in runner/kernel are what this program writes. (TestAssemblyIsWhatTheGeneratorWrites)
//  2. Both sets do the same operations on every number in the same order, so bits are equal.
//     (TestPathsGiveTheSameBits)
//
// # May import
//
// avo.
package main
