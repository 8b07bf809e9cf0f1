package net

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// scored are a net's outputs; parameters of equal names are equal in all nets, so that a net differs from
// another by its edges alone.
func scored(t *testing.T, spec string, lesion ...int) []float32 {
	t.Helper()
	return form{spec, testIO}.outputs(t, lesion...)
}

func TestEdgesDoWhatTheirFieldsSay(t *testing.T) {
	added := scored(t, skip(`{"from":"k","to":"k+1"}`))
	if slices.Equal(added, scored(t, plain)) {
		t.Fatal("a skip changes nothing")
	}
	for name, same := range map[string][2][]float32{
		"weights of one":          {added, scored(t, skip(`{"from":"k","to":"k+1","weight":1,"init":1,"trainable":true,"layer_scale":1}`))},
		"a weight of zero":        {scored(t, plain), scored(t, skip(`{"from":"k","to":"k+1","weight":"0"}`))},
		"trained from zero":       {scored(t, plain), scored(t, skip(`{"from":"k","to":"k+1","init":0,"trainable":true}`))},
		"a layer scale of zero":   {scored(t, plain, 1, 2, 3, 4), scored(t, skip(`{"from":"k","to":"k+1","layer_scale":0}`))},
		"a gate wide open":        {scored(t, plain), scored(t, skip(`{"from":"k","to":"k+1","join":"gate","gate_bias":200}`))},
		"a gate shut":             {scored(t, plain, 1, 2, 3, 4), scored(t, skip(`{"from":"k","to":"k+1","join":"gate","gate_bias":-200}`))},
		"an identity start":       {added, scored(t, skip(`{"from":"k","to":"k+1","transform":"linear, identity start"}`))},
		"what need not be padded": {added, scored(t, skip(`{"from":"k","to":"k+1","transform":"pad"}`))},
		"or projected":            {added, scored(t, skip(`{"from":"k","to":"k+1","transform":"projection"}`))},
		"edges by number":         {added, scored(t, skip(`{"from":0,"to":1},{"from":1,"to":2},{"from":2,"to":3},{"from":3,"to":4}`))},
		"edges by block":          {added, scored(t, skip(`{"each":"block","from":"k","to":"k+1"}`))},
		"the mean by content":     {scored(t, skip(`{"from":"k","to":"k+1","weight":0.5,"branch_scale":0.5}`)), scored(t, skip(`{"from":"k","to":"k+1","join":"attend"}`))},
	} {
		for i, v := range same[0] {
			if math.Abs(float64(v-same[1][i])) > 1e-5 {
				t.Errorf("%s: %v and %v", name, same[0], same[1])
				break
			}
		}
	}
	// 1/k is another number at every block.
	if slices.Equal(scored(t, skip(`{"from":"k","to":"k+1","branch_scale":"1/k"}`)), added) {
		t.Error("1/k is 1 everywhere")
	}
}

func TestBranchesThatStartAtZeroAreNotHeardAtFirst(t *testing.T) {
	for name, blocks := range map[string]int{
		"residual, projected": 3, "residual, padded": 3, "transformer": 4, "residual": 4, "post": 3,
	} {
		for _, start := range []string{branchZero, branchFixup} {
			f := forms()[name].with(`{"family"`, fmt.Sprintf(`{"branch_init":%q,"family"`, start))
			if name == "post" {
				f = f.with(`"width":8`, `"width":8,"norm":"layernorm","affine":true`)
			}
			whole := f.outputs(t)
			var all []int
			for k := 1; k <= blocks; k++ {
				all = append(all, k)
			}
			if cut := f.outputs(t, all...); !slices.Equal(whole, cut) {
				t.Errorf("%s, %s: %v, without branches %v", name, start, whole, cut)
			}
			if start == branchFixup && slices.Max(whole) != slices.Min(whole) {
				t.Errorf("%s: by Fixup's rule the head starts at zero, not at %v", name, whole)
			}
		}
	}
}

func TestFixupShrinksTheFirstLayersOfABranch(t *testing.T) {
	spec := func(start string) string {
		return fmt.Sprintf(`{"family":"convnet","widths":[4],"blocks":16,"branch_init":%q,"skip":[{"from":"k","to":"k+1"}]}`, start)
	}
	first := func(start string) []float32 {
		g, p := form{spec(start), pictureIO()}.compiled(t, Score)
		for _, q := range g.Params {
			if q.Name == "blocks.3.1.weight" {
				return p.Weights[q.Offset:][:q.Size()]
			}
		}
		t.Fatal("no first layer")
		return nil
	}
	usual, fixup := first("usual"), first(branchFixup)
	for i := range usual { // two layers: depth^(-1/2)
		if math.Abs(float64(fixup[i])-float64(usual[i])/4) > 1e-6 {
			t.Fatalf("%v and %v", usual[i], fixup[i])
		}
	}
}

