//go:build !unix

package papers

import "os/exec"

// ownGroup has no counterpart here that needs no handle to be kept.
func ownGroup(*exec.Cmd) {}

// killGroup ends the child; it starts no processes itself.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill() // already gone
	}
}
