package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// ChannelMoments are the means of each channel of x over pixels and batch, then the rates
// 1/√(variance + epsilon). They have no gradient of their own: that of [ChannelNormBy] holds it. A channel's
// are the same wherever it stands, so those of joined pictures are joined, and none are taken twice.
func ChannelMoments(place string, x *G.Node) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	for it := x.Graph().To(x.ID()); it.Next(); {
		n := it.Node().(*G.Node)
		if o, ok := n.Op().(*fused); ok && o.moments {
			return n, nil
		}
	}
	if o, ok := x.Op().(*fused); ok && o.joins {
		var parts []*G.Node
		for it := x.Graph().From(x.ID()); it.Next(); {
			p, err := ChannelMoments(fmt.Sprintf("%s part %d", place, len(parts)), it.Node().(*G.Node))
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
		}
		return joinMoments(place, parts)
	}
	m := x.Shape()[0]
	n := x.Shape().TotalSize() / m
	op := &fused{name: "channel moments " + place, out: tensor.Shape{2 * m}, moments: true}
	op.run = func(dst []float32, src [][]float32) { kernel.ChannelMoments(dst[:m], dst[m:], src[0], m, n) }
	return op.apply(x)
}

// joinMoments are those of joined pictures, from those of each.
func joinMoments(place string, parts []*G.Node) (*G.Node, error) {
	size := 0
	for _, p := range parts {
		size += p.Shape()[0]
	}
	op := &fused{name: "join moments " + place, out: tensor.Shape{size}}
	op.run = func(dst []float32, src [][]float32) { kernel.JoinMoments(dst, src) }
	return op.apply(parts...)
}
