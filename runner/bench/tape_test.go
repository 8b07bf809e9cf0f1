package bench

import (
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/net"
)

// Nets of pictures that use every op and every fused pair, by the compiled program and by gorgonia's own
// machine; with sixteen pictures convolutions go Winograd's way.
func TestAProgramOfPicturesEqualsTheTapeMachine(t *testing.T) {
	models := append(reducedModels(), reduced("resnet20", 3, func(n int) (*net.Graph, error) { return resnet(2, 8, []int{12, 14}, 1, n) }))
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
			if m.data == "noised digits" {
				in = drawn(64, 1, n).batch(0, n, false).noised(0, n)
			}
			w := slices.Clone(s.prog.Weights)
			s.dropped = true
			s.step(in)
			let := func(n *G.Node, v []float32) {
				if err := G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(slices.Clone(v)))); err != nil {
					t.Fatal(err)
				}
			}
			let(g.X, s.prog.X)
			let(g.Label, s.prog.Label)
			for i, mask := range g.Masks {
				let(mask.Node, s.prog.Masks[i].Values)
			}
			for i, q := range g.Params {
				let(g.Nodes[i], w[q.Offset:][:q.Size()])
			}
			vm := G.NewTapeMachine(g.G)
			if err := vm.RunAll(); err != nil {
				t.Fatal(err)
			}
			if got := float32(*g.Loss.Value().(*G.F32)); got != s.prog.Loss[0] || !(got > 0) {
				t.Errorf("%s, batch %d: loss: program %v, tape machine %v", m.Name, n, s.prog.Loss[0], got)
			}
			for i, q := range g.Params {
				if want, ok := g.Grads[i].Value().Data().([]float32); !ok || !slices.Equal(s.prog.Grads[q.Offset:][:q.Size()], want) {
					t.Errorf("%s, batch %d: the gradients of %s differ", m.Name, n, q.Name)
				}
			}
			if err := vm.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}
