package decision_test

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"tenet/hypotheses/decision"
)

func TestShown(t *testing.T) {
	for _, c := range []struct{ e, t, want float64 }{
		{19.97, 20, 19.9},
		{20, 20, 20},
		{20.001, 20, 20.001},
		{19.94, 20, 19.94},
		{5.58, 20, 5.58},
		{179.6, 180, 179},
		{1999.7, 2000, 1990},
		{0.9996, 1, 0.999},
		{99.96, 100, 99.9},
		{0, 20, 0},
	} {
		if got := decision.Shown(c.e, c.t); got != c.want {
			t.Errorf("Shown(%v, %v) = %v, want %v", c.e, c.t, got, c.want)
		}
	}
	if got := decision.Shown(19.97, math.Inf(1)); got != 19.97 {
		t.Errorf("no threshold in reach: %v", got)
	}
}

// Three digits never show a threshold that was not reached, and what is shown is within one unit of the last of them.
func TestShownLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := float64(rapid.IntRange(1, 200).Draw(t, "members")) * 20
		e := limit * (1 - rapid.Float64Range(1e-12, 0.02).Draw(t, "short of it"))
		got := decision.Shown(e, limit)
		printed, err := strconv.ParseFloat(strconv.FormatFloat(got, 'g', 3, 64), 64)
		if err != nil {
			t.Fatal(err)
		}
		if printed >= limit {
			t.Fatalf("%v of %v is printed as %v", e, limit, printed)
		}
		if got > e || e-got > e/100 {
			t.Fatalf("%v is shown as %v", e, got)
		}
	})
}
