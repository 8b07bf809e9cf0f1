package bench

import (
	"fmt"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/net"
)

// Nets that use every op and every fused pair, by the compiled program and by gorgonia's own
// machine; with sixteen pictures convolutions go Winograd's way.
func TestAProgramEqualsTheTapeMachine(t *testing.T) {
	models := append(append(reducedModels(), reducedSequences()...), reduced("resnet20", 3, func(n int) (*net.Graph, error) { return resnet(2, 8, []int{12, 14}, 1, n) }))
	for _, m := range models {
		for _, n := range []int{m.Batch, 16} {
			if m.Name == "alexnet" && n > m.Batch {
				continue // its size is not reduced
			}
			m.Batch = n
			g, err := m.build()
			if err != nil {
				t.Fatal(err)
			}
			s, err := m.session(g)
			if err != nil {
				t.Fatal(err)
			}
			r := drawn(g.X.Shape().TotalSize()/n, g.Label.Shape().TotalSize()/n, n)
			in := r.batch(0, n, true)
			if m.data == "text" {
				steps := g.IO.Steps
				in = batch{x: drawnText(n).x[:n*steps], label: drawnText(n).label[:n*steps]}
			}
			if m.data == "noised digits" {
				in = drawn(64, 1, n).batch(0, n, false).noised(0, n)
			}
			w := slices.Clone(s.prog.Weights)
			s.dropped = true
			s.step(in)
			sameAsTape(t, fmt.Sprintf("%s, batch %d", m.Name, n), g, s.prog, w)
		}
	}
}

func TestAGANsProgramsEqualTheTapeMachine(t *testing.T) {
	for name, build := range map[string]func(width, batch int) (*net.Graph, error){"judging": judging, "forging": forging} {
		g, err := build(16, 8)
		if err != nil {
			t.Fatal(err)
		}
		w := make([]float32, g.Size())
		weights(w, seed, 3, 16, 0, 0)
		p, err := net.Compile(g, slices.Clone(w), nil)
		if err != nil {
			t.Fatal(err)
		}
		copy(p.X, drawn(len(p.X), 1, 1).x)
		copy(p.Label, []float32{1, 0, 1})
		p.Run()
		sameAsTape(t, name, g, p, w)
	}
}

// sameAsTape runs g on gorgonia's own machine with the inputs of p, which has run, and the weights it had.
func sameAsTape(t *testing.T, what string, g *net.Graph, p *net.Program, w []float32) {
	t.Helper()
	let := func(n *G.Node, v []float32) {
		if err := G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(slices.Clone(v)))); err != nil {
			t.Fatal(err)
		}
	}
	let(g.X, p.X)
	let(g.Label, p.Label)
	for i, mask := range g.Masks {
		let(mask.Node, p.Masks[i].Values)
	}
	for i, q := range g.Params {
		let(g.Nodes[i], w[q.Offset:][:q.Size()])
	}
	vm := G.NewTapeMachine(g.G)
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := float32(*g.Loss.Value().(*G.F32)); got != p.Loss[0] || !(got > 0) {
		t.Errorf("%s: loss: program %v, tape machine %v", what, p.Loss[0], got)
	}
	for i, n := range g.Grads {
		q := g.Params[i]
		if want, ok := n.Value().Data().([]float32); !ok || !slices.Equal(p.Grads[q.Offset:][:q.Size()], want) {
			t.Errorf("%s: the gradients of %s differ", what, q.Name)
		}
	}
	if err := vm.Close(); err != nil {
		t.Fatal(err)
	}
}
