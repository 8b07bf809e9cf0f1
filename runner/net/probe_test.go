package net

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestGradientNormsAreOnePerLayer(t *testing.T) {
	g, p := forms()["residual"].compiled(t, Train)
	p.Run()
	norms := GradientNorms(g, p.Grads)
	want := []string{"stem", "blocks.1", "blocks.2", "blocks.3", "blocks.4", "head"}
	var names []string
	for i, n := range norms {
		names = append(names, n.Place)
		sum := 0.0
		for _, q := range g.Params[2*i : 2*i+2] {
			for _, v := range p.Grads[q.Offset:][:q.Size()] {
				sum += float64(v) * float64(v)
			}
		}
		if math.Abs(n.Value-math.Sqrt(sum)) > 1e-12 || n.Value == 0 {
			t.Errorf("%s: %v, want %v", n.Place, n.Value, math.Sqrt(sum))
		}
	}
	if !slices.Equal(names, want) {
		t.Errorf("layers %v, want %v", names, want)
	}
	// A discriminator's parameters have no gradient in the generator's game.
	g, p = forms()["gan"].compiled(t, Train)
	p.Run()
	if n := GradientNorms(g, p.Grads); len(n) != 4 || n[0].Place != "generator.stem" {
		t.Errorf("of a gan: %v", n)
	}
}

func TestStatesAreKeptByName(t *testing.T) {
	f := forms()["residual"]
	f.io.Taps = []string{"states", "output"}
	_, p := f.compiled(t, Score)
	p.Run()
	var names []string
	for _, r := range Variances(p.Taps) {
		names = append(names, r.Place)
	}
	if !slices.Equal(names, []string{"state 0", "state 1", "state 2", "state 3", "state 4", "output"}) {
		t.Errorf("kept %v", names)
	}
	if !slices.Equal(p.Tap("output"), p.Logits) || p.Tap("state 9") != nil {
		t.Errorf("the output is %v, kept as %v", p.Logits, p.Tap("output"))
	}
	// state 2 = state 1 + ½ (W relu(state 1) + b), computed again
	g, _ := f.compiled(t, Score)
	var w, c []float32
	for _, q := range g.Params {
		switch q.Name {
		case "blocks.2.weight":
			w = p.Weights[q.Offset:][:q.Size()]
		case "blocks.2.bias":
			c = p.Weights[q.Offset:][:q.Size()]
		}
	}
	one, two := p.Tap("state 1"), p.Tap("state 2")
	for i := range 8 {
		h := float64(c[i])
		for j := range 8 {
			h += float64(w[i*8+j]) * math.Max(0, float64(one[j]))
		}
		if want := float64(one[i]) + h/2; math.Abs(float64(two[i])-want) > 1e-5 {
			t.Errorf("feature %d of state 2: %v, want %v", i, two[i], want)
		}
	}
	for tap, form := range map[string]string{"code": "denoiser", "conv2": "alexnet", "enc 2": "unet", "fc1": "alexnet", "mid": "denoiser", "fake": "gan"} {
		f := forms()[form]
		f.io.Taps = []string{tap}
		_, p := f.compiled(t, Train)
		p.Run()
		if x := p.Tap(tap); len(x) == 0 || slices.Max(x) == slices.Min(x) {
			t.Errorf("%s of %s is %v", tap, form, x)
		}
	}
	f.io.Taps = []string{"soul"}
	if _, err := Build(parsed(t, f.spec), f.io, Score, nil); err == nil || err.Error() != `runner/net: no value is called "soul"; there are states, state 0, state 1, state 2, state 3, state 4, output` {
		t.Errorf("got %v", err)
	}
}

func TestTheInputsGradientIsTheOutputsSlope(t *testing.T) {
	f := forms()["probed"].with(`"depth":4`, `"depth":4,"act":"tanh"`) // no kinks
	_, p := f.compiled(t, Train)
	p.Run()
	grad := slices.Clone(p.InputGrad)
	for i := range p.X {
		const step = 1e-2
		old := p.X[i]
		at := func(x float32) float64 { p.X[i] = x; p.Run(); return float64(p.Loss[0]) }
		want := (at(old+step) - at(old-step)) / (2 * step)
		p.X[i] = old
		if math.Abs(float64(grad[i])-want) > 5e-3 {
			t.Errorf("input %d: gradient %v, slope %v", i, grad[i], want)
		}
	}
}

