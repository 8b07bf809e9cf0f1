package bench

import (
	"strings"

	"tenet/runner/net"
)

func (m Model) seed() uint64 {
	if m.Seed != 0 {
		return m.Seed
	}
	return seed
}

// start fills parameter k. The definition numbers parameters in its own order: resmlp names the first layers
// of all its blocks before the second ones, and highway has branch and gate in one matrix.
func (m Model) start(w []float32, p net.Param, k int) {
	first := 0
	switch {
	case m.Name == "resmlp" && k >= 2 && k < 30: // stem, 14 layers, head: two parameters each
		block, part := (k-2)/4, (k-2)%4
		k = 2 + 2*block + part
		if part > 1 {
			k = 2 + 14 + 2*block + part - 2
		}
	case m.Name == "highway" && strings.Contains(p.Name, ".gate."):
		first, k = p.Size(), k-2
	}
	if m.Name == "highway" { // four parameters a layer here, two there
		if k >= 2 && k < 58 {
			k = 2 + (k-2)/4*2 + (k-2)%4
		} else if k >= 58 {
			k -= 28
		}
	}
	switch {
	case p.Name == "pos" || p.Name == "tok.weight": // a bound of 0.05, whatever they have inputs
		weights(w, m.seed(), 0.05*0.05, 1, k, first)
	case len(p.Shape) == 4 && transposed(p.Name): // in × out × size × size, and every output has one tap
		weights(w, m.seed(), m.Gain, p.Shape[0], k, first)
	case len(p.Shape) == 4:
		weights(w, m.seed(), m.Gain, p.Shape[1]*p.Shape[2]*p.Shape[3], k, first)
	case m.graph != nil && len(p.Shape) == 1 && strings.HasSuffix(p.Name, ".weight"): // a norm's scale
		for i := range w {
			w[i] = 1
		}
	case len(p.Shape) == 2:
		weights(w, m.seed(), m.Gain, p.Shape[1], k, first)
	case first > 0:
		for i := range w {
			w[i] = -1
		}
	default:
		clear(w)
	}
}

// transposed tells the U-Net's two ways up.
func transposed(name string) bool {
	return strings.HasPrefix(name, "u1.") || strings.HasPrefix(name, "u2.")
}
