package net

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

// Assembly is a net under construction that no spec describes: a benchmark's, or a family in the making.
type Assembly struct{ b *builder }

// Param adds a parameter. It has no start of its own: who assembles a net fills in its weights.
func (a *Assembly) Param(name string, shape ...int) *G.Node {
	return a.b.param(name, startConstant, 0, shape...)
}

// Fix makes the parameters from here on only take part: they get no gradient.
func (a *Assembly) Fix() { a.b.g.Trained = len(a.b.g.Params) }

// Observe lets a program keep statistics of a norm over pictures: moments as ops.ChannelNorm gives them,
// count numbers a channel.
func (a *Assembly) Observe(name string, moments *G.Node, count int) {
	a.b.g.Norms = append(a.b.g.Norms, NormSite{Name: name, Width: moments.Shape().TotalSize() / 2, Moments: moments, Count: count})
}

// Mask adds a mask (see [Mask]) of the shape given.
func (a *Assembly) Mask(name string, keep float64, shape ...int) *G.Node {
	return a.b.mask(name, keep, shape...)
}

// Assemble makes a training graph: input has the shape given, io.InputSize numbers; stack leads
// from it to the outputs, batch × io.Out, which the label is like unless the loss is Class.
func Assemble(io IO, input []int, stack func(a *Assembly, x *G.Node) (*G.Node, error)) (*Graph, error) {
	building.Lock()
	defer building.Unlock()
	b := newBuilder(io, Train, G.NewGraph())
	b.inputRows(input...)
	if n := b.g.X.Shape().TotalSize(); n != io.InputSize() {
		return nil, fmt.Errorf("runner/net: an input of %v has %d numbers, want %d", input, n, io.InputSize())
	}
	logits, err := stack(&Assembly{b}, b.g.X)
	if err != nil {
		return nil, fmt.Errorf("runner/net: %w", err)
	}
	if err := b.finish(logits); err != nil {
		return nil, err
	}
	return b.g, nil
}
