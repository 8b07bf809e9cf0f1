package decision

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawD draws informative values; a coarse grid makes ties and zeros common.
func drawD(t *rapid.T, least, most int) []float64 {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
		switch rapid.IntRange(0, 9).Draw(t, "form") {
		case 0:
			return float64(rapid.IntRange(-2, 2).Draw(t, "whole"))
		case 1:
			return rapid.Float64Range(-1e6, 1e6).Draw(t, "far")
		}
		return rapid.Float64Range(-3, 3).Draw(t, "near")
	}), least, most).Draw(t, "d")
}

func drawParams(t *rapid.T) Params {
	p := Params{
		Kind:       rapid.SampledFrom([]Kind{Greater, Equivalent, Different}).Draw(t, "kind"),
		Center:     rapid.SampledFrom([]string{Pseudomedian, Median}).Draw(t, "center"),
		Divergence: rapid.SampledFrom([]string{Gate, Outcome}).Draw(t, "divergence"),
		Constant:   rapid.SampledFrom([]string{Forbid, Allow}).Draw(t, "constant"),
		TVal:       rapid.SampledFrom([]float64{20, 60, 120}).Draw(t, "T"),
		Delta:      rapid.Float64Range(0.01, 1).Draw(t, "delta"),
	}
	if p.Kind != Equivalent {
		p.Theta0 = p.Delta * rapid.Float64Range(0, 1).Draw(t, "theta0")
	}
	return p.Filled()
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func near(a, b, unit float64) bool { return same(a, b) || math.Abs(a-b) <= 1e-9*unit }

func unitOf(d []float64) float64 {
	u := 1.0
	for _, v := range d {
		u = max(u, math.Abs(v))
	}
	return u
}

// Feeding blocks one at a time, looking at everything in between, gives the
// record that all at once give; and the incremental scale, estimate and bounds
// are the ones computed from scratch.
func TestOneAtATimeIsAllAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, p := drawD(t, 0, 14), drawParams(t)
		want, err := Decide(Values(d...), p)
		if err != nil {
			t.Fatal(err)
		}
		s, err := NewSequence(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range Values(d...) {
			if err := s.Add(b); errors.Is(err, ErrDecided) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			s.Record()
			s.Rejudge()
		}
		got := s.Record()
		if !equalRecords(got, want) {
			t.Fatalf("d %v under %+v\ngot  %+v\nwant %+v", d, p, got, want)
		}
		d = d[:got.Stop]
		if !near(got.Scale, Scale(d), unitOf(d)) {
			t.Fatalf("scale of %v: got %v, from scratch %v", d, got.Scale, Scale(d))
		}
		if from := Bounds(d, 1/p.Alpha, p.Center); from.Lower != got.Lower || from.Upper != got.Upper {
			t.Fatalf("bounds of %v: got %v %v, from scratch %v", d, got.Lower, got.Upper, from)
		}
		centre := HodgesLehmann(d)
		if p.Center == Median {
			centre = SampleMedian(d)
		}
		if !same(centre, got.Estimate) {
			t.Fatalf("estimate of %v: got %v, from scratch %v", d, got.Estimate, centre)
		}
	})
}

// equalRecords is DeepEqual with NaN equal to itself.
func equalRecords(a, b Record) bool {
	if !same(a.Estimate, b.Estimate) || !same(a.Effect, b.Effect) || !same(a.Superiority, b.Superiority) || !same(a.Grading.Effect, b.Grading.Effect) {
		return false
	}
	for _, r := range []*Record{&a, &b} {
		r.Estimate, r.Effect, r.Superiority, r.Grading.Effect = 0, 0, 0, 0
		if len(r.VPath) == 0 {
			r.VPath, r.RPath, r.Wealth = nil, nil, nil
		}
	}
	return reflect.DeepEqual(a, b)
}

func TestMirroredDataGiveMirroredBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawD(t, 1, 14)
		mirror := make([]float64, len(d))
		for i, v := range d {
			mirror[i] = -v
		}
		center := rapid.SampledFrom([]string{Pseudomedian, Median}).Draw(t, "center")
		a, b := Bounds(d, 20, center), Bounds(mirror, 20, center)
		if a.Lower != -b.Upper || a.Upper != -b.Lower {
			t.Fatalf("d %v: bounds %v, mirrored %v", d, a, b)
		}
		if x, y := HodgesLehmann(d), HodgesLehmann(mirror); x != -y {
			t.Fatalf("d %v: estimate %v, mirrored %v", d, x, y)
		}
		if x, y := Scale(d), Scale(mirror); !near(x, y, unitOf(d)) {
			t.Fatalf("d %v: scale %v, mirrored %v", d, x, y)
		}
	})
}

