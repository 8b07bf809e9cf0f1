package store

import (
	"errors"
	"fmt"
	"path/filepath"
)

// The sentinels a caller may branch on; the text shown to people is in the error that wraps them.
var (
	ErrNotFound      = errors.New("not found")
	ErrLocked        = errors.New("library is held by another process")
	ErrSchemaTooNew  = errors.New("library is of a newer schema than this program knows")
	ErrReadOnly      = errors.New("read only")
	ErrNothingToUndo = errors.New("nothing to undo")
	ErrFinal         = errors.New("final change, cannot be undone")
	ErrConflict      = errors.New("conflict")
	ErrCorrupt       = errors.New("damaged library")
	ErrExists        = errors.New("library exists already")
	ErrClosed        = errors.New("library is closed")

	errBroken = errors.New("no more writes after a failed one, reopen the library")
)

// LockedError says which process holds a library and what it is doing; PID is 0 where that could not be read.
type LockedError struct {
	Dir   string
	PID   int
	Doing string
}

func (e *LockedError) Error() string {
	at := filepath.Join(e.Dir, ledgerName)
	if e.PID == 0 {
		return fmt.Sprintf("store: %s is held by another process", at)
	}
	if e.Doing == "" {
		return fmt.Sprintf("store: %s is held by process %d", at, e.PID)
	}
	return fmt.Sprintf("store: %s is held by process %d (%s)", at, e.PID, e.Doing)
}

// Is reports that a LockedError is an ErrLocked.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// marked keeps a sentence for people apart from the sentinel for programs: Error says only the sentence.
type marked struct {
	text string
	mark error
	err  error
}

func (e *marked) Error() string { return e.text }

func (e *marked) Unwrap() []error {
	if e.err == nil {
		return []error{e.mark}
	}
	return []error{e.mark, e.err}
}

// mark makes an error that reads as the given sentence and is errors.Is(sentinel).
func mark(sentinel error, format string, args ...any) error {
	wrapped := fmt.Errorf(format, args...)
	return &marked{text: "store: " + wrapped.Error(), mark: sentinel, err: errors.Unwrap(wrapped)}
}
