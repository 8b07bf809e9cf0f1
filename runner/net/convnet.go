package net

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// The convolutional net: stem, stages of blocks of convolutions, mean over the picture, head. Each stage
// after the first halves the picture.

const (
	downStride     = "stride"
	downMax        = "max-pool"
	downMean       = "mean-pool"
	downTransition = "transition" // norm, activation, 1×1 convolution to half the channels, mean-pool
)

func convnetFamily() family {
	return family{
		name: FamilyConvnet,
		read: func(f *fields, s *Spec) {
			s.Widths = f.sizes("widths", nil, 1)
			s.Blocks = f.perStage("blocks", len(s.Widths))
			s.Layers = f.size("layers", 2)
			s.Kernel = f.size("kernel", 3)
			first := 1
			if len(s.Widths) > 0 {
				first = s.Widths[0]
			}
			s.Stem = f.size("stem", first)
			s.Down = f.word("down", downStride, []string{downStride, downMax, downMean, downTransition})
			f.pictureNorm(s)
			s.Order = f.word("order", orderPost, orders())
			f.starts(s, "he")
			if s.Kernel%2 == 0 {
				f.fail("kernel", "%d is even; a convolution that keeps the picture's size is odd", s.Kernel)
			}
		},
		chain: func(s Spec, _ int) chain {
			n := 0
			for _, k := range s.Blocks {
				n += k
			}
			return chain{blocks: n, counter: "k", depth: n}
		},
		build:  (*builder).convnet,
		sketch: convnetSketch,
	}
}

// pictureNorm reads a norm of pictures: with a norm, convolutions have no bias unless they are to.
func (f *fields) pictureNorm(s *Spec) {
	s.Norm = f.word("norm", "none", norms("batchnorm", "groupnorm", "layernorm"))
	kind, _ := s.normPlace()
	s.Affine = f.flag("affine", kind != "")
	s.Bias = f.flag("bias", kind == "")
	if kind == "groupnorm" {
		s.Groups = f.size("groups", 4)
	}
}

// perStage reads a number for each of n stages, or one for all.
func (f *fields) perStage(field string, n int) []int {
	if raw, ok := f.obj[field]; ok && len(raw) > 0 && raw[0] != '[' {
		all := make([]int, n)
		v := f.size(field, 0)
		for i := range all {
			all[i] = v
		}
		return all
	}
	list := f.sizes(field, nil, 1)
	if f.err == nil && len(list) != n {
		f.fail(field, "%d numbers for %d stages", len(list), n)
	}
	return list
}

func (b *builder) convnet() *G.Node {
	s := b.spec
	x := b.picture(b.rows())
	if b.err != nil {
		return nil
	}
	kind, after := s.normPlace()
	preact := s.Order == orderPreact
	x = b.conv("stem", x, s.Stem, s.Kernel, 1, b.start(), 1, flag(s.Bias))
	if !preact {
		if kind != "" {
			x = b.norm("stem.norm", x)
		}
		x = b.act("stem", x)
	}
	states := b.run(x, body{
		before: func(k int, x *G.Node) *G.Node {
			if _, first := s.stage(k); first && k > 1 {
				return b.halved(k, x)
			}
			return x
		},
		branch: func(k int, name string, x *G.Node) *G.Node {
			stage, first := s.stage(k)
			stride := 1
			if first && k > 1 && s.Down == downStride {
				stride = 2
			}
			return b.convBranch(name, x, s.Widths[stage], stride)
		},
		after: b.afterJoin,
	})
	top := states[len(states)-1]
	if b.err != nil {
		return nil
	}
	if preact {
		if kind != "" && !after {
			top = b.norm("head.norm", top)
		}
		top = b.act("head", top)
	}
	if b.err != nil {
		return nil
	}
	mean := b.try(ops.ChannelMean("mean", top))
	if b.err != nil {
		return nil
	}
	return b.head(mean)
}

// stage is the stage of block k and whether the block is the first of it.
func (s Spec) stage(k int) (stage int, first bool) {
	for i, n := range s.Blocks {
		if k <= n {
			return i, k == 1
		}
		k -= n
	}
	return len(s.Blocks) - 1, false
}

// halved is the state before a stage, made smaller, where it is not the stage's first convolution that does so.
func (b *builder) halved(k int, x *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	name := fmt.Sprintf("down.%d", k)
	switch b.spec.Down {
	case downMax:
		return b.try(ops.MaxPool(name, x, 2, 2))
	case downMean:
		return b.try(ops.AvgPool(name, x, 2, 2))
	case downTransition:
		if kind, _ := b.spec.normPlace(); kind != "" {
			x = b.norm(name+".norm", x)
		}
		x = b.act(name, x)
		if b.err != nil {
			return nil
		}
		x = b.conv(name, x, max(1, features(x)/2), 1, 1, b.start(), 1, flag(b.spec.Bias))
		if b.err != nil {
			return nil
		}
		return b.try(ops.AvgPool(name, x, 2, 2))
	}
	return x
}

// convBranch is layers convolutions, the first with the stride, with norms and activations as the order has
// them.
func (b *builder) convBranch(name string, x *G.Node, width, stride int) *G.Node {
	s := b.spec
	kind, after := s.normPlace()
	normed := kind != ""
	for i := 1; i <= s.Layers && b.err == nil; i++ {
		at, last := fmt.Sprintf("%s.%d", name, i), i == s.Layers
		st, shrink := b.branchStart(i, s.Layers)
		if s.Order == orderPreact {
			if normed && !(after && i == 1) {
				x = b.norm(at+".norm", x)
			}
			x = b.conv(at, b.act(at, x), width, s.Kernel, stride, st, shrink, flag(s.Bias))
			stride = 1
			continue
		}
		scale, here := 1.0, normed && !(after && last)
		if here && flag(s.Affine) && st == startConstant {
			st, scale = b.start(), 0
		}
		x = b.conv(at, x, width, s.Kernel, stride, st, shrink, flag(s.Bias))
		stride = 1
		if here {
			x = b.normOf(at+".norm", x, scale)
		}
		if !last || s.Order == orderBranch {
			x = b.act(at, x)
		}
	}
	return b.dropped(name, x)
}
