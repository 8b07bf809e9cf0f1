//go:build !windows

package store

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes names in a folder survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func isReadOnlyFS(err error) bool { return errors.Is(err, syscall.EROFS) }

// outOfAddresses knows a memory map that found no room.
func outOfAddresses(err error) bool { return errors.Is(err, syscall.ENOMEM) }
