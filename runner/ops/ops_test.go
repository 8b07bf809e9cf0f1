package ops

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func TestQuick(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithShape(4, 3), G.WithName("x"))
	l := G.NewVector(g, tensor.Float32, G.WithShape(4), G.WithName("l"))
	w := G.NewMatrix(g, tensor.Float32, G.WithShape(3, 3), G.WithName("w"))
	b := G.NewVector(g, tensor.Float32, G.WithShape(3), G.WithName("b"))
	y, err := Linear("a", x, w, b)
	if err != nil {
		t.Fatal(err)
	}
	y, err = Relu("a", y)
	if err != nil {
		t.Fatal(err)
	}
	y, err = AddScaled("a", x, y, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	z, err := AddScaled("b", y, x, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	y, err = Gate("b", y, z, x)
	if err != nil {
		t.Fatal(err)
	}
	cost, err := SoftmaxCrossEntropy(y, l)
	if err != nil {
		t.Fatal(err)
	}
	gs, err := G.Grad(cost, w, b, x)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range g.AllNodes() {
		if n.Op() != nil {
			t.Logf("%d %v %T", n.ID(), n.Op(), n.Op())
		}
	}
	dense := func(shape ...int) *tensor.Dense {
		d := make([]float32, tensor.Shape(shape).TotalSize())
		for i := range d {
			d[i] = float32(i%5)/3 - .3
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(d))
	}
	G.Let(x, dense(4, 3))
	G.Let(w, dense(3, 3))
	G.Let(b, dense(3))
	G.Let(l, tensor.New(tensor.WithShape(4), tensor.WithBacking([]float32{0, 1, 2, 1})))
	vm := G.NewTapeMachine(g, G.BindDualValues(w, b))
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	t.Log(cost.Value(), gs[0].Value())
}
