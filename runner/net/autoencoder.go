package net

import (
	"slices"

	G "gorgonia.org/gorgonia"
)

// The autoencoder: linear layers of the widths given, the first being the input's and the last the output's.
// The narrowest state is the code.

func autoencoderFamily() family {
	return family{
		name: FamilyAutoencoder,
		read: func(f *fields, s *Spec) {
			s.Widths = f.sizes("widths", nil, 2)
			s.CodeAct = f.word("code_act", "linear", acts())
			s.Norm = f.word("norm", "none", norms("layernorm", "batchnorm"))
			s.Affine = f.flag("affine", false)
			s.Order = f.word("order", orderPost, []string{orderPost, orderBranch})
			f.starts(s, "he")
		},
		chain: func(s Spec, _ int) chain {
			n := len(s.Widths) - 1
			return chain{blocks: n, counter: "k", depth: n, fixed: n, names: map[string]int{"input": 0, "code": s.code(), "output": n}}
		},
		build:  (*builder).autoencoder,
		sketch: autoencoderSketch,
	}
}

// code is the state with the fewest numbers.
func (s Spec) code() int { return slices.Index(s.Widths, slices.Min(s.Widths)) }

func (b *builder) autoencoder() *G.Node {
	s := b.spec
	n := len(s.Widths) - 1
	if s.Widths[0] != b.io.In || s.Widths[n] != b.io.Out {
		return b.fail("widths: %d to %d, the task has %d inputs and %d outputs", s.Widths[0], s.Widths[n], b.io.In, b.io.Out)
	}
	kind, after := s.normPlace()
	act := func(k int, name string, x *G.Node) *G.Node {
		switch k {
		case n:
			return x
		case s.code():
			return b.actOf(s.CodeAct, name, x)
		}
		return b.act(name, x)
	}
	x := b.rows()
	if b.err != nil {
		return nil
	}
	states := b.run(x, body{
		branch: func(k int, name string, x *G.Node) *G.Node {
			st, shrink := b.branchStart(1, 1)
			x = b.linearOf(name, x, s.Widths[k], st, shrink, true)
			if kind != "" && !after && k < n {
				x = b.norm(name+".norm", x)
			}
			if s.Order == orderBranch {
				x = act(k, name, x)
			}
			if k == n {
				return x
			}
			return b.dropped(name, x)
		},
		after: func(k int, name string, out *G.Node) *G.Node {
			if kind != "" && after && k < n {
				out = b.norm(name+".norm", out)
			}
			if s.Order == orderPost {
				out = act(k, name+".out", out)
			}
			return out
		},
	})
	return states[len(states)-1]
}
