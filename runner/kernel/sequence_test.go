package kernel

func sequenceDeeds() []deed {
	deeds := []deed{
		flat("gelu", 1, func(p path, d []float32, x [][]float32) { p.gelu(d, x[0]) }),
		flat("gelu dx", 2, func(p path, d []float32, x [][]float32) { p.geluGrad(d, x[0], x[1]) }),
		flat("silu", 1, func(p path, d []float32, x [][]float32) { p.silu(d, x[0]) }),
		flat("silu dx", 2, func(p path, d []float32, x [][]float32) { p.siluGrad(d, x[0], x[1]) }),
		flat("leaky relu", 1, func(p path, d []float32, x [][]float32) { p.leakyRelu(d, x[0], 0.2) }),
		flat("leaky relu dx", 2, func(p path, d []float32, x [][]float32) { p.leakyReluGrad(d, x[0], x[1], 0.2) }),
		flat("elu", 1, func(p path, d []float32, x [][]float32) { p.elu(d, x[0]) }),
		flat("elu dx", 2, func(p path, d []float32, x [][]float32) { p.eluGrad(d, x[0], x[1]) }),
		flat("exp", 1, func(p path, d []float32, x [][]float32) { p.exp(d, x[0]) }),
	}
	for _, causal := range []bool{false, true} {
		name := map[bool]string{false: "attention", true: "causal attention"}[causal]
		deeds = append(deeds, deed{name, false, func(p path, m room, a, b, c int) [][]float32 {
			at := &Attention{Batch: 1 + a%3, Steps: 1 + b%70, Heads: 1 + a%2, Wide: 1 + c%20, Causal: causal}
			rows, width := at.Batch*at.Steps, at.Heads*at.Wide
			qkv, out, dqkv := m.numbers(rows*3*width), m.numbers(rows*width), m.numbers(rows*3*width)
			p.attention(at, out, qkv, m.numbers(at.Scratch()))
			p.attentionGrad(at, dqkv, qkv, m.numbers(rows*width), m.numbers(at.Scratch()))
			return [][]float32{out, dqkv}
		}})
	}
	return deeds
}
