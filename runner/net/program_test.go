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
	values := func(f form) map[string][]float32 {
		g, p := f.compiled(t, Train)
		out := map[string][]float32{}
		for _, q := range g.Params {
			out[q.Name] = p.Weights[q.Offset:][:q.Size()]
		}
		return out
	}
	f := forms()
	shallow, deep := values(f["plain"]), values(f["residual"].with(`"depth":4`, `"depth":7`))
	for name, v := range shallow {
		if !slices.Equal(v, deep[name]) {
			t.Errorf("%s starts differently in the deeper net", name)
		}
	}
	if slices.Equal(shallow["blocks.1.weight"], shallow["blocks.2.weight"]) {
		t.Errorf("two blocks start equal")
	}
	for _, pair := range [][2]form{
		{f["transformer"], f["transformer"].with(`{"each":"sublayer","from":"k","to":"k+1"}`, "")},
		{f["residual, projected"], f["residual, projected"].with(`"transform":"projection"`, `"transform":"pad"`)},
		{f["autoencoder"], f["autoencoder, carried"]},
		{f["lstm"], f["lstm"].with(`{"from":"t","to":"t+1","join":"gate"}`, "")},
		{f["alexnet"], f["alexnet"].with(`,{"from":"fc1","to":"fc2","branch_scale":"1/sqrt(2)"}`, "")},
		{f["unet"], f["unet"].with(`"enc i"`, `"enc 2"`).with(`"dec i"`, `"dec 2"`)},
	} {
		a, b := values(pair[0]), values(pair[1])
		common := 0
		for name, v := range a {
			if w, ok := b[name]; ok && len(v) == len(w) {
				if common++; !slices.Equal(v, w) {
					t.Errorf("%s starts differently in %s and %s", name, pair[0].spec, pair[1].spec)
				}
			}
		}
		if common < 5 {
			t.Errorf("%s and %s have %d parameters in common", pair[0].spec, pair[1].spec, common)
		}
	}
}

func TestGraphsMayBeBuiltAtTheSameTime(t *testing.T) {
	var wg sync.WaitGroup
	for name, f := range forms() {
		s := parsed(t, f.spec)
		for range 2 {
			wg.Go(func() {
				g, err := Build(s, f.io, Train, nil)
				if err == nil {
					_, err = Compile(g, make([]float32, g.Size()), make([]float32, g.StatSize()))
				}
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
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

// large are nets of the size that the study and the comparison train.
func large() map[string]form {
	digits, colour := IO{In: 64, Out: 10, Batch: 64}, IO{In: 3072, Picture: [3]int{3, 32, 32}, Out: 10, Batch: 32}
	return map[string]form{
		"mlp 64 deep": {`{"family":"resnet","depth":64,"width":32}`, digits},
		"highway":     {`{"family":"highway","depth":24,"width":32}`, digits},
		"resnet20": {`{"family":"convnet","widths":[16,32,64],"blocks":3,"norm":"batchnorm",
			"skip":[{"from":"k","to":"k+1","transform":"projection"}]}`, colour},
		"densenet": {`{"family":"convnet","stem":16,"widths":[12,12,12],"blocks":4,"layers":1,"order":"preact","norm":"batchnorm","down":"transition",
			"skip":[{"from":"all j<k","to":"k","join":"concat"}]}`, colour},
		"alexnet": {`{"family":"alexnet","conv":[16,32,48,48,32],"fc":[64,64]}`, IO{In: 256, Picture: [3]int{1, 16, 16}, Out: 10, Batch: 64}},
		"unet": {
			`{"family":"unet","levels":3,"base":8,"skip":[{"from":"enc i","to":"dec i","join":"concat"}]}`,
			IO{In: 1024, Picture: [3]int{1, 32, 32}, Out: 1024, Batch: 16, Loss: BCE},
		},
		"transformer": {
			`{"family":"transformer","depth":4,"width":64,"heads":4,"feed":256,"affine":true,"skip":[{"each":"sublayer","from":"k","to":"k+1"}]}`,
			IO{In: 1, Vocab: 65, Steps: 64, Every: true, Out: 65, Batch: 16},
		},
		"lstm": {`{"family":"rnn","cell":"lstm","width":24,"skip":[{"from":"t","to":"t+1","join":"gate"}]}`, IO{In: 9, Steps: 21, Out: 8, Batch: 32}},
		"ddpm": {`{"family":"ddpm","widths":[64,32,16,32,64],"skip":[{"from":"enc i","to":"dec i","join":"concat"}]}`, IO{In: 80, Out: 64, Batch: 128, Loss: MSE}},
		"gan":  {`{"family":"gan","generator":{"depth":4,"width":48},"discriminator":{"depth":3,"width":48}}`, IO{In: 8, Out: 2, Batch: 128, Loss: BCE}},
	}
}

func BenchmarkBuildAndCompile(b *testing.B) {
	for name, f := range large() {
		s := parsed(b, f.spec)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				g, err := Build(s, f.io, Train, nil)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := Compile(g, make([]float32, g.Size()), make([]float32, g.StatSize())); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkStep(b *testing.B) {
	for name, f := range large() {
		b.Run(name, func(b *testing.B) {
			g, p := f.compiled(b, Train)
			adam := kernel.NewAdam(1e-3, len(p.Grads))
			for b.Loop() {
				p.Run()
				p.Observe()
				adam.Update(p.Weights[:len(p.Grads)], p.Grads)
			}
			b.ReportMetric(StepFLOPs(g)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
