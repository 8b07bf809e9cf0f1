package ops

import (
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"tenet/runner/kernel"
)

// pictureOps build the op of a golden case; in gives its inputs by name, pictures turned to our layout.
func pictureOps() map[string]func(c everyCase, in func(string) *G.Node) *G.Node {
	return map[string]func(c everyCase, in func(string) *G.Node) *G.Node{
		"conv_transpose2d": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(DeconvOf("t", in("x"), in("w"), in("b"), c.Attrs.whole("stride"), c.Attrs.whole("pad"), c.Attrs.whole("output_pad")))
		},
		"max_pool2d": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(MaxPoolPadded("t", in("x"), c.Attrs.whole("kernel"), c.Attrs.whole("stride"), c.Attrs.whole("pad")))
		},
		"avg_pool2d": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(AvgPoolPadded("t", in("x"), c.Attrs.whole("kernel"), c.Attrs.whole("stride"), c.Attrs.whole("pad"), c.Attrs["count_include_pad"] == true))
		},
		"global_avg_pool": func(_ everyCase, in func(string) *G.Node) *G.Node { return do(ChannelMean("t", in("x"))) },
		"global_max_pool": func(_ everyCase, in func(string) *G.Node) *G.Node { return do(ChannelMax("t", in("x"))) },
		"upsample_nearest": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(Upsample("t", in("x"), c.Attrs.whole("scale")))
		},
		"batch_norm_eval": func(_ everyCase, in func(string) *G.Node) *G.Node {
			return do(ChannelNormEval("t", in("x"), in("running_mean"), in("running_var"), in("gamma"), in("beta")))
		},
		"group_norm": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(GroupNorm("t", in("x"), c.Attrs.whole("groups"), in("gamma"), in("beta")))
		},
		"add":    func(_ everyCase, in func(string) *G.Node) *G.Node { return do(AddChannel("t", in("x"), in("t"))) },
		"concat": func(_ everyCase, in func(string) *G.Node) *G.Node { return do(ConcatChannels("t", in("a"), in("b"))) },
	}
}

func (a attrs) whole(name string) int { return int(a.number(name)) }

// ofPictures tells the cases whose first input is a picture.
func ofPictures(c everyCase) bool {
	for _, name := range []string{"x", "a"} {
		if a, ok := c.Inputs[name]; ok {
			return len(a.Shape) == 4
		}
	}
	return false
}

func TestEveryPictureOpMatchesGolden(t *testing.T) {
	builds, seen := pictureOps(), map[string]int{}
	for _, c := range goldenCases(t) {
		build, ours := builds[c.Op]
		if !ours || !ofPictures(c) {
			continue
		}
		seen[c.Op]++
		t.Run(c.Op+" "+c.Case, func(t *testing.T) {
			b := newBench()
			// Weights of a transposed convolution have four axes too, and stay as they are.
			turn := func(name string, a array) array {
				if len(a.Shape) == 4 && name != "w" {
					return turned(a)
				}
				return a
			}
			out := build(c, func(name string) *G.Node {
				if a, ok := c.Inputs[name]; ok {
					return b.plain(name, turn(name, a))
				}
				if a, ok := c.Constants[name]; ok {
					return b.plain(name, a)
				}
				return nil
			})
			var names []string
			for name := range c.Grads {
				names = append(names, name)
			}
			slices.Sort(names)
			values := b.run(t, out, weighted(out, b.plain("weight", turn("", c.GradOutput))), names)
			compare(t, "output", values["output"], turn("", c.Output).Data)
			for _, name := range names {
				compare(t, "gradient of "+name, values[name], turn(name, c.Grads[name]).Data)
			}
		})
	}
	for op := range builds {
		if seen[op] == 0 {
			t.Errorf("no golden case of %s", op)
		}
	}
}

// draft makes inputs of a small graph with drawn numbers.
type draft struct {
	b *bench
	r *rand.Rand
}

func (d draft) in(name string, shape ...int) *G.Node {
	x := make([]float32, tensor.Shape(shape).TotalSize())
	for i := range x {
		x[i] = float32(d.r.NormFloat64())
	}
	return d.b.plain(name, array{shape, x})
}

