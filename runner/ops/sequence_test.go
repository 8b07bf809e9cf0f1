package ops

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"pgregory.net/rapid"

	"tenet/runner/kernel"
)

// positive is an input of numbers from a quarter on.
func (d draft) positive(name string, shape ...int) *G.Node {
	n := d.in(name, shape...)
	x, err := numbers(n.Value())
	must(err)
	for i, v := range x {
		x[i] = 0.25 + float32(math.Abs(float64(v)))
	}
	return n
}

func (d draft) below(name string, limit, n int) *G.Node {
	node := d.in(name, n)
	x, err := numbers(node.Value())
	must(err)
	for i := range x {
		x[i] = float32(d.r.IntN(limit))
	}
	return node
}

// rowDrafts are the ops on matrices of m × n numbers, sequences of them being s × m long. Those with a corner
// get numbers that keep away from it.
func rowDrafts(d draft, s, m, n int) map[string]func() *G.Node {
	x := func() *G.Node { return d.in("x", s*m, n) }
	of := func(f func(place string, x *G.Node) (*G.Node, error)) func() *G.Node {
		return func() *G.Node { return do(f("t", x())) }
	}
	ofPositive := func(f func(place string, x *G.Node) (*G.Node, error)) func() *G.Node {
		return func() *G.Node { return do(f("t", d.positive("x", s*m, n))) }
	}
	return map[string]func() *G.Node{
		"gelu": of(Gelu), "gelu exact": of(GeluExact), "silu": of(SiLU), "softplus": of(Softplus), "exp": of(Exp), "square": of(Square),
		"softmax": of(Softmax), "log softmax": of(LogSoftmax), "log sum exp": of(LogSumExp),
		"log": ofPositive(Log), "sqrt": ofPositive(Sqrt), "inverse sqrt": ofPositive(InverseSqrt),
		"leaky relu":           func() *G.Node { return do(LeakyRelu("t", d.apart("x", s*m, n), 0.2)) },
		"elu":                  func() *G.Node { return do(Elu("t", d.apart("x", s*m, n))) },
		"mul":                  func() *G.Node { return do(Mul("t", x(), d.in("y", s*m, n))) },
		"columns":              func() *G.Node { return do(Columns("t", x(), n/2, n)) },
		"rows":                 func() *G.Node { return do(Rows("t", x(), m/2, s*m, m)) },
		"attention":            func() *G.Node { return do(Attention("t", d.in("x", s*m, 6*n), s, 2, false)) },
		"causal attention":     func() *G.Node { return do(Attention("t", d.in("x", s*m, 3*n), s, 1, true)) },
		"embedding":            func() *G.Node { return do(Embedding("t", d.in("x", n+1, 3), d.below("-ids", n+1, s*m))) },
		"add table":            func() *G.Node { return do(AddTable("t", x(), d.in("y", m, n))) },
		"mean square":          func() *G.Node { return do(MSE(x(), d.in("y", s*m, n))) },
		"binary cross-entropy": func() *G.Node { return do(BCE(x(), d.below("-y", 2, s*m*n))) },
		"sum":                  func() *G.Node { return do(Sum("t", x())) },
		"huber":                func() *G.Node { return do(Huber(x(), d.in("y", s*m, n), 1)) },
		"kl normal":            func() *G.Node { return do(KLNormal(x(), d.in("y", s*m, n))) },
		"cross-entropy":        func() *G.Node { return do(SoftmaxCrossEntropy(x(), d.below("-y", n, s*m))) },
		"smooth cross-entropy": func() *G.Node { return do(SmoothCrossEntropy(x(), d.below("-y", n, s*m), 0.1)) },
		"rms norm":             func() *G.Node { return do(RMSNorm("t", x(), d.in("y", n), 1e-2)) },
		"unit":                 func() *G.Node { return do(Unit("t", d.positive("x", s*m, n), 1e-9)) },
		"layer norm":           func() *G.Node { return do(LayerNorm("t", d.in("x", s*m, n+4), d.in("y", n+4), d.in("z", n+4))) },
		"permute":              func() *G.Node { return do(Permute("t", d.in("x", s, m, n), 2, 0, 1)) },
		"sum over":             func() *G.Node { return do(SumOver("t", d.in("x", s, m, n), 1)) },
		"mean over two":        func() *G.Node { return do(MeanOver("t", d.in("x", s, m, n), 0, 2)) },
		"mean over all":        func() *G.Node { return do(MeanOver("t", d.in("x", s, m, n), 0, 1, 2)) },
		"matmul":               func() *G.Node { return do(MatMul("t", x(), d.in("y", n, 3))) },
		"batch mul":            func() *G.Node { return do(BatchMul("t", d.in("x", s, m, n), d.in("y", s, n, 2), false)) },
		"batch mul turned":     func() *G.Node { return do(BatchMul("t", d.in("x", s, m, n), d.in("y", s, 2, n), true)) },
		"pad":                  func() *G.Node { return do(Pad("t", d.in("x", 2, m, n, s), 1, 0, 2, 3)) },
		"local norm":           func() *G.Node { return do(LocalNorm("t", d.in("x", m+2, 2, n, s), 3, 0.3, 0.75, 2)) },
	}
}

