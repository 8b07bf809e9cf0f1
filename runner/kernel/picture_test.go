package kernel

// windowOf is a window whose kind follows from a and whose batch is b + 1.
func windowOf(a, b int) *Window {
	s := [][6]int{ // channels, height, width, size, stride, pad
		{1, 1, 1, 1, 1, 0},
		{2, 4, 6, 2, 2, 0},
		{3, 7, 7, 3, 2, 0},
		{1, 6, 5, 3, 2, 1},
		{2, 5, 5, 2, 2, 0},
		{2, 4, 5, 3, 1, 1},
		{1, 2, 9, 1, 2, 0},
		{1, 9, 2, 2, 3, 1},
	}[a%8]
	w, err := NewWindow(s[0], s[1], s[2], b+1, s[3], s[4], s[5])
	if err != nil {
		panic(err)
	}
	return w
}

func pictureDeeds() []deed {
	return []deed{
		{"max pool", false, func(p path, m room, a, b, _ int) [][]float32 {
			w := windowOf(a, b)
			x, y, dx, gated := m.numbers(w.inSize()), m.numbers(w.outSize()), m.numbers(w.inSize()), m.numbers(w.inSize())
			p.windowMax(w, y, x)
			dy := m.numbers(w.outSize())
			p.windowMaxGrad(w, dx, x, y, dy, nil)
			clear(gated)
			p.windowMaxGrad(w, gated, x, y, dy, m.numbers(w.inSize()))
			return [][]float32{y, dx, gated}
		}},
		{"mean pool", false, func(p path, m room, a, b, c int) [][]float32 {
			w := windowOf(a, b)
			y, dx := m.numbers(w.outSize()), m.numbers(w.inSize())
			share := func(s slide) float32 { return w.share(s, c%2 == 0) }
			p.windowMean(w, y, m.numbers(w.inSize()), share)
			p.windowSpread(w, dx, m.numbers(w.outSize()), share)
			return [][]float32{y, dx}
		}},
		{"upsample", false, func(p path, m room, a, b, c int) [][]float32 {
			h, w, f := a%3+1, a%4+1, c%3+1
			r, err := NewResize(2, h, w, b+1, f)
			if err != nil {
				panic(err)
			}
			up, dx := m.numbers(r.squares.inSize()), m.numbers(r.squares.outSize())
			p.up(r, up, m.numbers(r.squares.outSize()))
			p.upGrad(r, dx, m.numbers(r.squares.inSize()))
			return [][]float32{up, dx}
		}},
		{"group norm", false, func(p path, m room, a, b, c int) [][]float32 {
			g := Groups{Channels: 2 * (c%3 + 1), Count: 2, Pixels: a%7 + 1, Batch: b + 1}
			size, groups, each := g.Channels*g.plane(), g.Count*g.Batch, g.Channels*g.Batch
			mean, rate, y, dx, back := m.numbers(groups), m.numbers(groups), m.numbers(size), m.numbers(size), m.numbers(size)
			sgy, sg := m.numbers(each), m.numbers(each)
			x, scale, shift, grad := m.numbers(size), m.numbers(g.Channels), m.numbers(g.Channels), m.numbers(size)
			silu := a%2 == 0
			p.groupMoments(g, mean, rate, x)
			p.groupForward(g, y, x, mean, rate, scale, shift, silu)
			p.groupSums(g, sgy, sg, back, x, mean, rate, scale, shift, grad, silu)
			p.groupGrad(g, dx, x, mean, rate, scale, grad, sgy, sg, m.take(2*g.Batch))
			return [][]float32{mean, rate, y, sgy, sg, back, dx}
		}},
		{"channel norm dx and more", false, func(p path, m room, a, b, _ int) [][]float32 {
			dx := m.numbers(a * b)
			p.channelGradAdd(dx, m.numbers(a*b), m.numbers(a), m.numbers(a), m.numbers(a), m.numbers(a*b), m.numbers(a), m.numbers(a), m.numbers(a*b), a, b)
			return [][]float32{dx}
		}},
		{"channel totals", false, func(p path, m room, a, b, _ int) [][]float32 {
			dst := m.numbers(a)
			p.channelTotals(dst, m.numbers(a*b*3), a)
			return [][]float32{dst}
		}},
		{"add channel", false, func(p path, m room, a, b, c int) [][]float32 {
			channels, pixels, batch := c%5+1, a+1, b+1
			y, de := m.numbers(channels*pixels*batch), m.numbers(batch*channels)
			p.addChannel(y, m.numbers(len(y)), m.numbers(len(de)), channels, pixels, batch, m.take(len(de)))
			p.addChannelGrad(de, y, channels, pixels, batch, m.take(len(de)))
			return [][]float32{y, de}
		}},
	}
}
