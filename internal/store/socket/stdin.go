package socket

import (
	"io"
	"sync"
)

// stdin is the verb's standard input. A piece is asked for only when the verb reads and nothing is left, so the client
// takes nothing from its terminal that the verb does not want, and at most one piece is ever on its way.
type stdin struct {
	w *frameWriter

	bufMu sync.Mutex
	more  *sync.Cond // something below changed
	buf   []byte
	asked bool
	ended bool
}

func newStdin(w *frameWriter) *stdin {
	s := &stdin{w: w}
	s.more = sync.NewCond(&s.bufMu)
	return s
}

// Read gives what is there or asks for more and waits.
func (s *stdin) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	s.bufMu.Lock()
	defer s.bufMu.Unlock()
	for len(s.buf) == 0 && !s.ended {
		if !s.asked {
			s.asked = true
			s.bufMu.Unlock()
			err := s.w.send(frameWant, nil)
			s.bufMu.Lock()
			if err != nil {
				s.ended = true
			}
			continue
		}
		s.more.Wait()
	}
	if len(s.buf) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.buf)
	s.buf = s.buf[n:]
	return n, nil
}

// give adds a piece; an empty one is the end. Pieces that were not asked for are dropped: only a client that breaks
// the protocol sends them, and they could fill memory.
func (s *stdin) give(piece []byte) {
	s.bufMu.Lock()
	defer s.bufMu.Unlock()
	if !s.asked {
		return
	}
	s.asked = false
	s.buf = append(s.buf, piece...)
	s.ended = s.ended || len(piece) == 0
	s.more.Broadcast()
}

// close ends the input when the client is gone.
func (s *stdin) close() {
	s.bufMu.Lock()
	defer s.bufMu.Unlock()
	s.ended = true
	s.more.Broadcast()
}
