package net

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// The transformer. Its chain counts sublayers: attention and feed-forward in turn, two a block of the spec.

func transformerFamily() family {
	return family{
		name: FamilyTransformer,
		read: func(f *fields, s *Spec) {
			s.Depth, s.Width = f.size("depth", 0), f.size("width", 0)
			s.Heads = f.size("heads", 1)
			s.Feed = f.size("feed", 2*max(1, s.Width))
			s.Norm = f.word("norm", "layernorm in branch", norms("layernorm"))
			s.Affine = f.flag("affine", false)
			s.Causal = f.flag("causal", true)
			f.starts(s, "lecun")
			if s.Heads > 0 && s.Width%s.Heads != 0 {
				f.fail("heads", "a width of %d does not make %d equal heads", s.Width, s.Heads)
			}
		},
		chain: func(s Spec, _ int) chain {
			return chain{blocks: 2 * s.Depth, counter: "k", sublayer: 2, depth: s.Depth}
		},
		build:  (*builder).transformer,
		sketch: transformerSketch,
	}
}

func (s Spec) sublayer(k int) string {
	kind := "attention"
	if k%2 == 0 {
		kind = "feed"
	}
	return fmt.Sprintf("blocks.%d.%s", (k+1)/2, kind)
}

func (b *builder) transformer() *G.Node {
	s, steps := b.spec, b.io.Steps
	if steps == 0 {
		return b.fail("family %s reads sequences; the task gives rows", s.Family)
	}
	x := b.tokens(s.Width)
	if b.err != nil {
		return nil
	}
	place := b.param("position.weight", startTable, 0, steps, s.Width)
	x = b.try(ops.AddTable("position", x, place))
	if b.err != nil {
		return nil
	}
	kind, after := s.normPlace()
	states := b.run(x, body{
		name: s.sublayer,
		branch: func(k int, name string, x *G.Node) *G.Node {
			if kind != "" && !after {
				x = b.norm(name+".norm", x)
			}
			if k%2 == 1 {
				return b.attention(name, x)
			}
			return b.feed(name, x)
		},
		after: func(_ int, name string, out *G.Node) *G.Node {
			if kind != "" && after {
				out = b.norm(name+".norm", out)
			}
			return out
		},
	})
	top := states[len(states)-1]
	if kind != "" && !after {
		top = b.norm("head.norm", top)
	}
	if b.err == nil && !b.io.Every {
		top = b.try(ops.Rows("last", top, steps-1, b.io.Batch*steps, steps))
	}
	if b.err != nil {
		return nil
	}
	return b.head(top)
}

// tokens is the input as rows of width numbers, one a step.
func (b *builder) tokens(width int) *G.Node {
	n := b.io.Batch * b.io.Steps
	if b.io.Vocab == 0 {
		return b.linear("stem", b.inputRows(n, b.io.In), width)
	}
	ids := b.inputRows(n)
	table := b.param("token.weight", startTable, 0, b.io.Vocab, width)
	return b.try(ops.Embedding("token", table, ids))
}

func (b *builder) attention(name string, x *G.Node) *G.Node {
	s := b.spec
	st, shrink := b.branchStart(1, 2)
	qkv := b.linearOf(name+".qkv", x, 3*s.Width, st, shrink, true)
	if b.err != nil {
		return nil
	}
	y := b.try(ops.Attention(name, qkv, b.io.Batch, s.Heads, flag(s.Causal)))
	if b.err != nil {
		return nil
	}
	st, shrink = b.branchStart(2, 2)
	return b.dropped(name, b.linearOf(name+".out", y, s.Width, st, shrink, true))
}

func (b *builder) feed(name string, x *G.Node) *G.Node {
	st, shrink := b.branchStart(1, 2)
	h := b.act(name, b.linearOf(name+".up", x, b.spec.Feed, st, shrink, true))
	if b.err != nil {
		return nil
	}
	st, shrink = b.branchStart(2, 2)
	return b.dropped(name, b.linearOf(name+".down", h, b.spec.Width, st, shrink, true))
}
