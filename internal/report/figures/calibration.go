package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Forecasts are expectations laid down before the runs, with what came.
type Forecasts struct {
	Bins     []Bin
	N, Came  int
	Brier    float64 // mean squared distance of probability and outcome
	BaseRate float64 // share that came out as expected
	Base     float64 // Brier score of always saying the base rate
	Notes    string  // what was counted and how
}

// Bin is a range of probabilities with the expectations in it.
type Bin struct {
	From, To float64
	Mean     float64 // of the probabilities
	N, Came  int
}

// Calibration draws how often what was expected came, against how surely it was expected.
func Calibration(s Forecasts) Figure {
	f := Figure{
		Name: "calibration", Title: "What was expected and what came", height: 270,
		keys: []key{
			{label: "a bin of expectations, with 95 % interval", stroke: stroke(blue, 1.2), mark: &draw.GlyphStyle{Color: blue, Radius: 3, Shape: disc{}}},
			{label: "perfect calibration", stroke: stroke(mid, 0.8, 3, 2)},
			{label: "base rate", stroke: stroke(orange, 1, 1.5, 1.5)},
		},
	}
	f.Words = fmt.Sprintf("%s with a probability laid down before the run. Across: the probability given to the expected verdict (mean of the bin); upwards: the share of them that came out as expected, with an interval at 95 %% (Wilson) and the count of the bin. "+
		"Points below the diagonal were expected too surely. %d of %d came out as expected, a base rate of %.2f. Brier score %.3f (0 is perfect, lower is better); saying the base rate each time would have given %.3f, but could be known only afterwards; saying 0.5 each time gives 0.250. ",
		Plural(s.N, "hypothesis"), s.Came, s.N, s.BaseRate, s.Brier, s.Base)
	var bins []string
	for _, b := range s.Bins {
		bins = append(bins, fmt.Sprintf("%.2f to %.2f: %d of %d", b.From, b.To, b.Came, b.N))
	}
	f.Words += "Bins: " + strings.Join(bins, "; ") + ". " + s.Notes
	f.Words = strings.TrimSpace(f.Words)
	f.paint = func(i *ink, c draw.Canvas) { s.draw(i, c) }
	return f
}

// wilson is the interval of a share at 95 %.
func wilson(k, n int) (lo, hi float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, mid-half), min(1, mid+half)
}

// clear is the middle of the widest stretch of probabilities without a bin's mark.
func (s Forecasts) clear(lo float64) float64 {
	at, wide, last := lo, -1.0, lo
	for _, b := range append(slices.Clone(s.Bins), Bin{Mean: 1}) {
		if b.Mean-last > wide {
			at, wide = (last+b.Mean)/2, b.Mean-last
		}
		last = b.Mean
	}
	return at
}

func (s Forecasts) draw(i *ink, c draw.Canvas) {
	p := i.chart("", "probability given to the expected verdict", "share that came out as expected")
	lo := 0.5
	for _, b := range s.Bins {
		lo = min(lo, b.From)
	}
	lo = max(0, lo-0.04)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = lo, 1.02, 0, 1.06
	p.X.Tick.Marker, p.Y.Tick.Marker = round{n: 5}, round{n: 5}
	p.Add(grid{x: true, y: true}, painter(func(c draw.Canvas, x, y func(float64) vg.Length) {
		c.StrokeLine2(stroke(mid, 0.8, 3, 2), x(lo), y(lo), x(1), y(1))
		c.StrokeLine2(stroke(orange, 1, 1.5, 1.5), x(lo), y(s.BaseRate), x(1), y(s.BaseRate))
		i.write(c, i.text(7.5, orange), x(s.clear(lo)), y(s.BaseRate)+3, centre, fmt.Sprintf("base rate %.2f", s.BaseRate))
		for _, b := range s.Bins {
			from, to := wilson(b.Came, b.N)
			at := vg.Point{X: x(b.Mean), Y: y(float64(b.Came) / float64(b.N))}
			c.StrokeLine2(stroke(blue, 1.2), at.X, y(from), at.X, y(to))
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: blue, Radius: 1.6 + vg.Length(math.Sqrt(float64(b.N))), Shape: disc{}}, at)
			i.write(c, i.text(7.5, dark), at.X+3, y(from)+2, left, fmt.Sprintf("%d of %d", b.Came, b.N))
		}
		text := []string{fmt.Sprintf("Brier score %.3f", s.Brier), fmt.Sprintf("base rate alone %.3f", s.Base), fmt.Sprintf("n = %d", s.N)}
		for n, l := range text {
			i.write(c, i.text(8, dark), c.Max.X-8, c.Min.Y+28-vg.Length(n)*10, right, l)
		}
	}))
	p.Draw(draw.Crop(c, 0, -8, 0, 0))
}
