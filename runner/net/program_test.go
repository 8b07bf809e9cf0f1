package net

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

func TestAProgramEqualsTheTapeMachine(t *testing.T) {
	for name, f := range forms() {
		t.Run(name, func(t *testing.T) {
			g, p := f.compiled(t, Train)
			p.Run()
			onTape(t, g, p)
		})
	}
}

// onTape runs g on gorgonia's machine with p's inputs and weights and compares every bit.
func onTape(t testing.TB, g *Graph, p *Program) {
	t.Helper()
	let := func(n *G.Node, v []float32) {
		if err := G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(slices.Clone(v)))); err != nil {
			t.Fatal(err)
		}
	}
	let(g.X, p.X)
	if g.Label != nil {
		let(g.Label, p.Label)
	}
	for i, q := range g.Params {
		let(g.Nodes[i], p.Weights[q.Offset:][:q.Size()])
	}
	for i, m := range g.Masks {
		let(m.Node, p.Masks[i].Values)
	}
	for _, k := range g.Constants {
		let(k.Node, slices.Repeat([]float32{k.Value}, k.Node.Shape().TotalSize()))
	}
	vm := G.NewTapeMachine(g.G)
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := float32(*g.Loss.Value().(*G.F32)); got != p.Loss[0] || got != got {
		t.Errorf("loss: program %v, tape machine %v", p.Loss[0], got)
	}
	same := func(name string, n *G.Node, got []float32) {
		want, ok := n.Value().Data().([]float32)
		if !ok || !slices.Equal(got, want) {
			t.Errorf("gradient of %s: program %v, tape machine %v", name, got, want)
		}
	}
	for i, q := range g.Params[:g.Trained] {
		same(q.Name, g.Grads[i], p.Grads[q.Offset:][:q.Size()])
	}
	if g.InputGrad != nil {
		same("the input", g.InputGrad, p.InputGrad)
	}
}

func TestAStepAllocatesNothing(t *testing.T) {
	for name, f := range forms() {
		_, p := f.compiled(t, Train)
		adam := kernel.NewAdam(1e-3, len(p.Grads))
		if n := testing.AllocsPerRun(10, func() { p.Run(); p.Observe(); adam.Update(p.Weights[:len(p.Grads)], p.Grads) }); n != 0 {
			t.Errorf("%s: %v allocations a step", name, n)
		}
	}
}

func TestEqualParametersStartEqual(t *testing.T) {
	shallow, deep := parsed(t, plain), parsed(t, strings.Replace(res, `"depth":4`, `"depth":7`, 1))
	values := func(s Spec) map[string][]float32 {
		g, err := Build(s, testIO, Train, nil)
		if err != nil {
			t.Fatal(err)
		}
		w, out := drawn(g), map[string][]float32{}
		for _, p := range g.Params {
			out[p.Name] = w[p.Offset:][:p.Size()]
		}
		return out
	}
	a, b := values(shallow), values(deep)
	for name, v := range a {
		if !slices.Equal(v, b[name]) {
			t.Errorf("%s starts differently in the deeper net", name)
		}
	}
	if slices.Equal(a["blocks.1.weight"], a["blocks.2.weight"]) {
		t.Errorf("two blocks start equal")
	}
}

