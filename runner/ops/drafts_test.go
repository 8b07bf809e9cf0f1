package ops

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"
)

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
		"max pool":     func() *G.Node { return do(MaxPool("t", d.apart("x", c, h, w, n), 2, 2)) },
		"max pool 3":   func() *G.Node { return do(MaxPoolPadded("t", d.apart("x", c, h, w, n), 3, 2, 1)) },
		"mean pool":    func() *G.Node { return do(AvgPool("t", x(), 2, 2)) },
		"mean pool 3":  func() *G.Node { return do(AvgPoolPadded("t", x(), 3, 1, 1, false)) },
		"channel max":  func() *G.Node { return do(ChannelMax("t", d.apart("x", c, h, w, n))) },
		"channel mean": func() *G.Node { return do(ChannelMean("t", x())) },
		"conv":         func() *G.Node { return do(Conv("t", x(), d.in("w", 3, c, 3, 3), d.in("b", 3), 1, 1)) },
		"conv in groups": func() *G.Node {
			return do(ConvOf("t", x(), d.in("w", c, 1, 3, 3), d.in("b", c), Sliding{Stride: 1, PadRows: 1, PadCols: 1, Dilation: 1, Grouped: c}))
		},
		"conv dilated": func() *G.Node {
			return do(ConvOf("t", x(), d.in("w", 2, c, 2, 2), nil, Sliding{Stride: 1, PadRows: 1, PadCols: 1, Dilation: 2, Grouped: 1}))
		},
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
		checkSlopes(t, rt, fmt.Sprintf("%s of %dx%dx%d, batch %d", name, c, h, w, n), b, r, out)
	})
}

// checkSlopes compares the gradients of every input, but for those named with a minus, with finite differences
// along a random direction.
func checkSlopes(t *testing.T, rt *rapid.T, what string, b *bench, r *rand.Rand, out *G.Node) {
	var wrt []string
	for in := range b.nodes {
		if in[0] != '-' {
			wrt = append(wrt, in)
		}
	}
	slices.Sort(wrt)
	cost := out
	if !out.IsScalar() {
		weights := make([]float32, out.Shape().TotalSize())
		for i := range weights {
			weights[i] = float32(r.NormFloat64())
		}
		cost = weighted(out, b.plain("-weight", array{out.Shape(), weights}))
	}
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
			rt.Errorf("%s, along %s: gradient gives %v, finite difference %v", what, in, want, got)
		}
	}
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
