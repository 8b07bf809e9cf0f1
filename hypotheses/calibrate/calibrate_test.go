package calibrate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func TestTheShortFormHoldsTheErrors(t *testing.T) {
	got, err := Run(t.Context(), Options{Runs: 250})
	if err != nil {
		t.Fatal(err)
	}
	const slack = 3 * 0.0138 // standard errors of a share of .05 in 250 runs
	for _, r := range got.Rows {
		switch {
		case r.Symmetric && r.Effect == 0 && r.Validated.Of > Alpha+slack:
			t.Errorf("%s: validated in %s without an effect", r.Law, r.Validated)
		case r.Symmetric && r.Effect == r.Delta && r.Refuted.Of > Alpha+slack:
			t.Errorf("%s: refuted in %s at Δ", r.Law, r.Refuted)
		case r.Law == "normal" && r.Effect == 1 && (r.Validated.Of < 0.97 || r.Blocks < 9 || r.Blocks > 14):
			t.Errorf("effect 1: %+v", r) // RESULTS.md: .999 after 11.6 blocks
		case r.Law == "normal" && r.Effect == 0 && (r.Peeking.Of < 0.15 || r.Peeking.Of > 0.35 || r.TTest[0].Of > Alpha+slack):
			t.Errorf("the other tests without an effect: %+v", r) // RESULTS.md: peeking .26
		}
	}
	for _, want := range []string{"False verdicts", "heavy tails", "± 0.0", "peeking t", "* not symmetric"} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("the table does not say %q:\n%s", want, got)
		}
	}
}

func TestTheTableIsTheSameForAnyJobs(t *testing.T) {
	run := func(jobs int) Table {
		got, err := Run(t.Context(), Options{Runs: 20, Blocks: 15, Jobs: jobs})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if a, b := run(1), run(3); !reflect.DeepEqual(a, b) {
		t.Errorf("one worker gave\n%v\nthree gave\n%v", a, b)
	}
}

func TestACancelledCalibrationSaysHowFarItCame(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, Options{}); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "stopped after 0 of 2000 runs") {
		t.Errorf("got %v", err)
	}
}

func TestTheRankTestCountsAllSigns(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 3))
	for range 60 {
		d := make([]float64, 1+rng.IntN(9))
		for i := range d {
			d[i] = float64(rng.IntN(9) - 4) // ties and zeros
		}
		var size []float64
		for _, v := range d {
			if v != 0 {
				size = append(size, math.Abs(v))
			}
		}
		rank := make([]float64, len(size))
		for i, a := range size {
			for _, b := range size {
				if b < a {
					rank[i]++
				} else if b == a {
					rank[i] += 0.5
				}
			}
			rank[i] += 0.5
		}
		seen, k := 0.0, 0
		for _, v := range d {
			if v != 0 {
				if v > 0 {
					seen += rank[k]
				}
				k++
			}
		}
		hits := 0
		for signs := range 1 << len(size) {
			sum := 0.0
			for i := range size {
				if signs>>i&1 == 1 {
					sum += rank[i]
				}
			}
			if sum >= seen-1e-9 {
				hits++
			}
		}
		want := float64(hits) / float64(int(1)<<len(size))
		if got := new(rankTest).p(d); math.Abs(got-want) > 1e-12 {
			t.Fatalf("%v: p = %v, counting gives %v", d, got, want)
		}
	}
}

func TestStudentsQuantilesAreTheTables(t *testing.T) {
	c := critical(60)
	for n, want := range map[int]float64{5: 2.1318, 20: 1.7291, 60: 1.6711} { // Fisher and Yates, table III
		if math.Abs(c[n]-want) > 1e-4 {
			t.Errorf("n = %d: %v, want %v", n, c[n], want)
		}
	}
}
