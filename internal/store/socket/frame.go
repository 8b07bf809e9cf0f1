package socket

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// frameKind is the first byte of a frame; the two directions share one numbering.
type frameKind byte

const (
	frameHello  frameKind = 1 + iota // both ways, first: version, as text
	frameCall                        // client: the call as JSON
	frameStdin                       // client: bytes of standard input; empty is its end
	frameCancel                      // client: stop the verb
	frameWant                        // server: the verb waits for standard input
	frameStdout                      // server: bytes for standard output
	frameStderr                      // server: bytes for standard error
	frameExit                        // server, last: exit code, 4 bytes
)

// version of the protocol; the two sides must say the same.
const version = "tenet-socket/1"

// Payload limits: a call may carry a long command line, a stream goes in pieces.
const (
	maxPayload = 4 << 20
	maxPiece   = 32 << 10
)

// A frame is 4 bytes, big-endian, the length of what follows; 1 byte, its kind; the payload.

// frameWriter lets several goroutines send whole frames.
type frameWriter struct {
	connMu sync.Mutex
	conn   io.Writer
}

func (w *frameWriter) send(kind frameKind, payload []byte) error {
	if len(payload) > maxPayload {
		return fmt.Errorf("%d bytes are too many for one message (at most %d)", len(payload), maxPayload)
	}
	b := make([]byte, 0, 5+len(payload))
	b = binary.BigEndian.AppendUint32(b, uint32(len(payload)+1))
	b = append(append(b, byte(kind)), payload...)
	w.connMu.Lock()
	defer w.connMu.Unlock()
	_, err := w.conn.Write(b)
	return err
}

// readFrame reads one frame. io.EOF means the stream ended between two frames.
func readFrame(r io.Reader) (frameKind, []byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n == 0 || n > maxPayload+1 {
		return 0, nil, fmt.Errorf("a message of %d bytes", n)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, nil, err
	}
	return frameKind(b[0]), b[1:], nil
}

// expect reads one frame of a certain kind.
func expect(r io.Reader, kind frameKind) ([]byte, error) {
	got, payload, err := readFrame(r)
	if err != nil {
		return nil, err
	}
	if got != kind {
		return nil, fmt.Errorf("message of kind %d where %d was due", got, kind)
	}
	return payload, nil
}

// hello exchanges versions; both sides send first and read second, so neither waits.
func hello(r io.Reader, w *frameWriter) error {
	if err := w.send(frameHello, []byte(version)); err != nil {
		return err
	}
	got, err := expect(r, frameHello)
	if err != nil {
		return err
	}
	if string(got) != version {
		return fmt.Errorf("the other side speaks %.40q, this program %q", got, version)
	}
	return nil
}

// pieces is an io.Writer that sends what it is given as frames of one kind.
type pieces struct {
	w    *frameWriter
	kind frameKind
}

func (p pieces) Write(b []byte) (int, error) {
	for done := 0; done < len(b); {
		n := min(len(b)-done, maxPiece)
		if err := p.w.send(p.kind, b[done:done+n]); err != nil {
			return done, err
		}
		done += n
	}
	return len(b), nil
}
