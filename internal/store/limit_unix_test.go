//go:build !windows

package store

import (
	"os/exec"
	"syscall"
)

const sigxfsz = syscall.SIGXFSZ

func limitFileSize(n uint64) error {
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n})
}

// asNobody runs a command as a user without rights, where we may; root ignores file modes.
func asNobody(cmd *exec.Cmd) {
	if syscall.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
}

func limitAddresses(n uint64) error {
	return syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: n, Max: n})
}
