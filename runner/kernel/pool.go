package kernel

import "fmt"

// Window slides over pictures (channel × row × column × batch): an output is made of the size × size pixels
// that begin stride pixels after those of its neighbour. Pixels beside the picture, of which pad are thought
// on every side, take no part. It is read-only and may be shared.
type Window struct {
	Channels, Height, Width, Batch int
	Size, Stride, Pad              int
	OutHeight, OutWidth            int
}

// NewWindow lays out a window.
func NewWindow(channels, height, width, batch, size, stride, pad int) (*Window, error) {
	if min(channels, height, width, batch, size, stride) < 1 || pad < 0 || 2*pad > size || height+2*pad < size || width+2*pad < size {
		return nil, fmt.Errorf("kernel: no window: %d channels, %d×%d pixels, batch %d, size %d, stride %d, padding %d", channels, height, width, batch, size, stride, pad)
	}
	return &Window{
		Channels: channels, Height: height, Width: width, Batch: batch, Size: size, Stride: stride, Pad: pad,
		OutHeight: (height+2*pad-size)/stride + 1, OutWidth: (width+2*pad-size)/stride + 1,
	}, nil
}

func (w *Window) inSize() int  { return w.Channels * w.Height * w.Width * w.Batch }
func (w *Window) outSize() int { return w.Channels * w.OutHeight * w.OutWidth * w.Batch }

// reach gives the pixels along an axis of n that output i reads.
func (w *Window) reach(i, n int) (first, end int) {
	first = i*w.Stride - w.Pad
	return max(first, 0), min(first+w.Size, n)
}

// patch is one output's place and that of the pixels it reads, in numbers: rows of cols pixels each.
type patch struct{ to, from, rows, cols int }

// patches visits the outputs in the order in which they lie.
func (w *Window) patches(visit func(p patch)) {
	to := 0
	for c := range w.Channels {
		for oy := range w.OutHeight {
			y0, y1 := w.reach(oy, w.Height)
			for ox := range w.OutWidth {
				x0, x1 := w.reach(ox, w.Width)
				visit(patch{to, ((c*w.Height+y0)*w.Width + x0) * w.Batch, y1 - y0, x1 - x0})
				to += w.Batch
			}
		}
	}
}

// Max sets every output of y to the largest number of its pixels in x; a NaN among them is the largest.
func (w *Window) Max(y, x []float32) { active().windowMax(w, y[:w.outSize()], x[:w.inSize()]) }

func (p path) windowMax(w *Window, y, x []float32) {
	w.patches(func(q patch) {
		out := y[q.to:][:w.Batch]
		copy(out, x[q.from:])
		for r := range q.rows {
			for c := range q.cols {
				for n, v := range x[q.from+(r*w.Width+c)*w.Batch:][:w.Batch] {
					if v > out[n] || v != v {
						out[n] = v
					}
				}
			}
		}
	})
}

// MaxGrad sets dx to the gradient of x, y being [Window.Max] of it: an output's gradient goes to the first of
// its pixels, row by row, that is not below it. gate, unless it is nil, zeroes dx where it is not above zero.
func (w *Window) MaxGrad(dx, x, y, dy, gate []float32) {
	active().windowMaxGrad(w, dx[:w.inSize()], x[:w.inSize()], y[:w.outSize()], dy[:w.outSize()], gate)
}

func (p path) windowMaxGrad(w *Window, dx, x, y, dy, gate []float32) {
	clear(dx)
	w.patches(func(q patch) {
		for n := range w.Batch {
			at := w.first(x, y[q.to+n], q, n)
			dx[at] += dy[q.to+n]
		}
	})
	if gate != nil {
		p.reluGrad(dx, gate, dx)
	}
}

// first is where the patch's first number of sample n lies that is not below top.
func (w *Window) first(x []float32, top float32, q patch, n int) int {
	for r := range q.rows {
		for c := range q.cols {
			at := q.from + (r*w.Width+c)*w.Batch + n
			if !(x[at] < top) {
				return at
			}
		}
	}
	return q.from + n
}

// Mean sets every output of y to the mean of its pixels in x. Pixels beside the picture count as zeros if
// counted, else not at all.
func (w *Window) Mean(y, x []float32, counted bool) {
	y, x = y[:w.outSize()], x[:w.inSize()]
	w.patches(func(q patch) {
		out := y[q.to:][:w.Batch]
		clear(out)
		for r := range q.rows {
			for c := range q.cols {
				for n, v := range x[q.from+(r*w.Width+c)*w.Batch:][:w.Batch] {
					out[n] += v
				}
			}
		}
		share := w.share(q, counted)
		for n := range out {
			out[n] *= share
		}
	})
}

func (w *Window) share(q patch, counted bool) float32 {
	if counted {
		return 1 / float32(w.Size*w.Size)
	}
	return 1 / float32(q.rows*q.cols)
}

// MeanGrad sets dx to the gradient of [Window.Mean]'s x.
func (w *Window) MeanGrad(dx, dy []float32, counted bool) {
	dx, dy = dx[:w.inSize()], dy[:w.outSize()]
	clear(dx)
	w.patches(func(q patch) {
		share := w.share(q, counted)
		for r := range q.rows {
			for c := range q.cols {
				out := dx[q.from+(r*w.Width+c)*w.Batch:][:w.Batch]
				for n, g := range dy[q.to:][:w.Batch] {
					out[n] += float32(share * g)
				}
			}
		}
	})
}

// ChannelMax sets dst (batch × m) to the largest number of each channel of x (m × pixels × batch).
func ChannelMax(dst, x []float32, m, pixels, batch int) {
	for i := range m {
		for k := range pixels {
			for n, v := range x[(i*pixels+k)*batch:][:batch] {
				if k == 0 || v > dst[n*m+i] || v != v {
					dst[n*m+i] = v
				}
			}
		}
	}
}

// ChannelMaxGrad sets dx to the gradient of x, y being [ChannelMax] of it: to the first pixel not below it.
func ChannelMaxGrad(dx, x, y, dy []float32, m, pixels, batch int) {
	clear(dx[:m*pixels*batch])
	for i := range m {
		for n := range batch {
			at := i*pixels*batch + n
			for k := range pixels {
				if v := (i*pixels+k)*batch + n; !(x[v] < y[n*m+i]) {
					at = v
					break
				}
			}
			dx[at] = dy[n*m+i]
		}
	}
}
