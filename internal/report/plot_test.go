package report

import (
	"encoding/xml"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestNumbersAreWrittenForReaders(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", 1: "1", 0.118: "0.118", -0.0131: "−0.0131", 149.4: "149", 12345: "12345", 2.5e7: "2.50·10⁷", -1.5e-6: "−1.50·10⁻⁶",
		math.Inf(1): "∞", math.Inf(-1): "−∞", 99.95: "100", 1e6: "1.00·10⁶",
	} {
		if got := num(f); got != want {
			t.Errorf("%v: got %s, want %s", f, got, want)
		}
	}
	if got := num(math.NaN()); got != "none" {
		t.Errorf("NaN: %s", got)
	}
}

func TestAPlotSurvivesWhateverItIsGiven(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, p := range map[string]plot{
		"nothing":            {title: "t", words: "w"},
		"one point":          {series: []series{{name: "a", xs: []float64{1}, ys: []float64{2}}}},
		"no numbers":         {series: []series{{xs: []float64{1, 2}, ys: []float64{nan, inf}}}},
		"log of nothing":     {logY: true, series: []series{{xs: []float64{1, 2}, ys: []float64{0, -1}}}},
		"equal":              {series: []series{{xs: []float64{1, 1}, ys: []float64{3, 3}}}},
		"far apart":          {series: []series{{xs: []float64{1, 2}, ys: []float64{-1e300, 1e300}}}},
		"a band of infinity": {series: []series{{xs: []float64{1, 2}, ys: []float64{1, 2}}}, band: &[2]float64{-inf, inf}},
		"markup in a name":   {title: `<b a="c">`, words: "&", series: []series{{name: "<i>", xs: []float64{1}, ys: []float64{1}}}},
	} {
		svg := p.svg()
		if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil {
			t.Errorf("%s: %v in %s", name, err, svg)
		}
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Errorf("%s: not a place in %s", name, svg)
		}
	}
}

func TestAHoleBreaksALine(t *testing.T) {
	p := plot{series: []series{{xs: []float64{1, 2, 3, 4, 5}, ys: []float64{1, 2, math.NaN(), 2, 1}}}}
	if n := strings.Count(p.svg(), "M"); n != 3 { // one in the legend, two in the line
		t.Errorf("%d strokes in %s", n, p.svg())
	}
}

func TestALonePointIsSeen(t *testing.T) {
	nan := math.NaN()
	p := plot{series: []series{{name: "a", xs: []float64{1, 2, 3}, ys: []float64{nan, nan, 2}}, {name: "b", xs: []float64{1, 2, 3}, ys: []float64{1, 2, 3}}}}
	if n := strings.Count(p.svg(), "h8"); n != 1 {
		t.Errorf("%d dashes in %s", n, p.svg())
	}
}

// Δ beside θ₀ is common, and two names on one spot are none.
func TestNamesOfRulesStandApart(t *testing.T) {
	p := plot{
		series: []series{{xs: []float64{1, 2}, ys: []float64{-0.5, 0.5}}},
		rules:  []rule{{0, "θ₀ = 0", "c3"}, {0.02, "Δ = 0.02", "c4"}, {0.021, "T", "c1"}},
	}
	var at []float64
	for _, m := range regexp.MustCompile(`class="rulename" x="[^"]*" y="([^"]*)"`).FindAllStringSubmatch(p.svg(), -1) {
		y, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		at = append(at, y)
	}
	slices.Sort(at)
	if len(at) != 3 || at[1]-at[0] < 11.9 || at[2]-at[1] < 11.9 {
		t.Errorf("names at %v", at)
	}
}

func TestTicksAreRoundAndInside(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		whole  bool
		want   []float64
	}{
		{0, 1, false, []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
		{1, 8, true, []float64{2, 4, 6, 8}},
		{0.9, 3.1, true, []float64{1, 2, 3}},
		{-3, 300, false, []float64{0, 100, 200, 300}},
		{1, 1, false, nil},
		{0, math.Inf(1), false, nil},
	} {
		got := ticks(c.lo, c.hi, 5, c.whole)
		for i := range got {
			got[i] = math.Round(got[i]*1e9) / 1e9
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v to %v: %v, want %v", c.lo, c.hi, got, c.want)
		}
	}
}
