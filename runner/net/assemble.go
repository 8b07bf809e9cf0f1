package net

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// Assembly is a net under construction that no spec describes: a benchmark's, or a family in the making.
type Assembly struct{ b *builder }

// Param adds a parameter. It has no start of its own: who assembles a net fills in its weights.
func (a *Assembly) Param(name string, shape ...int) *G.Node {
	return a.b.param(name, startConstant, 0, shape...)
}

// Observe lets a program keep statistics of a norm over pictures: moments as ops.ChannelNorm gives them,
// count numbers a channel.
func (a *Assembly) Observe(name string, moments *G.Node, count int) {
	a.b.g.Norms = append(a.b.g.Norms, NormSite{Name: name, Width: moments.Shape().TotalSize() / 2, Moments: moments, Count: count})
}

// Assemble makes a training graph: input has the shape given, of io.In numbers a row of io.Batch; stack leads
// from it to the outputs, batch × io.Out.
func Assemble(io IO, input []int, stack func(a *Assembly, x *G.Node) (*G.Node, error)) (*Graph, error) {
	building.Lock()
	defer building.Unlock()
	b := &builder{mode: Train, g: &Graph{IO: io, G: G.NewGraph()}}
	b.g.X = b.input("input", input...)
	if n := b.g.X.Shape().TotalSize(); n != io.In*io.Batch {
		return nil, fmt.Errorf("runner/net: an input of %v has %d numbers, want %d rows of %d", input, n, io.Batch, io.In)
	}
	logits, err := stack(&Assembly{b}, b.g.X)
	if err != nil {
		return nil, fmt.Errorf("runner/net: %w", err)
	}
	b.g.Logits, b.g.Label = logits, b.input("label", io.Batch)
	if b.g.Loss, err = ops.SoftmaxCrossEntropy(logits, b.g.Label); err != nil {
		return nil, fmt.Errorf("runner/net: %w", err)
	}
	if b.g.Grads, err = G.Grad(b.g.Loss, b.g.Nodes...); err != nil {
		return nil, fmt.Errorf("runner/net: gradient: %w", err)
	}
	return b.g, nil
}
