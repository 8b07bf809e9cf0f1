package task

import "fmt"

// Rows are images of handwritten digits with their labels, image after image, in file order: pixel/16.
type Rows struct {
	X, Label []float32
	Count    int
}

// DigitRows reads a pair of gzipped IDX files; nil for both means the embedded digits.
func DigitRows(images, labels []byte) (Rows, error) {
	if images == nil && labels == nil {
		images, labels = digitsImages, digitsLabels
	}
	s, err := digitSet(images, labels)
	if err != nil {
		return Rows{}, err
	}
	if s.width != 64 {
		return Rows{}, fmt.Errorf("runner/task: digits: %d pixels an image, want 64", s.width)
	}
	r := Rows{X: make([]float32, len(s.x)), Label: make([]float32, len(s.label)), Count: s.rows}
	for i, v := range s.x {
		r.X[i] = float32(v) / 16
	}
	for i, v := range s.label {
		r.Label[i] = float32(v)
	}
	return r, nil
}