func TestRowsOfPicturesAreTurned(t *testing.T) {
	x, rows := TapValues{Shape: []int{2, 1, 1, 3}, Values: []float32{1, 2, 3, 4, 5, 6}}.Rows()
	if rows != 3 || !slices.Equal(x, []float32{1, 4, 2, 5, 3, 6}) {
		t.Errorf("%d rows %v", rows, x)
	}
}

func TestCKASeesThroughRotationAndScale(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows, n := rapid.IntRange(3, 12).Draw(rt, "rows"), rapid.IntRange(1, 4).Draw(rt, "features")
		quarters := rapid.Map(rapid.IntRange(-12, 12), func(i int) float32 { return float32(i) / 4 })
		x := rapid.SliceOfN(quarters, rows*n, rows*n).Draw(rt, "x")
		turned := make([]float32, len(x)) // features reversed, scaled by -2 and moved
		for r := range rows {
			for j := range n {
				turned[r*n+j] = -2*x[r*n+n-1-j] + 1
			}
		}
		same := CKA(x, turned, rows)
		if varies := CKA(x, x, rows); varies == 0 {
			if same != 0 {
				rt.Errorf("a constant representation is alike by %v", same)
			}
			return
		}
		if math.Abs(same-1) > 1e-4 {
			rt.Errorf("turned, scaled and moved it is alike by %v, want 1", same)
		}
		y := rapid.SliceOfN(quarters, rows, rows).Draw(rt, "y")
		a, b := CKA(x, y, rows), CKA(y, x, rows)
		if math.Abs(a-b) > 1e-9 || a < -1e-9 || a > 1+1e-9 {
			rt.Errorf("alike by %v, the other way round by %v", a, b)
		}
	})
	// Two features at right angles are nothing alike.
	if got := CKA([]float32{1, -1, 1, -1}, []float32{1, 1, -1, -1}, 4); got != 0 {
		t.Errorf("orthogonal features are alike by %v", got)
	}
}

func TestPathLengthsAreMeansOverWays(t *testing.T) {
	length := func(spec string) float64 {
		s := parsed(t, spec)
		paths, err := s.Paths(0)
		if err != nil {
			t.Fatal(err)
		}
		return PathLength(paths, s.Depth)
	}
	for spec, want := range map[string]float64{
		plain:                           4,
		skip(`{"from":"k","to":"k+1"}`): 2,               // the binomial's mean
		res:                             4 * (0.5 / 1.5), // every block is taken with 1/2 to 1
		skip(`{"from":"k","to":"k+1","branch_scale":0}`):                           0,                     // nothing but the skip
		skip(`{"from":"k","to":"k+1","join":"gate","gate_bias":0}`):                2,                     // half and half
		skip(`{"from":0,"to":4}`):                                                  2,                     // 4 blocks or none
		skip(`{"from":"k","to":"k+2","each":2}`):                                   2,                     // twice two or none
		skip(`{"from":"k","to":"k+1","join":"attend"}`):                            2,                     //
		skip(`{"from":"k","to":"k+1","weight":0}`):                                 4,                     // skips that carry nothing
		skip(`{"from":"k","to":"k+1"},{"from":"k","to":"k+1"}`):                    4. / 3,                // two skips to one branch
		`{"family":"mlp","depth":2000,"width":1,"skip":[{"from":"k","to":"k+1"}]}`: 1000,                  // 2^2000 ways
		`{"family":"resnet","depth":16,"width":2}`:                                 16 * (0.25 / 1.25),    //
		`{"family":"highway","depth":4,"width":2}`:                                 4 / (1 + math.Exp(3)), // σ(-3) of each
	} {
		if got := length(spec); math.Abs(got-want) > 1e-6*want {
			t.Errorf("%s: %v blocks, want %v", spec, got, want)
		}
	}
	s := parsed(t, forms()["lstm"].spec) // six steps, each all of the branch and σ(1) of the memory
	paths, err := s.Paths(6)
	if got, want := PathLength(paths, 6), 6/(1+1/(1+math.Exp(-1))); err != nil || math.Abs(got-want) > 1e-6 {
		t.Errorf("lstm: %v blocks, want %v (%v)", got, want, err)
	}
	if got := PathLength(nil, 3); got != 0 {
		t.Errorf("without a way: %v", got)
	}
}
