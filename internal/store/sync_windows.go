package store

import (
	"errors"
	"syscall"
)

// syncDir does nothing: NTFS journals names, and a folder cannot be flushed through os.File.
func syncDir(string) error { return nil }

// isReadOnlyFS knows ERROR_WRITE_PROTECT.
func isReadOnlyFS(err error) bool { return errors.Is(err, syscall.Errno(19)) }

// outOfAddresses never holds: no room is reserved on Windows.
func outOfAddresses(error) bool { return false }
