package net

import (
	"slices"
	"strings"
	"testing"
)

// outputs are what a net of f gives when it is scored, with blocks taken away.
func (f form) outputs(t *testing.T, lesion ...int) []float32 {
	t.Helper()
	_, p := f.compiled(t, Score, lesion...)
	p.Run()
	return slices.Clone(p.Logits)
}

// with puts a scale of zero on the branches of f.
func (f form) with(old, new string) form {
	if !strings.Contains(f.spec, old) {
		panic(old)
	}
	return form{strings.ReplaceAll(f.spec, old, new), f.io}
}

func TestALesionTakesTheBranchAway(t *testing.T) {
	all := func(n int) []int {
		var blocks []int
		for k := 1; k <= n; k++ {
			blocks = append(blocks, k)
		}
		return blocks
	}
	for _, c := range []struct {
		form, old, zero string
		blocks          int
	}{
		{"residual", "1/sqrt(depth)", "0", 4},
		{"transformer", `"to":"k+1"`, `"to":"k+1","branch_scale":0`, 4},
		{"residual, padded", "1/sqrt(depth)", "0", 3},
		{"lstm, cec", `"to":"t+1"`, `"to":"t+1","branch_scale":0`, 6},
	} {
		f := forms()[c.form]
		if whole, cut := f.outputs(t), f.outputs(t, 2); slices.Equal(whole, cut) {
			t.Errorf("%s: a lesion of a block changed nothing", c.form)
		}
		zero := f.with(c.old, c.zero)
		if whole, cut := zero.outputs(t), zero.outputs(t, all(c.blocks)...); !slices.Equal(whole, cut) {
			t.Errorf("%s: branches times zero: %v; branches taken away: %v", c.form, whole, cut)
		}
	}
	for _, name := range []string{"plain", "gated pictures", "attending", "attending pictures", "lstm", "additive", "convolutional", "gated"} {
		f := forms()[name]
		if whole, cut := f.outputs(t), f.outputs(t, 2); slices.Equal(whole, cut) {
			t.Errorf("%s: a lesion of a block changed nothing", name)
		}
	}
}

func TestALesionThatCannotBeIsRefused(t *testing.T) {
	for _, c := range []struct {
		form  string
		block int
		want  string
	}{
		{"dense", 2, "lesion of block 2: it joins by concat"},
		{"plain", 9, "lesion of block 9: the net has blocks 1 to 4"},
		{"autoencoder", 1, "lesion of block 1: its input is 9 numbers and its output 6 numbers"},
		{"unet, filled", 2, "lesion of block 2: its input is 2 × 8 × 8 and its output 4 × 4 × 4"},
		{"unet", 4, "lesion of block 4: it joins by concat"},
	} {
		f := forms()[c.form]
		if _, err := Build(parsed(t, f.spec), f.io, Score, []int{c.block}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.form, err, c.want)
		}
	}
}

func TestScoringABatchNormUsesKeptStatistics(t *testing.T) {
	for _, name := range []string{"batch norm", "residual, projected", "dense pictures", "unet, adding"} {
		f := forms()[name]
		g, p := f.compiled(t, Train)
		stats := make([]float32, g.StatSize())
		p, err := Compile(g, p.Weights, stats)
		if err != nil {
			t.Fatal(err)
		}
		f.fill(p, 3)
		p.Run()
		for range 400 { // the statistics come to those of this one batch
			p.Observe()
		}
		sg, err := Build(parsed(t, f.spec), f.io, Score, nil)
		if err != nil {
			t.Fatal(err)
		}
		q, err := Compile(sg, p.Weights, stats)
		if err != nil {
			t.Fatal(err)
		}
		copy(q.X, p.X)
		q.Run()
		worst, largest := float32(0), float32(0)
		for i := range q.Logits {
			worst, largest = max(worst, q.Logits[i]-p.Logits[i], p.Logits[i]-q.Logits[i]), max(largest, p.Logits[i], -p.Logits[i])
		}
		// The kept variance has divisor n-1, the batch's own n: with few rows they are near, not equal.
		if worst > 0.15*largest+0.2 || worst == 0 {
			t.Errorf("%s: scored and trained outputs differ by up to %v of %v", name, worst, largest)
		}
		for i := range stats {
			stats[i] = 1
		}
		q.Run()
		if slices.Equal(q.Logits, p.Logits) {
			t.Errorf("%s: other statistics, the same outputs", name)
		}
	}
}

func TestChanceIsForTrainingOnly(t *testing.T) {
	for _, name := range []string{"by chance", "pictures by chance", "alexnet", "transformer, post norm"} {
		f := forms()[name]
		g, p := f.compiled(t, Train)
		if len(p.Masks) == 0 || len(p.Masks) != len(g.Masks) {
			t.Fatalf("%s: %d masks", name, len(p.Masks))
		}
		p.Run()
		some := slices.Clone(p.Logits)
		for _, m := range p.Masks {
			for i := range m.Values {
				m.Values[i] = 1
			}
		}
		p.Run()
		all := slices.Clone(p.Logits)
		scored := f.outputs(t)
		if slices.Equal(some, all) || !slices.Equal(all, scored) {
			t.Errorf("%s: with masks %v, with masks of ones %v, scored %v", name, some, all, scored)
		}
	}
}

// The chance of a block to be dropped grows with its number.
func TestDeeperBlocksAreDroppedMoreOften(t *testing.T) {
	g, _ := forms()["by chance"].compiled(t, Train)
	var keeps []float64
	for _, m := range g.Masks {
		if strings.HasSuffix(m.Name, ".stochastic") {
			keeps = append(keeps, m.Keep)
		}
	}
	if len(keeps) != 3 || keeps[0] <= keeps[1] || keeps[1] <= keeps[2] || keeps[2] != 0.5 {
		t.Errorf("blocks are kept with %v", keeps)
	}
}
