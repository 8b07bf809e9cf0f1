package kernel

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// TestNoKernelTouchesMemoryBesideItsSlices puts every slice against a page that may not be touched, once
// with its end and once with its start: one number too far is a crash.
func TestNoKernelTouchesMemoryBesideItsSlices(t *testing.T) {
	const page = 4096
	for _, atEnd := range []bool{true, false} {
		var maps [][]byte
		take := func(n int) []float32 {
			if n == 0 {
				return nil
			}
			size := (4*n + page - 1) / page * page
			m, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
			if err != nil {
				t.Fatal(err)
			}
			maps = append(maps, m)
			for _, guard := range [][]byte{m[:page], m[page+size:]} {
				if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
					t.Fatal(err)
				}
			}
			from := page
			if atEnd {
				from = page + size - 4*n
			}
			return unsafe.Slice((*float32)(unsafe.Pointer(&m[from])), n)
		}
		for _, d := range deeds() {
			for _, p := range supported()[1:] {
				for _, s := range [][3]int{{1, 1, 1}, {3, 5, 2}, {8, 16, 7}, {9, 17, 8}, {13, 33, 16}, {16, 31, 9}, {12, 7, 3}, {24, 48, 5}, {70, 10, 64}} {
					d.do(p, room{rand.New(rand.NewPCG(5, 6)), take, false}, s[0], s[1], s[2])
					for _, m := range maps {
						if err := syscall.Munmap(m); err != nil {
							t.Fatal(err)
						}
					}
					maps = maps[:0]
				}
			}
		}
	}
}
