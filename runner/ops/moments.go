package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// ChannelMoments are the means of each channel of x over pixels and batch, then the rates
// 1/√(variance + epsilon). They have no gradient of their own: that of [ChannelNormBy] holds it.
func ChannelMoments(place string, x *G.Node) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	m := x.Shape()[0]
	n := x.Shape().TotalSize() / m
	op := &fused{name: "channel moments " + place, out: tensor.Shape{2 * m}}
	op.run = func(dst []float32, src [][]float32) { kernel.ChannelMoments(dst[:m], dst[m:], src[0], m, n) }
	return op.apply(x)
}

// JoinMoments are the [ChannelMoments] of [ConcatChannels] of pictures, from those of each: a channel's are
// the same wherever it stands, and need not be taken again.
func JoinMoments(place string, parts ...*G.Node) (*G.Node, error) {
	if len(parts) == 0 {
		return nil, shapeError(place, "nothing to join")
	}
	size := 0
	for i, p := range parts {
		if p.Shape().Dims() != 1 || p.Shape()[0]%2 != 0 {
			return nil, shapeError(place, "part %d of shape %v is no moments", i, p.Shape())
		}
		size += p.Shape()[0]
	}
	op := &fused{name: "join moments " + place, out: tensor.Shape{size}}
	op.run = func(dst []float32, src [][]float32) { kernel.JoinMoments(dst, src) }
	return op.apply(parts...)
}
