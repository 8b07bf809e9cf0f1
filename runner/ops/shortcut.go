package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Shortcut carries x, a matrix or pictures, to where there are features of them, without a parameter: further
// features are zeros, those too many are left out, and of pictures every stride-th row and column is taken.
func Shortcut(place string, x *G.Node, features, stride int) (*G.Node, error) {
	s := x.Shape()
	if features < 1 || stride < 1 {
		return nil, shapeError(place, "%d features, every pixel number %d", features, stride)
	}
	if s.Dims() != 4 {
		if err := matrix(place, "x", x); err != nil {
			return nil, err
		}
		if stride != 1 {
			return nil, shapeError(place, "rows have no pixels to take one of %d of", stride)
		}
		all := make([]stretch, s[0])
		for r := range all {
			all[r] = stretch{r * s[1], r * features, min(features, s[1])}
		}
		return padded(place, s.Clone(), tensor.Shape{s[0], features}, all).apply(x)
	}
	h, w := (s[1]-1)/stride+1, (s[2]-1)/stride+1
	var all []stretch
	for c := range min(features, s[0]) {
		for i := range h {
			for j := range w {
				all = append(all, stretch{((c*s[1]+i*stride)*s[2] + j*stride) * s[3], ((c*h+i)*w + j) * s[3], s[3]})
			}
		}
	}
	return padded(fmt.Sprintf("%d %s", stride, place), s.Clone(), tensor.Shape{features, h, w, s[3]}, all).apply(x)
}

// stretch is n numbers from one place to another.
type stretch struct{ from, to, n int }

// padded copies stretches of its input and leaves the rest zero; its gradient copies them back.
func padded(place string, from, to tensor.Shape, all []stretch) *fused {
	op := &fused{name: "shortcut " + place, out: to}
	op.run = func(dst []float32, src [][]float32) {
		clear(dst)
		for _, s := range all {
			copy(dst[s.to:s.to+s.n], src[0][s.from:])
		}
	}
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "shortcut dx " + place, out: from}
		d.run = func(dst []float32, src [][]float32) {
			clear(dst)
			for _, s := range all {
				copy(dst[s.from:s.from+s.n], src[0][s.to:])
			}
		}
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op
}

// Unroll makes steps rows of each row of x: batch × steps·n becomes batch·steps × n. The numbers stay where
// they are.
func Unroll(place string, x *G.Node, steps int) (*G.Node, error) {
	if err := matrix(place, "x", x); err != nil {
		return nil, err
	}
	m, n := x.Shape()[0], x.Shape()[1]
	if steps < 1 || n%steps != 0 {
		return nil, shapeError(place, "rows of %d numbers do not make %d steps each", n, steps)
	}
	same := func(dst []float32, src [][]float32) { copy(dst, src[0]) }
	op := &fused{name: "unroll " + place, out: tensor.Shape{m * steps, n / steps}, run: same}
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: "unroll dx " + place, out: tensor.Shape{m, n}, run: same}
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x)
}