func TestARootIsARoot(t *testing.T) {
	for n := 1; n < 12; n++ {
		for _, x := range []float64{1, 2, 16, 100, 4096} {
			if got, want := root(x, n), math.Pow(x, 1/float64(n)); math.Abs(got-want) > 1e-13*want {
				t.Errorf("root %d of %v is %v, want %v", n, x, got, want)
			}
		}
	}
}

func TestNamesOfPapersAreFamiliesWithASkip(t *testing.T) {
	for alias, full := range map[string]string{
		`{"family":"plain","depth":4,"width":8}`:              plain,
		`{"family":"resnet","depth":4,"width":8}`:             res,
		`{"family":"highway","depth":4,"width":8}`:            skip(`{"from":"k","to":"k+1","join":"gate","gate_bias":-3}`),
		`{"family":"resnet","depth":4,"width":8,"skip":[]}`:   plain,
		`{"family":"densenet","depth":2,"stem":3,"growth":2}`: `{"family":"densenet-mlp","depth":2,"stem":3,"growth":2,"skip":[{"from":"all j<k","to":"k","join":"concat"}]}`,
	} {
		if a, b := parsed(t, alias), parsed(t, full); !reflect.DeepEqual(a, b) {
			t.Errorf("%s is %+v, %s is %+v", alias, a, full, b)
		}
	}
}

// The counts are those of the comparison's definition (shared/peers/torch/MODELS.md); its transformer has no
// bias in its head, 65 numbers.
func TestSpecsCountAsTheComparisonDoes(t *testing.T) {
	digits, cifar := IO{In: 64, Out: 10, Batch: 64}, IO{In: 3072, Picture: [3]int{3, 32, 32}, Out: 10, Batch: 32}
	for _, c := range []struct {
		form
		params int
		mflop  float64
	}{
		{form{`{"family":"mlp","depth":14,"width":64,"order":"post"}`, digits}, 63050, 23.3},
		{form{`{"family":"mlp","depth":14,"width":64,"order":"branch","skip":[{"from":"k","to":"k+1","join":"gate","gate_bias":-1}]}`, digits}, 121290, 45.3},
		{form{large()["resnet20"].spec, cifar}, 272474, 7807.8},
		{form{large()["densenet"].spec, cifar}, 69514, 4874.1},
		{form{
			`{"family":"unet","levels":2,"channels":[8,16,32],"layers":2,"up":"deconv","skip":[{"from":"enc i","to":"dec i","join":"concat"}]}`,
			IO{In: 4096, Picture: [3]int{1, 64, 64}, Out: 4096, Batch: 8, Loss: BCE},
		}, 29321, 1193.8},
		{large()["transformer"], 212480 + 65, 1434.8},
		{form{`{"family":"mlp","depth":2,"width":256,"order":"post","act":"silu"}`, IO{In: 96, Out: 64, Batch: 64, Loss: MSE}}, 172864, 62.9},
	} {
		d, err := Describe(parsed(t, c.spec), c.io)
		if err != nil {
			t.Errorf("%s: %v", c.spec, err)
			continue
		}
		if d.Params != c.params || math.Abs(d.FLOPs/1e6-c.mflop) > 0.051 {
			t.Errorf("%s: %d parameters and %.2f MFLOP, want %d and %.1f", c.spec, d.Params, d.FLOPs/1e6, c.params, c.mflop)
		}
	}
}

