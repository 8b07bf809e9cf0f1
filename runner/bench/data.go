package bench

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tenet/runner/task"
)

// rows are inputs of one model, row after row in the definition's order, with their labels.
type rows struct {
	x, label     []float32
	width, count int
}

// batch lays batch i of size n out: linear nets take rows, pictures take every number of the rows side by side.
func (r rows) batch(i, n int, pictures bool) (x, label []float32) {
	x = make([]float32, n*r.width)
	for j := range n {
		at := (i*n + j) % r.count
		label = append(label, r.label[at])
		for k, v := range r.x[at*r.width:][:r.width] {
			if pictures {
				x[k*n+j] = v
			} else {
				x[j*r.width+k] = v
			}
		}
	}
	return x, label
}

// load reads what the definition says. Without its files digits are the embedded ones, and pictures are drawn.
func (o Options) load(data string) (rows, error) {
	switch {
	case data == "digits" && o.Data == "":
		d, err := task.DigitRows(nil, nil)
		return rows{d.X, d.Label, 64, d.Count}, err
	case o.Data == "" && data == "cifar":
		return drawn(3*32*32, 512), nil
	case o.Data == "":
		return drawn(16*16, 512), nil
	case data == "digits":
		images, err := os.ReadFile(filepath.Join(o.Data, "digits-train-images.idx3.gz"))
		if err != nil {
			return rows{}, fmt.Errorf("runner/bench: %w", err)
		}
		labels, err := os.ReadFile(filepath.Join(o.Data, "digits-train-labels.idx1.gz"))
		if err != nil {
			return rows{}, fmt.Errorf("runner/bench: %w", err)
		}
		d, err := task.DigitRows(images, labels)
		return rows{d.X, d.Label, 64, d.Count}, err
	case data == "cifar":
		return o.cifar()
	}
	return o.mnist()
}

func drawn(width, count int) rows {
	r := rows{x: make([]float32, width*count), width: width, count: count}
	for i := range r.x {
		r.x[i] = float32(4*uniform(5000, uint64(i)) - 2)
	}
	for i := range count {
		r.label = append(r.label, float32(draw(5001, uint64(i))%10))
	}
	return r
}

func (o Options) unpacked(name string, size int) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(o.Data, name))
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %w", err)
	}
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", name, err)
	}
	all, err := io.ReadAll(io.LimitReader(zr, int64(size)+1))
	if err != nil || len(all) != size {
		return nil, fmt.Errorf("runner/bench: %s: %d bytes, want %d (%w)", name, len(all), size, err)
	}
	return all, nil
}

// cifar has records of a label and 3 × 32 × 32 bytes.
func (o Options) cifar() (rows, error) {
	const width, count = 3 * 32 * 32, 4500
	all, err := o.unpacked("cifar10-train-4500.bin.gz", count*(width+1))
	if err != nil {
		return rows{}, err
	}
	r := rows{width: width, count: count}
	for i := range count {
		rec := all[i*(width+1):][:width+1]
		r.label = append(r.label, float32(rec[0]))
		for _, v := range rec[1:] {
			r.x = append(r.x, (float32(v)-127.5)/64)
		}
	}
	return r, nil
}

// mnist is halved: a border of 2, then the sum of each 2 × 2 block.
func (o Options) mnist() (rows, error) {
	const count = 10000
	images, err := o.unpacked("mnist-train-10000-images.idx3.gz", 16+count*28*28)
	if err != nil {
		return rows{}, err
	}
	labels, err := o.unpacked("mnist-train-10000-labels.idx1.gz", 8+count)
	if err != nil {
		return rows{}, err
	}
	r := rows{x: make([]float32, count*256), width: 256, count: count}
	for i := range count {
		r.label = append(r.label, float32(labels[8+i]))
		for p, v := range images[16+i*784:][:784] {
			r.x[i*256+(p/28+2)/2*16+(p%28+2)/2] += float32(v)
		}
	}
	for i, v := range r.x {
		r.x[i] = (v - 510) / 256
	}
	return r, nil
}
