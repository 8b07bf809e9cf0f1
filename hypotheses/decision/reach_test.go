package decision

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestEHolmRejectsExactlyFromItsThreshold(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	hits := 0
	for range 2000 {
		e := make([]float64, 1+rng.IntN(6))
		for i := range e {
			e[i] = math.Exp(6 * rng.Float64())
		}
		others := append([]float64(nil), e[1:]...)
		got := EHolm(e, 0.05).Rejected[0]
		if want := e[0] >= EHolmThreshold(others, 0.05); got != want && math.Abs(e[0]/EHolmThreshold(others, 0.05)-1) > 1e-12 {
			t.Fatalf("e %v: rejected %v, threshold %v", e, got, EHolmThreshold(others, 0.05))
		}
		if got {
			hits++
		}
	}
	if hits == 0 || hits == 2000 {
		t.Errorf("%d of 2000 rejected: the test says nothing", hits)
	}
}

// The most evidence that k equal signs can bring: no D does better.
func TestNoBlocksBringMoreEvidenceThanExploreSays(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	for _, n := range []int{5, 8} {
		p := Params{Delta: 0.2, NMax: n, TVal: 1e300, TRef: 1e300}
		r, err := Explore(p, -1, 1)
		if err != nil {
			t.Fatal(err)
		}
		s, err := NewSequence(p)
		if err != nil {
			t.Fatal(err)
		}
		for range 3000 {
			s.Reset()
			mid := 2*rng.Float64() - 1
			for range n {
				if err := s.Add(Block{D: min(max(mid+0.3*rng.NormFloat64()*rng.Float64(), -1), 1)}); err != nil {
					t.Fatal(err)
				}
			}
			if v, w := s.Evidence(); v > r.V*1.000001 || w > r.R*1.000001 {
				t.Fatalf("%d blocks gave V %v and R %v; explored %+v", n, v, w, r)
			}
		}
		if why := r.Missing(p, -1, 1); !strings.Contains(why, "can bring the evidence to") {
			t.Errorf("with a threshold out of reach: %q", why)
		}
	}
}

func TestTheRangeOfDHoldsEveryBlock(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for _, s := range []Spec{
		{Reduction: Paired},
		{Reduction: Single, Baseline: 0.3},
		{Reduction: Interaction, Worst: -1},
		{Reduction: Slope, Levels: []float64{1, 2, 5}, Worst: -1},
		{Reduction: SlopeDiff, Levels: []float64{1, 2, 5, 9}, Worst: -1},
		{Reduction: Spearman, Table: []float64{1, 2, 3, 4}},
	} {
		least, most := s.Range(0, 1)
		top := math.Inf(-1)
		for range 4000 {
			trials := make([]Trial, s.Arms())
			for i := range trials {
				trials[i].Metric = float64(rng.IntN(2))
			}
			b, err := Reduce(s, trials)
			if err != nil {
				t.Fatal(err)
			}
			if top = max(top, b.D); b.D < least-1e-12 || b.D > most+1e-12 {
				t.Fatalf("%s: D %v outside %v to %v", s.Reduction, b.D, least, most)
			}
		}
		if top < most-1e-9 && s.Reduction != Spearman {
			t.Errorf("%s: the most seen is %v, the range says %v", s.Reduction, top, most)
		}
	}
}
