package ops

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

//go:embed testdata/golden.json
var golden []byte

type array struct {
	Shape []int     `json:"shape"`
	Data  []float32 `json:"data"`
}

type goldenCase struct {
	Op         string           `json:"op"`
	Case       string           `json:"case"`
	Inputs     map[string]array `json:"inputs"`
	Constants  map[string]array `json:"constants"`
	Output     array            `json:"output"`
	GradOutput array            `json:"grad_output"`
	Grads      map[string]array `json:"grads"`
}

// bench builds a small graph, differentiates Σ out·weight and runs it on the tape machine.
type bench struct {
	g     *G.ExprGraph
	nodes map[string]*G.Node
}

func newBench() *bench { return &bench{G.NewGraph(), map[string]*G.Node{}} }

// in makes an input; leading axes of a tensor of more than two are folded into rows.
func (b *bench) in(name string, a array) *G.Node {
	shape := a.Shape
	if len(shape) > 2 {
		rows := 1
		for _, d := range shape[:len(shape)-1] {
			rows *= d
		}
		shape = []int{rows, shape[len(shape)-1]}
	}
	n := G.NewTensor(b.g, tensor.Float32, len(shape), G.WithShape(shape...), G.WithName(name))
	must(G.Let(n, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(slices.Clone(a.Data)))))
	b.nodes[name] = n
	return n
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func do(n *G.Node, err error) *G.Node {
	must(err)
	return n
}

// weighted is Σ x·w, a scalar.
func weighted(x, w *G.Node) *G.Node {
	op := &fused{name: "weighted", out: tensor.ScalarShape(), wrt: []bool{true, false}}
	op.run = func(dst []float32, src [][]float32) { dst[0] = kernel.Dot(src[0], src[1]) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "weighted dx", out: x.Shape()}
		d.run = func(dst []float32, src [][]float32) { kernel.Scale(dst, src[0], src[1][0]) }
		return collect(func() (*G.Node, error) { return d.apply(in[1], grad) }, nil)
	}
	return do(op.apply(x, w))
}

// build makes the op of a golden case from its inputs, in the order of its arguments.
func (b *bench) build(c goldenCase) *G.Node {
	in := func(name string) *G.Node {
		if a, ok := c.Inputs[name]; ok {
			return b.in(name, a)
		}
		if a, ok := c.Constants[name]; ok {
			return b.in(name, a)
		}
		return nil
	}
	switch c.Op {
	case "linear":
		return do(Linear("t", in("x"), in("w"), in("b")))
	case "layer_norm":
		return do(LayerNorm("t", in("x"), in("gamma"), in("beta")))
	case "batch_norm_train":
		return do(BatchNorm("t", in("x"), in("gamma"), in("beta")))
	case "batch_norm_eval":
		return do(BatchNormEval("t", in("x"), in("running_mean"), in("running_var"), in("gamma"), in("beta")))
	case "relu":
		return do(Relu("t", in("x")))
	case "tanh":
		return do(Tanh("t", in("x")))
	case "sigmoid":
		return do(Sigmoid("t", in("x")))
	case "softmax_cross_entropy":
		return do(SoftmaxCrossEntropy(in("x"), in("label")))
	case "add":
		return do(AddScaled("t", in("a"), in("b"), 1))
	case "concat":
		return do(Concat("t", in("a"), in("b"), in("c")))
	case "gate":
		return do(Gate("t", in("x"), in("h"), in("t")))
	}
	panic("no builder for " + c.Op)
}

