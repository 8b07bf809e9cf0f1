package net

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"tenet/runner/ops"
)

// knot assembles a net of pictures whose values are joined, added and written over at random.
func knot(d drawer, batch int) (*Graph, error) {
	io := IO{In: 2 * 4, Out: 1, Batch: batch, Loss: Sum}
	return Assemble(io, []int{2, 2, 2, batch}, func(a *Assembly, x *G.Node) (*G.Node, error) {
		all := []*G.Node{x}
		pick := func(label string) *G.Node { return all[d.size(label, max(0, len(all)-4), len(all)-1)] }
		for k := range d.size("ops", 3, 12) {
			name, x, y := fmt.Sprint("k", k), pick("first"), pick("second")
			var n *G.Node
			var err error
			switch d.pick("op", "conv", "relu", "tanh", "join", "join", "norm", "add", "add", "drop") {
			case "conv":
				n, err = ops.Conv(name, x, a.Param(name, d.size("out", 1, 4), x.Shape()[0], 1, 1), nil, 1, 0)
			case "relu":
				n, err = ops.Relu(name, x)
			case "tanh":
				n, err = ops.Tanh(name, x)
			case "join":
				n, err = ops.ConcatChannels(name, x, y, pick("third"))
			case "norm":
				m := x.Shape()[0]
				n, _, err = ops.ChannelNorm(name, x, a.Param(name+" scale", m), a.Param(name+" shift", m))
			case "add":
				if !x.Shape().Eq(y.Shape()) {
					y = x
				}
				n, err = ops.AddScaled(name, x, y, 1)
			case "drop":
				n, err = ops.Drop(name, x, a.Mask(name, 0.5, batch))
			}
			if err != nil {
				return nil, err
			}
			if n.Shape()[0] <= 40 {
				all = append(all, n)
			}
		}
		whole, err := ops.ConcatChannels("all", all[1:]...)
		if err != nil {
			return nil, err
		}
		return ops.Conv("end", whole, a.Param("end", 1, whole.Shape()[0], 1, 1), nil, 1, 0)
	})
}

func TestValuesThatShareMemoryDisturbNoneOther(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g, err := knot(drawer{rt}, rapid.SampledFrom([]int{1, 3, 16}).Draw(rt, "batch"))
		if err != nil {
			rt.Skip(err)
		}
		r := rand.New(rand.NewPCG(1, 2))
		fill := func(x []float32) {
			for i := range x {
				x[i] = float32(r.NormFloat64())
			}
		}
		w := make([]float32, g.Size())
		fill(w)
		p, err := Compile(g, w, make([]float32, g.StatSize()))
		if err != nil {
			rt.Fatal(err)
		}
		fill(p.X)
		for _, m := range p.Masks {
			fill(m.Values)
		}
		let := func(n *G.Node, v []float32) {
			if err := G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(slices.Clone(v)))); err != nil {
				rt.Fatal(err)
			}
		}
		let(g.X, p.X)
		for i, m := range g.Masks {
			let(m.Node, p.Masks[i].Values)
		}
		for i, q := range g.Params {
			let(g.Nodes[i], w[q.Offset:][:q.Size()])
		}
		p.Run()
		p.Run() // leftovers of a run must not matter
		vm := G.NewTapeMachine(g.G)
		defer vm.Close()
		if err := vm.RunAll(); err != nil {
			rt.Fatal(err)
		}
		for i, q := range g.Params {
			if want, ok := g.Grads[i].Value().Data().([]float32); !ok || !slices.Equal(p.Grads[q.Offset:][:q.Size()], want) {
				rt.Errorf("the gradients of %s differ: %v, want %v", q.Name, p.Grads[q.Offset:][:q.Size()], want)
			}
		}
	})
}

// built compiles a graph of one input of 3 × 2 × 2 pictures, batch 16, that has no loss.
func built(t *testing.T, stack func(x *G.Node) *G.Node) *Program {
	t.Helper()
	g, err := Assemble(IO{In: 12, Out: 1, Batch: 16, Loss: None}, []int{3, 2, 2, 16}, func(_ *Assembly, x *G.Node) (*G.Node, error) {
		return stack(x), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(g, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func must(n *G.Node, err error) *G.Node {
	if err != nil {
		panic(err)
	}
	return n
}

func TestPartsAreMadeInTheirPlaces(t *testing.T) {
	p := built(t, func(x *G.Node) *G.Node {
		a, b := must(ops.Upsample("a", x, 2)), must(ops.Upsample("b", must(ops.Tanh("t", x)), 2))
		return must(ops.ChannelMean("m", must(ops.ConcatChannels("ab", a, b))))
	})
	if len(p.steps) != 4 {
		t.Fatalf("%d steps, want tanh, two upsamplings and the mean", len(p.steps))
	}
	whole := p.steps[3].src[0]
	for _, s := range p.steps[:3] {
		if &s.dst[0] == &whole[0] || len(s.dst) == len(whole)/2 && &s.dst[0] == &whole[len(whole)/2] {
			continue
		}
		if len(s.dst) == len(whole)/2 {
			t.Error("a part is made beside its place")
		}
	}
}

func TestADeadValueIsWrittenOver(t *testing.T) {
	p := built(t, func(x *G.Node) *G.Node {
		a := must(ops.Tanh("b", must(ops.Tanh("a", x))))
		return must(ops.ChannelMean("m", must(ops.AddScaled("c", a, must(ops.Relu("d", a)), 1))))
	})
	first := p.steps[0].dst
	if &p.steps[1].dst[0] != &first[0] {
		t.Error("the second tanh is not written over the first")
	}
	for _, s := range p.steps {
		if &s.dst[0] == &p.X[0] {
			t.Error("the input was written over")
		}
	}
	if a := p.steps[2]; &a.dst[0] == &a.src[0][0] {
		t.Error("relu was written over what is read again")
	}
}
