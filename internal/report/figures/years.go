package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes are the nets whose number of parameters the study records.
type Sizes struct {
	Nets   []Size
	Papers int // surveyed
	With   int // of them, those with a number
}

// Size is one net of a surveyed paper.
type Size struct {
	Model, Paper string
	Year         int
	Parameters   float64
}

// Years draws parameters against the year of the paper.
func Years(s Sizes) Figure {
	f := Figure{
		Name: "parameters-by-year", Title: "Parameters of the surveyed nets, by year of the paper", height: 250,
	}
	years := map[int]int{}
	for _, n := range s.Nets {
		years[n.Year]++
	}
	f.Words = fmt.Sprintf("Of %d surveyed papers, %s a number of parameters that the study records, for %s in all; %d have no number on record and are not drawn. "+
		"Each net stands at the year of the paper whose table gives the number, which may be later than the net itself. Logarithmic axis.", s.Papers, map[bool]string{true: "1 gives", false: fmt.Sprint(s.With, " give")}[s.With == 1], Plural(len(s.Nets), "net"), s.Papers-s.With)
	if len(years) < 2 {
		f.Words += " All are of one year, so the picture shows a range of sizes and no trend."
	}
	f.paint = func(i *ink, c draw.Canvas) { s.draw(i, c) }
	return f
}

func (s Sizes) draw(i *ink, c draw.Canvas) {
	p := i.chart("", "year of the paper", "parameters")
	xs, ys := nothing(), nothing()
	for _, n := range s.Nets {
		xs.see(float64(n.Year))
		ys.see(n.Parameters)
	}
	p.X.Min, p.X.Max = xs.lo-1, xs.hi+1
	p.Y.Min, p.Y.Max = ys.lo/2, ys.hi*2
	p.Y.Scale, p.Y.Tick.Marker, p.X.Tick.Marker = logarithmic{}, powersOfNets{}, round{n: 10, whole: true}
	p.Add(grid{y: true})
	nets := slices.Clone(s.Nets)
	slices.SortFunc(nets, func(a, b Size) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Parameters, b.Parameters), cmp.Compare(a.Model, b.Model))
	})
	p.Add(painter(func(c draw.Canvas, x, y func(float64) vg.Length) {
		at := map[int]vg.Length{}
		for _, n := range nets {
			place := vg.Point{X: x(float64(n.Year)), Y: y(n.Parameters)}
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: blue, Radius: 2.6, Shape: disc{}}, place)
			label := place.Y - 2.5
			if low, ok := at[n.Year]; ok {
				label = max(label, low+8.5)
			}
			at[n.Year] = label
			c.StrokeLine2(stroke(pale, 0.5), place.X+4, place.Y, place.X+11, label+2.5)
			name := n.Model + ", " + count(n.Parameters)
			i.write(c, i.text(7.5, dark), place.X+13, label, left, i.fit(name, i.text(7.5, dark), 120))
		}
	}))
	p.Draw(draw.Crop(c, 0, -8, 0, 0))
}

// powersOfNets writes 0.1M and 10M.
type powersOfNets struct{}

// Ticks gives them.
func (powersOfNets) Ticks(lo, hi float64) []plot.Tick {
	out := powers{}.Ticks(lo, hi)
	for k := range out {
		if out[k].Label != "" {
			out[k].Label = count(out[k].Value)
		}
	}
	return out
}

// count writes a number of things with a letter for its size.
func count(v float64) string {
	for _, u := range []struct {
		unit float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(v) >= u.unit {
			return strconv.FormatFloat(math.Round(v/u.unit*100)/100, 'f', -1, 64) + " " + u.name
		}
	}
	return Num(v)
}