func TestOpsMatchGolden(t *testing.T) {
	var file struct{ Cases []goldenCase }
	if err := json.Unmarshal(golden, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 15 {
		t.Fatalf("only %d golden cases", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.Op+" "+c.Case, func(t *testing.T) {
			b := newBench()
			out := b.build(c)
			cost := out
			if !out.IsScalar() {
				cost = weighted(out, b.in("weight", array{c.Output.Shape, c.GradOutput.Data}))
			}
			var names []string
			if c.Op != "batch_norm_eval" { // scoring only
				for name := range c.Grads {
					names = append(names, name)
				}
			}
			slices.Sort(names)
			values := b.run(t, out, cost, names)
			compare(t, "output", values["output"], c.Output.Data)
			factor := float32(1)
			if out.IsScalar() {
				factor = c.GradOutput.Data[0]
			}
			for _, name := range names {
				want := slices.Clone(c.Grads[name].Data)
				for i := range want {
					want[i] /= factor
				}
				compare(t, "gradient of "+name, values[name], want)
			}
		})
	}
}

func (b *bench) run(t *testing.T, out, cost *G.Node, wrt []string) map[string][]float32 {
	t.Helper()
	var ns G.Nodes
	for _, name := range wrt {
		ns = append(ns, b.nodes[name])
	}
	var grads G.Nodes
	if len(ns) > 0 {
		var err error
		if grads, err = G.Grad(cost, ns...); err != nil {
			t.Fatal(err)
		}
	}
	vm := G.NewTapeMachine(b.g)
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	values := map[string][]float32{}
	take := func(name string, n *G.Node) {
		v, err := numbers(n.Value())
		if err != nil {
			t.Fatal(err)
		}
		values[name] = slices.Clone(v)
	}
	take("output", out)
	take("cost", cost)
	for i, name := range wrt {
		take(name, grads[i])
	}
	return values
}

func compare(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	largest := 1e-3
	for _, v := range want {
		largest = max(largest, math.Abs(float64(v)))
	}
	for i := range want {
		if d := math.Abs(float64(got[i] - want[i])); !(d <= 1e-5*largest) {
			t.Errorf("%s[%d]: got %v, want %v", what, i, got[i], want[i])
		}
	}
}

// small are graphs whose inputs all get a finite-difference check.
func small(b *bench, r *rand.Rand) map[string]func() *G.Node {
	in := func(name string, shape ...int) *G.Node {
		d := make([]float32, tensor.Shape(shape).TotalSize())
		for i := range d {
			d[i] = float32(r.NormFloat64())
		}
		return b.in(name, array{shape, d})
	}
	x := func() *G.Node { return in("x", 4, 3) }
	return map[string]func() *G.Node{
		"linear":      func() *G.Node { return do(Linear("t", x(), in("w", 5, 3), in("b", 5))) },
		"linear bare": func() *G.Node { return do(Linear("t", x(), in("w", 5, 3), nil)) },
		"tanh":        func() *G.Node { return do(Tanh("t", x())) },
		"sigmoid":     func() *G.Node { return do(Sigmoid("t", x())) },
		"layer norm":  func() *G.Node { return do(LayerNorm("t", x(), in("s", 3), in("c", 3))) },
		"batch norm":  func() *G.Node { return do(BatchNorm("t", x(), in("s", 3), in("c", 3))) },
		"bare norms":  func() *G.Node { return do(BatchNorm("u", do(LayerNorm("t", x(), nil, nil)), nil, nil)) },
		"add scaled":  func() *G.Node { return do(AddScaled("t", x(), in("h", 4, 3), 0.25)) },
		"add trained": func() *G.Node { return do(AddTrained("t", x(), in("h", 4, 3), in("s", 1))) },
		"gate":        func() *G.Node { return do(Gate("t", x(), in("h", 4, 3), in("g", 4, 3))) },
		"concat":      func() *G.Node { return do(Concat("t", x(), in("h", 4, 2), in("k", 4, 1))) },
		"read twice":  func() *G.Node { a := x(); return do(AddScaled("u", a, do(Tanh("t", a)), 0.5)) },
		"read thrice": func() *G.Node { a := x(); return do(Gate("u", a, do(Tanh("t", a)), do(Sigmoid("t", a)))) },
		"deep relu":   func() *G.Node { return do(Relu("t", do(Linear("t", x(), in("w", 3, 3), in("b", 3))))) },
	}
}

func TestGradientsMatchFiniteDifferences(t *testing.T) {
	for name := range small(newBench(), rand.New(rand.NewPCG(1, 1))) {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, uint64(len(name))))
			b := newBench()
			out := small(b, r)[name]()
			weights := make([]float32, out.Shape().TotalSize())
			for i := range weights {
				weights[i] = float32(r.NormFloat64())
			}
			var wrt []string
			for n := range b.nodes {
				wrt = append(wrt, n)
			}
			slices.Sort(wrt)
			cost := weighted(out, b.in("weight", array{out.Shape(), weights}))
			analytic := b.run(t, out, cost, wrt)
			for _, n := range wrt {
				data, err := numbers(b.nodes[n].Value())
				if err != nil {
					t.Fatal(err)
				}
				for i := range data {
					// The cost is one float32, so the step balances its rounding against curvature.
					const h = 1e-2
					old := data[i]
					data[i] = old + h
					up := float64(b.run(t, out, cost, nil)["cost"][0])
					data[i] = old - h
					down := float64(b.run(t, out, cost, nil)["cost"][0])
					data[i] = old
					want := (up - down) / (2 * h)
					if got := float64(analytic[n][i]); math.Abs(got-want) > 5e-3*(1+math.Abs(want)) {
						t.Errorf("d/d%s[%d]: got %v, finite difference %v", n, i, got, want)
					}
				}
			}
		})
	}
}

