package decision

import (
	"math"
	"math/rand/v2"
	"testing"
)

// draw is a law of D that is symmetric about 0.
type draw struct {
	name string
	next func(*rand.Rand) float64
}

func symmetric() []draw {
	return []draw{
		{"normal", (*rand.Rand).NormFloat64},
		{"Cauchy", func(r *rand.Rand) float64 { return math.Tan(math.Pi * (r.Float64() - 0.5)) }},
		{"three values", func(r *rand.Rand) float64 { return float64(r.IntN(3) - 1) }},
		// Arms that do not differ, with a metric as skewed as it likes: D is
		// symmetric because the arms may be swapped.
		{"difference of skewed", func(r *rand.Rand) float64 {
			return math.Exp(1.5*r.NormFloat64()) - math.Exp(1.5*r.NormFloat64())
		}},
		{"scale doubles at random", func(r *rand.Rand) float64 {
			return r.NormFloat64() * math.Ldexp(1, r.IntN(6))
		}},
	}
}

// shares runs n sequences with centre theta and gives how often each verdict
// came out.
func shares(t *testing.T, p Params, law func(*rand.Rand) float64, theta float64, n int) map[string]float64 {
	t.Helper()
	s, err := NewSequence(p)
	if err != nil {
		t.Fatal(err)
	}
	rng, out := rand.New(rand.NewPCG(7, 11)), map[string]float64{}
	for range n {
		s.Reset()
		for !s.Done() && s.Len() < s.p.NMax {
			if err := s.Add(Block{D: theta + law(rng)}); err != nil {
				t.Fatal(err)
			}
		}
		v, _ := s.outcome()
		out[v] += 1 / float64(n)
	}
	return out
}

// The bound of Ville holds at every length and every stop; with 2000 sequences
// the share may exceed α by three standard errors, 0.015.
func TestFalseValidationsStayBelowAlpha(t *testing.T) {
	const n, alpha, slack = 2000, 0.05, 0.015
	for _, law := range symmetric() {
		for _, center := range []string{Pseudomedian, Median} {
			// Δ at θ₀: no gate lowers the error, the evidence alone holds it.
			got := shares(t, Params{Delta: 0, Center: center, NMax: 30, Constant: Allow}, law.next, 0, n)
			if got[Validated] > alpha+slack {
				t.Errorf("%s, %s: validated %.3f of the time without an effect", law.name, center, got[Validated])
			}
			if got[Refuted] > alpha+slack {
				t.Errorf("%s, %s: refuted %.3f of the time at the effect claimed", law.name, center, got[Refuted])
			}
		}
	}
	for _, p := range []Params{{Kind: Equivalent, Delta: 1, NMax: 30}, {Kind: Different, Delta: 1, Theta0: 1, NMax: 30}} {
		if got := shares(t, p, (*rand.Rand).NormFloat64, 1, n); got[Validated] > alpha+slack {
			t.Errorf("%s: validated %.3f of the time at the edge", p.Kind, got[Validated])
		}
	}
}

// A family of nulls: the chance of any false validation stays below α.
func TestAFamilyOfNullsSeldomValidatesAny(t *testing.T) {
	const n, alpha = 400, 0.05
	rng, hits := rand.New(rand.NewPCG(3, 5)), 0
	for range n {
		members := make([]Member, 4)
		for i := range members {
			d := make([]float64, 25)
			for j := range d {
				d[j] = rng.NormFloat64()
			}
			members[i] = Member{Values(d...), Params{Delta: 0, NMax: 25}}
		}
		verdicts, err := Family(members, alpha)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range verdicts {
			if v.Verdict == Validated {
				hits++
				break
			}
		}
	}
	if got := float64(hits) / n; got > alpha+3*math.Sqrt(alpha*(1-alpha)/n) {
		t.Errorf("some null was validated in %.3f of the families", got)
	}
}