// apart is an input whose numbers lie far enough from one another that a small step changes no order.
func (d draft) apart(name string, shape ...int) *G.Node {
	n := d.in(name, shape...)
	x, err := numbers(n.Value())
	must(err)
	for i, at := range d.r.Perm(len(x)) {
		x[i] = 0.1*float32(at-len(x)/2) + 0.05
	}
	return n
}

func (d draft) mask(name string, n int, shape ...int) *G.Node {
	m := d.in(name, shape...)
	x, err := numbers(m.Value())
	must(err)
	for i := range n {
		x[i] = float32(d.r.IntN(2)) * 2
	}
	return m
}

// drafts are the picture ops on pictures of c channels, h×w pixels and batch n, and the inputs without a gradient.
func drafts(d draft, c, h, w, n int) map[string]func() *G.Node {
	x := func() *G.Node { return d.in("x", c, h, w, n) }
	return map[string]func() *G.Node{
		"max pool":        func() *G.Node { return do(MaxPool("t", d.apart("x", c, h, w, n), 2, 2)) },
		"max pool 3":      func() *G.Node { return do(MaxPoolPadded("t", d.apart("x", c, h, w, n), 3, 2, 1)) },
		"mean pool":       func() *G.Node { return do(AvgPool("t", x(), 2, 2)) },
		"mean pool 3":     func() *G.Node { return do(AvgPoolPadded("t", x(), 3, 1, 1, false)) },
		"channel max":     func() *G.Node { return do(ChannelMax("t", d.apart("x", c, h, w, n))) },
		"channel mean":    func() *G.Node { return do(ChannelMean("t", x())) },
		"upsample":        func() *G.Node { return do(Upsample("t", x(), 2)) },
		"upsample 3":      func() *G.Node { return do(Upsample("t", x(), 3)) },
		"deconv":          func() *G.Node { return do(Deconv("t", x(), d.in("w", c, 3, 2, 2), d.in("b", 3))) },
		"deconv bare":     func() *G.Node { return do(DeconvOf("t", x(), d.in("w", c, 2, 3, 3), nil, 2, 1, 1)) },
		"group norm":      func() *G.Node { return do(GroupNorm("t", x(), 2, d.in("s", c), d.in("k", c))) },
		"group norm silu": func() *G.Node { return do(GroupNormSiLU("t", x(), 2, d.in("s", c), d.in("k", c))) },
		"channel norm": func() *G.Node {
			y, _, err := ChannelNorm("t", x(), d.in("s", c), d.in("k", c))
			return do(y, err)
		},
		"kept norm": func() *G.Node {
			v := d.in("-variance", c)
			data, err := numbers(v.Value())
			must(err)
			for i := range data {
				data[i] = data[i]*data[i] + 0.1
			}
			return do(ChannelNormEval("t", x(), d.in("-mean", c), v, d.in("s", c), d.in("k", c)))
		},
		"concat": func() *G.Node {
			return do(ConcatChannels("t", x(), d.in("y", 1, h, w, n), d.in("z", 2, h, w, n)))
		},
		"concat twice": func() *G.Node {
			a := x()
			return do(ConcatChannels("t", a, do(Relu("r", d.apart("y", c, h, w, n))), a))
		},
		"add channel":  func() *G.Node { return do(AddChannel("t", x(), d.in("e", n, c))) },
		"flatten":      func() *G.Node { return do(Flatten("t", x())) },
		"picture":      func() *G.Node { return do(Picture("t", d.in("x", n, c*h*w), c, h, w)) },
		"drop":         func() *G.Node { return do(Drop("t", x(), d.mask("-m", c*h*w*n, c, h, w, n))) },
		"drop samples": func() *G.Node { return do(Drop("t", x(), d.mask("-m", n, n))) },
		"drop rows":    func() *G.Node { return do(Drop("t", d.in("x", n, c*h), d.mask("-m", n, n))) },
		"drop all":     func() *G.Node { return do(Drop("t", x(), d.mask("-m", 1, 1))) },

		"scale":               func() *G.Node { return do(Scale("t", x(), 0.5)) },
		"scale features":      func() *G.Node { return do(ScaleFeatures("t", x(), d.in("s", c))) },
		"scale columns":       func() *G.Node { return do(ScaleFeatures("t", d.in("x", n, c*h), d.in("s", c*h))) },
		"shortcut":            func() *G.Node { return do(Shortcut("t", x(), c+1, 2)) },
		"shortcut to fewer":   func() *G.Node { return do(Shortcut("t", x(), c-1, 1)) },
		"shortcut of rows":    func() *G.Node { return do(Shortcut("t", d.in("x", n, c), c+2, 1)) },
		"unroll":              func() *G.Node { return do(Unroll("t", d.in("x", n, c*h), c)) },
		"recall":              func() *G.Node { return do(Recall("t", d.in("q", n, c), d.in("x", n, c), d.in("y", n, c))) },
		"recall of a picture": func() *G.Node { return do(Recall("t", d.in("q", c, h, w, n), x(), d.in("y", c, h, w, n))) },
	}
}

