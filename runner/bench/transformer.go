package bench

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/net"
	"tenet/runner/ops"
)

const tokens = 65 // different bytes of tiny-shakespeare

// transformer is the causal net of the comparison: blocks of attention and two linear layers, each behind a
// layer norm and beside an identity skip.
func transformer(blocks, width, heads, feed, steps, batch int) (*net.Graph, error) {
	io := net.IO{In: 1, Out: tokens, Batch: batch, Steps: steps, Vocab: tokens, Every: true}
	return net.Assemble(io, []int{batch * steps}, func(a *net.Assembly, ids *G.Node) (*G.Node, error) {
		l := &layers{Assembly: a}
		pos, tok := l.Param("pos", steps, width), l.Param("tok.weight", tokens, width)
		x := l.make(func() (*G.Node, error) { return ops.Embedding("tok", tok, ids) })
		x = l.make(func() (*G.Node, error) { return ops.AddTable("pos", x, pos) })
		for k := range blocks {
			name := fmt.Sprintf("layers.%d.", k)
			h := l.linear(name+"qkv", l.rowNorm(name+"n1", x), 3*width)
			h = l.make(func() (*G.Node, error) { return ops.Attention(name+"attend", h, batch, heads, true) })
			x = l.add(name+"attended", x, l.linear(name+"out", h, width))
			h = l.linear(name+"up", l.rowNorm(name+"n2", x), feed)
			h = l.make(func() (*G.Node, error) { return ops.Gelu(name+"gelu", h) })
			x = l.add(name+"fed", x, l.linear(name+"down", h, width))
		}
		x = l.rowNorm("n", x)
		return l.make(func() (*G.Node, error) { return ops.Linear("head", x, l.Param("head.weight", tokens, width), nil) }), l.err
	})
}

func (l *layers) rowNorm(name string, x *G.Node) *G.Node {
	return l.make(func() (*G.Node, error) {
		n := x.Shape()[1]
		return ops.LayerNorm(name, x, l.Param(name+".weight", n), l.Param(name+".bias", n))
	})
}

func (l *layers) add(name string, x, h *G.Node) *G.Node {
	return l.make(func() (*G.Node, error) { return ops.AddScaled(name, x, h, 1) })
}