func TestStartsHaveTheirVariance(t *testing.T) {
	for st, want := range map[start]float64{startHe: 2.0 / 200, startGlorot: 2.0 / 300, startLecun: 1.0 / 200, startOrthogonal: 1.0 / 200} {
		p := Param{Name: "w", Shape: []int{100, 200}, start: st, shrink: 1}
		w := make([]float32, p.Size())
		p.Draw(w, [32]byte{5})
		var m, q float64
		for _, v := range w {
			m += float64(v)
			q += float64(v) * float64(v)
		}
		n := float64(len(w))
		if m, q = m/n, q/n; math.Abs(m) > 0.003 || math.Abs(q/want-1) > 0.05 {
			t.Errorf("%s: mean %v, variance %v, want 0 and %v", st, m, q, want)
		}
	}
	for _, shape := range [][]int{{7, 7}, {4, 9}, {9, 4}} {
		p := Param{Shape: shape, start: startOrthogonal, shrink: 1, act: "relu"}
		w := make([]float32, p.Size())
		p.Draw(w, [32]byte{6})
		out, in := shape[0], shape[1]
		for a := range min(out, in) {
			for b := range a + 1 {
				dot := 0.0
				for i := range max(out, in) {
					if out <= in {
						dot += float64(w[a*in+i]) * float64(w[b*in+i])
					} else {
						dot += float64(w[i*in+a]) * float64(w[i*in+b])
					}
				}
				want := 0.0
				if a == b {
					want = 2 // gain √2 for relu
				}
				if math.Abs(dot-want) > 1e-5 {
					t.Errorf("shape %v, vectors %d and %d: product %v, want %v", shape, a, b, dot, want)
				}
			}
		}
	}
}

