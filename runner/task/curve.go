package task

import (
	"encoding/binary"
	"errors"
	"math"
)

// Curve is the samples of a training, in order of their steps.
type Curve []Point

const curveMagic = "tenet curve 1\n"

// Bytes encodes c: a magic line, then per point a little-endian uint32 step and three float32.
func (c Curve) Bytes() []byte {
	b := append(make([]byte, 0, len(curveMagic)+16*len(c)), curveMagic...)
	for _, p := range c {
		b = binary.LittleEndian.AppendUint32(b, uint32(p.Step))
		for _, v := range []float32{p.Loss, p.TrainError, p.TestError} {
			b = binary.LittleEndian.AppendUint32(b, canonicalBits(v))
		}
	}
	return b
}

// canonicalBits gives every NaN the same bits.
func canonicalBits(v float32) uint32 {
	if v != v {
		return 0x7fc00000
	}
	return math.Float32bits(v)
}

// DecodeCurve is the inverse of Bytes.
func DecodeCurve(b []byte) (Curve, error) {
	if len(b) < len(curveMagic) || string(b[:len(curveMagic)]) != curveMagic || (len(b)-len(curveMagic))%16 != 0 {
		return nil, errors.New("runner/task: these bytes are no training curve")
	}
	b = b[len(curveMagic):]
	c := make(Curve, 0, len(b)/16)
	for ; len(b) > 0; b = b[16:] {
		f := func(i int) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:])) }
		c = append(c, Point{Step: int(binary.LittleEndian.Uint32(b)), Loss: f(1), TrainError: f(2), TestError: f(3)})
	}
	return c, nil
}