// A recurrent net's memory, written out in double precision.
func TestMemoriesAreWrittenAsTheCellsSay(t *testing.T) {
	for _, name := range []string{"lstm", "additive", "lstm, cec"} {
		f := forms()[name]
		f.io.Taps = []string{"states"}
		g, p := f.compiled(t, Score)
		p.Run()
		w := map[string][]float32{}
		for _, q := range g.Params {
			w[q.Name] = p.Weights[q.Offset:][:q.Size()]
		}
		const n = 5
		in, steps := f.io.In, f.io.Steps
		rows := 1
		if name != "additive" {
			rows = 4
		}
		memory, shown := [][]float64{make([]float64, n)}, make([]float64, n)
		for step := range steps {
			x := p.X[step*in:][:in] // of the first sequence
			z := make([]float64, rows*n)
			for i := range z {
				z[i] = float64(w["cell.input.bias"][i])
				for j, v := range x {
					z[i] += float64(w["cell.input.weight"][i*in+j]) * float64(v)
				}
				for j, v := range shown {
					z[i] += float64(w["cell.state.weight"][i*n+j]) * v
				}
			}
			sigmoid := func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }
			next, old := make([]float64, n), memory[step]
			show := make([]float64, n)
			for i := range next {
				switch name {
				case "additive":
					next[i] = old[i] + math.Tanh(z[i])/math.Sqrt(float64(steps))
					if step >= 2 {
						next[i] += memory[step-2][i]
					}
					show[i] = next[i]
				default:
					keep := sigmoid(z[n+i])
					if name == "lstm, cec" {
						keep = 1
					}
					next[i] = keep*old[i] + sigmoid(z[i])*math.Tanh(z[2*n+i])
					show[i] = sigmoid(z[3*n+i]) * math.Tanh(next[i])
				}
			}
			memory, shown = append(memory, next), show
			for i, v := range p.Tap(fmt.Sprintf("state %d", step+1))[:n] {
				if math.Abs(float64(v)-next[i]) > 1e-5 {
					t.Errorf("%s: memory %d after step %d is %v, want %v", name, i, step+1, v, next[i])
				}
			}
		}
		for i := range f.io.Out {
			want := float64(w["head.bias"][i])
			for j, v := range shown {
				want += float64(w["head.weight"][i*n+j]) * v
			}
			if math.Abs(float64(p.Logits[i])-want) > 1e-5 {
				t.Errorf("%s: output %d is %v, want %v", name, i, p.Logits[i], want)
			}
		}
	}
}

// What a causal net answers at a step does not depend on later ones, and a net answering at every step gives
// at the last what one answering there only gives.
func TestSequencesAreReadInOrder(t *testing.T) {
	for _, spec := range []string{forms()["transformer"].spec, forms()["recurrent"].spec, forms()["lstm"].spec} {
		io := IO{In: 1, Vocab: 7, Steps: 5, Every: true, Out: 4, Batch: 2}
		f := form{spec, io}
		_, p := f.compiled(t, Score)
		p.Run()
		before := slices.Clone(p.Logits)
		p.X[4] = 6 - p.X[4] // the last token of the first sequence
		p.Run()
		for i, v := range p.Logits {
			if row := i / 4; (v != before[i]) != (row == 4) && (row != 4 || slices.Equal(p.Logits[16:20], before[16:20])) {
				t.Errorf("%s: answer %d was %v and is %v", spec, row, before[i], v)
			}
		}
		f.io.Every = false
		_, q := f.compiled(t, Score)
		q.Run()
		_, p = form{spec, io}.compiled(t, Score)
		p.Run()
		for s := range 2 {
			if got, want := q.Logits[s*4:][:4], p.Logits[(s*5+4)*4:][:4]; !slices.Equal(got, want) {
				t.Errorf("%s: sequence %d is answered %v, at its last step %v", spec, s, got, want)
			}
		}
	}
}

// The generator's game, the generator alone and the discriminator alone are one net in three graphs.
func TestAGansGraphsShareTheirParameters(t *testing.T) {
	f := forms()["gan"]
	g, p := f.compiled(t, Train)
	spec := parsed(t, f.spec)
	if g.Trained >= len(g.Params) || len(p.Grads) >= g.Size() {
		t.Fatalf("%d of %d parameters are trained, with %d gradients", g.Trained, len(g.Params), len(p.Grads))
	}
	mine := len(p.Grads)
	maker, err := Build(*spec.Generator, IO{In: 4, Out: 2, Batch: 6}, Score, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Compile(maker, p.Weights[:mine], nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := Build(*spec.Discriminator, IO{In: 2, Out: 1, Batch: 6, Loss: BCE}, Train, nil)
	if err != nil {
		t.Fatal(err)
	}
	j, err := Compile(judge, p.Weights[mine:], nil)
	if err != nil {
		t.Fatal(err)
	}
	p.Run()
	copy(m.X, p.X)
	m.Run()
	copy(j.X, m.Logits)
	copy(j.Label, p.Label)
	j.Run()
	if !slices.Equal(m.Logits, p.Tap("fake")) || !slices.Equal(j.Logits, p.Logits) || j.Loss[0] != p.Loss[0] {
		t.Errorf("apart: %v, %v; in one: %v, %v", m.Logits, j.Loss, p.Tap("fake"), p.Loss)
	}
	sampler, q := f.compiled(t, Score)
	q.Run()
	if sampler.Size() != mine || len(q.Logits) != 12 {
		t.Errorf("to score, a gan has %d parameters and %d outputs", sampler.Size(), len(q.Logits))
	}
	for _, n := range g.Params[g.Trained:] {
		if !strings.HasPrefix(n.Name, "discriminator.") {
			t.Errorf("%s is not trained", n.Name)
		}
	}
}
