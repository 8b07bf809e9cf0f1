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

// apart says that no two outputs read the same pixel, and whole that every pixel is read.
func (w *Window) apart() bool { return w.Stride >= w.Size }

func (w *Window) whole() bool {
	return w.Pad == 0 && w.Stride <= w.Size && (w.Height-w.Size)%w.Stride == 0 && (w.Width-w.Size)%w.Stride == 0
}

// reach gives the pixels along an axis of n that output i reads.
func (w *Window) reach(i, n int) (first, end int) {
	first = i*w.Stride - w.Pad
	return max(first, 0), min(first+w.Size, n)
}

// slide is a run of outputs of one row that read as many pixels each: where they and their first pixels lie.
type slide struct{ to, from, outputs, rows, cols int }

// slides visits the outputs in the order in which they lie. Only at a border may a run be one output.
func (w *Window) slides(visit func(s slide)) {
	for c := range w.Channels {
		for oy := range w.OutHeight {
			y0, y1 := w.reach(oy, w.Height)
			for ox := 0; ox < w.OutWidth; {
				x0, x1 := w.reach(ox, w.Width)
				run := 1
				if x1-x0 == w.Size {
					run = min(w.OutWidth, (w.Width+w.Pad-w.Size)/w.Stride+1) - ox
				}
				visit(slide{((c*w.OutHeight+oy)*w.OutWidth + ox) * w.Batch, ((c*w.Height+y0)*w.Width + x0) * w.Batch, run, y1 - y0, x1 - x0})
				ox += run
			}
		}
	}
}

// Max sets every output of y to the largest number of its pixels in x; a NaN among them is the largest.
func (w *Window) Max(y, x []float32) { active().windowMax(w, y[:w.outSize()], x[:w.inSize()]) }

func (p path) windowMax(w *Window, y, x []float32) {
	b := w.Batch
	w.slides(func(s slide) {
		if p != portable {
			windowMaxVector(p, &y[s.to], &x[s.from], s.outputs, s.rows, s.cols, b, 4*w.Stride*b, 4*w.Width*b, 4*b)
			return
		}
		for k := range s.outputs {
			out, in := y[s.to+k*b:][:b], x[s.from+k*w.Stride*b:]
			copy(out, in)
			for t := range s.rows * s.cols {
				for n, v := range in[(t/s.cols*w.Width+t%s.cols)*b:][:b] {
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
	dx = dx[:w.inSize()]
	clear(dx)
	active().windowMaxGrad(w, dx, x[:w.inSize()], y[:w.outSize()], dy[:w.outSize()], gate)
}

// Partition says that every pixel is read by one output.
func (w *Window) Partition() bool { return w.apart() && w.whole() }

// MaxGradAdd sets dx to the gradient of x plus add, which may be dx itself, for a partition.
func (w *Window) MaxGradAdd(dx, x, y, dy, add []float32) {
	dx = dx[:w.inSize()]
	if &dx[0] != &add[0] {
		copy(dx, add)
	}
	active().windowMaxGrad(w, dx, x[:w.inSize()], y[:w.outSize()], dy[:w.outSize()], nil)
}

// windowMaxGrad adds to dx. A zero that is added is positive, and one is added to every pixel that an output
// reads, so that it is all one whether the sum begins at zero or with another gradient.
func (p path) windowMaxGrad(w *Window, dx, x, y, dy, gate []float32) {
	b := w.Batch
	w.slides(func(s slide) {
		switch {
		case p == portable:
			w.maxGrad(dx, x, y, dy, s)
		case gate == nil:
			windowMaxGradVector(p, &dx[s.from], &x[s.from], &y[s.to], &dy[s.to], s.outputs, s.rows, s.cols, b, 4*w.Stride*b, 4*w.Width*b, 4*b)
		default:
			windowMaxGradGatedVector(p, &dx[s.from], &x[s.from], &y[s.to], &dy[s.to], &gate[s.from], s.outputs, s.rows, s.cols, b, 4*w.Stride*b, 4*w.Width*b, 4*b)
		}
	})
	if p == portable && gate != nil {
		p.reluGrad(dx, gate, dx)
	}
}

func (w *Window) maxGrad(dx, x, y, dy []float32, s slide) {
	for k := range s.outputs {
		for n := range w.Batch {
			from, to := s.from+k*w.Stride*w.Batch+n, s.to+k*w.Batch+n
			hit := false
			for t := range s.rows * s.cols {
				at, g := from+(t/s.cols*w.Width+t%s.cols)*w.Batch, float32(0)
				if !hit && !(x[at] < y[to]) {
					hit = true
					if dy[to] != 0 {
						g = dy[to]
					}
				}
				dx[at] += g
			}
		}
	}
}

// Mean sets every output of y to the mean of its pixels in x. Pixels beside the picture count as zeros if
// counted, else not at all.
func (w *Window) Mean(y, x []float32, counted bool) {
	active().windowMean(w, y[:w.outSize()], x[:w.inSize()], func(s slide) float32 { return w.share(s, counted) })
}

func (w *Window) share(s slide, counted bool) float32 {
	if counted {
		return 1 / float32(w.Size*w.Size)
	}
	return 1 / float32(s.rows*s.cols)
}

// windowMean sets every output to a share of the sum of its pixels.
func (p path) windowMean(w *Window, y, x []float32, share func(s slide) float32) {
	b := w.Batch
	w.slides(func(s slide) {
		if p != portable {
			windowMeanVector(p, &y[s.to], &x[s.from], s.outputs, s.rows, s.cols, b, 4*w.Stride*b, 4*w.Width*b, 4*b, share(s))
			return
		}
		for k := range s.outputs {
			out, in := y[s.to+k*b:][:b], x[s.from+k*w.Stride*b:]
			clear(out)
			for t := range s.rows * s.cols {
				for n, v := range in[(t/s.cols*w.Width+t%s.cols)*b:][:b] {
					out[n] += v
				}
			}
			p.scale(out, out, share(s))
		}
	})
}

// MeanGrad sets dx to the gradient of [Window.Mean]'s x.
func (w *Window) MeanGrad(dx, dy []float32, counted bool) {
	active().windowSpread(w, dx[:w.inSize()], dy[:w.outSize()], func(s slide) float32 { return w.share(s, counted) })
}

// windowSpread gives every pixel a share of the outputs that read it.
func (p path) windowSpread(w *Window, dx, dy []float32, share func(s slide) float32) {
	b, add := w.Batch, !w.apart()
	if add || !w.whole() {
		clear(dx)
	}
	w.slides(func(s slide) {
		if p != portable {
			windowSpreadVector(p, &dx[s.from], &dy[s.to], s.outputs, s.rows, s.cols, b, 4*w.Stride*b, 4*w.Width*b, 4*b, flag(add), share(s))
			return
		}
		for k := range s.outputs {
			for t := range s.rows * s.cols {
				out := dx[s.from+(k*w.Stride+t/s.cols*w.Width+t%s.cols)*b:][:b]
				for n, g := range dy[s.to+k*b:][:b] {
					if v := share(s) * g; add {
						out[n] += v
					} else {
						out[n] = v
					}
				}
			}
		}
	})
}
