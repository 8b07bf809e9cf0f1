package runner

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// protocolVersion is said in the worker's hello; a parent refuses another.
const protocolVersion = 1

// maxFrame bounds a frame: beyond it the other side is not a worker.
const maxFrame = 16 << 20

// frame is one message between parent and worker. Kind says which fields count.
type frame struct {
	Kind     string      `json:"kind"`
	Protocol int         `json:"protocol,omitempty"` // hello
	Engine   *EngineInfo `json:"engine,omitempty"`   // hello
	PID      int         `json:"pid,omitempty"`      // hello
	MemoryMB int         `json:"memory_mb,omitempty"`
	Job      *Job        `json:"job,omitempty"`    // job
	N        int         `json:"n,omitempty"`      // number of the job: job, progress, result, failed
	Step     int         `json:"step,omitempty"`   // progress
	Loss     wireReal    `json:"loss,omitempty"`   // progress
	Rate     wireReal    `json:"rate,omitempty"`   // progress: steps per second
	Points   []wirePoint `json:"points,omitempty"` // progress: new samples of the curve
	Result   *wireResult `json:"result,omitempty"` // result
	Text     string      `json:"text,omitempty"`   // failed
}

// Kinds of frames.
const (
	frameHello    = "hello"    // worker → parent
	frameJob      = "job"      // parent → worker
	frameCancel   = "cancel"   // parent → worker
	frameProgress = "progress" // worker → parent
	frameResult   = "result"   // worker → parent
	frameFailed   = "failed"   // worker → parent: the job has no outcome, Text says why
)

func writeFrame(w io.Writer, f frame) error {
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("runner: frame %s: %w", f.Kind, err)
	}
	buf := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(body)), uint32(len(body)))
	_, err = w.Write(append(buf, body...))
	return err
}

// readFrame gives io.EOF only between frames.
func readFrame(r *bufio.Reader) (frame, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return frame{}, fmt.Errorf("runner: frame cut off in its length")
		}
		return frame{}, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n == 0 || n > maxFrame {
		return frame{}, fmt.Errorf("runner: a frame of %d bytes; the most is %d", n, maxFrame)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r, body); err != nil {
		return frame{}, fmt.Errorf("runner: frame cut off: %w", io.ErrUnexpectedEOF)
	}
	var f frame
	if err := json.Unmarshal(body, &f); err != nil {
		return frame{}, fmt.Errorf("runner: frame: %w", err)
	}
	return f, nil
}