func TestAPlanForecastsWhatTheRuleDoes(t *testing.T) {
	p := Params{Delta: 0.5}
	f, err := Simulate(t.Context(), p, 0.1, []float64{0, 5, 10}, 400, 1)
	if err != nil {
		t.Fatal(err)
	}
	if f[0].Refuted < 0.9 || f[0].Validated > 0.05 {
		t.Errorf("without an effect: %+v", f[0])
	}
	// At θ = Δ a refutation is an error; a validation is none.
	if f[1].Refuted > 0.05+0.033 || f[1].Theta != 0.5 {
		t.Errorf("at Δ: %+v", f[1])
	}
	if f[2].Validated < 0.99 || f[2].Blocks90 > 8 || f[2].MeanBlocks < 5 {
		t.Errorf("at twice Δ: %+v", f[2])
	}
	again, err := Simulate(t.Context(), p, 0.1, []float64{0, 5, 10}, 400, 1)
	if err != nil || again[1] != f[1] {
		t.Errorf("the same seed forecast %+v, then %+v (%v)", f[1], again[1], err)
	}
}

func FuzzDecide(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 0xf0, 0x7f, 0, 0}, 0.1, uint8(0))
	f.Add([]byte("sixteen bytes ....sixteen bytes ...."), 1e-300, uint8(7))
	f.Fuzz(func(t *testing.T, data []byte, delta float64, form uint8) {
		p := Params{
			Delta: math.Abs(delta), Kind: []Kind{Greater, Equivalent, Different}[form%3],
			Center:   []string{Pseudomedian, Median}[form/3%2],
			Constant: []string{Forbid, Allow}[form/6%2],
		}
		var blocks []Block
		for ; len(data) >= 8 && len(blocks) < 20; data = data[8:] {
			var bits uint64
			for _, c := range data[:8] {
				bits = bits<<8 | uint64(c)
			}
			b := Block{D: math.Float64frombits(bits), Kind: BlockKind(bits >> 3 % 3)}
			blocks = append(blocks, b)
		}
		r, err := Decide(blocks, p)
		if err != nil {
			return
		}
		if math.IsNaN(r.V) || math.IsNaN(r.R) || math.IsNaN(r.Lower) || math.IsNaN(r.Upper) || r.Verdict == "" || r.Reason == "" {
			t.Fatalf("blocks %v under %+v gave %+v", blocks, p, r)
		}
	})
}

func BenchmarkBlock(b *testing.B) {
	b.ReportAllocs()
	rng := rand.New(rand.NewPCG(1, 2))
	d := make([]float64, 60)
	for i := range d {
		d[i] = rng.NormFloat64()
	}
	s, err := NewSequence(Params{Delta: 0.5, TVal: 1e300, TRef: 1e300})
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		if i%60 == 0 {
			s.Reset()
		}
		if err := s.Add(Block{D: d[i%60]}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkDecision(b *testing.B) {
	b.ReportAllocs()
	rng := rand.New(rand.NewPCG(1, 2))
	s, err := NewSequence(Params{Delta: 0.5})
	if err != nil {
		b.Fatal(err)
	}
	blocks := 0
	for b.Loop() {
		s.Reset()
		for !s.Done() && s.Len() < 60 {
			if err := s.Add(Block{D: 1 + rng.NormFloat64()}); err != nil {
				b.Fatal(err)
			}
		}
		blocks += s.Len()
	}
	b.ReportMetric(float64(blocks)/float64(b.N), "blocks/op")
}

// One operation is a million decisions, each of a fresh hypothesis with an
// effect of one spread.
func BenchmarkMillionDecisions(b *testing.B) {
	b.ReportAllocs()
	rng := rand.New(rand.NewPCG(1, 2))
	d := make([]float64, 1<<16)
	for i := range d {
		d[i] = 1 + rng.NormFloat64()
	}
	s, err := NewSequence(Params{Delta: 0.5})
	if err != nil {
		b.Fatal(err)
	}
	next, blocks := 0, 0
	for b.Loop() {
		for range 1_000_000 {
			s.Reset()
			for !s.Done() && s.Len() < 60 {
				if err := s.Add(Block{D: d[next&(1<<16-1)]}); err != nil {
					b.Fatal(err)
				}
				next++
			}
			blocks += s.Len()
		}
	}
	b.ReportMetric(float64(blocks)/float64(b.N)/1e6, "blocks/decision")
}

func BenchmarkRecord(b *testing.B) {
	b.ReportAllocs()
	rng := rand.New(rand.NewPCG(1, 2))
	s, err := NewSequence(Params{Delta: 0.5, TVal: 1e300, TRef: 1e300})
	if err != nil {
		b.Fatal(err)
	}
	for range 20 {
		if err := s.Add(Block{D: 1 + rng.NormFloat64()}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		s.Record()
	}
}
