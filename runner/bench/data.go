package bench

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"tenet/runner/task"
)

// ready is how many batches lie in memory.
const ready = 16

// batch is what a step takes: the inputs and what they should give, laid out as the net takes them. Of a
// noised picture x is the picture, label the noise and t the time.
type batch struct{ x, label, t []float32 }

// rows are inputs of one model, row after row in the definition's order, each with its label of each numbers.
type rows struct {
	x, label           []float32
	width, each, count int
}

// batch lays batch i of size n out: row after row, or as pictures with every number of the rows side by side.
func (r rows) batch(i, n int, pictures bool) batch {
	b := batch{x: make([]float32, n*r.width), label: make([]float32, n*r.each)}
	for j := range n {
		at := (i*n + j) % r.count
		lay(b.x, r.x[at*r.width:][:r.width], j, n, pictures)
		lay(b.label, r.label[at*r.each:][:r.each], j, n, pictures)
	}
	return b
}

func lay(dst, row []float32, j, n int, pictures bool) {
	if !pictures {
		copy(dst[j*len(row):], row)
		return
	}
	for k, v := range row {
		dst[k*n+j] = v
	}
}

// batches are those that lie ready for m.
func (o Options) batches(m Model) ([]batch, error) {
	bs := make([]batch, ready)
	if m.data == "ring" {
		for i := range bs {
			bs[i] = ring(i, m.Batch)
		}
		return bs, nil
	}
	r, err := o.load(m.data, ready*m.Batch)
	if err != nil {
		return nil, err
	}
	for i := range bs {
		bs[i] = r.batch(i, m.Batch, m.pictures)
		if m.data == "noised digits" {
			bs[i] = bs[i].noised(i, m.Batch)
		}
	}
	return bs, nil
}

// noised makes a denoiser's batch of digits in [0, 1].
func (b batch) noised(i, n int) batch {
	b.label = nil
	for k, v := range b.x {
		b.x[k] = 2*v - 1
		b.label = append(b.label, float32(normal(3000+uint64(i), uint64(k))))
	}
	for j := range n {
		b.t = append(b.t, float32(math.Floor(times*uniform(2000+uint64(i), uint64(j)))))
	}
	return b
}

// load reads what the definition says, need rows of it or all if they are fewer. Without its files digits are
// the embedded ones, and the rest is drawn.
func (o Options) load(data string, need int) (rows, error) {
	digits := data == "digits" || data == "noised digits"
	switch {
	case digits && o.Data == "":
		d, err := task.DigitRows(nil, nil)
		return rows{d.X, d.Label, 64, 1, d.Count}, err
	case o.Data == "" && data == "cifar":
		return drawn(3*32*32, 1, 512), nil
	case o.Data == "" && data == "text":
		return drawnText(512), nil
	case o.Data == "" && data == "membranes":
		return drawn(64*64, 64*64, 96), nil
	case o.Data == "":
		return drawn(16*16, 1, 512), nil
	case digits:
		images, err := os.ReadFile(filepath.Join(o.Data, "digits-train-images.idx3.gz"))
		if err != nil {
			return rows{}, fmt.Errorf("runner/bench: %w", err)
		}
		labels, err := os.ReadFile(filepath.Join(o.Data, "digits-train-labels.idx1.gz"))
		if err != nil {
			return rows{}, fmt.Errorf("runner/bench: %w", err)
		}
		d, err := task.DigitRows(images, labels)
		return rows{d.X, d.Label, 64, 1, d.Count}, err
	case data == "cifar":
		return o.cifar(need)
	case data == "membranes":
		return o.membranes()
	case data == "text":
		return o.text(need)
	}
	return o.mnist(need)
}

// drawn are pictures of nothing: labels of one number are classes, others zeros and ones.
func drawn(width, each, count int) rows {
	r := rows{x: make([]float32, width*count), width: width, each: each, count: count}
	for i := range r.x {
		r.x[i] = float32(4*uniform(5000, uint64(i)) - 2)
	}
	classes := uint64(10)
	if each > 1 {
		classes = 2
	}
	for i := range each * count {
		r.label = append(r.label, float32(draw(5001, uint64(i))%classes))
	}
	return r
}

// unpacked is the beginning of a packed file.
func (o Options) unpacked(name string, size int) ([]byte, error) {
	f, err := os.Open(filepath.Join(o.Data, name))
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %w", err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", name, err)
	}
	b := make([]byte, size)
	if n, err := io.ReadFull(zr, b); err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %d bytes, want %d: %w", name, n, size, err)
	}
	return b, nil
}

// cifar has records of a label and 3 × 32 × 32 bytes.
func (o Options) cifar(need int) (rows, error) {
	const width = 3 * 32 * 32
	count := min(need, 4500)
	all, err := o.unpacked("cifar10-train-4500.bin.gz", count*(width+1))
	if err != nil {
		return rows{}, err
	}
	r := rows{width: width, each: 1, count: count}
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
func (o Options) mnist(need int) (rows, error) {
	count := min(need, 10000)
	images, err := o.unpacked("mnist-train-10000-images.idx3.gz", 16+count*28*28)
	if err != nil {
		return rows{}, err
	}
	labels, err := o.unpacked("mnist-train-10000-labels.idx1.gz", 8+count)
	if err != nil {
		return rows{}, err
	}
	r := rows{x: make([]float32, count*256), width: 256, each: 1, count: count}
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

// membranes are the first 24 slices of 128 × 128, cut into tiles: slice by slice, tiles row by row.
func (o Options) membranes() (rows, error) {
	const side, tile, slices, have = 128, 64, 24, 30
	images, err := o.unpacked("isbi2012-128-images.idx3.gz", 16+have*side*side)
	if err != nil {
		return rows{}, err
	}
	labels, err := o.unpacked("isbi2012-128-labels.idx3.gz", 16+have*side*side)
	if err != nil {
		return rows{}, err
	}
	r := rows{width: tile * tile, each: tile * tile, count: slices * (side / tile) * (side / tile)}
	for i := range r.count {
		slice, row, column := i/4, i/2%2, i%2
		for p := range tile * tile {
			at := 16 + (slice*side+row*tile+p/tile)*side + column*tile + p%tile
			r.x = append(r.x, (float32(images[at])-127.5)/64)
			r.label = append(r.label, float32(labels[at])/255)
		}
	}
	return r, nil
}
