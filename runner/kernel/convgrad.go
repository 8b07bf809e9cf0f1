package kernel

// WeightGrad sets dw (out × in × size × size) to the gradient of the weights. Along a row of pixels that one
// tap reads, number e of the run goes to lane e mod 16; a size of 3 with stride 1 and padding 1 has three runs
// a row, the first pixel, those between and the last, others have one run per pixel.
//
//	for every weight: s[16] = 0; for rows, runs, e in run: s[e&15] = fma(x, dy, s[e&15]); dw = folded(s)
func (c *Conv) WeightGrad(dw, x, dy []float32) { active().convWeightGrad(c, dw, x, dy) }

func (p path) convWeightGrad(c *Conv, dw, x, dy []float32) {
	dw, x, dy = dw[:c.weights()], x[:c.inSize()], dy[:c.outSize()]
	if c.Size != 3 || c.Stride != 1 || c.Pad != 1 || c.Width < 2 {
		c.weightGradByPixel(dw, x, dy)
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

// weightGradByPixel serves every other shape on every path.
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
