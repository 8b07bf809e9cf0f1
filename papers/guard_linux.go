package papers

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"syscall"
)

// addressHeadroom is what a Go process reserves beside what it uses: arenas, stacks of threads, the binary itself. With less, a
// healthy child dies at start; with more, the limit still stops a runaway long before the machine swaps.
const addressHeadroom = 3 << 30

// limitMemory bounds this process: the collector works harder from four fifths of the limit on, and the kernel refuses address space
// far beyond it. The parent watches the resident size itself.
func limitMemory(mb int) {
	debug.SetMemoryLimit(int64(mb) << 20 / 5 * 4)
	most := uint64(mb)<<20 + addressHeadroom
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &old); err != nil || old.Cur <= most {
		return
	}
	_ = syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: most, Max: old.Max}) // without it the parent's watch remains
}

// residentMB is the memory a process holds, or 0 where it cannot be known.
func residentMB(pid int) int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(b)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.Atoi(string(fields[1]))
	if err != nil {
		return 0
	}
	return pages * os.Getpagesize() >> 20
}
