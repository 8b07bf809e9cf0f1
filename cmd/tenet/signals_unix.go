//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// limitSignals makes a file-size limit an error of the write instead of the end of the process.
func limitSignals() { signal.Ignore(syscall.SIGXFSZ) }
