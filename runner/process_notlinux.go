//go:build unix && !linux

package runner

import "syscall"

// This system has no such wish; a command ends when its worker tells it to.
func dieWithParent(*syscall.SysProcAttr) {}
