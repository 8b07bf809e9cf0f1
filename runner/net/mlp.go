package net

import (
	G "gorgonia.org/gorgonia"
)

// The multilayer perceptron: stem, depth equal blocks, head. densenet-mlp is the same with blocks of growth
// numbers that join by concat.

func mlpFamily() family {
	return family{
		name: FamilyMLP,
		read: func(f *fields, s *Spec) {
			s.Depth, s.Width = f.size("depth", 0), f.size("width", 0)
			s.Norm = f.word("norm", "none", norms("layernorm", "batchnorm"))
			s.Affine = f.flag("affine", false)
			s.Order = f.word("order", orderPreact, orders())
			f.starts(s, "he")
		},
		chain:  func(s Spec, _ int) chain { return chain{blocks: s.Depth, counter: "k", depth: s.Depth} },
		build:  func(b *builder) *G.Node { return b.mlp(b.spec.Width, b.spec.Width) },
		sketch: mlpSketch,
	}
}

func denseFamily() family {
	f := mlpFamily()
	f.name = FamilyDenseMLP
	f.read = func(f *fields, s *Spec) {
		s.Depth, s.Stem, s.Growth = f.size("depth", 0), f.size("stem", 0), f.size("growth", 0)
		s.Norm = f.word("norm", "none", norms("layernorm", "batchnorm"))
		s.Affine = f.flag("affine", false)
		s.Order = f.word("order", orderPreact, orders())
		f.starts(s, "he")
	}
	f.build = func(b *builder) *G.Node { return b.mlp(b.spec.Stem, b.spec.Growth) }
	return f
}

func (b *builder) mlp(stem, width int) *G.Node {
	x := b.linear("stem", b.flat("input", b.rows()), stem)
	preact := b.spec.Order == orderPreact
	if !preact {
		x = b.act("stem", x)
	}
	if b.err != nil {
		return nil
	}
	states := b.run(x, body{
		branch: func(_ int, name string, x *G.Node) *G.Node { return b.linearBranch(name, x, width) },
		after:  b.afterJoin,
	})
	top := states[len(states)-1]
	if preact {
		top = b.act("head", top)
	}
	return b.head(top)
}

// head is the last layer. By Fixup's rule it starts at zero.
func (b *builder) head(x *G.Node) *G.Node {
	st := b.start()
	if b.spec.BranchInit == branchFixup {
		st = startConstant
	}
	return b.linearOf("head", x, b.io.Out, st, 1, true)
}

// linearBranch is a branch of one linear layer, its norm and activation where the order has them.
func (b *builder) linearBranch(name string, x *G.Node, width int) *G.Node {
	kind, after := b.spec.normPlace()
	normed := kind != "" && !after
	h := x
	if b.spec.Order == orderPreact {
		if normed {
			h = b.norm(name+".norm", h)
		}
		st, shrink := b.branchStart(1, 1)
		h = b.linearOf(name, b.act(name, h), width, st, shrink, true)
		return b.dropped(name, h)
	}
	st, shrink := b.branchStart(1, 1)
	scale := 1.0
	if normed && flag(b.spec.Affine) && st == startConstant { // then the norm closes the branch
		st, scale = b.start(), 0
	}
	h = b.linearOf(name, h, width, st, shrink, true)
	if normed {
		h = b.normOf(name+".norm", h, scale)
	}
	if b.spec.Order == orderBranch {
		h = b.act(name, h)
	}
	return b.dropped(name, h)
}

// branchStart is how layer i of n in a branch starts: with branch_init zero the last at zero; by Fixup (Zhang,
// Dauphin & Ma 2019, without its scalar biases) also the others smaller by depth^(-1/(2n-2)).
func (b *builder) branchStart(i, n int) (start, float64) {
	switch {
	case b.spec.BranchInit != branchZero && b.spec.BranchInit != branchFixup:
		return b.start(), 1
	case i == n:
		return startConstant, 1
	case b.spec.BranchInit == branchFixup:
		return b.start(), 1 / root(float64(b.chain.depth), 2*n-2)
	}
	return b.start(), 1
}

// root is the n-th root of x ≥ 1, by halving: the library's powers may differ between machines in their last
// bit.
func root(x float64, n int) float64 {
	low, high := 1.0, x
	for range 100 {
		middle := low/2 + high/2
		power := 1.0
		for range n {
			power *= middle
		}
		if power > x {
			high = middle
		} else {
			low = middle
		}
	}
	return low
}

// dropped is dropout at the end of a branch.
func (b *builder) dropped(name string, h *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	return b.drop(name+".dropout", h, b.spec.Dropout, h.Shape()...)
}

// afterJoin is what follows a join in a net whose norm or activation stands there.
func (b *builder) afterJoin(_ int, name string, out *G.Node) *G.Node {
	if kind, after := b.spec.normPlace(); kind != "" && after {
		out = b.norm(name+".norm", out)
	}
	if b.spec.Order == orderPost {
		out = b.act(name+".out", out)
	}
	return out
}
