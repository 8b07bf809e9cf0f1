package ops

import (
	"math"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
)

func TestAShortcutTakesEveryOtherPixelAndPadsWithZeros(t *testing.T) {
	b := newBench()
	x := b.plain("x", array{[]int{1, 3, 2, 1}, []float32{1, 2, 3, 4, 5, 6}})
	y := do(Shortcut("t", x, 2, 2))
	out := gradients(t, b, y, []float32{1, 1, 1, 1}, "x")
	if got, want := out["output"], []float32{1, 5, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := out["x"], []float32{1, 0, 0, 0, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("gradient %v, want %v", got, want)
	}
}

// A query of zeros reads the mean of the slots; a query like one slot, and far from zero, reads that slot.
func TestRecallReadsByContent(t *testing.T) {
	for q, want := range map[float32]float32{0: 0.25, 40: 1} {
		b := newBench()
		ask := b.in("q", array{[]int{1, 2}, []float32{q, -q}})
		one := b.in("one", array{[]int{1, 2}, []float32{1, -1}})
		two := b.in("two", array{[]int{1, 2}, []float32{-0.5, 0.5}})
		out := gradients(t, b, do(Recall("t", ask, one, two)), []float32{1, 1}, "q")["output"]
		if math.Abs(float64(out[0]-want)) > 1e-6 || out[1] != -out[0] {
			t.Errorf("query %v: read %v, want %v", q, out, want)
		}
	}
}

func TestAnEdgeOfImpossibleShapeIsNamed(t *testing.T) {
	b := newBench()
	x := b.in("x", array{[]int{2, 3}, make([]float32, 6)})
	w := b.in("w", array{[]int{2, 4}, make([]float32, 8)})
	v := b.in("v", array{[]int{3}, make([]float32, 3)})
	for want, f := range map[string]func() (*G.Node, error){
		"ops: a: the query has shape (2, 3), slot 1 has (2, 4)": func() (*G.Node, error) { return Recall("a", x, x, w) },
		"ops: a: nothing to attend to":                          func() (*G.Node, error) { return Recall("a", x) },
		"ops: a: 8 factors for 3 features":                      func() (*G.Node, error) { return ScaleFeatures("a", x, w) },
		"ops: a: x has shape (3), want two axes":                func() (*G.Node, error) { return ScaleFeatures("a", v, v) },
		"ops: a: rows have no pixels":                           func() (*G.Node, error) { return Shortcut("a", x, 3, 2) },
		"ops: a: 0 features":                                    func() (*G.Node, error) { return Shortcut("a", x, 0, 1) },
		"ops: a: rows of 3 numbers do not make 2 steps":         func() (*G.Node, error) { return Unroll("a", x, 2) },
	} {
		if _, err := f(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
