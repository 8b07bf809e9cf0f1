package net

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// The AlexNet-like net: convolutions, some followed by a max-pool of 2, then dense layers. Its states are
// called conv1, …, fc1, …; a pool stands at the start of the block behind it, so a skip from conv2 carries
// what was not yet pooled.

func alexnetFamily() family {
	return family{
		name: FamilyAlexnet,
		read: func(f *fields, s *Spec) {
			s.Conv, s.FC = f.sizes("conv", nil, 1), f.sizes("fc", nil, 1)
			n := len(s.Conv)
			s.Pool = f.sizes("pool", slices.Compact([]int{1, min(2, max(1, n)), max(1, n)}), 0)
			for _, k := range s.Pool {
				if k > n {
					f.fail("pool", "%d is none of %d convolutions", k, n)
				}
			}
			s.Kernel = f.size("kernel", 3)
			f.pictureNorm(s)
			if s.Order = f.word("order", orderPost, []string{orderPost, orderBranch}); s.Kernel%2 == 0 {
				f.fail("kernel", "%d is even; a convolution that keeps the picture's size is odd", s.Kernel)
			}
			f.starts(s, "he")
		},
		chain: func(s Spec, _ int) chain {
			c := chain{blocks: len(s.Conv) + len(s.FC), counter: "k", names: map[string]int{}}
			for i := range s.Conv {
				c.names["conv"+strconv.Itoa(i+1)] = i + 1
			}
			for i := range s.FC {
				c.names["fc"+strconv.Itoa(i+1)] = len(s.Conv) + i + 1
			}
			c.depth = c.blocks
			return c
		},
		build:  (*builder).alexnet,
		sketch: alexnetSketch,
	}
}

func (s Spec) alexnetLayer(k int) string {
	if n := len(s.Conv); k > n {
		return fmt.Sprintf("fc%d", k-n)
	}
	return fmt.Sprintf("conv%d", k)
}

func (b *builder) alexnet() *G.Node {
	s := b.spec
	x := b.picture(b.rows())
	if b.err != nil {
		return nil
	}
	states := b.run(x, body{
		name: s.alexnetLayer,
		branch: func(k int, name string, x *G.Node) *G.Node {
			if slices.Contains(s.Pool, k-1) && isPicture(x) {
				if x.Shape()[1] < 2 || x.Shape()[2] < 2 {
					return b.fail("%s: a picture of %s cannot be pooled", name, sizeWords(x))
				}
				x = b.try(ops.MaxPool(name+".pool", x, 2, 2))
			}
			return b.alexnetBranch(k, name, x)
		},
		after: func(k int, name string, out *G.Node) *G.Node {
			out = b.alexnetAfter(k, name, out)
			if strings.HasPrefix(name, "fc") && b.err == nil {
				out = b.drop(name+".dropout", out, s.Dropout, out.Shape()...)
			}
			return out
		},
	})
	return b.head(states[len(states)-1])
}

func (b *builder) alexnetBranch(k int, name string, x *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	s := b.spec
	kind, after := s.normPlace()
	if i := k - len(s.Conv); i > 0 {
		x = b.linear(name, b.flat(name, x), s.FC[i-1])
	} else {
		x = b.conv(name, x, s.Conv[k-1], s.Kernel, 1, b.start(), 1, flag(s.Bias))
		if kind != "" && !after {
			x = b.norm(name+".norm", x)
		}
	}
	if s.Order == orderBranch {
		x = b.act(name, x)
	}
	return x
}

func (b *builder) alexnetAfter(k int, name string, out *G.Node) *G.Node {
	if k <= len(b.spec.Conv) {
		return b.afterJoin(k, name, out)
	}
	if b.spec.Order == orderPost {
		return b.act(name+".out", out)
	}
	return out
}
