package net

import (
	"strings"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// isPicture tells channel × row × column × batch from rows of features.
func isPicture(x *G.Node) bool { return x.Shape().Dims() == 4 }

// features is how many numbers a row of x has, or channels a picture.
func features(x *G.Node) int {
	if isPicture(x) {
		return x.Shape()[0]
	}
	return x.Shape()[1]
}

func (b *builder) linear(name string, x *G.Node, out int) *G.Node {
	return b.linearOf(name, x, out, b.start(), 1, true)
}

// start is the spec's own.
func (b *builder) start() start { return start(b.spec.Init) }

func (b *builder) linearOf(name string, x *G.Node, out int, st start, shrink float64, bias bool) *G.Node {
	if b.err != nil {
		return nil
	}
	in := x.Shape()[1]
	w := b.scaledParam(name+".weight", st, 0, shrink, out, in)
	var c *G.Node
	if bias {
		c = b.param(name+".bias", startConstant, 0, out)
	}
	return b.try(ops.Linear(name, x, w, c))
}

// conv is a convolution with zeros beside the picture, so that stride 1 keeps its size.
func (b *builder) conv(name string, x *G.Node, out, size, stride int, st start, shrink float64, bias bool) *G.Node {
	if b.err != nil {
		return nil
	}
	in := x.Shape()[0]
	w := b.scaledParam(name+".weight", st, 0, shrink, out, in, size, size)
	var c *G.Node
	if bias {
		c = b.param(name+".bias", startConstant, 0, out)
	}
	return b.try(ops.Conv(name, x, w, c, stride, (size-1)/2))
}

// deconv doubles a picture's sides by a 2 × 2 kernel of stride 2.
func (b *builder) deconv(name string, x *G.Node, out int) *G.Node {
	if b.err != nil {
		return nil
	}
	in := x.Shape()[0]
	w := b.param(name+".weight", b.start(), 0, in, out, 2, 2)
	b.g.Params[len(b.g.Params)-1].inputs = in // each pixel made reads one tap of each channel
	c := b.param(name+".bias", startConstant, 0, out)
	return b.try(ops.Deconv(name, x, w, c))
}

func (b *builder) act(name string, x *G.Node) *G.Node { return b.actOf(b.spec.Act, name, x) }

func (b *builder) actOf(act, name string, x *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	switch act {
	case "tanh":
		return b.try(ops.Tanh(name, x))
	case "sigmoid":
		return b.try(ops.Sigmoid(name, x))
	case "gelu":
		return b.try(ops.Gelu(name, x))
	case "silu":
		return b.try(ops.SiLU(name, x))
	case "leaky relu":
		return b.try(ops.LeakyRelu(name, x, leak))
	case "elu":
		return b.try(ops.Elu(name, x))
	case "linear":
		return x
	}
	return b.try(ops.Relu(name, x))
}

// leak is the slope of a leaky relu below zero.
const leak = 0.2

// normPlace splits the spec's norm in kind and whether it stands after the join.
func (s Spec) normPlace() (kind string, after bool) {
	kind, place, _ := strings.Cut(s.Norm, " ")
	if kind == "none" {
		kind = ""
	}
	return kind, place == "after add"
}

func (b *builder) norm(name string, x *G.Node) *G.Node { return b.normOf(name, x, 1) }

// normOf is a norm whose trained scale, where it has one, starts at scale.
func (b *builder) normOf(name string, x *G.Node, scale float64) *G.Node {
	if b.err != nil {
		return nil
	}
	kind, _ := b.spec.normPlace()
	n := features(x)
	var gain, shift *G.Node
	switch {
	case flag(b.spec.Affine):
		gain = b.param(name+".scale", startConstant, scale, n)
		shift = b.param(name+".shift", startConstant, 0, n)
	case isPicture(x):
		gain, shift = b.constant(name+".one", 1, n), b.constant(name+".zero", 0, n)
	}
	if b.err != nil {
		return nil
	}
	switch {
	case kind == "layernorm" && isPicture(x):
		return b.try(ops.GroupNorm(name, x, 1, gain, shift))
	case kind == "layernorm":
		return b.try(ops.LayerNorm(name, x, gain, shift))
	case kind == "groupnorm":
		return b.try(ops.GroupNorm(name, x, b.spec.Groups, gain, shift))
	}
	site := NormSite{Name: b.prefix + name, Width: n}
	if b.mode != Train {
		site.Mean, site.Variance = b.input(name+".mean", n), b.input(name+".variance", n)
		b.g.Norms = append(b.g.Norms, site)
		if isPicture(x) {
			return b.try(ops.ChannelNormEval(name, x, site.Mean, site.Variance, gain, shift))
		}
		return b.try(ops.BatchNormEval(name, x, site.Mean, site.Variance, gain, shift))
	}
	if !isPicture(x) {
		site.Input = x
		b.g.Norms = append(b.g.Norms, site)
		return b.try(ops.BatchNorm(name, x, gain, shift))
	}
	y, moments, err := ops.ChannelNorm(name, x, gain, shift)
	site.Moments, site.Count = moments, x.Shape().TotalSize()/n
	b.g.Norms = append(b.g.Norms, site)
	return b.try(y, err)
}

// picture is the input as pictures; a row of n² numbers is a picture of one channel.
func (b *builder) picture(x *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	p := b.io.Picture
	if p == ([3]int{}) {
		side := 1
		for side*side < b.io.In {
			side++
		}
		if p = [3]int{1, side, side}; side*side != b.io.In {
			return b.fail("family %s reads pictures; the task gives rows of %d numbers, which are no square", b.spec.Family, b.io.In)
		}
	}
	return b.try(ops.Picture("picture", x, p[0], p[1], p[2]))
}
