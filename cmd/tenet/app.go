package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"tenet/index"
	"tenet/internal/store"
	"tenet/internal/store/socket"
	"tenet/survey"
)

// version is stamped by the release build with -ldflags; a plain build says dev.
const version = "0.1.0-dev"

// app is one command line being carried out: its words, its streams and the library it works on.
type app struct {
	in       io.Reader
	out, err io.Writer
	cwd      string
	getenv   func(string) string
	args     []string

	library  string
	reviewer string
	json     bool
	plain    bool
	ascii    bool

	patience int      // how often to knock again at a holder that does not answer
	held     *session // the holder's open library, when this command line came over the socket
}

// session is an open library with what hangs on it.
type session struct {
	lib     *store.Library
	idx     *index.Index
	idxOnce sync.Once
	idxErr  error
	server  io.Closer
}

// noLibraryError says where a library was looked for in vain.
type noLibraryError struct{ text string }

func (e *noLibraryError) Error() string { return e.text }
func (e *noLibraryError) Unwrap() error { return store.ErrNotFound }

// errForward says that another process has the library open and answers on its socket.
type errForward struct {
	dir    string
	locked *store.LockedError
}

func (e *errForward) Error() string { return e.locked.Error() }
func (e *errForward) Unwrap() error { return e.locked }

// run carries the command line out and returns the exit code.
func (a *app) run(ctx context.Context) int {
	root := a.root()
	root.SetArgs(a.args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	err := root.ExecuteContext(ctx)
	if fwd, ok := errors.AsType[*errForward](err); ok {
		return a.forward(ctx, fwd)
	}
	if err != nil {
		explain(a.err, err)
	}
	return exitCode(err)
}

// forward lets the holder carry the command line out. A holder that does not answer is starting or
// ending: its socket will appear, or its lock go away, and then the verb runs here.
func (a *app) forward(ctx context.Context, fwd *errForward) int {
	code, err := socket.Do(ctx, fwd.dir, a.args, a.in, a.out, a.err, a.cwd, a.environ())
	switch {
	case err == nil:
		return code
	case errors.Is(err, socket.ErrNoHolder) && a.patience > 0:
		a.patience--
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
			return a.run(ctx)
		}
		err = ctx.Err()
	case errors.Is(err, socket.ErrNoHolder):
		err = fwd.locked
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = fmt.Errorf("%w, which does not answer on %s", fwd.locked, socket.Name)
	}
	explain(a.err, err)
	return exitCode(err)
}

// environ is the part of the environment that a verb may read in the holder.
func (a *app) environ() []string {
	var env []string
	for _, k := range []string{"TENET_REVIEWER", "TENET_LIBRARY", "NO_COLOR", "TERM", "HOME", "TENET_SHARED"} {
		if v := a.getenv(k); v != "" {
			env = append(env, k+"="+v)
		}
	}
	return env
}

// path resolves a path of the command line against the caller's folder.
func (a *app) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(a.cwd, p)
}

// find returns the library's folder: flag, environment, nearest parent.
func (a *app) find() (string, error) {
	if a.held != nil {
		return a.held.lib.Dir(), nil
	}
	dir := a.library
	if dir == "" {
		dir = a.getenv("TENET_LIBRARY")
	}
	if dir != "" {
		dir = a.path(dir)
		if _, err := os.Stat(filepath.Join(dir, "library.db")); err != nil {
			return "", &noLibraryError{dir + " holds no library.db"}
		}
		return dir, nil
	}
	dir, err := store.Find(a.cwd)
	if err != nil {
		return "", &noLibraryError{"no library here or in a folder above: " + a.cwd}
	}
	return dir, nil
}

// open opens the library for a verb; doing is what a second process is told about this one.
func (a *app) open(ctx context.Context, doing string) (*session, error) {
	if a.held != nil {
		return a.held, nil
	}
	dir, err := a.find()
	if err != nil {
		return nil, err
	}
	return a.openAt(ctx, dir, doing)
}

func (a *app) openAt(ctx context.Context, dir, doing string) (*session, error) {
	lib, err := store.Open(ctx, dir, store.Options{Doing: doing})
	if locked, ok := errors.AsType[*store.LockedError](err); ok {
		return nil, &errForward{dir: dir, locked: locked}
	}
	if err != nil {
		return nil, err
	}
	return a.serve(ctx, lib)
}

// serve lets other tenet commands work through this process while it has the library open.
func (a *app) serve(ctx context.Context, lib *store.Library) (*session, error) {
	s := &session{lib: lib}
	server, err := socket.Serve(ctx, lib.Dir(), func(ctx context.Context, c socket.Call) int {
		return s.handle(ctx, c)
	})
	if err != nil {
		// A folder where no socket can be made still works for one process.
		fmt.Fprintf(a.err, "tenet: no second command can join: %v\n", err)
		return s, nil
	}
	s.server = server
	return s, nil
}

func (s *session) handle(ctx context.Context, c socket.Call) int {
	env := map[string]string{}
	for _, kv := range c.Env {
		if k, v, ok := strings.Cut(kv, "="); ok {
			env[k] = v
		}
	}
	b := &app{
		in: c.Stdin, out: c.Stdout, err: c.Stderr, cwd: c.Cwd, args: c.Args, held: s,
		getenv: func(k string) string { return env[k] },
	}
	return b.run(ctx)
}

// close lets go of the library, unless it is the holder's.
func (a *app) close(s *session) {
	if a.held != nil || s == nil {
		return
	}
	if s.server != nil {
		_ = s.server.Close()
	}
	if s.idx != nil {
		_ = s.idx.Close()
	}
	if err := s.lib.Close(); err != nil {
		fmt.Fprintf(a.err, "tenet: closing the library: %v\n", err)
	}
}

// actor is the reviewer under whose name changes are recorded.
func (a *app) actor(ctx context.Context) string {
	name := a.reviewer
	if name == "" {
		name = a.getenv("TENET_REVIEWER")
	}
	return survey.Reviewer(ctx, name)
}

// withLibrary opens the library, runs f and closes it again.
func (a *app) withLibrary(cmd *cobra.Command, f func(ctx context.Context, s *session) error) error {
	ctx := cmd.Context()
	s, err := a.open(ctx, cmd.CommandPath())
	if err != nil {
		return err
	}
	defer a.close(s)
	return f(ctx, s)
}
