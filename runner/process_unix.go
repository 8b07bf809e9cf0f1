//go:build unix

package runner

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// lowerPriority makes the calling thread (elsewhere than Linux: the process) polite. Failure changes
// nothing but politeness.
func lowerPriority() { _ = unix.Setpriority(unix.PRIO_PROCESS, 0, 10) }

func usage() unix.Rusage {
	var r unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &r) // zero numbers mean unknown
	return r
}

func processCPU() time.Duration {
	r := usage()
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func peakRSSKB() int64 {
	n := int64(usage().Maxrss)
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return n >> 10 // bytes there, KiB elsewhere
	}
	return n
}
