package store

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// guard turns a panic that bbolt raises on a damaged file, or a fault in its memory map, into ErrCorrupt.
// Panics of other origin go on: they are mistakes in code and must not look like damage.
func guard(err *error) {
	r := recover()
	if r == nil {
		return
	}
	if _, fault := r.(interface{ Addr() uintptr }); !fault && !fromBolt() {
		panic(r)
	}
	*err = mark(ErrCorrupt, "library.db: a page cannot be read: %s", damage(r))
}

// damage is what bbolt or the system says of a page; the words of Go's runtime mean nothing to a reader.
func damage(r any) string {
	if _, ok := r.(runtime.Error); ok {
		return "it is cut off or overwritten"
	}
	return fmt.Sprint(r)
}

// fromBolt looks for the first frame under the panic that belongs to no runtime package.
func fromBolt() bool {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		switch {
		case strings.HasPrefix(f.Function, "runtime."):
		case strings.HasPrefix(f.Function, "go.etcd.io/bbolt"):
			return true
		default:
			return false
		}
		if !more {
			return false
		}
	}
}

// faultsPanic makes a bad page of the memory map a panic that guard can catch; call the result when done.
func faultsPanic() func() {
	old := debug.SetPanicOnFault(true)
	return func() { debug.SetPanicOnFault(old) }
}

// unreachable is for states that only a mistake in this package can cause.
func unreachable(what string) { panic(fmt.Sprintf("store: unreachable: %s", what)) }
