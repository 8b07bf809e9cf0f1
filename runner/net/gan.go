package net

import (
	G "gorgonia.org/gorgonia"
)

// A gan is two nets. Train builds the generator's game: noise → generator → points → discriminator → one
// logit a row (so the label is one number a row, too), with the gradients of the generator's parameters alone;
// the discriminator's take part, after the generator's, and are trained by a graph of their own (Build of
// Spec.Discriminator, which shares their memory: Weights[generator size:]). Score builds the generator, which
// gives points.

func ganFamily() family {
	return family{
		name: FamilyGAN,
		read: func(f *fields, s *Spec) {
			s.Generator = f.net("generator", FamilyMLP, "")
			s.Discriminator = f.net("discriminator", FamilyMLP, "")
			for _, n := range []*Spec{s.Generator, s.Discriminator} {
				if n != nil && f.err == nil && (n.Family == FamilyGAN || n.Family == FamilyLDM) {
					f.fail("family", "%s holds nets of its own", n.Family)
				}
			}
		},
		build:  (*builder).gan,
		sketch: ganSketch,
	}
}

func (b *builder) gan() *G.Node {
	s, io := b.spec, b.io
	b.prefix = "generator."
	fake := b.net(*s.Generator, b.lesion)
	if b.err != nil {
		return nil
	}
	b.prefix = ""
	b.tap("fake", fake)
	if b.mode == Score {
		return fake
	}
	b.g.Trained = len(b.g.Params)
	noise := b.g.X
	b.prefix, b.g.X = "discriminator.", fake
	b.io.In, b.io.Out, b.io.Picture = io.Out, 1, [3]int{}
	out := b.net(*s.Discriminator, nil)
	b.prefix, b.g.X, b.io, b.spec = "", noise, io, s
	return out
}
