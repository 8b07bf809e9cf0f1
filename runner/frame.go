package runner

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// protocolVersion is said in the worker's hello; a parent refuses another.
const protocolVersion = 2

// maxFrame bounds a frame: beyond it the other side is not a worker.
const maxFrame = 16 << 20

// maxState bounds the state that may follow a frame.
const maxState = 1 << 30

// frame is one message between parent and worker. Kind says which fields count.
type frame struct {
	Kind     string      `json:"kind"`
	Protocol int         `json:"protocol,omitempty"` // hello
	Engine   *EngineInfo `json:"engine,omitempty"`   // hello
	PID      int         `json:"pid,omitempty"`      // hello
	MemoryMB int         `json:"memory_mb,omitempty"`
	Dir      string      `json:"dir,omitempty"`    // job: folder in which an external command runs
	Data     string      `json:"data,omitempty"`   // job: folder with the data files that people brought
	Every    every       `json:"every,omitzero"`   // job: when to send the trial's state
	Job      *Job        `json:"job,omitempty"`    // job
	N        int         `json:"n,omitempty"`      // number of the job: job, progress, result, failed
	Step     int         `json:"step,omitempty"`   // progress, state
	Loss     wireReal    `json:"loss,omitempty"`   // progress
	Rate     wireReal    `json:"rate,omitempty"`   // progress: steps per second
	Points   []wirePoint `json:"points,omitempty"` // progress: new samples of the curve
	Result   *wireResult `json:"result,omitempty"` // result
	Usage    *Usage      `json:"usage,omitempty"`  // state: used by this attempt so far
	Text     string      `json:"text,omitempty"`   // failed
	Size     int         `json:"size,omitempty"`   // job, state: bytes of a trial's state that follow the frame

	state []byte
}

// every says how often a worker sends the state of its trial: after so much time, or after so many steps.
type every struct {
	MS    int64 `json:"ms,omitempty"`
	Steps int   `json:"steps,omitempty"`
}

// Kinds of frames.
const (
	frameHello    = "hello"    // worker → parent
	frameJob      = "job"      // parent → worker
	frameCancel   = "cancel"   // parent → worker
	frameProgress = "progress" // worker → parent
	frameState    = "state"    // worker → parent: from here the trial can go on
	frameResult   = "result"   // worker → parent
	frameFailed   = "failed"   // worker → parent: the job has no outcome, Text says why
)

func writeFrame(w io.Writer, f frame) error {
	f.Size = len(f.state)
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("runner: frame %s: %w", f.Kind, err)
	}
	buf := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(body)), uint32(len(body)))
	_, err = w.Write(append(append(buf, body...), f.state...))
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
	if f.Size < 0 || f.Size > maxState {
		return frame{}, fmt.Errorf("runner: a state of %d bytes; the most is %d", f.Size, maxState)
	}
	if f.Size > 0 { // grows with what comes: a length alone takes no memory
		var b bytes.Buffer
		if _, err := io.CopyN(&b, r, int64(f.Size)); err != nil {
			return frame{}, fmt.Errorf("runner: state cut off: %w", io.ErrUnexpectedEOF)
		}
		f.state = b.Bytes()
	}
	return f, nil
}
