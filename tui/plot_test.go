package tui

import (
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func TestASpikeOfOneStepIsSeen(t *testing.T) {
	s := series{name: "loss"}
	for i := range 50_000 {
		y := 1.0
		if i == 31_234 {
			y = 100
		}
		s.pts = append(s.pts, point{float64(i), y})
	}
	if s.pts = thin(s.pts, curvePoints); len(s.pts) > curvePoints {
		t.Errorf("%d points are kept", len(s.pts))
	}
	rows := newPen(newTheme(true, false, false)).chart([]series{s}, 60, 10, true, 0, "")
	if top := ansi.Strip(rows[0]); strings.TrimSpace(top[6:]) == "" {
		t.Errorf("the top row is empty: %q", top)
	}
}

func TestTheLevelIsALabelledLine(t *testing.T) {
	s := series{name: "V", pts: []point{{0, 1}, {1, 9}}}
	rows := newPen(newTheme(true, false, false)).chart([]series{s}, 60, 10, true, 60, "T")
	found := false
	for _, r := range rows {
		found = found || strings.Contains(ansi.Strip(r), "60 ┈") && strings.HasSuffix(strings.TrimRight(ansi.Strip(r), " "), "T")
	}
	if !found {
		t.Errorf("no line at T\n%s", ansi.Strip(strings.Join(rows, "\n")))
	}
}

// Any numbers, NaN and infinities too, give a chart of the asked size.
func TestAnySeriesIsDrawnInItsSize(t *testing.T) {
	p := newPen(newTheme(true, false, false))
	rapid.Check(t, func(t *rapid.T) {
		var all []series
		for range rapid.IntRange(0, 3).Draw(t, "series") {
			s := series{dash: rapid.Bool().Draw(t, "dash")}
			x := 0.0
			for range rapid.IntRange(0, 50).Draw(t, "points") {
				x += rapid.Float64Range(0, 10).Draw(t, "dx")
				y := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, 1e300})).Draw(t, "y")
				s.pts = append(s.pts, point{x, y})
			}
			all = append(all, s)
		}
		w, h := rapid.IntRange(1, 120).Draw(t, "w"), rapid.IntRange(0, 40).Draw(t, "h")
		log, level := rapid.Bool().Draw(t, "log"), rapid.SampledFrom([]float64{0, 60, 1e9}).Draw(t, "level")
		rows := p.chart(all, w, h, log, level, "T")
		if len(rows) != h {
			t.Fatalf("%d rows, want %d", len(rows), h)
		}
		for _, r := range rows {
			if n := ansi.StringWidth(r); n != w {
				t.Fatalf("a row of %d cells, want %d: %q", n, w, r)
			}
		}
	})
}

func TestNumbersFitTheirColumn(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1: "1", 9.2: "9.20", 71: "71", 120: "120", 1024: "1024", 0.05: "0.05", 1e6: "1e6", 2.5e9: "2e9", 0.0001: "1e-04", -0.05: "-0.05"} {
		if got := num(v); got != want || len(got) > 5 {
			t.Errorf("num(%v) = %q, want %q", v, got, want)
		}
	}
	if num(math.Inf(1)) != "inf" || num(math.NaN()) != "–" {
		t.Error("infinities and NaN have words")
	}
}

// V climbs to the top, R sinks to the bottom: each has the colour and the sign
// that the line above the plot gives it.
func TestTheEvidencePlotHasTheColoursOfItsLegend(t *testing.T) {
	a := newApp(t.Context(), newFake(), false)
	blocks := []blockRow{{B: 1, V: 8, R: 0.4}, {B: 2, V: 64, R: 0.2}, {B: 3, V: 512, R: 0.1}}
	rows := a.pen.chart(evidenceSeries(blocks), 60, 10, true, 0, "")
	head := a.evidenceHead(60, blocks)
	for _, c := range []struct {
		name, row string
		st        style
		not       style
	}{{"─ V for", rows[0], a.th.good, a.th.series2}, {"┄ R against", rows[9], a.th.series2, a.th.good}} {
		if !strings.Contains(head, c.st.on+c.name) {
			t.Errorf("the legend has %q in another style: %q", c.name, head)
		}
		if !strings.Contains(c.row, c.st.on) || strings.Contains(c.row, c.not.on) {
			t.Errorf("%s is drawn in another style: %q", c.name, c.row)
		}
	}
}

// Found by the test above: two points that the log axis sees nearly at one place, and one far beside it.
func TestAPointFarBesideTheAxisCostsNothing(t *testing.T) {
	p := newPen(newTheme(true, false, false))
	s := series{pts: []point{{0, 1}, {1e-300, 2}, {10, -1}}}
	if rows := p.chart([]series{s}, 40, 10, true, 0, "T"); len(rows) != 10 {
		t.Errorf("%d rows, want 10", len(rows))
	}
}
