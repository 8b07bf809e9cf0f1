package bench

import (
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/net"
)

// A residual net of pictures that uses every op and every fused pair, by the compiled program and by
// gorgonia's own machine; with sixteen pictures convolutions go Winograd's way.
func TestAProgramOfPicturesEqualsTheTapeMachine(t *testing.T) {
	for _, batch := range []int{3, 16} {
		g, err := resnet(2, 8, []int{12, 14}, 1, batch)
		if err != nil {
			t.Fatal(err)
		}
		w := make([]float32, g.Size())
		for k, p := range g.Params {
			Model{Gain: 6, graph: func(int) (*net.Graph, error) { return g, nil }}.start(w[p.Offset:][:p.Size()], p, k)
		}
		p, err := net.Compile(g, w, make([]float32, g.StatSize()))
		if err != nil {
			t.Fatal(err)
		}
		r := drawn(g.IO.In, 1, batch)
		in := r.batch(0, batch, true)
		copy(p.X, in.x)
		copy(p.Label, in.label)
		p.Run()
		let := func(n *G.Node, v []float32) {
			if err := G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(slices.Clone(v)))); err != nil {
				t.Fatal(err)
			}
		}
		let(g.X, p.X)
		let(g.Label, p.Label)
		for i, q := range g.Params {
			let(g.Nodes[i], w[q.Offset:][:q.Size()])
		}
		vm := G.NewTapeMachine(g.G)
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
		if got := float32(*g.Loss.Value().(*G.F32)); got != p.Loss[0] || !(got > 0) {
			t.Errorf("batch %d: loss: program %v, tape machine %v", batch, p.Loss[0], got)
		}
		for i, q := range g.Params {
			if want, ok := g.Grads[i].Value().Data().([]float32); !ok || !slices.Equal(p.Grads[q.Offset:][:q.Size()], want) {
				t.Errorf("batch %d: the gradients of %s differ", batch, q.Name)
			}
		}
		if err := vm.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
