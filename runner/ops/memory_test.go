package ops

import (
	"math/rand/v2"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
)

// everyOp visits the ops of small graphs, with those that their gradients are made of.
func everyOp(t *testing.T, visit func(o *fused)) {
	t.Helper()
	graphs := map[string]func(b *bench, r *rand.Rand) *G.Node{}
	for _, name := range draftNames() {
		graphs[name] = func(b *bench, r *rand.Rand) *G.Node { return drafts(draft{b, r}, 2, 4, 4, 5)[name]() }
	}
	for _, name := range rowDraftNames() {
		switch name {
		case "embedding", "cross-entropy", "smooth cross-entropy": // drawn numbers are no labels
		case "log", "sqrt", "inverse sqrt": // nor all above zero
		default:
			graphs["row "+name] = func(b *bench, r *rand.Rand) *G.Node { return rowDrafts(draft{b, r}, 2, 3, 4)[name]() }
		}
	}
	for name := range small(newBench(), rand.New(rand.NewPCG(1, 1))) {
		graphs["small "+name] = func(b *bench, r *rand.Rand) *G.Node { return small(b, r)[name]() }
	}
	for name, build := range graphs {
		b := newBench()
		out := build(b, rand.New(rand.NewPCG(8, 8)))
		var wrt G.Nodes
		for in, n := range b.nodes {
			if in[0] != '-' {
				wrt = append(wrt, n)
			}
		}
		cost := out
		if !out.IsScalar() {
			cost = weighted(out, b.plain("-weight", array{out.Shape(), make([]float32, out.Shape().TotalSize())}))
		}
		if _, err := G.Grad(cost, wrt...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, n := range b.g.AllNodes() {
			if o, ok := n.Op().(*fused); ok {
				visit(o)
			}
		}
	}
}

// inputsOf draws what o reads, and more of its output's size.
func inputsOf(o *fused, more int) [][]float32 {
	r := rand.New(rand.NewPCG(4, 4))
	draw := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
		return x
	}
	var src [][]float32
	for _, s := range o.in {
		src = append(src, draw(s.TotalSize()))
	}
	for range more {
		src = append(src, draw(o.out.TotalSize()))
	}
	return src
}

func copies(src [][]float32) [][]float32 {
	all := make([][]float32, len(src))
	for i, s := range src {
		all[i] = slices.Clone(s)
	}
	return all
}

// sameOver says that w gives equal bits into memory of its own and over input number over.
func sameOver(o *fused, w work, src [][]float32, over int) bool {
	alone, there := make([]float32, o.out.TotalSize()), copies(src)
	w(alone, copies(src), make([]float32, o.scratch))
	w(there[over], there, make([]float32, o.scratch))
	return slices.Equal(alone, there[over])
}

func TestWritingOverAnInputChangesNoNumber(t *testing.T) {
	seen := 0
	everyOp(t, func(o *fused) {
		for _, over := range Over(o) {
			seen++
			if !sameOver(o, o.Work, inputsOf(o, 0), over) {
				t.Errorf("%s cannot be written over input %d", o.name, over)
			}
		}
		for by, overs := range o.followOver {
			for _, over := range overs {
				seen++
				if !sameOver(o, o.follow[by], inputsOf(o, 1), over) {
					t.Errorf("%s and %s cannot be written over input %d", o.name, by.role, over)
				}
			}
		}
	})
	if seen < 30 {
		t.Errorf("only %d cases", seen)
	}
}

func TestViewsAndJoinsAreTheNumbersTheySay(t *testing.T) {
	views, joins := 0, 0
	everyOp(t, func(o *fused) {
		src := inputsOf(o, 0)
		got := make([]float32, o.out.TotalSize())
		if from, ok := View(o); ok {
			views++
			if Run(o, got, src); !slices.Equal(got, src[0][from:][:len(got)]) {
				t.Errorf("%s is no run of its input from %d on", o.name, from)
			}
		}
		if Joins(o) {
			joins++
			if Run(o, got, src); !slices.Equal(got, slices.Concat(src...)) {
				t.Errorf("%s is not its inputs one after another", o.name)
			}
		}
	})
	if views < 3 || joins < 2 {
		t.Errorf("only %d views and %d joins", views, joins)
	}
}

// A fused pair gives the bits of its two ops.
func TestAFusedPairIsItsTwoOps(t *testing.T) {
	seen := map[string]bool{}
	everyOp(t, func(o *fused) {
		for by, w := range o.follow {
			seen[by.role] = true
			src := inputsOf(o, 0)
			one := make([]float32, o.out.TotalSize())
			Run(o, one, src)
			want, more := make([]float32, len(one)), inputsOf(o, 1)[len(o.in):]
			both := src
			switch by.role {
			case roleRelu:
				for i, v := range one {
					want[i] = max(v, 0)
				}
			case roleReluGrad:
				both = append(src, more...)
				for i, v := range one {
					if more[0][i] > 0 {
						want[i] = v
					}
				}
			case roleAdd:
				both = append(src, more...)
				for i, v := range one {
					want[i] = v + more[0][i]
				}
			default:
				t.Fatalf("%s: no role %q", o.name, by.role)
			}
			got := make([]float32, len(one))
			if w(got, both, make([]float32, o.scratch)); !slices.Equal(got, want) {
				t.Errorf("%s and %s in one differ from the two", o.name, by.role)
			}
		}
	})
	if len(seen) < 3 {
		t.Errorf("only %v", seen)
	}
}
