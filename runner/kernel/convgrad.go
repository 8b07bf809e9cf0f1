package kernel

// WeightGrad sets dw (out × in × size × size) to the gradient of the weights. Along a row of pixels that one
// tap reads, number e of the run goes to lane e mod 16; a size of 3 with stride 1 and padding 1 has three runs
// a row, the first pixel, those between and the last, others have one run per pixel.
//
//	for every weight: s[16] = 0; for rows, runs, e in run: s[e&15] = fma(x, dy, s[e&15]); dw = folded(s)
func (c *Conv) WeightGrad(dw, x, dy, scratch []float32) {
	active().convWeightGrad(c, dw, x, dy, scratch)
}

func (p path) convWeightGrad(c *Conv, dw, x, dy, scratch []float32) {
	dw, x, dy = dw[:c.weights()], x[:c.inSize()], dy[:c.outSize()]
	if c.grad != nil {
		c.grad.runGrad(p, dw, x, dy, scratch)
		return
	}
	p.plainWeightGrad(c, dw, x, dy)
}

func (p path) plainWeightGrad(c *Conv, dw, x, dy []float32) {
	if c.Size != 3 || c.Stride != 1 || c.Pad != 1 || c.Width < 2 {
		if p == portable {
			c.weightGradByPixel(dw, x, dy)
			return
		}
		for k := range c.Size * c.Size {
			c.tapGrad(p, dw, x, dy, k)
		}
		return
	}
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

// tapGrad does tap k of every weight in assembly.
func (c *Conv) tapGrad(p path, dw, x, dy []float32, k int) {
	taps, ky, kx, b := c.Size*c.Size, k/c.Size, k%c.Size, c.Batch
	y0, y1 := c.inside(ky, c.OutHeight, c.Height)
	x0, x1 := c.inside(kx, c.OutWidth, c.Width)
	if y0 == y1 || x0 == x1 {
		for i := range c.Out * c.In {
			dw[i*taps+k] = 0
		}
		return
	}
	inPlane, outPlane, pixels := c.Height*c.Width*b, c.OutHeight*c.OutWidth*b, x1-x0
	from := ((y0*c.Stride-c.Pad+ky)*c.Width + x0*c.Stride - c.Pad + kx) * b
	to := (y0*c.OutWidth + x0) * b
	ins := max(2, longest/(4*(y1-y0)*pixels*b)&^1)
	for o := 0; o < c.Out; o += 4 {
		for i := 0; i < c.In; i += ins {
			tapGradVector(p, &dw[(o*c.In+i)*taps+k], &dy[o*outPlane+to], &x[i*inPlane+from], min(4, c.Out-o), min(ins, c.In-i), y1-y0, pixels, b,
				4*c.In*taps, 4*taps, 4*outPlane, 4*inPlane, 4*(c.Stride-1)*b, 4*(c.OutWidth-pixels)*b, 4*(c.Stride*c.Width-pixels*c.Stride)*b)
		}
	}
}

// weightGradByPixel serves every other shape in plain Go.
func (c *Conv) weightGradByPixel(dw, x, dy []float32) {
	inPlane, outPlane := c.Height*c.Width*c.Batch, c.OutHeight*c.OutWidth*c.Batch
	for o := range c.Out {
		for i := range c.In {
			for k := range c.Size * c.Size {
				var s [16]float32
				for y := range c.OutHeight {
					for z := range c.OutWidth {
						iy, ix := y*c.Stride-c.Pad+k/c.Size, z*c.Stride-c.Pad+k%c.Size
						if iy < 0 || iy >= c.Height || ix < 0 || ix >= c.Width {
							continue
						}
						g, v := dy[o*outPlane+(y*c.OutWidth+z)*c.Batch:], x[i*inPlane+(iy*c.Width+ix)*c.Batch:]
						for e := range c.Batch {
							s[e&15] = fma(v[e], g[e], s[e&15])
						}
					}
				}
				dw[(o*c.In+i)*c.Size*c.Size+k] = folded(&s)
			}
		}
	}
}
