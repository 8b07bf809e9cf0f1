package task

import (
	_ "embed"
	"encoding/binary"
	"fmt"
)

//go:embed data/digits-images.idx3.gz
var digitsImages []byte

//go:embed data/digits-labels.idx1.gz
var digitsLabels []byte

// set is labelled rows, not yet scaled: bytes of a file, or sums of such bytes.
type set struct {
	rows, width int
	x           []uint16
	label       []byte
}

func digits() (set, error) { return digitSet(digitsImages, digitsLabels) }

func digitSet(images, labels []byte) (set, error) {
	x, xs, err := idx(images)
	if err != nil {
		return set{}, fmt.Errorf("runner/task: digits images: %w", err)
	}
	l, ls, err := idx(labels)
	if err != nil {
		return set{}, fmt.Errorf("runner/task: digits labels: %w", err)
	}
	if len(xs) != 3 || len(ls) != 1 || xs[0] != ls[0] {
		return set{}, fmt.Errorf("runner/task: digits: shapes %v and %v do not go together", xs, ls)
	}
	d := set{rows: xs[0], width: xs[1] * xs[2], x: make([]uint16, len(x)), label: l}
	for i, v := range x {
		d.x[i] = uint16(v)
	}
	return d, nil
}

// idx unpacks a gzipped IDX file of bytes.
func idx(packed []byte) ([]byte, []int, error) {
	all, err := unpacked(packed)
	if err != nil {
		return nil, nil, err
	}
	return idxBody(all)
}

// idxBody reads an IDX file of bytes (big-endian: two zeros, 8 for bytes, the number of axes, the axes).
func idxBody(all []byte) ([]byte, []int, error) {
	if len(all) < 4 || all[0] != 0 || all[1] != 0 || all[2] != 8 || len(all) < 4+4*int(all[3]) {
		return nil, nil, fmt.Errorf("no IDX header of bytes")
	}
	shape, size := make([]int, all[3]), 1
	for i := range shape {
		shape[i] = int(binary.BigEndian.Uint32(all[4+4*i:]))
		if size *= shape[i]; size > len(all) {
			return nil, nil, fmt.Errorf("shape %v is larger than the file", shape[:i+1])
		}
	}
	body := all[4+4*len(shape):]
	if len(body) != size {
		return nil, nil, fmt.Errorf("%d bytes for shape %v", len(body), shape)
	}
	return body, shape, nil
}
