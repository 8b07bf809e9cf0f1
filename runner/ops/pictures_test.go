package ops

import (
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
)

// pictureOps build the op of a golden case; in gives its inputs by name, pictures turned to our layout.
func pictureOps() map[string]func(c everyCase, in func(string) *G.Node) *G.Node {
	return map[string]func(c everyCase, in func(string) *G.Node) *G.Node{
		"conv_transpose2d": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(DeconvOf("t", in("x"), in("w"), in("b"), c.Attrs.whole("stride"), c.Attrs.whole("pad"), c.Attrs.whole("output_pad")))
		},
		"conv2d": func(c everyCase, in func(string) *G.Node) *G.Node {
			s := Sliding{Stride: c.Attrs.whole("stride"), PadRows: c.Attrs.whole("pad"), PadCols: c.Attrs.whole("pad"), Dilation: c.Attrs.whole("dilation"), Grouped: c.Attrs.whole("groups")}
			if two, ok := c.Attrs["pad"].([]any); ok {
				s.PadRows, s.PadCols = int(two[0].(float64)), int(two[1].(float64))
			}
			return do(ConvOf("t", in("x"), in("w"), in("b"), s))
		},
		"max_pool2d": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(MaxPoolPadded("t", in("x"), c.Attrs.whole("kernel"), c.Attrs.whole("stride"), c.Attrs.whole("pad")))
		},
		"avg_pool2d": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(AvgPoolPadded("t", in("x"), c.Attrs.whole("kernel"), c.Attrs.whole("stride"), c.Attrs.whole("pad"), c.Attrs["count_include_pad"] == true))
		},
		"global_avg_pool": func(_ everyCase, in func(string) *G.Node) *G.Node { return do(ChannelMean("t", in("x"))) },
		"global_max_pool": func(_ everyCase, in func(string) *G.Node) *G.Node { return do(ChannelMax("t", in("x"))) },
		"upsample_nearest": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(Upsample("t", in("x"), c.Attrs.whole("scale")))
		},
		"batch_norm_eval": func(_ everyCase, in func(string) *G.Node) *G.Node {
			return do(ChannelNormEval("t", in("x"), in("running_mean"), in("running_var"), in("gamma"), in("beta")))
		},
		"group_norm": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(GroupNorm("t", in("x"), c.Attrs.whole("groups"), in("gamma"), in("beta")))
		},
		"add":    func(_ everyCase, in func(string) *G.Node) *G.Node { return do(AddChannel("t", in("x"), in("t"))) },
		"concat": func(_ everyCase, in func(string) *G.Node) *G.Node { return do(ConcatChannels("t", in("a"), in("b"))) },
	}
}

func (a attrs) whole(name string) int { return int(a.number(name)) }

// ofPictures tells the cases whose first input is a picture.
func ofPictures(c everyCase) bool {
	for _, name := range []string{"x", "a"} {
		if a, ok := c.Inputs[name]; ok {
			return len(a.Shape) == 4
		}
	}
	return false
}

func TestEveryPictureOpMatchesGolden(t *testing.T) {
	builds, seen := pictureOps(), map[string]int{}
	for _, c := range goldenCases(t) {
		build, ours := builds[c.Op]
		if !ours || !ofPictures(c) {
			continue
		}
		seen[c.Op]++
		t.Run(c.Op+" "+c.Case, func(t *testing.T) {
			b := newBench()
			// Weights of a transposed convolution have four axes too, and stay as they are.
			turn := func(name string, a array) array {
				if len(a.Shape) == 4 && name != "w" {
					return turned(a)
				}
				return a
			}
			out := build(c, func(name string) *G.Node {
				if a, ok := c.Inputs[name]; ok {
					return b.plain(name, turn(name, a))
				}
				if a, ok := c.Constants[name]; ok {
					return b.plain(name, a)
				}
				return nil
			})
			var names []string
			for name := range c.Grads {
				names = append(names, name)
			}
			slices.Sort(names)
			values := b.run(t, out, weighted(out, b.plain("weight", turn("", c.GradOutput))), names)
			compare(t, "output", values["output"], turn("", c.Output).Data)
			for _, name := range names {
				compare(t, "gradient of "+name, values[name], turn(name, c.Grads[name]).Data)
			}
		})
	}
	for op := range builds {
		if seen[op] == 0 {
			t.Errorf("no golden case of %s", op)
		}
	}
}
