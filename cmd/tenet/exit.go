package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"tenet/index"
	"tenet/internal/store"
	"tenet/internal/store/socket"
)

// The exit codes of every verb.
const (
	exitOK        = 0
	exitFailed    = 1
	exitUsage     = 2
	exitNotFound  = 3
	exitBusy      = 4
	exitIntegrity = 5
)

// usageError marks an error that the caller's words caused.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, a ...any) error { return usageError{fmt.Errorf(format, a...)} }

// errIntegrity marks findings of a check that has already printed them.
var errIntegrity = errors.New("the library does not verify")

// errRefused marks a proof or bundle that does not hold.
var errRefused = errors.New("it does not hold")

// errReported ends a verb with exit 1 after it has already told what failed.
var errReported = errors.New("some items failed")

// exitCode maps an error to the exit code of the process.
func exitCode(err error) int {
	var usage usageError
	var parse *index.ParseError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage), errors.As(err, &parse):
		return exitUsage
	case errors.Is(err, store.ErrNotFound):
		return exitNotFound
	case errors.Is(err, store.ErrLocked), errors.Is(err, socket.ErrHolderGone):
		return exitBusy
	case errors.Is(err, errIntegrity), errors.Is(err, errRefused), errors.Is(err, store.ErrCorrupt):
		return exitIntegrity
	}
	return exitFailed
}

// explain writes an error for people: what is wrong, then what to do about it where there is a way.
func explain(w io.Writer, err error) {
	if errors.Is(err, errReported) || errors.Is(err, errIntegrity) {
		return
	}
	fmt.Fprintf(w, "tenet: %s\n", strings.TrimPrefix(err.Error(), "tenet: "))
	if h := hint(err); h != "" {
		fmt.Fprintf(w, "  %s\n", h)
	}
}

func hint(err error) string {
	switch {
	case errors.Is(err, errNoLibrary):
		return "`tenet init` makes one here, `tenet demo` shows a finished example, --library DIR names another."
	case errors.Is(err, store.ErrSchemaTooNew):
		return "install the newer tenet that wrote this library; nothing was touched."
	case errors.Is(err, store.ErrLocked):
		return "wait for that process, or stop it; the library itself is fine."
	case errors.Is(err, context.Canceled):
		return "what was finished before is kept; run the same command again to go on."
	}
	return ""
}
