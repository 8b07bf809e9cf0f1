package kernel

// WeightGrad sets dw (out × in × size × size) to the gradient of the weights. A size of 3 with stride 1 and
// padding 1 reads rows of pixels where they are: along a row that one tap reads, number e of the run goes to
// lane e mod 16; there are three runs a row, the first pixel, those between and the last.
//
//	for every weight: s[16] = 0; for rows, runs, e in run: s[e&15] = fma(x, dy, s[e&15]); dw = folded(s)
//
// Other shapes have what each weight reads laid out in a strip at a time, outside the picture zero, and go by
// [path.dots].
func (c *Conv) WeightGrad(dw, x, dy, scratch []float32) {
	active().convWeightGrad(c, dw, x, dy, scratch)
}

func (p path) convWeightGrad(c *Conv, dw, x, dy, scratch []float32) {
	dw, x, dy = dw[:c.weights()], x[:c.inSize()], dy[:c.outSize()]
	switch {
	case c.grad != nil:
		c.grad.runGrad(p, dw, x, dy, scratch)
	case c.inRows():
		p.rowsGrad(c, dw, x, dy)
	default:
		p.stripsGrad(c, dw, x, dy, scratch)
	}
}

func (c *Conv) inRows() bool { return c.Size == 3 && c.Stride == 1 && c.Pad == 1 && c.Width > 1 }

func (p path) rowsGrad(c *Conv, dw, x, dy []float32) {
	for ky := range 3 {
		first, end := max(0, 1-ky), min(c.Height, c.Height+1-ky)
		if first >= end {
			for o := range c.Out * c.In {
				clear(dw[o*9+3*ky:][:3])
			}
			continue
		}
		if p == portable {
			c.weightGradRow(dw, x, dy, ky, first, end)
			continue
		}
		plane, line := c.Height*c.Width*c.Batch, c.Width*c.Batch
		outs := 4
		ins := max(2, longest/(12*plane)&^1)
		for o := 0; o < c.Out; o += outs {
			for i := 0; i < c.In; i += ins {
				weightGradVector(p, &dw[(o*c.In+i)*9+3*ky], &dy[o*plane+first*line], &x[i*plane+(first+ky-1)*line], min(outs, c.Out-o), min(ins, c.In-i),
					end-first, c.Width, c.Batch, 4*c.In*9, 4*9, 4*plane, 4*plane)
			}
		}
	}
}

// weightGradRow is one row of taps in plain Go, for output rows first to end.
func (c *Conv) weightGradRow(dw, x, dy []float32, ky, first, end int) {
	plane, line, n := c.Height*c.Width*c.Batch, c.Width*c.Batch, c.Batch
	for o := range c.Out {
		for i := range c.In {
			for kx := range 3 {
				var s [16]float32
				for y := first; y < end; y++ {
					g, v := dy[o*plane+y*line:][:line], x[i*plane+(y+ky-1)*line:][:line]
					for _, run := range [3][2]int{{0, n}, {n, line - n}, {line - n, line}} {
						if kx == 0 && run[0] == 0 || kx == 2 && run[1] == line {
							continue
						}
						for e := run[0]; e < run[1]; e++ {
							l := (e - run[0]) & 15
							s[l] = fma(v[e+(kx-1)*n], g[e], s[l])
						}
					}
				}
				dw[(o*c.In+i)*9+3*ky+kx] = folded(&s)
			}
		}
	}
}

// inside gives the outputs along an axis for which tap k reads within the picture.
func (c *Conv) inside(k, outputs, inputs int) (first, end int) {
	for first < outputs && first*c.Stride-c.Pad+k < 0 {
		first++
	}
	end = outputs
	for end > first && (end-1)*c.Stride-c.Pad+k >= inputs {
		end--
	}
	return first, end
}

// strip is how many output pixels are worked on at once: as many as their copies stay near, whole registers.
func (c *Conv) strip() int {
	numbers := 512
	if c.Out+c.In*c.Size*c.Size > 256 {
		numbers = 256
	}
	return min(c.OutHeight*c.OutWidth, max(1, numbers/c.Batch))
}

func (c *Conv) stripScratch() int {
	if c.grad != nil || c.inRows() {
		return 0
	}
	rows, cols, pitch := (c.Out+3)&^3, (c.In*c.Size*c.Size+3)&^3, (c.strip()*c.Batch+15)&^15+gap
	return rows*cols + (rows+cols)*pitch
}

// stripsGrad multiplies rows of output gradients with rows of what the weights read.
func (p path) stripsGrad(c *Conv, dw, x, dy, scratch []float32) {
	taps := c.Size * c.Size
	rows, cols, some := (c.Out+3)&^3, (c.In*taps+3)&^3, c.strip()
	pitch := (some*c.Batch+15)&^15 + gap
	m, scratch := scratch[:rows*cols], scratch[rows*cols:]
	a, b := scratch[:rows*pitch], scratch[rows*pitch:][:cols*pitch]
	pixels, plane := c.OutHeight*c.OutWidth, c.OutHeight*c.OutWidth*c.Batch
	for from := 0; from < pixels; from += some {
		count := min(some, pixels-from)
		l := count * c.Batch
		for o := range c.Out {
			row := a[o*pitch:][:(l+15)&^15]
			copy(row, dy[o*plane+from*c.Batch:][:l])
			clear(row[l:])
		}
		for i := range c.In {
			for k := range taps {
				row := b[(i*taps+k)*pitch:][:(l+15)&^15]
				p.reads(c, row, x[i*c.Height*c.Width*c.Batch:][:c.Height*c.Width*c.Batch], k, from, count)
				clear(row[l:])
			}
		}
		p.dots(m, a, b, rows, cols, (l+15)&^15, 1, len(m), len(a), len(b), pitch, from > 0)
	}
	for o := range c.Out {
		copy(dw[o*c.In*taps:][:c.In*taps], m[o*cols:])
	}
}

// reads lays out what count output pixels from number from on read of a channel by tap k.
func (p path) reads(c *Conv, row, x []float32, k, from, count int) {
	b, ky, kx := c.Batch, k/c.Size, k%c.Size
	first, end := c.inside(kx, c.OutWidth, c.Width)
	for count > 0 {
		y, z := from/c.OutWidth, from%c.OutWidth
		n := min(count, c.OutWidth-z)
		line, iy := row[:n*b], y*c.Stride-c.Pad+ky
		lo, hi := min(max(first-z, 0), n), max(min(end-z, n), 0)
		if iy < 0 || iy >= c.Height || lo >= hi {
			clear(line)
		} else {
			clear(line[:lo*b])
			p.spaced(line[lo*b:hi*b], x[(iy*c.Width+(z+lo)*c.Stride-c.Pad+kx)*b:], hi-lo, b, c.Stride*b)
			clear(line[hi*b:])
		}
		row, from, count = row[n*b:], from+n, count-n
	}
}

// spaced copies runs of n numbers that lie step apart.
func (p path) spaced(dst, src []float32, runs, n, step int) {
	if n == step || runs == 1 {
		copy(dst, src[:runs*n])
		return
	}
	if p != portable && n%8 == 0 {
		spacedVector(p, &dst[0], &src[:(runs-1)*step+n][0], runs, n, 4*step)
		return
	}
	for r := range runs {
		copy(dst[r*n:][:n], src[r*step:])
	}
}
