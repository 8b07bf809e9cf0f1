package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// shapes of convolutions; the sizes of a deed choose one and its batch.
func convShapes() [][7]int { // in, out, height, width, size, stride, pad
	return [][7]int{
		{1, 1, 1, 1, 1, 1, 0},
		{2, 3, 4, 5, 3, 1, 1},
		{3, 9, 3, 2, 3, 1, 1},
		{5, 7, 6, 6, 3, 2, 1},
		{4, 8, 5, 4, 1, 2, 0},
		{2, 6, 7, 7, 5, 1, 2},
		{9, 4, 1, 3, 3, 1, 1},
		{3, 12, 4, 4, 1, 1, 0},
		{1, 5, 6, 5, 3, 1, 0},
		{6, 17, 3, 7, 3, 1, 1},
		{13, 16, 4, 6, 3, 1, 1},
		{12, 17, 2, 2, 3, 1, 1},
	}
}

func conv(a, b int) *Conv {
	s := convShapes()[a%len(convShapes())]
	c, err := NewConv(s[0], s[1], s[2], s[3], b+1, s[4], s[5], s[6])
	if err != nil {
		panic(err)
	}
	return c
}

// quickShapes go Winograd's way in at least one direction, with one form or the other.
func quickShapes() [][7]int {
	return [][7]int{
		{13, 16, 4, 6, 3, 1, 1},
		{24, 28, 2, 2, 3, 1, 1},
		{9, 14, 7, 7, 3, 1, 1},
		{12, 11, 6, 5, 5, 1, 2},
		{16, 12, 6, 9, 3, 1, 0},
	}
}

func quickConv(a, batch int) *Conv {
	s := quickShapes()[a%len(quickShapes())]
	c, err := NewConv(s[0], s[1], s[2], s[3], batch, s[4], s[5], s[6])
	if err != nil {
		panic(err)
	}
	return c
}

func convDeeds() []deed {
	return []deed{
		{"winograd", false, func(p path, m room, a, b, _ int) [][]float32 {
			c := quickConv(a, 8*(1+b%4))
			y, dx, dw := m.numbers(c.outSize()), m.numbers(c.inSize()), m.numbers(c.weights())
			x, w := m.numbers(c.inSize()), m.numbers(c.weights())
			p.convForward(c, y, x, w, Finish{Bias: m.numbers(c.Out), Add: m.numbers(c.outSize()), Relu: true, Gate: m.numbers(c.outSize())}, m.take(c.Scratch()))
			p.convInputGrad(c, dx, y, w, Finish{}, m.take(c.Scratch()))
			p.convWeightGrad(c, dw, x, y, m.take(c.Scratch()))
			return [][]float32{y, dx, dw}
		}},
		{"convolution", false, func(p path, m room, a, b, _ int) [][]float32 {
			c := conv(a, b)
			y := m.numbers(c.outSize())
			p.convForward(c, y, m.numbers(c.inSize()), m.numbers(c.weights()), Finish{Bias: m.numbers(c.Out), Add: m.numbers(c.outSize()), Relu: true}, m.take(c.Scratch()))
			return [][]float32{y}
		}},
		{"convolution dx", false, func(p path, m room, a, b, _ int) [][]float32 {
			c := conv(a, b)
			dx := m.numbers(c.inSize())
			p.convInputGrad(c, dx, m.numbers(c.outSize()), m.numbers(c.weights()), Finish{Gate: m.numbers(c.inSize())}, m.take(c.Scratch()))
			return [][]float32{dx}
		}},
		{"convolution dw", false, func(p path, m room, a, b, _ int) [][]float32 {
			c := conv(a, b)
			dw := m.numbers(c.weights())
			p.convWeightGrad(c, dw, m.numbers(c.inSize()), m.numbers(c.outSize()), m.take(c.Scratch()))
			return [][]float32{dw}
		}},
	}
}

// naive adds, for every pair of an output and an input that it reads, what visit says.
func naive(c *Conv, visit func(y, x, w int)) {
	for o := range c.Out {
		for i := range c.In {
			for k := range c.Size * c.Size {
				for oy := range c.OutHeight {
					for ox := range c.OutWidth {
						iy, ix := oy*c.Stride-c.Pad+k/c.Size, ox*c.Stride-c.Pad+k%c.Size
						if iy < 0 || iy >= c.Height || ix < 0 || ix >= c.Width {
							continue
						}
						for n := range c.Batch {
							visit(((o*c.OutHeight+oy)*c.OutWidth+ox)*c.Batch+n, ((i*c.Height+iy)*c.Width+ix)*c.Batch+n, (o*c.In+i)*c.Size*c.Size+k)
						}
					}
				}
			}
		}
	}
}

