package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

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

// naiveAttention is one head of one sequence in double precision: outputs, and the gradients of q, k and v
// for the gradient g of the outputs. All are steps × wide.
func naiveAttention(q, k, v, g []float64, steps, wide int, causal bool) (out, dq, dk, dv []float64) {
	out, dq, dk, dv = make([]float64, len(q)), make([]float64, len(q)), make([]float64, len(q)), make([]float64, len(q))
	scale := 1 / math.Sqrt(float64(wide))
	for i := range steps {
		seen := steps
		if causal {
			seen = i + 1
		}
		p, sum := make([]float64, seen), 0.0
		for j := range p {
			s := 0.0
			for c := range wide {
				s += q[i*wide+c] * k[j*wide+c]
			}
			p[j] = math.Exp(s * scale)
			sum += p[j]
		}
		d, along := make([]float64, seen), 0.0
		for j := range p {
			p[j] /= sum
			for c := range wide {
				out[i*wide+c] += p[j] * v[j*wide+c]
				d[j] += g[i*wide+c] * v[j*wide+c]
				dv[j*wide+c] += p[j] * g[i*wide+c]
			}
			along += p[j] * d[j]
		}
		for j := range p {
			s := scale * p[j] * (d[j] - along)
			for c := range wide {
				dq[i*wide+c] += s * k[j*wide+c]
				dk[j*wide+c] += s * q[i*wide+c]
			}
		}
	}
	return out, dq, dk, dv
}

func TestAttentionEqualsTheNaiveSums(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := &Attention{
			Batch: rapid.IntRange(1, 3).Draw(rt, "batch"), Steps: rapid.SampledFrom([]int{1, 2, 15, 16, 17, 40, 64, 70}).Draw(rt, "steps"),
			Heads: rapid.IntRange(1, 4).Draw(rt, "heads"), Wide: rapid.IntRange(1, 20).Draw(rt, "wide"), Causal: rapid.Bool().Draw(rt, "causal"),
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		width := a.Heads * a.Wide
		rows := a.Batch * a.Steps
		qkv, grad := make([]float32, rows*3*width), make([]float32, rows*width)
		for i := range qkv {
			qkv[i] = float32(r.NormFloat64())
		}
		for i := range grad {
			grad[i] = float32(r.NormFloat64())
		}
		scratch := make([]float32, a.Scratch())
		for i := range scratch {
			scratch[i] = float32(math.NaN()) // what lay there before does not matter
		}
		out, dqkv := make([]float32, len(grad)), make([]float32, len(qkv))
		a.Forward(out, qkv, scratch)
		a.Backward(dqkv, qkv, grad, scratch)
		for b := range a.Batch {
			for h := range a.Heads {
				// part takes a head's numbers out of rows of many.
				part := func(x []float32, many, from int) []float64 {
					var p []float64
					for i := range a.Steps {
						for _, v := range x[(b*a.Steps+i)*many+from+h*a.Wide:][:a.Wide] {
							p = append(p, float64(v))
						}
					}
					return p
				}
				o, dq, dk, dv := naiveAttention(part(qkv, 3*width, 0), part(qkv, 3*width, width), part(qkv, 3*width, 2*width), part(grad, width, 0), a.Steps, a.Wide, a.Causal)
				for what, two := range map[string][2][]float64{
					"output": {part(out, width, 0), o}, "dq": {part(dqkv, 3*width, 0), dq},
					"dk": {part(dqkv, 3*width, width), dk}, "dv": {part(dqkv, 3*width, 2*width), dv},
				} {
					for i, want := range two[1] {
						if got := two[0][i]; !(math.Abs(got-want) <= 2e-5*(1+math.Abs(want))) {
							rt.Fatalf("%+v: %s[%d] of head %d, sequence %d: got %v, want %v", *a, what, i, h, b, got, want)
						}
					}
				}
			}
		}
	})
}

func TestSmoothActivationsAreWithinAFewUnits(t *testing.T) {
	for x := float32(-12); x < 12; x += 0.0137 {
		v := float64(x)
		tanh := math.Tanh(math.Sqrt(2/math.Pi) * (v + 0.044715*v*v*v))
		for name, two := range map[string][2]float64{
			"gelu": {ofOne(Gelu, x), v / 2 * (1 + tanh)},
			"silu": {ofOne(SiLU, x), v / (1 + math.Exp(-v))},
			"elu":  {ofOne(Elu, x), math.Max(v, 0) + math.Expm1(math.Min(v, 0))},
		} {
			if math.Abs(two[0]-two[1]) > 4e-7*math.Max(1, math.Abs(v)) {
				t.Errorf("%s(%v) = %v, want %v", name, x, two[0], two[1])
			}
		}
	}
}

func ofOne(f func(dst, x []float32), x float32) float64 {
	y := make([]float32, 16)
	f(y, []float32{x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x})
	return float64(y[3])
}
