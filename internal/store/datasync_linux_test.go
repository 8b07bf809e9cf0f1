package store

import (
	"os"
	"syscall"
)

// datasync is the call bbolt waits for on Linux.
func datasync(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
