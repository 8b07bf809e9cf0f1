package task

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tenet/runner/net"
)

// lesions scores the trained net with blocks taken away, and where the task is about lesions, with neighbours
// swapped.
func (r *room) lesions(ctx context.Context) error {
	if len(r.t.Lesions) > 0 {
		drop := 0.0
		for _, blocks := range r.t.Lesions {
			prog, err := r.scoring(blocks)
			if err != nil {
				return err
			}
			d, err := r.drop(ctx, prog)
			if err != nil {
				return err
			}
			drop += d
		}
		r.out.Metrics[LesionDrop] = drop / float64(len(r.t.Lesions))
	}
	if r.t.Task.Kind == Lesions {
		return r.swaps(ctx)
	}
	return nil
}

// drop is the accuracy that prog lacks of the whole net's.
func (r *room) drop(ctx context.Context, prog *net.Program) (float64, error) {
	v, err := r.measure(ctx, prog, r.m.test)
	if err != nil {
		return 0, err
	}
	return r.out.Metrics[TestAccuracy] - v.(*classes).accuracy(), nil
}

// swaps measures the mean accuracy lost by swapping two neighbours, over all pairs of blocks; nets whose
// blocks are not of one shape have no such number.
func (r *room) swaps(ctx context.Context) error {
	sum, n := 0.0, 0
	for k := 1; k < r.t.Net.Depth; k++ {
		if !r.swap(k) {
			return nil
		}
		d, err := r.drop(ctx, r.scorer)
		r.swap(k) // back
		if err != nil {
			return err
		}
		sum, n = sum+d, n+1
	}
	if n > 0 {
		r.out.Metrics[SwapDrop] = sum / float64(n)
	}
	return nil
}

// swap exchanges the parameters and kept statistics of blocks k and k+1, or does nothing where they differ in
// shape.
func (r *room) swap(k int) bool {
	type stretch struct{ from, size int }
	of := func(k int) (weights, stats []stretch) {
		prefix := fmt.Sprintf("blocks.%d.", k)
		for _, p := range r.params {
			if strings.HasPrefix(p.Name, prefix) {
				weights = append(weights, stretch{p.Offset, p.Size()})
			}
		}
		off := 0
		for _, s := range r.norms {
			if strings.HasPrefix(s.Name, prefix) {
				stats = append(stats, stretch{off, 2 * s.Width})
			}
			off += 2 * s.Width
		}
		return weights, stats
	}
	sameSize := func(a, b stretch) bool { return a.size == b.size }
	aw, as := of(k)
	bw, bs := of(k + 1)
	if len(aw) == 0 || !slices.EqualFunc(aw, bw, sameSize) || !slices.EqualFunc(as, bs, sameSize) {
		return false
	}
	exchange := func(all []float32, a, b []stretch) {
		for i := range a {
			x, y := all[a[i].from:][:a[i].size], all[b[i].from:][:a[i].size]
			for j := range x {
				x[j], y[j] = y[j], x[j]
			}
		}
	}
	exchange(r.weights, aw, bw)
	exchange(r.stats, as, bs)
	return true
}