func TestTheseShapesGoWinogradsWay(t *testing.T) {
	for a, shape := range quickShapes() {
		if c := quickConv(a, 16); c.ahead == nil && c.behind == nil && c.grad == nil {
			t.Errorf("%v goes the direct way in all directions", shape)
		}
		if c := quickConv(a, 17); c.ahead != nil || c.behind != nil || c.grad != nil {
			t.Errorf("%v goes Winograd's way with a batch of 17", shape)
		}
	}
}

func TestConvolutionsEqualTheNaiveLoop(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, shape := range append(convShapes(), quickShapes()...) {
		for _, batch := range []int{1, 8, 16, 19, 32, 50} {
			c, err := NewConv(shape[0], shape[1], shape[2], shape[3], batch, shape[4], shape[5], shape[6])
			if err != nil {
				t.Fatal(err)
			}
			x, dy, w := numbers(r, c.inSize()), numbers(r, c.outSize()), numbers(r, c.weights())
			y, dx, dw := make([]float64, c.outSize()), make([]float64, c.inSize()), make([]float64, c.weights())
			naive(c, func(yi, xi, wi int) {
				y[yi] += float64(x[xi]) * float64(w[wi])
				dx[xi] += float64(dy[yi]) * float64(w[wi])
				dw[wi] += float64(dy[yi]) * float64(x[xi])
			})
			gotY, gotX, gotW := make([]float32, len(y)), make([]float32, len(dx)), make([]float32, len(dw))
			c.Forward(gotY, x, w, Finish{}, make([]float32, c.Scratch()))
			c.InputGrad(gotX, dy, w, Finish{}, make([]float32, c.Scratch()))
			c.WeightGrad(gotW, x, dy, make([]float32, c.Scratch()))
			for _, check := range []struct {
				what  string
				got   []float32
				want  []float64
				quick *quick
			}{{"forward", gotY, y, c.ahead}, {"input gradient", gotX, dx, c.behind}, {"weight gradient", gotW, dw, c.grad}} {
				near := 2e-6
				if check.quick != nil && check.quick.side == 6 { // these round five to ten times as much
					near = 1e-5
				}
				top := 0.0
				for _, v := range check.want {
					top = max(top, math.Abs(v))
				}
				for i := range check.want {
					if d := math.Abs(float64(check.got[i]) - check.want[i]); d > near*top {
						t.Fatalf("%s of %v, batch %d, number %d: got %v, want %v", check.what, shape, batch, i, check.got[i], check.want[i])
					}
				}
			}
		}
	}
}

func TestAnImpossibleConvolutionIsRefused(t *testing.T) {
	for _, s := range [][8]int{{0, 1, 4, 4, 1, 3, 1, 1}, {1, 1, 1, 4, 1, 3, 1, 0}, {1, 1, 4, 4, 1, 3, 0, 1}, {1, 1, 4, 4, 1, 3, 1, 3}} {
		if _, err := NewConv(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]); err == nil {
			t.Errorf("%v was accepted", s)
		}
	}
}

func BenchmarkConvolution(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range [][4]int{{16, 16, 32, 32}, {32, 32, 16, 32}, {64, 64, 8, 32}, {3, 16, 32, 32}, {8, 8, 64, 8}} {
		c, err := NewConv(s[0], s[1], s[2], s[2], s[3], 3, 1, 1)
		if err != nil {
			b.Fatal(err)
		}
		x, dy, w := numbers(r, c.inSize()), numbers(r, c.outSize()), numbers(r, c.weights())
		y, dx, dw := make([]float32, c.outSize()), make([]float32, c.inSize()), make([]float32, c.weights())
		scratch := make([]float32, c.Scratch())
		flop := float64(2 * c.weights() * s[2] * s[2] * s[3])
		for _, p := range supported()[1:] {
			for name, f := range map[string]func(){
				"direct forward": func() { p.gatherForward(c, y, x, w, Finish{}) },
				"direct dx":      func() { p.gatherInputGrad(c, dx, dy, w, Finish{}) },
				"direct dw":      func() { p.rowsGrad(c, dw, x, dy) },
				"forward":        func() { p.convForward(c, y, x, w, Finish{}, scratch) },
				"dx":             func() { p.convInputGrad(c, dx, dy, w, Finish{}, scratch) },
				"dw":             func() { p.convWeightGrad(c, dw, x, dy, scratch) },
			} {
				b.Run(fmt.Sprintf("%v %d-%d %dx%d batch %d %s", p, s[0], s[1], s[2], s[2], s[3], name), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						f()
					}
					b.ReportMetric(flop*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				})
			}
		}
	}
}
