package ops

import (
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
)

// pictureOps build the op of a golden case; in gives its inputs by name, pictures turned to our layout.
func pictureOps() map[string]func(c everyCase, in func(string) *G.Node) *G.Node {
	return map[string]func(c everyCase, in func(string) *G.Node) *G.Node{
		"pad2d": func(_ everyCase, in func(string) *G.Node) *G.Node { return do(Pad("t", in("x"), 1, 2, 0, 1)) },
		"local_response_norm": func(c everyCase, in func(string) *G.Node) *G.Node {
			return do(LocalNorm("t", in("x"), c.Attrs.whole("size"), c.Attrs.number("alpha"), c.Attrs.number("beta"), c.Attrs.number("k")))
		},
		"batch_norm_train": func(_ everyCase, in func(string) *G.Node) *G.Node {
			y, _, err := ChannelNorm("t", in("x"), in("gamma"), in("beta"))
			return do(y, err)
		},
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

func TestAnImpossiblePictureIsNamed(t *testing.T) {
	b := newBench()
	x := b.plain("x", array{[]int{3, 4, 4, 2}, make([]float32, 96)})
	y := b.plain("y", array{[]int{3, 2, 4, 2}, make([]float32, 48)})
	rows := b.plain("rows", array{[]int{2, 5}, make([]float32, 10)})
	v := b.plain("v", array{[]int{2}, make([]float32, 2)})
	w := b.plain("w", array{[]int{2, 3, 2, 2}, make([]float32, 24)})
	for want, f := range map[string]func() (*G.Node, error){
		"ops: a: x has shape (2, 5), want four axes: channel, row, column, batch":              func() (*G.Node, error) { return MaxPool("a", rows, 2, 2) },
		"ops: a: kernel: no window: 3 channels, 4×4 pixels":                                    func() (*G.Node, error) { return AvgPool("a", x, 5, 1) },
		"ops: a: kernel: no window: 3 channels, 0×0 pixels":                                    func() (*G.Node, error) { return Upsample("a", x, 0) },
		"ops: a: w has shape (2, 3, 2, 2), want 3 × out × size × size":                         func() (*G.Node, error) { return Deconv("a", x, w, nil) },
		"ops: a: part 1 has shape (3, 2, 4, 2), part 0 has (3, 4, 4, 2)":                       func() (*G.Node, error) { return ConcatChannels("a", x, y) },
		"ops: a: nothing to concatenate":                                                       func() (*G.Node, error) { return ConcatChannels("a") },
		"ops: a: e has shape (2, 5), want 2 rows of 3 channels":                                func() (*G.Node, error) { return AddChannel("a", x, rows) },
		"ops: a: rows of 5 numbers are no pictures of 1 channels, 2×2 pixels":                  func() (*G.Node, error) { return Picture("a", rows, 1, 2, 2) },
		"ops: a: x has shape (2), want four axes":                                              func() (*G.Node, error) { return Flatten("a", v) },
		"ops: a: a mask of 10 numbers fits neither the 96 of x, nor its 2 samples, nor all":    func() (*G.Node, error) { return Drop("a", x, rows) },
		"ops: a: 3 channels do not make 2 equal groups":                                        func() (*G.Node, error) { return GroupNorm("a", x, 2, v, v) },
		"ops: a: scale and shift have 2 and 2 numbers, x has 3 channels":                       func() (*G.Node, error) { return GroupNormSiLU("a", x, 3, v, v) },
		"ops: a: mean, variance, scale and shift have 2, 2, 2 and 2 numbers, x has 3 channels": func() (*G.Node, error) { return ChannelNormEval("a", x, v, v, v, v) },
		"ops: a: the moments have 2 numbers, x has 3 channels": func() (*G.Node, error) {
			s := b.plain("s", array{[]int{3}, make([]float32, 3)})
			return ChannelNormBy("a", x, v, s, s)
		},
		"ops: a: weights of 2 × 2 taps, 1 apart, with paddings 1 and 0 lie in no square": func() (*G.Node, error) {
			return ConvOf("a", x, w, nil, Sliding{Stride: 1, PadRows: 1, Dilation: 1, Grouped: 1})
		},
		"ops: a: w has shape (2, 3, 2, 2) and x 3 channels, which make no 2 groups": func() (*G.Node, error) {
			return ConvOf("a", x, w, nil, Sliding{Stride: 1, Dilation: 1, Grouped: 2})
		},
	} {
		if _, err := f(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
