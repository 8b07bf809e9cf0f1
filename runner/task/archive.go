package task

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// A state is a magic line, the fingerprint of the trial and streams it belongs to, what the loop that wrote it
// put there, and the SHA-256 of all that.
const stateMagic = "tenet trial state 1\n"

// archive writes a state or reads one back: whatever takes part in a trial names its numbers in one order
// for both, so the two cannot drift apart.
type archive struct {
	writing bool
	b       []byte // what was written, or what is still to be read
	err     error
}

// archived is something that a state holds.
type archived interface{ archive(a *archive) }

// fingerprint tells trials and streams apart, so that a state is never continued by another trial.
func (t Trial) fingerprint(seeds Seeds) ([32]byte, error) {
	t.Data = nil
	b, err := json.Marshal(t)
	if err != nil {
		return [32]byte{}, fmt.Errorf("runner/task: state: %w", err)
	}
	probe := seeds("state")
	return sha256.Sum256(append(b, probe[:]...)), nil
}

// encode makes the state of what stands in s.
func encode(mark [32]byte, s archived) []byte {
	a := &archive{writing: true, b: append([]byte(stateMagic), mark[:]...)}
	s.archive(a)
	sum := sha256.Sum256(a.b)
	return append(a.b, sum[:]...)
}

// decode puts a state into s. After an error s is of no use.
func decode(state []byte, mark [32]byte, s archived) error {
	body := len(state) - sha256.Size
	if body < len(stateMagic)+sha256.Size || !bytes.HasPrefix(state, []byte(stateMagic)) {
		return errors.New("runner/task: state: these bytes are no state of a trial")
	}
	if sum := sha256.Sum256(state[:body]); !bytes.Equal(sum[:], state[body:]) {
		return errors.New("runner/task: state: its checksum is wrong")
	}
	rest := state[len(stateMagic):body]
	if !bytes.Equal(rest[:sha256.Size], mark[:]) {
		return errors.New("runner/task: state: it is of another trial")
	}
	a := &archive{b: rest[sha256.Size:]}
	s.archive(a)
	if a.err == nil && len(a.b) > 0 {
		a.err = fmt.Errorf("runner/task: state: %d bytes are left over", len(a.b))
	}
	return a.err
}

// take gives the next n bytes of a state that is read; zeros after an error.
func (a *archive) take(n int) []byte {
	if a.err == nil && n > len(a.b) {
		a.err = errors.New("runner/task: state: it is too short")
	}
	if a.err != nil {
		return make([]byte, n)
	}
	got := a.b[:n]
	a.b = a.b[n:]
	return got
}

func (a *archive) word(v *uint64) {
	if a.writing {
		a.b = binary.LittleEndian.AppendUint64(a.b, *v)
		return
	}
	*v = binary.LittleEndian.Uint64(a.take(8))
}

func (a *archive) integer(v *int) {
	w := uint64(*v)
	a.word(&w)
	*v = int(w)
}

func (a *archive) number(v *float64) {
	w := math.Float64bits(*v)
	a.word(&w)
	*v = math.Float64frombits(w)
}

// size holds the length of a list, which reading must find as it is.
func (a *archive) size(n int) bool {
	m := n
	a.integer(&m)
	if a.err == nil && m != n {
		a.err = fmt.Errorf("runner/task: state: a list of %d stands where one of %d should", m, n)
	}
	return a.err == nil
}

func (a *archive) floats(s []float32) {
	if !a.size(len(s)) {
		return
	}
	if a.writing {
		for _, v := range s {
			a.b = binary.LittleEndian.AppendUint32(a.b, math.Float32bits(v))
		}
		return
	}
	raw := a.take(4 * len(s))
	for i := range s {
		s[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
}

func (a *archive) integers(s []int) {
	if a.size(len(s)) {
		for i := range s {
			a.integer(&s[i])
		}
	}
}

// blob holds bytes of any length.
func (a *archive) blob(b *[]byte) {
	n := len(*b)
	a.integer(&n)
	if a.writing {
		a.b = append(a.b, *b...)
		return
	}
	if a.err == nil && (n < 0 || n > len(a.b)) {
		a.err = errors.New("runner/task: state: it is too short")
	}
	if a.err == nil {
		*b = bytes.Clone(a.take(n))
	}
}

func (c *chance) archive(a *archive) {
	var b []byte
	if a.writing {
		b, a.err = c.src.MarshalBinary()
	}
	a.blob(&b)
	if !a.writing && a.err == nil {
		a.err = c.src.UnmarshalBinary(b)
	}
}

func (c *Curve) archive(a *archive) {
	b := c.Bytes()
	a.blob(&b)
	if !a.writing && a.err == nil {
		*c, a.err = DecodeCurve(b)
	}
}

// refuse ends a reading whose numbers cannot be.
func (a *archive) refuse(why string) {
	if a.err == nil {
		a.err = errors.New("runner/task: state: it holds " + why)
	}
}