func draftNames() []string {
	var names []string
	for name := range drafts(draft{}, 2, 2, 2, 1) {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Along a random direction of every input, the gradient is the slope of the weighted sum of the outputs.
func TestGradientsOfPictureOpsMatchFiniteDifferences(t *testing.T) {
	names := draftNames()
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom(names).Draw(rt, "op")
		c, h, w := 2*rapid.IntRange(1, 2).Draw(rt, "channel pairs"), rapid.IntRange(2, 5).Draw(rt, "height"), rapid.IntRange(2, 5).Draw(rt, "width")
		n := rapid.SampledFrom([]int{1, 2, 3, 16, 17}).Draw(rt, "batch")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		b := newBench()
		out := drafts(draft{b, r}, c, h, w, n)[name]()
		var wrt []string
		for in := range b.nodes {
			if in[0] != '-' {
				wrt = append(wrt, in)
			}
		}
		slices.Sort(wrt)
		weights := make([]float32, out.Shape().TotalSize())
		for i := range weights {
			weights[i] = float32(r.NormFloat64())
		}
		cost := weighted(out, b.plain("-weight", array{out.Shape(), weights}))
		analytic := b.run(t, out, cost, wrt)
		for _, in := range wrt {
			data, err := numbers(b.nodes[in].Value())
			must(err)
			const step = 4e-3
			old, direction := slices.Clone(data), make([]float64, len(data))
			want, scale := 0.0, 1.0
			for i := range direction {
				direction[i] = 2*r.Float64() - 1
				want += direction[i] * float64(analytic[in][i])
				scale += math.Abs(direction[i] * float64(analytic[in][i]))
			}
			at := func(s float64) float64 {
				for i := range data {
					data[i] = old[i] + float32(s*direction[i])
				}
				return float64(b.run(t, out, cost, nil)["cost"][0])
			}
			got := (at(step) - at(-step)) / (2 * step)
			copy(data, old)
			if math.Abs(got-want) > 4e-3*scale {
				rt.Errorf("%s of %dx%dx%d, batch %d, along %s: gradient gives %v, finite difference %v", name, c, h, w, n, in, want, got)
			}
		}
	})
}

func TestPictureOpsLeaveTheirInputsAlone(t *testing.T) {
	for _, name := range draftNames() {
		b := newBench()
		out := drafts(draft{b, rand.New(rand.NewPCG(2, 2))}, 4, 4, 3, 5)[name]()
		k, ok := out.Op().(Kernel)
		if !ok {
			t.Fatalf("%s: no kernel", name)
		}
		r := rand.New(rand.NewPCG(9, 9))
		var src, before [][]float32
		for _, s := range k.(*fused).in {
			d := make([]float32, s.TotalSize())
			for i := range d {
				d[i] = float32(r.NormFloat64())
			}
			src, before = append(src, d), append(before, slices.Clone(d))
		}
		one, two := make([]float32, out.Shape().TotalSize()), make([]float32, out.Shape().TotalSize())
		for i := range one {
			one[i], two[i] = float32(math.NaN()), -1
		}
		Run(k, one, src)
		Run(k, two, src)
		if !slices.Equal(one, two) {
			t.Errorf("%s: run twice, two results", name)
		}
		for i := range src {
			if !slices.Equal(src[i], before[i]) {
				t.Errorf("%s: input %d was written to", name, i)
			}
		}
	}
}

// gradients runs out·weight and gives the output and the gradients of wrt.
func gradients(t *testing.T, b *bench, out *G.Node, weight []float32, wrt ...string) map[string][]float32 {
	t.Helper()
	return b.run(t, out, weighted(out, b.plain("-weight", array{out.Shape(), weight})), wrt)
}

