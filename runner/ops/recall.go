package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/kernel"
)

// Recall is the join "attend": query q reads slots, all of q's shape, by content. Of a picture every pixel of
// every sample asks for itself.
func Recall(place string, q *G.Node, slots ...*G.Node) (*G.Node, error) {
	if len(slots) == 0 {
		return nil, shapeError(place, "nothing to attend to")
	}
	for i, s := range slots {
		if err := same(place, "the query", q, fmt.Sprintf("slot %d", i), s); err != nil {
			return nil, err
		}
	}
	shape := q.Shape()
	k := kernel.Recall{Slots: len(slots)}
	if shape.Dims() == 4 {
		k.Features, k.Sample = shape[0], 1
		k.Feature = shape.TotalSize() / shape[0]
	} else {
		if err := matrix(place, "the query", q); err != nil {
			return nil, err
		}
		k.Features, k.Sample, k.Feature = shape[1], shape[1], 1
	}
	k.Samples = shape.TotalSize() / k.Features
	n := len(slots)
	op := &fused{name: "recall " + place, out: shape, scratch: k.Scratch()}
	op.work = func(dst []float32, src [][]float32, scratch []float32) {
		k.Forward(dst, src[0], src[1:], scratch)
	}
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		made := make([]func() (*G.Node, error), n+1)
		for i := range made {
			d := &fused{name: fmt.Sprintf("recall d%d %s", i, place), out: shape, scratch: k.Scratch()}
			d.work = func(dst []float32, src [][]float32, scratch []float32) {
				k.Grad(dst, src[0], src[1:n+1], src[n+1], i-1, scratch)
			}
			made[i] = func() (*G.Node, error) { return d.apply(append(append(G.Nodes(nil), in...), grad)...) }
		}
		return collect(made...)
	}
	return op.apply(append(G.Nodes{q}, slots...)...)
}
