package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// GroupNorm normalises every group of channels of every sample over its pixels; scale and shift are one number
// a channel.
func GroupNorm(place string, x *G.Node, groups int, scale, shift *G.Node) (*G.Node, error) {
	return groupNorm("group norm ", place, x, groups, scale, shift, false)
}

// GroupNormSiLU is [GroupNorm] and then u·sigmoid(u) in one; its gradient needs x only.
func GroupNormSiLU(place string, x *G.Node, groups int, scale, shift *G.Node) (*G.Node, error) {
	return groupNorm("group norm silu ", place, x, groups, scale, shift, true)
}

func groupNorm(name, place string, x *G.Node, groups int, scale, shift *G.Node, silu bool) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	s := x.Shape()
	if groups < 1 || s[0]%groups != 0 {
		return nil, shapeError(place, "%d channels do not make %d equal groups", s[0], groups)
	}
	if scale.Shape().TotalSize() != s[0] || shift.Shape().TotalSize() != s[0] {
		return nil, shapeError(place, "scale and shift have %d and %d numbers, x has %d channels", scale.Shape().TotalSize(), shift.Shape().TotalSize(), s[0])
	}
	k := kernel.Groups{Channels: s[0], Count: groups, Pixels: s[1] * s[2], Batch: s[3]}
	half := groups * s[3]
	mo := &fused{name: name + "moments " + place, out: tensor.Shape{2 * half}}
	mo.run = func(dst []float32, src [][]float32) { k.Moments(dst[:half], dst[half:], src[0]) }
	moments, err := mo.apply(x)
	if err != nil {
		return nil, err
	}
	// The moments' dependence on x is part of the gradient below, so they have none of their own.
	op := &fused{name: name + place, out: s.Clone(), wrt: []bool{true, false, true, true}}
	op.run = func(dst []float32, src [][]float32) {
		k.Forward(dst, src[0], src[1][:half], src[1][half:], src[2], src[3], silu)
	}
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		each := s[0] * s[3]
		back := 0 // with the activation, the gradient taken back through it stands behind the sums
		if silu {
			back = s.TotalSize()
		}
		su := &fused{name: name + "sums " + place, out: tensor.Shape{2*each + back}}
		su.run = func(dst []float32, src [][]float32) {
			k.Sums(dst[:each], dst[each:2*each], dst[2*each:], src[0], src[1][:half], src[1][half:], src[2], src[3], src[4], silu)
		}
		sums, err := su.apply(in[0], in[1], in[2], in[3], grad)
		if err != nil {
			return nil, err
		}
		dx := &fused{name: name + "dx " + place, out: s.Clone(), scratch: 2 * s[3]}
		dx.work = func(dst []float32, src [][]float32, scratch []float32) {
			sums, grad := src[3], src[len(src)-1]
			if silu {
				grad = sums[2*each:]
			}
			k.Grad(dst, src[0], src[1][:half], src[1][half:], src[2], grad, sums[:each], sums[each:2*each], scratch)
		}
		reads := G.Nodes{in[0], in[1], in[2], sums}
		dx.over = []int{0}
		if !silu {
			reads, dx.over = append(reads, grad), []int{4, 0}
		}
		total := func(what string, from int) func() (*G.Node, error) {
			d := &fused{name: name + what + " " + place, out: tensor.Shape{s[0]}}
			d.run = func(dst []float32, src [][]float32) { k.Totals(dst, src[0][from:]) }
			return func() (*G.Node, error) { return d.apply(sums) }
		}
		return collect(func() (*G.Node, error) { return dx.apply(reads...) }, nil, total("dscale", 0), total("dshift", each))
	}
	return op.apply(x, moments, scale, shift)
}

// ChannelNormEval normalises channels with kept statistics (mean, variance: one number a channel), which have
// no gradient.
func ChannelNormEval(place string, x, mean, variance, scale, shift *G.Node) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	m := x.Shape()[0]
	n := x.Shape().TotalSize() / m
	for _, v := range []*G.Node{mean, variance, scale, shift} {
		if v.Shape().TotalSize() != m {
			return nil, shapeError(place, "mean, variance, scale and shift have %d, %d, %d and %d numbers, x has %d channels",
				mean.Shape().TotalSize(), variance.Shape().TotalSize(), scale.Shape().TotalSize(), shift.Shape().TotalSize(), m)
		}
	}
	mo := &fused{name: "kept moments " + place, out: tensor.Shape{2 * m}}
	mo.run = func(dst []float32, src [][]float32) { kernel.KeptRates(dst[:m], dst[m:], src[0], src[1]) }
	moments, err := mo.apply(mean, variance)
	if err != nil {
		return nil, err
	}
	op := &fused{name: "channel norm eval " + place, out: x.Shape(), wrt: []bool{true, false, true, true}}
	forward := func(relu bool) work {
		return func(dst []float32, src [][]float32, _ []float32) {
			kernel.ChannelNorm(dst, src[0], src[1][:m], src[1][m:], src[2], src[3], m, n, relu)
		}
	}
	op.work = forward(false)
	op.follow = map[follower]work{{roleRelu, 0}: forward(true)}
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		su := &fused{name: "channel norm eval sums " + place, out: tensor.Shape{2 * m}}
		su.run = func(dst []float32, src [][]float32) {
			kernel.ChannelSums(dst[:m], dst[m:], src[0], src[1][:m], src[1][m:], src[2], m, n)
		}
		sums, err := su.apply(in[0], in[1], grad)
		if err != nil {
			return nil, err
		}
		dx := &fused{name: "channel norm eval dx " + place, out: x.Shape(), scratch: m}
		dx.work = func(dst []float32, src [][]float32, none []float32) {
			clear(none)
			kernel.ChannelGrad(dst, src[0], src[1][:m], src[1][m:], src[2], src[3], none, none, m, n)
		}
		half := func(name string, from int) func() (*G.Node, error) {
			d := &fused{name: "channel norm eval " + name + " " + place, out: tensor.Shape{m}}
			d.run = func(dst []float32, src [][]float32) { copy(dst, src[0][from:]) }
			return func() (*G.Node, error) { return d.apply(sums) }
		}
		return collect(func() (*G.Node, error) { return dx.apply(in[0], in[1], in[2], grad) }, nil, half("dscale", 0), half("dshift", m))
	}
	return op.apply(x, moments, scale, shift)
}