func TestOpsLeaveTheirInputsAlone(t *testing.T) {
	for name := range small(newBench(), rand.New(rand.NewPCG(1, 1))) {
		b := newBench()
		out := small(b, rand.New(rand.NewPCG(2, 2)))[name]()
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

func TestHashesTellOpsApart(t *testing.T) {
	b := newBench()
	x, h := b.in("x", array{[]int{2, 2}, make([]float32, 4)}), b.in("h", array{[]int{2, 2}, make([]float32, 4)})
	nodes := []*G.Node{
		do(Relu("blocks.1", x)), do(Relu("blocks.2", x)), do(Tanh("blocks.1", x)),
		do(AddScaled("blocks.1", x, h, 0.5)), do(AddScaled("blocks.1", x, h, 0.25)), do(AddScaled("blocks.2", x, h, 0.5)),
	}
	seen := map[uint32]string{}
	for _, n := range nodes {
		code := n.Op().Hashcode()
		if other, ok := seen[code]; ok {
			t.Errorf("%s and %s have one hash", n.Op(), other)
		}
		seen[code] = n.Op().String()
	}
}

func TestAnImpossibleShapeIsNamed(t *testing.T) {
	b := newBench()
	x := b.in("x", array{[]int{2, 3}, make([]float32, 6)})
	w := b.in("w", array{[]int{2, 4}, make([]float32, 8)})
	v := b.in("v", array{[]int{3}, make([]float32, 3)})
	for want, f := range map[string]func() (*G.Node, error){
		"ops: blocks.7: w has 4 inputs, x gives 3":          func() (*G.Node, error) { return Linear("blocks.7", x, w, nil) },
		"ops: blocks.7: x has shape (3), want two axes":     func() (*G.Node, error) { return Linear("blocks.7", v, w, nil) },
		"ops: a: the skip has shape (2, 3), the branch has": func() (*G.Node, error) { return AddScaled("a", x, w, 1) },
		"ops: a: scale and shift come together":             func() (*G.Node, error) { return LayerNorm("a", x, v, nil) },
		"ops: loss: 3 labels for 2 rows":                    func() (*G.Node, error) { return SoftmaxCrossEntropy(x, v) },
	} {
		if _, err := f(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func ExampleLinear() {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithShape(1, 2), G.WithName("x"), G.WithValue(tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{1, 2}))))
	w := G.NewMatrix(g, tensor.Float32, G.WithShape(1, 2), G.WithName("w"), G.WithValue(tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{10, 100}))))
	y, err := Linear("only", x, w, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	vm := G.NewTapeMachine(g)
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(y.Value().Data())
	// Output: [210]
}
