package task

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
)

//go:embed data/digits-images.idx3.gz
var digitsImages []byte

//go:embed data/digits-labels.idx1.gz
var digitsLabels []byte

// set is labelled rows as they lie in the files: bytes, not yet scaled.
type set struct {
	rows, width int
	x, label    []byte
	sha         string
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
	h := sha256.New()
	h.Write(x)
	h.Write(l)
	return set{rows: xs[0], width: xs[1] * xs[2], x: x, label: l, sha: hex.EncodeToString(h.Sum(nil))}, nil
}

// idx unpacks a gzipped IDX file of bytes (big-endian: two zeros, 8 for bytes, the number of axes, the axes).
func idx(packed []byte) ([]byte, []int, error) {
	zr, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, nil, err
	}
	all, err := io.ReadAll(io.LimitReader(zr, 1<<30))
	if err != nil {
		return nil, nil, err
	}
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