// Stock gorgonia divides the gradient of a dropped number by the rate a second time.
func TestDropoutScalesItsGradientAsItsOutput(t *testing.T) {
	b := newBench()
	x := b.plain("x", array{[]int{1, 4}, []float32{1, 2, 3, 4}})
	out := do(Drop("t", x, b.plain("-m", array{[]int{1, 4}, []float32{2, 0, 2, 0}})))
	values := gradients(t, b, out, []float32{1, 10, 100, 1000}, "x")
	if want := []float32{2, 0, 6, 0}; !slices.Equal(values["output"], want) {
		t.Errorf("output %v, want %v", values["output"], want)
	}
	if want := []float32{2, 0, 200, 0}; !slices.Equal(values["x"], want) {
		t.Errorf("gradient %v, want %v", values["x"], want)
	}
}

// Stock gorgonia draws its dropout masks from the clock: ours are inputs, and a run follows from them.
func TestDropoutDrawsNothingItself(t *testing.T) {
	x, m := []float32{1, 2, 3}, []float32{0, 2, 2}
	b := newBench()
	out := do(Drop("t", b.plain("x", array{[]int{3, 1}, x}), b.plain("m", array{[]int{3}, m})))
	for range 20 {
		got := make([]float32, 3)
		Run(out.Op().(Kernel), got, [][]float32{x, m})
		if want := []float32{0, 4, 6}; !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

// Stock gorgonia sums the wrong numbers when it takes the mean over two axes of four, and panics on the
// gradient of the mean over all pixels.
func TestTheMeanOverPixelsAndItsGradientAreRight(t *testing.T) {
	b := newBench()
	x := make([]float32, 2*2*3*2)
	for i := range x {
		x[i] = float32(i)
	}
	out := do(ChannelMean("t", b.plain("x", array{[]int{2, 2, 3, 2}, x})))
	values := gradients(t, b, out, []float32{6, 12, 18, 24}, "x")
	if want := []float32{5, 17, 6, 18}; !slices.Equal(values["output"], want) { // sample × channel
		t.Errorf("output %v, want %v", values["output"], want)
	}
	for i, g := range values["x"] {
		if want := []float32{1, 2, 3, 4}[i/12+i%2*2]; g != want && math.Abs(float64(g-want)) > 1e-6 {
			t.Errorf("gradient %d: %v, want %v", i, g, want)
		}
	}
}

// Stock gorgonia writes to standard output whenever it normalises groups.
func TestGroupNormPrintsNothing(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = w
	b := newBench()
	d := draft{b, rand.New(rand.NewPCG(1, 1))}
	out := do(GroupNorm("t", d.in("x", 4, 2, 2, 3), 2, d.in("s", 4), d.in("k", 4)))
	gradients(t, b, out, make([]float32, 48), "x", "s", "k")
	os.Stdout = old
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r); err != nil || len(text) > 0 {
		t.Errorf("printed %q (%v)", text, err)
	}
}

// Of equal numbers the first, row by row, takes the gradient, as in the golden program.
func TestTheFirstOfEqualNumbersTakesTheGradientOfAMaxPool(t *testing.T) {
	b := newBench()
	out := do(MaxPool("t", b.plain("x", array{[]int{1, 2, 4, 1}, []float32{1, 7, 5, 5, 7, 7, 5, 5}}), 2, 2))
	values := gradients(t, b, out, []float32{3, 4}, "x")
	if want := []float32{0, 3, 4, 0, 0, 0, 0, 0}; !slices.Equal(values["x"], want) {
		t.Errorf("gradient %v, want %v", values["x"], want)
	}
}

func TestAPoolKeepsANaN(t *testing.T) {
	nan := float32(math.NaN())
	w, err := kernel.NewWindow(1, 2, 2, 2, 2, 2, 0)
	if err != nil {
		t.Fatal(err)
	}
	y := make([]float32, 2)
	for at := range 4 {
		x := []float32{1, 1, 2, 2, 3, 3, 4, 4}
		x[2*at] = nan
		if w.Max(y, x); y[0] == y[0] || y[1] != 4 {
			t.Errorf("a NaN at pixel %d: the largest are %v", at, y)
		}
		if w.Mean(y, x, true); y[0] == y[0] || y[1] != 2.5 {
			t.Errorf("a NaN at pixel %d: the means are %v", at, y)
		}
	}
}
