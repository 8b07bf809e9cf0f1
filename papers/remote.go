package papers

import (
	"context"
	"errors"
	"io/fs"
)

// ErrCrashed says that the process which read a file ended without an answer.
var ErrCrashed = errors.New("the reading process ended")

// codes names on the wire the errors that a caller branches on.
var codes = []struct {
	code string
	err  error
}{
	{"not-pdf", ErrNotPDF},
	{"encrypted", ErrEncrypted},
	{"empty", ErrEmpty},
	{"limit", ErrLimit},
	{"damaged", ErrDamaged},
	{"not-exist", fs.ErrNotExist},
	{"permission", fs.ErrPermission},
	{"canceled", context.Canceled},
	{"deadline", context.DeadlineExceeded},
}

// remoteError is an error that came over the wire: the child's own text, and the sentinel it wrapped there.
type remoteError struct {
	text string
	is   error
}

func (e *remoteError) Error() string { return e.text }
func (e *remoteError) Unwrap() error { return e.is }

func wireCode(err error) string {
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return "other"
}

func errorOf(code, text string) error {
	e := &remoteError{text: text}
	for _, c := range codes {
		if c.code == code {
			e.is = c.err
		}
	}
	return e
}
