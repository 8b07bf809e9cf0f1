package socket

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Call is one command that another process asks the holder to run. Its streams are those of that process.
type Call struct {
	Args   []string  `json:"args"`
	Cwd    string    `json:"cwd"`
	Env    []string  `json:"env"`
	Stdin  io.Reader `json:"-"`
	Stdout io.Writer `json:"-"`
	Stderr io.Writer `json:"-"`
}

// Handler runs a call and gives its exit code. Its context ends when the other process cancels or goes away, and when
// the server closes. It must not use the call's streams after it returned.
type Handler = func(context.Context, Call) int

// greetTimeout is how long a connected process may take to say what it wants.
const greetTimeout = 5 * time.Second

// Serve answers on library.sock in dir until the closer is closed or ctx ends. The caller holds the library's lock.
// Closing takes the socket away, ends running calls and waits for them.
func Serve(ctx context.Context, dir string, handler Handler) (io.Closer, error) {
	l, at, err := listen(dir)
	if err != nil {
		return nil, fmt.Errorf("store: socket: %s: %w", dir, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &server{listener: l, at: at, handler: handler, cancel: cancel}
	s.stop = context.AfterFunc(ctx, func() { _ = l.Close() })
	s.work.Go(func() { s.accept(ctx) })
	return s, nil
}

type server struct {
	listener *net.UnixListener
	at       *address
	handler  Handler
	cancel   context.CancelFunc
	stop     func() bool
	work     sync.WaitGroup
	once     sync.Once
	err      error
}

// Close is safe to call more than once.
func (s *server) Close() error {
	s.once.Do(func() {
		s.err = s.at.remove() // first the name, so that nobody new comes in
		s.cancel()
		s.stop()
		_ = s.listener.Close()
		s.work.Wait()
	})
	return s.err
}

func (s *server) accept(ctx context.Context) {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return
			}
			select { // no file descriptors left, for instance: others may free some
			case <-ctx.Done():
				return
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		s.work.Go(func() { s.serve(ctx, conn) })
	}
}

// serve is one connection: hello, call, streams, exit.
func (s *server) serve(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// A client that does not read must not keep the server from closing.
	defer context.AfterFunc(ctx, func() { _ = conn.SetWriteDeadline(time.Now().Add(greetTimeout)) })()
	w := &frameWriter{conn: conn}
	call, err := greet(conn, w)
	if err != nil {
		return
	}
	in := newStdin(w)
	call.Stdin, call.Stdout, call.Stderr = in, pieces{w, frameStdout}, pieces{w, frameStderr}
	var reading sync.WaitGroup
	reading.Go(func() {
		defer cancel()
		defer in.close()
		receive(conn, in)
	})
	code := s.handler(ctx, call)
	_ = w.send(frameExit, binary.BigEndian.AppendUint32(nil, uint32(int32(code))))
	_ = conn.(*net.UnixConn).CloseWrite()
	_ = conn.SetReadDeadline(time.Now().Add(greetTimeout)) // the client closes on reading the exit code
	reading.Wait()
}

func greet(conn net.Conn, w *frameWriter) (Call, error) {
	var call Call
	_ = conn.SetDeadline(time.Now().Add(greetTimeout))
	if err := hello(conn, w); err != nil {
		return call, err
	}
	payload, err := expect(conn, frameCall)
	if err != nil {
		return call, err
	}
	if err := json.NewDecoder(bytes.NewReader(payload)).Decode(&call); err != nil {
		return call, err
	}
	return call, conn.SetDeadline(time.Time{})
}

// receive takes what the client sends until it cancels, goes away, or breaks the protocol.
func receive(conn io.Reader, in *stdin) {
	for {
		kind, payload, err := readFrame(conn)
		if err != nil || kind != frameStdin {
			return
		}
		in.give(payload)
	}
}
