//go:build unix

package runner

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
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

// forgetPeak begins a new peak of memory, so that a trial is not charged with the one before it. Elsewhere
// than on Linux the peak is the process's.
func forgetPeak() {
	if f, err := os.OpenFile("/proc/self/clear_refs", os.O_WRONLY, 0); err == nil {
		_, _ = f.WriteString("5")
		_ = f.Close()
	}
}

// peakRSSKB is read from /proc where there is one: a fresh process's rusage begins with the peak of the
// process that started it.
func peakRSSKB() int64 {
	if b, err := os.ReadFile("/proc/self/status"); err == nil {
		if _, after, ok := bytes.Cut(b, []byte("\nVmHWM:")); ok {
			if f := bytes.Fields(after); len(f) > 0 {
				if n, err := strconv.ParseInt(string(f[0]), 10, 64); err == nil {
					return n
				}
			}
		}
	}
	r := usage()
	return rssKB(int64(r.Maxrss))
}

func rssKB(n int64) int64 {
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return n >> 10 // bytes there, KiB elsewhere
	}
	return n
}

// childRSSKB is the most memory that a command which has ended used.
func childRSSKB(s *os.ProcessState) int64 {
	if r, ok := s.SysUsage().(*syscall.Rusage); ok {
		return rssKB(int64(r.Maxrss))
	}
	return 0
}

// ownGroup makes the end of a command the end of everything that it started.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(cmd.SysProcAttr)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