func TestALesionTakesTheBranchAway(t *testing.T) {
	logits := func(text string, lesion []int) []float32 {
		s := parsed(t, text)
		g, err := Build(s, testIO, Score, lesion)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(g, drawn(g), make([]float32, g.StatSize()))
		if err != nil {
			t.Fatal(err)
		}
		fill(p.X, nil, 2)
		p.Run()
		return slices.Clone(p.Logits)
	}
	zero := strings.Replace(res, "1/sqrt(depth)", "0", 1)
	if whole, cut := logits(res, nil), logits(res, []int{2}); slices.Equal(whole, cut) {
		t.Errorf("a lesion of a residual block changed nothing")
	}
	if whole, cut := logits(zero, nil), logits(zero, []int{1, 2, 3, 4}); !slices.Equal(whole, cut) {
		t.Errorf("branches times zero: %v; branches taken away: %v", whole, cut)
	}
	if whole, cut := logits(plain, nil), logits(plain, []int{3}); slices.Equal(whole, cut) {
		t.Errorf("a lesion of a plain block changed nothing")
	}
	for text, want := range map[string]string{
		forms()["dense"].spec: "lesion of block 2: it joins by concat",
		plain:                 "lesion of block 9: the net has blocks 1 to 4",
	} {
		k := 2
		if text == plain {
			k = 9
		}
		if _, err := Build(parsed(t, text), testIO, Score, []int{k}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestScoringABatchNormUsesKeptStatistics(t *testing.T) {
	s := parsed(t, forms()["batch norm"].spec)
	g, err := Build(s, testIO, Train, nil)
	if err != nil {
		t.Fatal(err)
	}
	w, stats := drawn(g), make([]float32, g.StatSize())
	p, err := Compile(g, w, stats)
	if err != nil {
		t.Fatal(err)
	}
	fill(p.X, p.Label, 3)
	p.Run()
	for range 400 { // the statistics come to those of this one batch
		p.Observe()
	}
	sg, err := Build(s, testIO, Score, nil)
	if err != nil {
		t.Fatal(err)
	}
	q, err := Compile(sg, w, stats)
	if err != nil {
		t.Fatal(err)
	}
	copy(q.X, p.X)
	q.Run()
	for i := range q.Logits {
		// The kept variance has divisor n-1, the batch's own n: with five rows they are near, not equal.
		if math.Abs(float64(q.Logits[i]-p.Logits[i])) > 0.35 {
			t.Errorf("logit %d: scored %v, trained %v", i, q.Logits[i], p.Logits[i])
		}
	}
}

func TestGraphsMayBeBuiltAtTheSameTime(t *testing.T) {
	s := parsed(t, res)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := Build(s, testIO, Train, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// shared is the folder of yardsticks beside the checkout.
func shared(t *testing.T, path ...string) string {
	t.Helper()
	dir := os.Getenv("TENET_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	full := filepath.Join(append([]string{dir}, path...)...)
	if _, err := os.Stat(full); err != nil {
		t.Skipf("needs %s (set TENET_SHARED)", full)
	}
	return full
}

// Three steps of another program, computed in double precision: the losses, the first gradients and the
// parameters after them (shared/peers/torch/MODELS.md, mlp at reduced size).
func TestGoldenTrainingOfAnMLP(t *testing.T) {
	dir := shared(t, "peers", "torch", "golden", "mlp")
	var manifest struct {
		Losses    []float64
		Optimizer struct{ LR, Momentum float64 }
	}
	b, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &manifest); err != nil {
		t.Fatal(err)
	}
	read := func(name string) []float32 {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out := make([]float32, len(b)/4)
		for i := range out {
			bits := binary.LittleEndian.Uint32(b[4*i:])
			if out[i] = math.Float32frombits(bits); strings.HasSuffix(name, ".i4") {
				out[i] = float32(int32(bits))
			}
		}
		return out
	}
	s := parsed(t, `{"family":"mlp","depth":4,"width":16,"order":"post"}`)
	g, err := Build(s, IO{In: 64, Out: 10, Batch: 8}, Train, nil)
	if err != nil {
		t.Fatal(err)
	}
	theirs := func(name string) string {
		name = strings.Replace(name, "stem.", "layers.0.", 1)
		return strings.Replace(name, "blocks.", "layers.", 1)
	}
	w := make([]float32, g.Size())
	for _, p := range g.Params {
		copy(w[p.Offset:], read("init."+theirs(p.Name)+".f4"))
	}
	p, err := Compile(g, w, nil)
	if err != nil {
		t.Fatal(err)
	}
	sgd := &kernel.Momentum{Rate: manifest.Optimizer.LR, Mu: manifest.Optimizer.Momentum, V: make([]float32, g.Size())}
	check := func(group string, got []float32) {
		for _, q := range g.Params {
			want := read(group + "." + theirs(q.Name) + ".f4")
			largest := 0.0
			for _, v := range want {
				largest = max(largest, math.Abs(float64(v)))
			}
			for i, v := range got[q.Offset:][:q.Size()] {
				if math.Abs(float64(v-want[i])) > 1e-5*largest {
					t.Errorf("%s of %s[%d]: got %v, want %v", group, q.Name, i, v, want[i])
					break
				}
			}
		}
	}
	for step := 1; step <= 3; step++ {
		n := string(rune('0' + step))
		copy(p.X, read("batch"+n+".0.f4"))
		copy(p.Label, read("batch"+n+".1.i4"))
		p.Run()
		if want := manifest.Losses[step-1]; math.Abs(float64(p.Loss[0])-want) > 1e-5*want {
			t.Errorf("loss of step %d: got %v, want %v", step, p.Loss[0], want)
		}
		if step == 1 {
			check("grad1", p.Grads)
		}
		sgd.Update(w, p.Grads)
	}
	check("after3", w)
}

func BenchmarkStepOfH01(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"plain", strings.NewReplacer(`"depth":4`, `"depth":32`, `"width":8`, `"width":32`).Replace(plain)},
		{"res", strings.NewReplacer(`"depth":4`, `"depth":32`, `"width":8`, `"width":32`).Replace(res)},
	} {
		s := parsed(b, c.text)
		g, err := Build(s, IO{In: 64, Out: 10, Batch: 64}, Train, nil)
		if err != nil {
			b.Fatal(err)
		}
		p, err := Compile(g, drawn(g), nil)
		if err != nil {
			b.Fatal(err)
		}
		for i := range p.Label {
			p.Label[i] = float32(i % 10)
		}
		fill(p.X, nil, 1)
		adam := kernel.NewAdam(1e-3, g.Size())
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Run()
				adam.Update(p.Weights, p.Grads)
			}
			b.ReportMetric(StepFLOPs(g)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkBuildAndCompile(b *testing.B) {
	s := parsed(b, strings.Replace(res, `"depth":4`, `"depth":32`, 1))
	for b.Loop() {
		g, err := Build(s, IO{In: 64, Out: 10, Batch: 64}, Train, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Compile(g, make([]float32, g.Size()), nil); err != nil {
			b.Fatal(err)
		}
	}
}
