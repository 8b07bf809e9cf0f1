package net

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawer makes random nets that must build.
type drawer struct{ *rapid.T }

func (d drawer) pick(label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(d.T, label)
}

func (d drawer) size(label string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(d.T, label) }
func (d drawer) maybe(label string) bool           { return rapid.Bool().Draw(d.T, label) }

func (d drawer) sizes(label string, n, lo, hi int) []int {
	return rapid.SliceOfN(rapid.IntRange(lo, hi), n, n).Draw(d.T, label)
}

// skips are up to two random skips over a chain; pad lets every one fit.
func (d drawer) skips(c chain) []map[string]any {
	all := []map[string]any{}
	for i := range d.size("skips", 0, 2) {
		k := map[string]any{"transform": d.pick("transform", transformPad, transformPad, transformProjection, transformRandom, transformEye)}
		k["join"] = d.pick("join", JoinAdd, JoinAdd, JoinGate, JoinAttend, JoinConcat)
		if c.fixed > 0 && k["join"] == JoinConcat {
			k["join"] = JoinAdd
		}
		switch form := d.size(fmt.Sprintf("form %d", i), 0, 2); {
		case form == 0 && c.levels > 0:
			k["from"], k["to"] = "enc i", "dec i"
		case form == 1:
			from := d.size("from", 0, c.blocks-1)
			k["from"], k["to"] = from, d.size("to", from+1, c.blocks)
		default:
			m := d.size("reach", 1, min(3, c.blocks))
			k["from"], k["to"], k["each"] = c.counter, fmt.Sprintf("%s+%d", c.counter, m), d.size("each", 1, 3)
		}
		if k["join"] == JoinAdd {
			k["branch_scale"] = d.pick("scale", "1", "1/sqrt(depth)", "0", "1/k", "1/sqrt(blocks)")
			switch {
			case d.maybe("trained"):
				k["trainable"] = true
			case d.maybe("layer scale"):
				k["layer_scale"] = 0.1
			}
		}
		if d.maybe("weighted") {
			k["weight"] = 0.5
		}
		all = append(all, k)
	}
	return all
}

