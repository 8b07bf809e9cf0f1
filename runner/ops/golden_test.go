package ops

import (
	_ "embed"
	"encoding/json"
	"fmt"
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
		"gelu_exact":  plain(GeluExact),
		"softplus":    plain(Softplus),
		"exp":         plain(Exp),
		"square":      plain(Square),
		"sqrt":        plain(Sqrt),
		"log":         plain(Log),
		"relu":        plain(Relu),
		"sigmoid":     plain(Sigmoid),
		"tanh":        plain(Tanh),
		"softmax":     plain(Softmax),
		"log_softmax": plain(LogSoftmax),
		"logsumexp":   plain(LogSumExp),
		"rms_norm": func(_ *bench, c everyCase, in func(string) *G.Node) *G.Node {
			return do(RMSNorm("t", in("x"), in("gamma"), c.Attrs.number("eps")))
		},
		"l2_normalize": func(_ *bench, c everyCase, in func(string) *G.Node) *G.Node {
			return do(Unit("t", in("x"), c.Attrs.number("eps")))
		},
		"layer_norm": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node {
			return do(LayerNorm("t", in("x"), in("gamma"), in("beta")))
		},
		"batch_norm_train": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node {
			return do(BatchNorm("t", in("x"), in("gamma"), in("beta")))
		},
		"batch_norm_eval": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node {
			return do(BatchNormEval("t", in("x"), in("running_mean"), in("running_var"), in("gamma"), in("beta")))
		},
		"linear": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node {
			return do(Linear("t", in("x"), in("w"), in("b")))
		},
		"matmul": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node { return do(MatMul("t", in("a"), in("b"))) },
		"bmm": func(b *bench, c everyCase, _ func(string) *G.Node) *G.Node {
			return do(BatchMul("t", b.plain("a", c.Inputs["a"]), b.plain("b", c.Inputs["b"]), true))
		},
		"huber": func(_ *bench, c everyCase, in func(string) *G.Node) *G.Node {
			return do(Huber(in("x"), in("y"), c.Attrs.number("delta")))
		},
		"kl_normal": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node {
			return do(KLNormal(in("mu"), in("logvar")))
		},
		"softmax_cross_entropy": func(_ *bench, c everyCase, in func(string) *G.Node) *G.Node {
			if share := c.Attrs.number("smoothing"); share > 0 {
				return do(SmoothCrossEntropy(in("x"), in("label"), share))
			}
			mean := do(SoftmaxCrossEntropy(in("x"), in("label")))
			if c.Case == "sum" {
				return do(Scale("t", mean, float32(c.Inputs["x"].Shape[0])))
			}
			return mean
		},
		"add": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node {
			return do(AddScaled("t", in("a"), in("b"), 1))
		},
		"concat": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node {
			return do(Concat("t", in("a"), in("b"), in("c")))
		},
		"gate": func(_ *bench, c everyCase, in func(string) *G.Node) *G.Node {
			if _, ok := c.Inputs["u"]; ok {
				return do(Gate("t", in("x"), do(Relu("h", in("v"))), do(Sigmoid("g", in("u")))))
			}
			return do(Gate("t", in("x"), in("h"), in("t")))
		},
		"lerp": func(_ *bench, _ everyCase, in func(string) *G.Node) *G.Node {
			return do(Gate("t", in("a"), in("b"), in("t")))
		},
		"mean": func(b *bench, c everyCase, _ func(string) *G.Node) *G.Node {
			if c.Case == "all" {
				return do(MeanOver("t", b.plain("x", c.Inputs["x"]), 0, 1))
			}
			return do(MeanOver("t", b.plain("x", c.Inputs["x"]), 1, 2))
		},
		"sum": func(b *bench, c everyCase, _ func(string) *G.Node) *G.Node {
			return do(SumOver("t", b.plain("x", c.Inputs["x"]), 2))
		},
		"transpose": func(b *bench, c everyCase, _ func(string) *G.Node) *G.Node {
			return do(Permute("t", b.plain("x", c.Inputs["x"]), 0, 2, 1, 3))
		},
		"attention": func(b *bench, c everyCase, _ func(string) *G.Node) *G.Node {
			// Ours takes them side by side in rows of one matrix: sequence, time × (q, k, v), head, number.
			s := c.Inputs["q"].Shape
			var parts []*G.Node
			for _, name := range []string{"q", "k", "v"} {
				p := do(Permute(name, b.plain(name, c.Inputs[name]), 0, 2, 1, 3))
				parts = append(parts, do(reshape(p, s[0]*s[2], s[1]*s[3])))
			}
			o := do(Attention("t", do(Concat("qkv", parts...)), s[0], s[1], c.Attrs["causal"] == true))
			return do(Permute("back", do(reshape(o, s[0], s[2], s[1], s[3])), 0, 2, 1, 3))
		},
		"self_attention": func(_ *bench, c everyCase, in func(string) *G.Node) *G.Node {
			qkv := do(Linear("qkv", in("x"), in("wqkv"), in("bqkv")))
			return do(Linear("out", do(Attention("t", qkv, c.Inputs["x"].Shape[0], int(c.Attrs.number("heads")), true)), in("wo"), in("bo")))
		},
	}
}

// reshape is a view as other axes.
func reshape(x *G.Node, shape ...int) (*G.Node, error) {
	op := &fused{name: fmt.Sprint("as ", shape, x.Name()), out: shape}
	op.run = func(dst []float32, src [][]float32) { copy(dst, src[0]) }
	op.grad = func(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		return collect(func() (*G.Node, error) { return reshape(grad, x.Shape()...) })
	}
	return op.apply(x)
}

func TestEveryGoldenCaseHasAnOpOfOurs(t *testing.T) {
	rows, pictures := sequenceOps(), pictureOps()
	for _, c := range goldenCases(t) {
		_, ok := rows[c.Op]
		if ofPictures(c) {
			_, ok = pictures[c.Op]
			ok = ok || onPlainAxes[c.Op]
		}
		if !ok {
			t.Errorf("%s, %s: no op is held against it", c.Op, c.Case)
		}
	}
}

// onPlainAxes are the ops that take four axes as they come, not as pictures.
var onPlainAxes = map[string]bool{"mean": true, "transpose": true, "sum": true}

func TestSequenceOpsMatchGolden(t *testing.T) {
	builds := sequenceOps()
	for _, c := range goldenCases(t) {
		build, ours := builds[c.Op]
		if !ours || ofPictures(c) && !onPlainAxes[c.Op] {
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
				if a, ok := c.Constants[name]; ok {
					return b.in(name, a)
				}
				return nil
			})
			cost := out
			if !out.IsScalar() {
				cost = weighted(out, b.plain("weight", array{out.Shape(), c.GradOutput.Data}))
			}
			names := slices.Sorted(func(yield func(string) bool) {
				for name := range c.Grads {
					if c.Op == "batch_norm_eval" {
						continue // of rows it is for scoring only
					}
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
