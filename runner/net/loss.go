package net

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

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
		g.Label = b.input("label", logits.Shape()[0])
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
	wrt := slices.Clone(g.Nodes[:g.Trained])
	if g.IO.InputGrad {
		wrt = append(wrt, g.X)
	}
	grads, err := G.Grad(g.Loss, wrt...)
	if err != nil {
		return fmt.Errorf("runner/net: gradient: %w", err)
	}
	if g.Grads = grads[:g.Trained]; g.IO.InputGrad {
		g.InputGrad = grads[g.Trained]
	}
	return nil
}