func rowDraftNames() []string {
	var names []string
	for name := range rowDrafts(draft{}, 1, 1, 1) {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestGradientsOfRowOpsMatchFiniteDifferences(t *testing.T) {
	names := rowDraftNames()
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom(names).Draw(rt, "op")
		s, m, n := rapid.IntRange(1, 3).Draw(rt, "sequences"), rapid.IntRange(1, 4).Draw(rt, "rows"), rapid.IntRange(1, 6).Draw(rt, "columns")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		b := newBench()
		out := rowDrafts(draft{b, r}, s, m, n)[name]()
		checkSlopes(t, rt, fmt.Sprintf("%s of %d × %d × %d", name, s, m, n), b, r, out)
	})
}

// Every op and its gradients, run twice on memory full of old numbers, with every input as it was.
func TestRowOpsLeaveTheirInputsAlone(t *testing.T) {
	for _, name := range rowDraftNames() {
		b := newBench()
		out := rowDrafts(draft{b, rand.New(rand.NewPCG(2, 2))}, 2, 3, 4)[name]()
		var src, before [][]float32
		for _, in := range out.Op().(*fused).in {
			src = append(src, make([]float32, in.TotalSize()))
		}
		i := 0
		for it := b.g.From(out.ID()); it.Next(); i++ {
			v, err := numbers(it.Node().(*G.Node).Value())
			must(err)
			src[i] = slices.Clone(v)
			before = append(before, slices.Clone(v))
		}
		one, two := make([]float32, out.Shape().TotalSize()), make([]float32, out.Shape().TotalSize())
		for i := range one {
			one[i], two[i] = float32(math.NaN()), -1
		}
		Run(out.Op().(Kernel), one, src)
		Run(out.Op().(Kernel), two, src)
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

// A causal query does not see what comes after it.
func TestACausalQuerySeesNothingBehindIt(t *testing.T) {
	const steps, wide = 37, 8
	r := rand.New(rand.NewPCG(3, 3))
	a, err := kernel.NewAttention(steps, 3*wide, 1, 2, true)
	if err != nil {
		t.Fatal(err)
	}
	qkv := make([]float32, steps*3*wide)
	for i := range qkv {
		qkv[i] = float32(r.NormFloat64())
	}
	scratch := make([]float32, a.Scratch())
	first, second := make([]float32, steps*wide), make([]float32, steps*wide)
	a.Forward(first, qkv, scratch)
	for i := 20 * 3 * wide; i < len(qkv); i++ {
		qkv[i] = -qkv[i] + 1
	}
	a.Forward(second, qkv, scratch)
	if !slices.Equal(first[:20*wide], second[:20*wide]) {
		t.Error("positions before the change came out different")
	}
	if slices.Equal(first[20*wide:], second[20*wide:]) {
		t.Error("positions from the change on came out the same")
	}
}

// Stock gorgonia's gradient of 1/√x is wrong; its value at 4 must be -1/16.
func TestTheGradientOfAnInverseRootIsRight(t *testing.T) {
	b := newBench()
	x := b.plain("x", array{[]int{2}, []float32{4, 0.25}})
	got := gradients(t, b, do(InverseSqrt("t", x)), []float32{1, 1}, "x")
	if want := []float32{0.5, 2}; !slices.Equal(got["output"], want) {
		t.Errorf("got %v, want %v", got["output"], want)
	}
	if want := []float32{-1. / 16, -4}; !slices.Equal(got["x"], want) {
		t.Errorf("gradient %v, want %v", got["x"], want)
	}
}

// Stock gorgonia fails on a sum of exponentials along an axis and overflows where logits are large.
func TestALogOfSumsOfExponentialsStandsLargeNumbers(t *testing.T) {
	b := newBench()
	x := b.plain("x", array{[]int{2, 2}, []float32{1000, 1000, -1000, -1000}})
	got := gradients(t, b, do(LogSumExp("t", x)), []float32{1, 2}, "x")
	near(t, "output", got["output"], []float32{1000.6931, -999.3069})
	near(t, "gradient", got["x"], []float32{0.5, 0.5, 1, 1})
}

// Stock gorgonia has no fused cross-entropy; made of its parts, large logits are infinite.
func TestACrossEntropyOfLargeLogitsIsFinite(t *testing.T) {
	b := newBench()
	x, label := b.plain("x", array{[]int{1, 3}, []float32{500, -500, 0}}), b.plain("-label", array{[]int{1}, []float32{1}})
	loss := do(SoftmaxCrossEntropy(x, label))
	got := b.run(t, loss, loss, []string{"x"})
	near(t, "loss", got["output"], []float32{1000})
	near(t, "gradient", got["x"], []float32{1, -1, 0})
	b = newBench()
	z := b.plain("x", array{[]int{2}, []float32{300, -300}})
	bce := do(BCE(z, b.plain("-y", array{[]int{2}, []float32{0, 1}})))
	got = b.run(t, bce, bce, []string{"x"})
	near(t, "binary loss", got["output"], []float32{300})
	near(t, "binary gradient", got["x"], []float32{0.5, -0.5})
}

// Stock gorgonia sums wrongly over two axes of four.
func TestSumsOverTwoAxesOfFourAreRight(t *testing.T) {
	b := newBench()
	x := make([]float32, 2*3*2*2)
	for i := range x {
		x[i] = float32(i)
	}
	got := gradients(t, b, do(SumOver("t", b.plain("x", array{[]int{2, 3, 2, 2}, x}), 1, 3)), []float32{1, 2, 3, 4}, "x")
	if want := []float32{27, 39, 99, 111}; !slices.Equal(got["output"], want) {
		t.Errorf("got %v, want %v", got["output"], want)
	}
	if want := []float32{1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4, 3, 3, 4, 4}; !slices.Equal(got["x"], want) {
		t.Errorf("gradient %v, want %v", got["x"], want)
	}
}

func TestAnImpossibleSequenceIsNamed(t *testing.T) {
	b := newBench()
	x, v := b.plain("x", array{[]int{4, 6}, make([]float32, 24)}), b.plain("v", array{[]int{3}, make([]float32, 3)})
	for what, f := range map[string]func() (*G.Node, error){
		"ops: a: 4 rows of 6 numbers are not queries, keys and values of 4 heads in 2 sequences": func() (*G.Node, error) { return Attention("a", x, 2, 4, true) },
		"ops: a: columns 4 to 8 of 6":            func() (*G.Node, error) { return Columns("a", x, 4, 8) },
		"ops: a: rows 2 to 2 of 4 in steps of 1": func() (*G.Node, error) { return Rows("a", x, 2, 2, 1) },
		"ops: a: x has shape (4, 6), which is no number of sequences of the table's (3, 6)": func() (*G.Node, error) {
			return AddTable("a", x, b.plain("y", array{[]int{3, 6}, make([]float32, 18)}))
		},
		"ops: loss: y has shape (4, 6), the target has (3)": func() (*G.Node, error) { return MSE(x, v) },
		"ops: a: a leaky slope of 0, want one above zero":   func() (*G.Node, error) { return LeakyRelu("a", x, 0) },
		"ops: a: [0 0] is no order of 2 axes":               func() (*G.Node, error) { return Permute("a", x, 0, 0) },
		"ops: a: axes [2] of 2":                             func() (*G.Node, error) { return SumOver("a", x, 2) },
		"ops: a: a has shape (4, 6), b has (4, 6)":          func() (*G.Node, error) { return MatMul("a", x, x) },
	} {
		if _, err := f(); err == nil || err.Error() != what {
			t.Errorf("got %v, want %s", err, what)
		}
	}
}