// net is a random spec with what its task would give it.
func (d drawer) net() (map[string]any, IO) {
	family := d.pick("family", FamilyMLP, FamilyDenseMLP, FamilyConvnet, FamilyAlexnet, FamilyUnet, FamilyTransformer, FamilyAutoencoder, FamilyDDPM, FamilyRNN, FamilyGAN)
	s := map[string]any{"family": family}
	io := IO{In: 4, Out: 3, Batch: d.size("batch", 2, 4)}
	act := func() { s["act"] = d.pick("act", acts()...) }
	switch family {
	case FamilyMLP:
		s["depth"], s["width"], s["order"] = d.size("depth", 1, 4), d.size("width", 1, 5), d.pick("order", orders()...)
		s["norm"], s["affine"] = d.pick("norm", norms("layernorm", "batchnorm")...), d.maybe("affine")
		act()
	case FamilyDenseMLP:
		s["depth"], s["stem"], s["growth"] = d.size("depth", 1, 3), d.size("stem", 1, 5), d.size("growth", 1, 5)
	case FamilyConvnet:
		n := d.size("stages", 1, 2)
		s["widths"], s["blocks"], s["layers"] = d.sizes("widths", n, 1, 4), d.sizes("blocks", n, 1, 2), d.size("layers", 1, 2)
		s["down"], s["order"] = d.pick("down", downStride, downMax, downMean, downTransition), d.pick("order", orders()...)
		s["norm"] = d.pick("norm", norms("batchnorm", "layernorm")...)
		io.In, io.Picture = 2*16, [3]int{2, 4, 4}
		act()
	case FamilyAlexnet:
		n := d.size("convs", 1, 3)
		s["conv"], s["fc"], s["pool"] = d.sizes("conv", n, 1, 4), d.sizes("fc", d.size("fcs", 1, 2), 1, 4), []int{n}
		io.In = 16
		act()
	case FamilyUnet:
		s["levels"], s["base"], s["layers"], s["up"] = d.size("levels", 1, 2), d.size("base", 1, 2), d.size("layers", 1, 2), d.pick("up", upNearest, upDeconv)
		s["norm"] = d.pick("norm", norms("batchnorm", "layernorm")...)
		io.In, io.Out, io.Loss = 16, 16, BCE
	case FamilyTransformer:
		heads := d.size("heads", 1, 2)
		s["depth"], s["heads"], s["width"], s["norm"] = d.size("depth", 1, 2), heads, heads*d.size("head width", 1, 3), d.pick("norm", norms("layernorm")...)
		io.Steps, io.Every = d.size("steps", 1, 4), d.maybe("every")
		if d.maybe("text") {
			io.In, io.Vocab = 1, 5
		}
	case FamilyAutoencoder:
		s["widths"] = append(append([]int{4}, d.sizes("widths", d.size("layers", 1, 3), 1, 5)...), 3)
		io.Loss = MSE
		act()
	case FamilyDDPM:
		s["widths"], s["time"] = d.sizes("widths", 2*d.size("levels", 1, 2)+1, 1, 6), 2
		io.In, io.Loss = 3+2, MSE
		act()
	case FamilyRNN:
		s["width"], s["cell"] = d.size("width", 1, 4), d.pick("cell", cellAdditive, cellLSTM)
		io.Steps, io.Every = d.size("steps", 1, 4), d.maybe("every")
	case FamilyGAN:
		s["generator"] = map[string]any{"depth": d.size("depth", 1, 2), "width": d.size("width", 1, 4)}
		s["discriminator"] = map[string]any{"depth": d.size("depth", 1, 2), "width": d.size("width", 1, 4), "act": d.pick("act", acts()...)}
		io.Loss = BCE
		return s, io
	}
	s["init"] = d.pick("init", "he", "glorot", "lecun", "orthogonal", "delta-orthogonal")
	s["branch_init"] = d.pick("branch init", "usual", branchZero, branchFixup)
	if d.maybe("dropout") {
		s["dropout"] = 0.25
	}
	text, err := json.Marshal(s)
	if err != nil {
		d.Fatal(err)
	}
	spec, err := Parse(text)
	if err != nil {
		d.Fatalf("%s: %v", text, err)
	}
	f, _ := familyOf(family)
	s["skip"] = d.skips(f.chain(spec, io.Steps))
	return s, io
}

func TestRandomSpecsBuildAndRunAsOnTheTapeMachine(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, io := drawer{rt}.net()
		text, err := json.Marshal(s)
		if err != nil {
			rt.Fatal(err)
		}
		f := form{string(text), io}
		spec, err := Parse(text)
		if err != nil {
			rt.Fatalf("%s: %v", text, err)
		}
		g, err := Build(spec, io, Train, nil)
		if err != nil {
			rt.Fatalf("%s: %v", text, err)
		}
		p, err := Compile(g, drawn(g), started(g))
		if err != nil {
			rt.Fatalf("%s: %v", text, err)
		}
		f.fill(p, 1)
		p.Run()
		if !finite(p.Loss[0]) {
			return // a net may blow up; what is compared are numbers
		}
		onTape(t, g, p)
		if t.Failed() {
			rt.Fatalf("%s", text)
		}
		once := slices.Clone(p.Grads)
		if p.Run(); !slices.Equal(once, p.Grads) {
			rt.Errorf("%s: run twice, two results", text)
		}
		if d, err := Describe(spec, io); err != nil || d.Params != g.Size() || d.FLOPs <= 0 || d.Diagram == "" || strings.Contains(d.Diagram, "× ,") || strings.Contains(d.Diagram, "× \n") {
			rt.Errorf("%s is described as %+v, %v", text, d, err)
		}
		if sg, err := Build(spec, io, Score, nil); err != nil || spec.Family != FamilyGAN && sg.Size() != g.Size() || sg.StatSize() != g.StatSize() {
			rt.Errorf("%s: to score: %v", text, err)
		}
	})
}

func finite(v float32) bool { return v-v == 0 }