// r has no unit: a change of unit by a power of two, which rounds nothing,
// leaves all evidence as it is, bit for bit.
func TestEvidenceHasNoUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, p := drawD(t, 1, 12), drawParams(t)
		unit := math.Ldexp(1, rapid.IntRange(-40, 40).Draw(t, "power"))
		q, scaled := p, make([]float64, len(d))
		q.Theta0, q.Delta = p.Theta0*unit, p.Delta*unit
		for i, v := range d {
			scaled[i] = v * unit
		}
		a, err := Decide(Values(d...), p)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Decide(Values(scaled...), q)
		if err != nil {
			t.Fatal(err)
		}
		if a.V != b.V || a.R != b.R || a.Verdict != b.Verdict || a.Stop != b.Stop || !same(a.Estimate*unit, b.Estimate) {
			t.Fatalf("d %v, unit %v\ngot  %v %v %s at %d, %v\nwant %v %v %s at %d, %v", d, unit,
				b.V, b.R, b.Verdict, b.Stop, b.Estimate, a.V, a.R, a.Verdict, a.Stop, a.Estimate*unit)
		}
	})
}

func TestBoundsWidenWithTheThreshold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawD(t, 1, 14)
		low := rapid.Float64Range(2, 100).Draw(t, "T")
		high := low * rapid.Float64Range(1, 50).Draw(t, "times")
		a, b := Bounds(d, low, Pseudomedian), Bounds(d, high, Pseudomedian)
		slack := 1e-9 * unitOf(d)
		if b.Lower > a.Lower+slack || b.Upper < a.Upper-slack {
			t.Fatalf("d %v: at %v %v, at %v %v", d, low, a, high, b)
		}
	})
}

func TestBoundsNeverWidenWithBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawD(t, 2, 14)
		a, b := Bounds(d[:len(d)-1], 20, Pseudomedian), Bounds(d, 20, Pseudomedian)
		slack := 1e-9 * unitOf(d)
		if b.Lower < a.Lower-slack || b.Upper > a.Upper+slack {
			t.Fatalf("d %v: %v, one block earlier %v", d, b, a)
		}
	})
}

// M_up(θ₀) ≥ T exactly where the lower bound at T is not below θ₀.
func TestBoundsAgreeWithTheTest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawD(t, 1, 14)
		theta := rapid.Float64Range(-3, 3).Draw(t, "theta0")
		s, err := NewSequence(Params{Theta0: theta, Delta: theta, TVal: 1e300, TRef: 1e300})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range Values(d...) {
			if err := s.observe(b); err != nil {
				t.Fatal(err)
			}
		}
		v, r := s.Evidence()
		bounds := s.Bounds(20)
		slack := 1e-9 * unitOf(d)
		if math.Abs(bounds.Lower-theta) > slack && (v >= 20) != (bounds.Lower > theta) {
			t.Fatalf("d %v: V %v at θ₀ %v, lower bound %v", d, v, theta, bounds.Lower)
		}
		if math.Abs(bounds.Upper-theta) > slack && (r >= 20) != (bounds.Upper < theta) {
			t.Fatalf("d %v: R %v at Δ %v, upper bound %v", d, r, theta, bounds.Upper)
		}
	})
}

func TestHolmDoesNotSeeTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SliceOfNDistinct(rapid.Float64Range(0.1, 500), 1, 8, rapid.ID).Draw(t, "maxima")
		order := rapid.Permutation(indices(len(m))).Draw(t, "order")
		mixed := make([]float64, len(m))
		for i, j := range order {
			mixed[i] = m[j]
		}
		a, b := Holm(m, 0.05), Holm(mixed, 0.05)
		for i, j := range order {
			if a.Rejected[j] != b.Rejected[i] || a.Threshold[j] != b.Threshold[i] || a.Adjusted[j] != b.Adjusted[i] {
				t.Fatalf("maxima %v in order %v: %+v, in their own %+v", m, order, b, a)
			}
		}
		for i := range m {
			if a.Rejected[i] != (a.Adjusted[i] <= 0.05*(1+1e-12)) {
				t.Fatalf("maxima %v: rejected %v at adjusted p %v", m, a.Rejected[i], a.Adjusted[i])
			}
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// The adjusted e is by definition the smallest mean over all sets that hold
// the hypothesis; here all sets are tried.
func TestClosedTestingTriesEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SliceOfN(rapid.Float64Range(0, 200), 1, 7).Draw(t, "e")
		got, holm := EHolm(e, 0.05), Holm(e, 0.05)
		for k := range e {
			want := math.Inf(1)
			for set := range 1 << len(e) {
				if set&(1<<k) == 0 {
					continue
				}
				sum, n := 0.0, 0.0
				for i, v := range e {
					if set&(1<<i) != 0 {
						sum, n = sum+v, n+1
					}
				}
				want = min(want, sum/n)
			}
			if !near(got.Adjusted[k], want, 200) {
				t.Fatalf("e %v: adjusted e of %d is %v, by trial %v", e, k, got.Adjusted[k], want)
			}
			if holm.Rejected[k] && !got.Rejected[k] && got.Adjusted[k] < 20-1e-9 {
				t.Fatalf("e %v: Holm rejects %d and closed testing does not", e, k)
			}
		}
	})
}

