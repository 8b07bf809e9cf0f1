package net

import (
	"math"

	"tenet/runner/kernel"
)

// Path is an edge on which gradients run: from a state to a later one, through as many blocks, times a weight.
type Path struct {
	From, To, Blocks int
	Weight           float64
}

// PathLength is the mean number of blocks on the ways from state 0 to state last, each way counted by the
// product of its edges' weights: Σ w(p)·blocks(p) / Σ w(p). With equal weights it is the mean of the binomial
// of Veit, Wilber & Belongie (2016, §4); with weights that measure how much gradient an edge lets through it
// is the length of the paths that matter there. It is 0 where no way has a weight. paths must be in the order
// of their ends.
func PathLength(paths []Path, last int) float64 {
	weight, blocks := make([]float64, last+1), make([]float64, last+1) // Σ w and Σ w·blocks of the ways to a state
	weight[0] = 1
	for _, p := range paths {
		w := math.Abs(p.Weight)
		weight[p.To] += float64(w * weight[p.From])
		blocks[p.To] += float64(w * (blocks[p.From] + float64(float64(p.Blocks)*weight[p.From])))
		if weight[p.To] > 0x1p+500 { // powers of two, so that nothing is rounded
			for i := range weight {
				weight[i] *= 0x1p-500
				blocks[i] *= 0x1p-500
			}
		}
	}
	if weight[last] == 0 {
		return 0
	}
	return blocks[last] / weight[last]
}

// Paths are the edges of a net at its start: of every block its branch by its scale, and every skip by its
// weight; a gate lets σ(bias) of the branch through and the rest of the skip, an lstm's σ(bias) of the memory
// and all of the branch, reading by content an equal share of each. What blocks themselves do to a gradient is taken as 1.
func (s Spec) Paths(steps int) ([]Path, error) {
	edges, err := s.edges(steps)
	if err != nil {
		return nil, err
	}
	f, ok := familyOf(s.Family)
	if !ok || f.chain == nil {
		return nil, nil
	}
	c := f.chain(s, steps)
	byEnd := make([][]Edge, c.blocks+1)
	for _, e := range edges {
		byEnd[e.To] = append(byEnd[e.To], e)
	}
	var paths []Path
	for k := 1; k <= c.blocks; k++ {
		branch, slots := 1.0, 1
		var skips []Path
		for _, e := range byEnd[k] {
			n, field, err := e.numbers(c, steps)
			if err != nil {
				return nil, fieldError(field, "%v", err)
			}
			w := n.weight * n.init
			switch e.Skip.Join {
			case JoinAdd:
				branch *= n.branch * n.layer
				for i := range skips {
					skips[i].Weight *= n.branch * n.layer
				}
			case JoinGate:
				t, keep := sigmoid(n.gate), 1-sigmoid(n.gate)
				if c.gated {
					forget, err := evaluate(s.Forget, nil)
					if err != nil {
						return nil, fieldError("forget_bias", "%v", err)
					}
					t, keep = 1, sigmoid(forget)
				}
				branch *= t
				for i := range skips {
					skips[i].Weight *= t
				}
				w *= keep
			case JoinAttend:
				slots++
			}
			skips = append(skips, Path{From: e.From, To: k, Weight: w})
		}
		if slots > 1 {
			branch /= float64(slots)
			for i := range skips {
				skips[i].Weight /= float64(slots)
			}
		}
		paths = append(append(paths, Path{From: k - 1, To: k, Blocks: 1, Weight: branch}), skips...)
	}
	return paths, nil
}

// sigmoid is the kernel's, whose bits are the same on every machine.
func sigmoid(x float64) float64 {
	var y [1]float32
	kernel.SigmoidForward(y[:], []float32{float32(x)})
	return float64(y[0])
}
