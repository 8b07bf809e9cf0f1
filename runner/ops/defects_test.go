package ops

import (
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"

	"tenet/runner/kernel"
)

// gradients runs out·weight and gives the output and the gradients of wrt.
func gradients(t *testing.T, b *bench, out *G.Node, weight []float32, wrt ...string) map[string][]float32 {
	t.Helper()
	return b.run(t, out, weighted(out, b.plain("-weight", array{out.Shape(), weight})), wrt)
}

// Stock gorgonia divides the gradient of a dropped number by the rate a second time.
func TestDropoutScalesItsGradientAsItsOutput(t *testing.T) {
	b := newBench()
	x := b.plain("x", array{[]int{1, 4}, []float32{1, 2, 3, 4}})
	out := do(Drop("t", x, b.plain("-m", array{[]int{1, 4}, []float32{2, 0, 2, 0}})))
	values := gradients(t, b, out, []float32{1, 10, 100, 1000}, "x")
	if want := []float32{2, 0, 6, 0}; !slices.Equal(values["output"], want) {
		t.Errorf("output %v, want %v", values["output"], want)
	}
	if want := []float32{2, 0, 200, 0}; !slices.Equal(values["x"], want) {
		t.Errorf("gradient %v, want %v", values["x"], want)
	}
}

// Stock gorgonia draws its dropout masks from the clock: ours are inputs, and a run follows from them.
func TestDropoutDrawsNothingItself(t *testing.T) {
	x, m := []float32{1, 2, 3}, []float32{0, 2, 2}
	b := newBench()
	out := do(Drop("t", b.plain("x", array{[]int{3, 1}, x}), b.plain("m", array{[]int{3}, m})))
	for range 20 {
		got := make([]float32, 3)
		Run(out.Op().(Kernel), got, [][]float32{x, m})
		if want := []float32{0, 4, 6}; !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

// Stock gorgonia sums the wrong numbers when it takes the mean over two axes of four, and panics on the
// gradient of the mean over all pixels.
func TestTheMeanOverPixelsAndItsGradientAreRight(t *testing.T) {
	b := newBench()
	x := make([]float32, 2*2*3*2)
	for i := range x {
		x[i] = float32(i)
	}
	out := do(ChannelMean("t", b.plain("x", array{[]int{2, 2, 3, 2}, x})))
	values := gradients(t, b, out, []float32{6, 12, 18, 24}, "x")
	if want := []float32{5, 17, 6, 18}; !slices.Equal(values["output"], want) { // sample × channel
		t.Errorf("output %v, want %v", values["output"], want)
	}
	for i, g := range values["x"] {
		if want := []float32{1, 2, 3, 4}[i/12+i%2*2]; g != want && math.Abs(float64(g-want)) > 1e-6 {
			t.Errorf("gradient %d: %v, want %v", i, g, want)
		}
	}
}

// Stock gorgonia writes to standard output whenever it normalises groups.
func TestGroupNormPrintsNothing(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = w
	b := newBench()
	d := draft{b, rand.New(rand.NewPCG(1, 1))}
	out := do(GroupNorm("t", d.in("x", 4, 2, 2, 3), 2, d.in("s", 4), d.in("k", 4)))
	gradients(t, b, out, make([]float32, 48), "x", "s", "k")
	os.Stdout = old
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r); err != nil || len(text) > 0 {
		t.Errorf("printed %q (%v)", text, err)
	}
}

// Of equal numbers the first, row by row, takes the gradient, as in the golden program.
func TestTheFirstOfEqualNumbersTakesTheGradientOfAMaxPool(t *testing.T) {
	b := newBench()
	out := do(MaxPool("t", b.plain("x", array{[]int{1, 2, 4, 1}, []float32{1, 7, 5, 5, 7, 7, 5, 5}}), 2, 2))
	values := gradients(t, b, out, []float32{3, 4}, "x")
	if want := []float32{0, 3, 4, 0, 0, 0, 0, 0}; !slices.Equal(values["x"], want) {
		t.Errorf("gradient %v, want %v", values["x"], want)
	}
}

func TestAPoolKeepsANaN(t *testing.T) {
	nan := float32(math.NaN())
	w, err := kernel.NewWindow(1, 2, 2, 2, 2, 2, 0)
	if err != nil {
		t.Fatal(err)
	}
	y := make([]float32, 2)
	for at := range 4 {
		x := []float32{1, 1, 2, 2, 3, 3, 4, 4}
		x[2*at] = nan
		if w.Max(y, x); y[0] == y[0] || y[1] != 4 {
			t.Errorf("a NaN at pixel %d: the largest are %v", at, y)
		}
		if w.Mean(y, x, true); y[0] == y[0] || y[1] != 2.5 {
			t.Errorf("a NaN at pixel %d: the means are %v", at, y)
		}
	}
}