// One hypothesis alone is a family of one.
func TestAFamilyOfOneIsNoFamily(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, p := drawD(t, 0, 14), drawParams(t)
		p.TVal, p.TRef = 20, 20
		alone, err := Decide(Values(d...), p)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Family([]Member{{Values(d...), p}}, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		if f[0].Verdict != alone.Verdict || f[0].Reason != alone.Reason || f[0].Stop != alone.Stop {
			t.Fatalf("d %v under %+v: family %+v, alone %s %s at %d", d, p, f[0], alone.Verdict, alone.Reason, alone.Stop)
		}
	})
}

func TestReduceTurnsWithItsArms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, 1).Draw(t, "b")
		s := Spec{Reduction: Paired, Worst: math.Inf(-1), Lower: rapid.Bool().Draw(t, "lower")}
		x, errX := Reduce(s, []Trial{{Metric: a}, {Metric: b}})
		y, errY := Reduce(s, []Trial{{Metric: b}, {Metric: a}})
		if errX != nil || errY != nil || x.D != -y.D {
			t.Fatalf("%v %v: %v %v, %v %v", a, b, x, errX, y, errY)
		}
	})
}

func TestABlockCostsNoAllocation(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	blocks := make([]Block, 60)
	for i := range blocks {
		blocks[i].D = rng.NormFloat64()
	}
	s, err := NewSequence(Params{Delta: 0.5, TVal: 1e300, TRef: 1e300})
	if err != nil {
		t.Fatal(err)
	}
	n := testing.AllocsPerRun(20, func() {
		s.Reset()
		for _, b := range blocks {
			if err := s.Add(b); err != nil {
				t.Fatal(err)
			}
		}
	})
	if n != 0 {
		t.Errorf("%v allocations for 60 blocks, want 0", n)
	}
}

func TestABlockAfterTheVerdictIsRefused(t *testing.T) {
	s, err := NewSequence(Params{Delta: 0.3, NMax: 12})
	if err != nil {
		t.Fatal(err)
	}
	for !s.Done() {
		if err := s.Add(Block{D: 1 + float64(s.Len())/10}); err != nil {
			t.Fatal(err)
		}
	}
	before := s.Record()
	if err := s.Add(Block{D: -100}); !errors.Is(err, ErrDecided) {
		t.Errorf("got %v, want ErrDecided", err)
	}
	if after := s.Record(); !reflect.DeepEqual(before, after) {
		t.Errorf("the record changed: %+v, was %+v", after, before)
	}
}

func TestABlockReadsBackFromItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Block{D: rapid.Float64().Draw(t, "d")}
		got, err := ParseBlock(b.String())
		if err != nil || got != b {
			t.Fatalf("%v: read %v, %v", b, got, err)
		}
	})
	for _, bad := range []string{"", "nan", "NaN", "1,5", "voids"} {
		if b, err := ParseBlock(bad); err == nil {
			t.Errorf("%q: read as %v", bad, b)
		}
	}
}

func TestStreamsDifferInEveryName(t *testing.T) {
	seen := []Seed{}
	for _, s := range []Seed{
		Stream("S", "H", 0, "split", "*"), Stream("S2", "H", 0, "split", "*"), Stream("S", "H2", 0, "split", "*"),
		Stream("S", "H", 1, "split", "*"), Stream("S", "H", 0, "order", "*"), Stream("S", "H", 0, "split", "a"),
		Stream("SH", "", 0, "split", "*"), Stream("S", "H", 0, "spli", "t*"), // the same letters cut elsewhere
	} {
		if slices.Contains(seen, s) {
			t.Errorf("two names give %x", s)
		}
		seen = append(seen, s)
	}
}
