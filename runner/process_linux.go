package runner

import "syscall"

// dieWithParent lets the command end when the worker's thread that started it does; a worker trains, and
// waits, on a thread of its own.
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }
