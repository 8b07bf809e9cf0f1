package ops

import (
	_ "embed"
	"encoding/json"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

//go:embed testdata/golden_pictures.json
var goldenPictures []byte

// turned moves the first axis of four to the end: another program's batch × channel × row × column to ours.
func turned(a array) array {
	n, rest := a.Shape[0], len(a.Data)/a.Shape[0]
	out := array{Shape: append(slices.Clone(a.Shape[1:]), n), Data: make([]float32, len(a.Data))}
	for i := range n {
		for j := range rest {
			out.Data[j*n+i] = a.Data[i*rest+j]
		}
	}
	return out
}

func (b *bench) plain(name string, a array) *G.Node {
	n := G.NewTensor(b.g, tensor.Float32, len(a.Shape), G.WithShape(a.Shape...), G.WithName(name))
	must(G.Let(n, tensor.New(tensor.WithShape(a.Shape...), tensor.WithBacking(slices.Clone(a.Data)))))
	b.nodes[name] = n
	return n
}

func TestPictureOpsMatchGolden(t *testing.T) {
	var file struct {
		Cases []struct {
			goldenCase
			Attrs struct{ Stride, Pad int }
		}
	}
	if err := json.Unmarshal(goldenPictures, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 10 {
		t.Fatalf("only %d golden cases", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.Op+" "+c.Case, func(t *testing.T) {
			b := newBench()
			x := b.plain("x", turned(c.Inputs["x"]))
			input := func(name string) *G.Node {
				if a, ok := c.Inputs[name]; ok {
					return b.plain(name, a)
				}
				return nil
			}
			var out *G.Node
			want, weight := c.Output, c.GradOutput
			switch c.Op {
			case "conv2d":
				out = do(Conv("t", x, input("w"), input("b"), c.Attrs.Stride, c.Attrs.Pad))
			case "batch_norm_train":
				y, _, err := ChannelNorm("t", x, input("gamma"), input("beta"))
				out = do(y, err)
			case "global_avg_pool":
				out = do(ChannelMean("t", x))
			}
			if len(want.Shape) == 4 {
				want, weight = turned(want), turned(weight)
			}
			cost := weighted(out, b.plain("weight", weight))
			names := slices.DeleteFunc([]string{"x", "w", "b", "gamma", "beta"}, func(n string) bool { return b.nodes[n] == nil })
			values := b.run(t, out, cost, names)
			compare(t, "output", values["output"], want.Data)
			for _, name := range names {
				g := c.Grads[name]
				if name == "x" {
					g = turned(g)
				}
				compare(t, "gradient of "+name, values[name], g.Data)
			}
		})
	}
}
