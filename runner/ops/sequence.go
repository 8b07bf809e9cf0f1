package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// Sequences lie one after the other: row b·T + t of a matrix is position t of sequence b.

// Attention is softmax(q kᵀ/√wide) v in each head of each of batch sequences. qkv holds queries, keys and
// values side by side, each head after head; a causal query sees no key behind it.
func Attention(place string, qkv *G.Node, batch, heads int, causal bool) (*G.Node, error) {
	if err := matrix(place, "qkv", qkv); err != nil {
		return nil, err
	}
	rows, joint := qkv.Shape()[0], qkv.Shape()[1]
	a, err := kernel.NewAttention(rows, joint, batch, heads, causal)
	if err != nil {
		return nil, shapeError(place, "%v", err)
	}
	op := &fused{name: fmt.Sprintf("attention %d %d %v %s", batch, heads, causal, place), out: tensor.Shape{rows, joint / 3}, scratch: a.Scratch()}
	op.work = func(dst []float32, src [][]float32, scratch []float32) { a.Forward(dst, src[0], scratch) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: op.name + " dx", out: qkv.Shape(), scratch: a.Scratch()}
		d.work = func(dst []float32, src [][]float32, scratch []float32) { a.Backward(dst, src[0], src[1], scratch) }
		return collect(func() (*G.Node, error) { return d.apply(in[0], grad) })
	}
	return op.apply(qkv)
}

// Embedding gives the table's row for each of ids, whole numbers below the number of rows; ids have no gradient.
func Embedding(place string, table, ids *G.Node) (*G.Node, error) {
	if err := matrix(place, "the table", table); err != nil {
		return nil, err
	}
	n, m := table.Shape()[1], ids.Shape().TotalSize()
	op := &fused{name: "embedding " + place, out: tensor.Shape{m, n}, wrt: []bool{true, false}}
	op.run = func(dst []float32, src [][]float32) { kernel.Lookup(dst, src[0], src[1], n) }
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "embedding dtable " + place, out: table.Shape()}
		d.run = func(dst []float32, src [][]float32) { kernel.LookupGrad(dst, src[0], src[1], n) }
		return collect(func() (*G.Node, error) { return d.apply(in[1], grad) }, nil)
	}
	return op.apply(table, ids)
}

// AddTable adds row t of table to position t of every sequence; a sequence is as long as the table.
func AddTable(place string, x, table *G.Node) (*G.Node, error) {
	if err := matrix(place, "x", x); err != nil {
		return nil, err
	}
	if err := matrix(place, "the table", table); err != nil {
		return nil, err
	}
	xs, ts := x.Shape(), table.Shape()
	if ts[0] == 0 || ts[1] != xs[1] || xs[0]%ts[0] != 0 {
		return nil, shapeError(place, "x has shape %v, which is no number of sequences of the table's %v", xs, ts)
	}
	op := &fused{name: "add table " + place, out: xs, over: []int{0}}
	op.run = func(dst []float32, src [][]float32) { kernel.AddTable(dst, src[0], src[1]) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "add table dtable " + place, out: ts}
		d.run = func(dst []float32, src [][]float32) { kernel.AddTableGrad(dst, src[0]) }
		return collect(func() (*G.Node, error) { return grad, nil }, func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x, table)
}
