package net

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// carry is what an edge brings from a state to a block's branch: transformed, weighted, and for the joins
// that need it of the branch's shape.
func (b *builder) carry(name string, e Edge, x, branch *G.Node) (scales, *G.Node) {
	n, field, err := e.numbers(b.chain, b.io.Steps)
	if err != nil {
		return n, b.fail("%s: %s: %w", name, field, err)
	}
	if isPicture(x) && !isPicture(branch) {
		x = b.flat(name, x)
	}
	y := b.transform(name, e.Skip, x, branch)
	if b.err != nil {
		return n, nil
	}
	if e.Skip.Join != JoinConcat && !y.Shape().Eq(branch.Shape()) {
		return n, b.fail("%s: the skip from state %d carries %s, the branch has %s; transform %s or %s brings it there",
			name, e.From, sizeWords(y), sizeWords(branch), transformPad, transformProjection)
	}
	if n.weight != 1 {
		y = b.try(ops.Scale(name+".carried", y, float32(n.weight)))
	}
	if e.Skip.Init != "" && b.err == nil {
		v := b.param(name+".carried", startConstant, n.init, features(y))
		y = b.try(ops.ScaleFeatures(name+".carried", y, v))
	}
	return n, y
}

func (b *builder) transform(name string, k Skip, x, branch *G.Node) *G.Node {
	if k.Transform == transformIdentity || b.err != nil {
		return x
	}
	width := features(branch)
	if k.Join == JoinConcat {
		width = features(x)
	}
	stride := 1
	if isPicture(x) {
		var err error
		if x, stride, err = b.sized(name, x, branch); err != nil {
			return b.fail("%s: %w", name, err)
		}
	}
	fits := stride == 1 && width == features(x)
	if fits && (k.Transform == transformPad || k.Transform == transformProjection) {
		return x
	}
	if k.Transform == transformPad {
		return b.try(ops.Shortcut(name+".shortcut", x, width, stride))
	}
	st := startLecun
	if k.Transform == transformEye {
		st = startEye
	}
	var y *G.Node
	if isPicture(x) {
		y = b.conv(name+".shortcut", x, width, 1, stride, st, 1, false)
	} else {
		y = b.linearOf(name+".shortcut", x, width, st, 1, false)
	}
	kind, after := b.spec.normPlace()
	if k.Transform == transformProjection && !after && b.spec.Order == orderPost && (kind == "batchnorm" || kind == "groupnorm") {
		y = b.norm(name+".shortcut.norm", y)
	}
	return y
}

// sized brings x up to the branch's size where that is larger, and else says by which stride to come down to
// it.
func (b *builder) sized(name string, x, branch *G.Node) (*G.Node, int, error) {
	x, err := b.grown(name, x, branch)
	if err != nil {
		return nil, 0, err
	}
	stride, err := strideBetween(x, branch)
	return x, stride, err
}

// grown brings x up to the branch's size where the branch is the larger picture.
func (b *builder) grown(name string, x, branch *G.Node) (*G.Node, error) {
	h, want := x.Shape()[1], branch.Shape()[1]
	if want <= h {
		return x, nil
	}
	if want%h != 0 || branch.Shape()[2] != want/h*x.Shape()[2] {
		return nil, fmt.Errorf("a picture of %s cannot grow to %s", sizeWords(x), sizeWords(branch))
	}
	return ops.Upsample(name+".grown", x, want/h)
}

// strideBetween is the stride that brings x to the branch's rows and columns.
func strideBetween(x, branch *G.Node) (int, error) {
	from, to := x.Shape(), branch.Shape()
	for stride := 1; stride <= from[1]; stride++ {
		if (from[1]-1)/stride+1 == to[1] && (from[2]-1)/stride+1 == to[2] {
			return stride, nil
		}
	}
	return 0, fmt.Errorf("no stride brings a picture of %s to %s", sizeWords(x), sizeWords(branch))
}

// flat makes rows of pictures and leaves rows alone.
func (b *builder) flat(name string, x *G.Node) *G.Node {
	if b.err != nil || !isPicture(x) {
		return x
	}
	return b.try(ops.Flatten(name+".flat", x))
}
