package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"tenet/index"
	"tenet/internal/store"
	"tenet/internal/store/socket"
	"tenet/internal/yamlfile"
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
	s := strings.TrimSuffix(strings.TrimPrefix(err.Error(), "tenet: "), ": "+context.Canceled.Error())
	fmt.Fprintf(w, "tenet: %s\n", s)
	if h := hint(err); h != "" {
		fmt.Fprintf(w, "  %s\n", h)
	}
}

func hint(err error) string {
	var nowhere *noLibraryError
	var line *yamlfile.Error
	switch {
	case errors.As(err, &nowhere):
		return "`tenet init` makes one here, `tenet demo` shows a finished example, --library DIR names another."
	case errors.As(err, &line):
		return "nothing was imported; put the named place right and import again (docs/packs.md)."
	case errors.Is(err, store.ErrSchemaTooNew):
		return "install the newer tenet that wrote this library; nothing was touched."
	case errors.Is(err, store.ErrLocked):
		return "wait for that process, or stop it; the library itself is fine."
	case errors.Is(err, store.ErrCorrupt):
		return "nothing was changed; put back a copy of the whole folder, or `tenet import` an exported pack into a new library."
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EFBIG), errors.Is(err, syscall.EDQUOT):
		return "make room and run the same command again; what was finished before is kept."
	case errors.Is(err, store.ErrReadOnly), errors.Is(err, fs.ErrPermission):
		return "give yourself the right to write there, or use another folder (--library DIR, a copy of the whole folder is a library too)."
	case errors.Is(err, store.ErrNotFound):
		return "`tenet list papers` (or claims, principles, hypotheses) shows what there is."
	case errors.Is(err, context.Canceled):
		return "what was finished before is kept; run the same command again to go on."
	}
	return ""
}
