package net

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// newArena is memory for n numbers, in pages of 2 MiB where the system gives them: a step walks through all
// of it, and small pages cost a convolutional net 4 to 7 %.
func newArena(n int) []float32 {
	const page = 2 << 20
	a := make([]float32, n)
	if 4*n < 2*page {
		return a
	}
	from := -uintptr(unsafe.Pointer(&a[0])) % page
	if size := (uintptr(4*n) - from) / page * page; size > 0 {
		// A refusal costs speed only.
		_ = unix.Madvise(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(&a[0]), from)), size), unix.MADV_HUGEPAGE)
	}
	return a
}
