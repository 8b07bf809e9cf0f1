package ops

import (
	"math/rand/v2"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
)

// A dense block normalises its first channels in every layer: their moments are taken once.
func TestMomentsOfJoinedPicturesAreTakenOnceAndTheSame(t *testing.T) {
	b := newBench()
	d := draft{b, rand.New(rand.NewPCG(3, 3))}
	x, y := d.in("x", 3, 2, 2, 5), d.in("y", 2, 2, 2, 5)
	first := do(ChannelMoments("1", x))
	xy := do(ConcatChannels("1", x, y))
	whole := do(ChannelMoments("2", xy))
	do(ChannelMoments("3", do(ConcatChannels("2", xy, x))))
	if again := do(ChannelMoments("4", x)); again != first {
		t.Error("the moments of x are taken again")
	}
	taken := 0
	for _, n := range b.g.AllNodes() {
		if o, ok := n.Op().(*fused); ok && o.moments {
			taken++
		}
	}
	if taken != 2 {
		t.Errorf("moments are taken %d times, want once for x and for y", taken)
	}
	vm := G.NewTapeMachine(b.g)
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	defer vm.Close()
	values, err := numbers(xy.Value())
	if err != nil {
		t.Fatal(err)
	}
	plain := newBench()
	alone := do(ChannelMoments("t", plain.plain("x", array{[]int{5, 2, 2, 5}, values})))
	want := make([]float32, 10)
	Run(alone.Op().(Kernel), want, [][]float32{values})
	if got, err := numbers(whole.Value()); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, want %v (%v)", got, want, err)
	}
}
