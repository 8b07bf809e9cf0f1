package net

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/ops"
)

// lose ends a training graph with the loss of its outputs and the gradients of its parameters.
func (b *builder) lose(logits *G.Node) error {
	g := b.g
	g.Logits = logits
	if g.Trained == 0 {
		g.Trained = len(g.Params)
	}
	var err error
	switch g.IO.Loss {
	case Class:
		g.Label = b.input("label", g.IO.LabelSize())
		g.Loss, err = ops.SoftmaxCrossEntropy(logits, g.Label)
	case MSE:
		g.Label = b.input("label", logits.Shape()...)
		g.Loss, err = ops.MSE(logits, g.Label)
	case BCE:
		g.Label = b.input("label", logits.Shape()...)
		g.Loss, err = ops.BCE(logits, g.Label)
	case Sum:
		g.Loss, err = ops.Sum("loss", logits)
	case None:
		return nil
	}
	if err != nil {
		return fmt.Errorf("runner/net: %w", err)
	}
	if g.Grads, err = G.Grad(g.Loss, g.Nodes[:g.Trained]...); err != nil {
		return fmt.Errorf("runner/net: gradient: %w", err)
	}
	return nil
}

// mask adds an input of chance.
func (b *builder) mask(name string, keep float64, shape ...int) *G.Node {
	n := G.NewTensor(b.g.G, tensor.Float32, len(shape), G.WithShape(shape...), G.WithName("mask "+name))
	b.g.Masks = append(b.g.Masks, Mask{Name: name, Keep: keep, Node: n})
	return n
}
