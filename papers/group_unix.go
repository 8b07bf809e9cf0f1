//go:build unix

package papers

import (
	"os/exec"
	"syscall"
)

// ownGroup starts the child in a process group of its own, out of reach of the terminal's ctrl+c.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends the child and whatever it has started.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process == nil || cmd.Process.Pid <= 1 {
		return
	}
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
		_ = cmd.Process.Kill() // already gone, or not yet the leader of its group
	}
}
