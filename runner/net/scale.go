package net

// values are what an expression of an edge may name: depth (blocks of the net), blocks (of the chain: a
// transformer has two a block), steps (of a sequence) and k, the block at which the edge ends.
func (c chain) values(steps, k int) map[string]float64 {
	return map[string]float64{"depth": float64(c.depth), "blocks": float64(c.blocks), "steps": float64(max(1, steps)), "k": float64(k)}
}

// scales are the numbers of an edge.
type scales struct {
	branch, weight, init, layer, gate float64
}

// numbers evaluates an edge's expressions; field names the one at fault.
func (e Edge) numbers(c chain, steps int) (n scales, field string, err error) {
	values := c.values(steps, e.To)
	for _, f := range []struct {
		name, text string
		to         *float64
		absent     float64
	}{
		{"branch_scale", e.Skip.BranchScale, &n.branch, 1},
		{"weight", e.Skip.Weight, &n.weight, 1},
		{"init", e.Skip.Init, &n.init, 1},
		{"layer_scale", e.Skip.LayerScale, &n.layer, 1},
		{"gate_bias", e.Skip.GateBias, &n.gate, 0},
	} {
		if *f.to = f.absent; f.text == "" {
			continue
		}
		if *f.to, err = evaluate(f.text, values); err != nil {
			return n, f.name, err
		}
	}
	return n, "", nil
}
