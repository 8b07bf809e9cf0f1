package hypotheses

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tenet/internal/store"
)

// foreseen is a forecast of "validated" that came true or did not.
func foreseen(p float64, hit bool) Forecast {
	f := Forecast{Foreseen: "validated", Foretold: "validated", P: p, Came: "refuted"}
	if hit {
		f.Came = "validated"
	}
	return f
}

func near(t testing.TB, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 || math.IsNaN(got) != math.IsNaN(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// The numbers were worked out by hand: (.1² + .2² + .7² + .4²)/4 = .70/4.
func TestForecastsAreScoredByTheirSquaredError(t *testing.T) {
	fs := []Forecast{foreseen(0.9, true), foreseen(0.8, true), foreseen(0.7, false), foreseen(0.6, true)}
	c := Calibrate(fs)
	near(t, "Brier", c.Brier, 0.70/4)
	near(t, "the overall share of three in four", c.Constant, 0.75*0.25)
	// Each hit is forecast by 2/3, the miss by 3/3: (3·(1/3)² + 1)/4 = 1/3.
	near(t, "the share among the others", c.LeftOut, 1.0/3)
	if c.N != 4 || c.Hits != 3 || len(c.Bins) != 4 {
		t.Errorf("%d forecasts, %d hits, bins %v", c.N, c.Hits, c.Bins)
	}
	for _, b := range c.Bins {
		if b.Mean < b.From || b.Mean > b.To {
			t.Errorf("the mean %v lies outside its bin %v to %v", b.Mean, b.From, b.To)
		}
	}
	last := Calibrate([]Forecast{foreseen(1, true), foreseen(0.95, true)}).Bins
	if len(last) != 1 || last[0].N != 2 {
		t.Errorf("the last bin takes .95 and 1: %v", last)
	}
}

func TestAPerfectForecastScoresNothingAndOneHalfAQuarter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hits := rapid.SliceOfN(rapid.Bool(), 1, 60).Draw(t, "hits")
		var perfect, half, any []Forecast
		for _, h := range hits {
			p := 0.0
			if h {
				p = 1
			}
			perfect, half = append(perfect, foreseen(p, h)), append(half, foreseen(0.5, h))
			any = append(any, foreseen(rapid.Float64Range(0, 1).Draw(t, "p"), h))
		}
		if b := Calibrate(perfect).Brier; b != 0 {
			t.Errorf("perfect: %v", b)
		}
		if b := Calibrate(half).Brier; b != 0.25 {
			t.Errorf("one half: %v", b)
		}
		c := Calibrate(any)
		total := 0
		for _, b := range c.Bins {
			total += b.N
		}
		if c.Brier < 0 || c.Brier > 1 || c.LeftOut < c.Constant-1e-12 || total != len(any) {
			t.Errorf("%+v", c) // who does not see the outcome cannot beat who does
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(any), func(i, j int) { any[i], any[j] = any[j], any[i] })
		if d := Calibrate(any); math.Abs(d.Brier-c.Brier) > 1e-12 || d.Constant != c.Constant || d.Hits != c.Hits {
			t.Errorf("another order: %+v, %+v", c, d)
		}
	})
}

func TestAnOpenEndIsAMissUnlessItWasForeseen(t *testing.T) {
	open := Forecast{Foreseen: "validated", Foretold: "validated", P: 0.65, Came: "inconclusive"}
	doubted := Forecast{Foreseen: "inconclusive", Foretold: "refuted", P: 0.5, Came: "inconclusive"}
	surprise := Forecast{Foreseen: "inconclusive", Foretold: "refuted", P: 0.5, Came: "refuted"}
	for _, x := range []struct {
		name                 string
		f                    Forecast
		hit, decided, failed bool
	}{
		{"an open end that nobody foresaw", open, false, false, false},
		{"an open end as foreseen", doubted, true, false, false},
		{"a verdict where an open end was foreseen, as the principle says", surprise, false, true, false},
		{"a verdict against the principle", foreseen(0.9, false), false, true, true},
	} {
		if x.f.Hit() != x.hit || x.f.Decided() != x.decided || x.f.Failed() != x.failed {
			t.Errorf("%s: hit %v, decided %v, failed %v", x.name, x.f.Hit(), x.f.Decided(), x.f.Failed())
		}
	}
	if c := Calibrate(nil); c.N != 0 || !math.IsNaN(c.Brier) || !math.IsNaN(c.Constant) || !math.IsNaN(c.LeftOut) {
		t.Errorf("of no forecasts: %+v", c)
	}
}

func TestForecastsAreReadFromVerdictsAlone(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	start(t, lib, "H01", "r1", false)
	start(t, lib, "H16", "r2", true) // explored: no verdict counts
	feed(t, lib, "H16", "r2", 0, 7, 0)
	before := forecasts(t, lib)
	feed(t, lib, "H01", "r1", 0, 20, 0.15)
	after := forecasts(t, lib)
	if len(before) != 0 || len(after) != 1 {
		t.Fatalf("before the verdict %v, after it %v", before, after)
	}
	if f := after[0]; f.Hypothesis != "H01" || f.Foreseen != "validated" || f.P != 0.97 || !f.Hit() || !f.Pilot {
		t.Errorf("%+v", f)
	}
}

func forecasts(t testing.TB, lib *store.Library) []Forecast {
	t.Helper()
	var fs []Forecast
	view(t, lib, func(tx *store.Tx) (err error) { fs, err = Forecasts(tx); return err })
	return fs
}
