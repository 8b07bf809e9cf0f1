package socket

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// ErrHolderGone says that the holder went away before the verb ended; what the verb had written is in the library.
var ErrHolderGone = errors.New("the process that holds the library went away before the command ended")

// cancelGrace is how long a cancelled verb may take to stop cleanly before the connection is cut.
const cancelGrace = 10 * time.Second

// Do runs a command in the process that holds the library in dir, with these streams, and gives its exit code.
// It returns ErrNoHolder where nobody answers and ErrHolderGone where the holder dies midway. When ctx ends the verb
// is told to stop and its own exit code is returned.
//
// Where the verb asked for standard input and ends before it came, one read of stdin stays pending: a terminal cannot
// be interrupted. The process is about to exit then.
func Do(ctx context.Context, dir string, args []string, stdin io.Reader, stdout, stderr io.Writer, cwd string, env []string) (exit int, err error) {
	conn, err := dial(ctx, dir)
	if err != nil {
		return 1, err
	}
	defer conn.Close()
	w := &frameWriter{conn: conn}
	payload, err := json.Marshal(Call{Args: args, Cwd: cwd, Env: env})
	if err != nil {
		return 1, fmt.Errorf("store: socket: %w", err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(greetTimeout))
	if err := hello(conn, w); err != nil {
		return 1, fmt.Errorf("store: socket: %s: %w", dir, err)
	}
	_ = conn.SetReadDeadline(time.Time{})
	if err := w.send(frameCall, payload); err != nil {
		return 1, fmt.Errorf("store: socket: %w", err)
	}
	stop := context.AfterFunc(ctx, func() {
		_ = conn.SetDeadline(time.Now().Add(cancelGrace))
		_ = w.send(frameCancel, nil)
	})
	defer stop()
	c := &client{conn: conn, w: w, stdin: stdin, stdout: stdout, stderr: stderr}
	code, err := c.run()
	if err != nil && ctx.Err() != nil {
		return 1, fmt.Errorf("store: socket: %w", ctx.Err())
	}
	return code, err
}

type client struct {
	conn           net.Conn
	w              *frameWriter
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run copies streams until the exit code comes. Output that cannot be written (a closed pipe) cancels the verb.
func (c *client) run() (int, error) {
	var outErr error
	for {
		kind, payload, err := readFrame(c.conn)
		if err != nil {
			return 1, fmt.Errorf("store: socket: %w", errors.Join(ErrHolderGone, outErr))
		}
		switch kind {
		case frameStdout:
			outErr = c.write(c.stdout, payload, outErr)
		case frameStderr:
			outErr = c.write(c.stderr, payload, outErr)
		case frameWant:
			c.feed()
		case frameExit:
			if len(payload) != 4 {
				return 1, errors.New("store: socket: exit message of a wrong length")
			}
			code := int(int32(binary.BigEndian.Uint32(payload)))
			if outErr != nil {
				return code, fmt.Errorf("store: socket: output: %w", outErr)
			}
			return code, nil
		default:
			return 1, fmt.Errorf("store: socket: message of kind %d from the holder", kind)
		}
	}
}

// write keeps the first error and tells the holder to stop at it.
func (c *client) write(to io.Writer, b []byte, before error) error {
	if before != nil {
		return before
	}
	if _, err := to.Write(b); err != nil {
		_ = c.w.send(frameCancel, nil)
		return err
	}
	return nil
}

// feed answers one wish for input. The holder sends the next only after this piece, so there is one read at a time.
func (c *client) feed() {
	go func() {
		n, b := 0, make([]byte, maxPiece)
		for err := error(nil); n == 0 && err == nil && c.stdin != nil; {
			n, err = c.stdin.Read(b)
		}
		_ = c.w.send(frameStdin, b[:n]) // an empty piece is the end
	}()
}
