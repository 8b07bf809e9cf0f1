package socket

import (
	"context"
	"errors"
	"io"
)

// Call is one command that another process asks the holder to run.
type Call struct {
	Args   []string
	Cwd    string
	Env    []string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
}

// Serve answers on library.sock in dir until the closer is closed or ctx ends.
func Serve(ctx context.Context, dir string, handler func(context.Context, Call) int) (io.Closer, error) {
	return nil, errors.New("store: socket: not there yet")
}

// Do runs a command in the process that holds the library in dir.
func Do(ctx context.Context, dir string, args []string, stdin io.Reader, stdout, stderr io.Writer, cwd string, env []string) (exit int, err error) {
	return 1, errors.New("store: socket: not there yet")
}
