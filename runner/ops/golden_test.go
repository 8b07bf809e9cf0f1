package ops

import (
	_ "embed"
	"encoding/json"
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
)

// The numbers of every op that the design names, from another program in double precision.
//
//go:embed testdata/ops_golden.json
var everyGolden []byte

type attrs map[string]any

func (a attrs) number(name string) float64 { v, _ := a[name].(float64); return v }

type everyCase struct {
	goldenCase
	Attrs attrs `json:"attrs"`
}

func goldenCases(t *testing.T) []everyCase {
	t.Helper()
	var file struct{ Cases []everyCase }
	if err := json.Unmarshal(everyGolden, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 90 {
		t.Fatalf("only %d golden cases", len(file.Cases))
	}
	return file.Cases
}

// sequenceOps build the op of a golden case; in gives its inputs by name.
func sequenceOps() map[string]func(b *bench, c everyCase, in func(string) *G.Node) *G.Node {
	type build = func(b *bench, c everyCase, in func(string) *G.Node) *G.Node
	plain := func(f func(place string, x *G.Node) (*G.Node, error)) build {
		return func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node { return do(f("t", in("x"))) }
	}
	return map[string]build{
		"gelu_tanh": plain(Gelu),
		"silu":      plain(SiLU),
		"elu":       plain(Elu),
		"leaky_relu": func(_ *bench, c everyCase, in func(string) *G.Node) *G.Node {
			return do(LeakyRelu("t", in("x"), float32(c.Attrs.number("slope"))))
		},
		"mul":   func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node { return do(Mul("t", in("a"), in("b"))) },
		"slice": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node { return do(Columns("t", in("x"), 1, 3)) },
		"mse":   func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node { return do(MSE(in("x"), in("y"))) },
		"bce_with_logits": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node {
			return do(BCE(in("x"), in("target")))
		},
		"embedding": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node {
			return do(Embedding("t", in("table"), in("index")))
		},
		"self_attention": func(_ *bench, c everyCase, in func(string) *G.Node) *G.Node {
			qkv := do(Linear("qkv", in("x"), in("wqkv"), in("bqkv")))
			return do(Linear("out", do(Attention("t", qkv, c.Inputs["x"].Shape[0], int(c.Attrs.number("heads")), true)), in("wo"), in("bo")))
		},
	}
}

func TestSequenceOpsMatchGolden(t *testing.T) {
	builds := sequenceOps()
	for _, c := range goldenCases(t) {
		build, ours := builds[c.Op]
		if !ours {
			continue
		}
		t.Run(c.Op+" "+c.Case, func(t *testing.T) {
			b := newBench()
			out := build(b, c, func(name string) *G.Node {
				if n, ok := b.nodes[name]; ok {
					return n
				}
				if a, ok := c.Inputs[name]; ok {
					return b.in(name, a)
				}
				return b.in(name, c.Constants[name])
			})
			cost := out
			if !out.IsScalar() {
				cost = weighted(out, b.plain("weight", array{out.Shape(), c.GradOutput.Data}))
			}
			names := slices.Sorted(func(yield func(string) bool) {
				for name := range c.Grads {
					if !yield(name) {
						return
					}
				}
			})
			values := b.run(t, out, cost, names)
			near(t, "output", values["output"], c.Output.Data)
			for _, name := range names {
				near(t, "gradient of "+name, values[name], c.Grads[name].Data)
			}
		})
	}
}

// near asks for 1e-4 of the largest number.
func near(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	largest := 1e-3
	for _, v := range want {
		largest = max(largest, math.Abs(float64(v)))
	}
	for i := range want {
		if d := math.Abs(float64(got[i]) - float64(want[i])); !(d <= 1e-4*largest) {
			t.Errorf("%s[%d]: got %v, want %v", what, i, got[i], want[i])
		}
	}
}
