package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/kernel"
)

// Pad sets a frame of zeros around a picture.
func Pad(place string, x *G.Node, left, right, top, bottom int) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	if left < 0 || right < 0 || top < 0 || bottom < 0 {
		return nil, shapeError(place, "a frame of %d, %d, %d, %d", left, right, top, bottom)
	}
	s := x.Shape()
	out := tensor.Shape{s[0], s[1] + top + bottom, s[2] + left + right, s[3]}
	// rows calls f with where each row begins inside and outside of the frame, and its length.
	rows := func(f func(in, out, n int)) {
		for r := range s[0] * s[1] {
			f(r*s[2]*s[3], ((r/s[1]*out[1]+r%s[1]+top)*out[2]+left)*s[3], s[2]*s[3])
		}
	}
	op := &fused{name: fmt.Sprintf("pad %d %d %d %d %s", left, right, top, bottom, place), out: out}
	op.run = func(dst []float32, src [][]float32) {
		clear(dst)
		rows(func(in, out, n int) { copy(dst[out:][:n], src[0][in:]) })
	}
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		d := &fused{name: op.name + " dx", out: s}
		d.run = func(dst []float32, src [][]float32) {
			rows(func(in, out, n int) { copy(dst[in:][:n], src[0][out:]) })
		}
		return collect(func() (*G.Node, error) { return d.apply(grad) })
	}
	return op.apply(x)
}

// LocalNorm normalises across neighbouring channels, as AlexNet did.
func LocalNorm(place string, x *G.Node, size int, alpha, power, k float64) (*G.Node, error) {
	if err := picture(place, "x", x); err != nil {
		return nil, err
	}
	if size < 1 {
		return nil, shapeError(place, "%d channels around", size)
	}
	l := kernel.LocalNorm{Channels: x.Shape()[0], Size: size, Alpha: alpha, Power: power, K: k}
	return fromInput(fmt.Sprintf("local norm %v %s", l, place), x, l.Forward, l.Backward, false)
}
