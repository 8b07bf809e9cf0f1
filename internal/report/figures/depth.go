package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Depths is what nets of several depths did in training, family by family.
type Depths struct {
	Alias, Title string
	Families     []Family
	Planned      int    // least blocks of the plan, most where they differ
	Verdict      string // "" while there is none
}

// Family is one kind of net, as plain or residual.
type Family struct {
	Name  string
	Skips bool
	Nets  []Net // by depth
}

// Net is one depth of a family with its trainings, one a seed.
type Net struct {
	Depth int
	Runs  []Curve
}

// Curve is one training.
type Curve struct {
	Seed   int
	Points []Point
}

// Point is an instant of a training. NaN stands for what was not measured then.
type Point struct {
	Step        int
	Train, Test float64 // shares of wrong answers
	Loss        float64
}

// measure is one number of a point.
type measure struct {
	name string
	of   func(Point) float64
}

func (d Depths) measures() []measure {
	train := measure{"training error", func(p Point) float64 { return p.Train }}
	test := measure{"test error", func(p Point) float64 { return p.Test }}
	var out []measure
	for _, m := range []measure{test, train} {
		if d.has(m) {
			out = append(out, m)
		}
	}
	if len(out) == 0 {
		out = append(out, measure{"loss", func(p Point) float64 { return p.Loss }})
	}
	return out
}

func (d Depths) has(m measure) bool {
	for _, f := range d.Families {
		for _, n := range f.Nets {
			for _, r := range n.Runs {
				if slices.ContainsFunc(r.Points, func(p Point) bool { return !math.IsNaN(m.of(p)) }) {
					return true
				}
			}
		}
	}
	return false
}

func (d Depths) depths() []int {
	var out []int
	for _, f := range d.Families {
		for _, n := range f.Nets {
			out = append(out, n.Depth)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// DepthCurves draws error against step, a panel a family and a colour a depth, and below it the error at the
// end against depth.
func DepthCurves(d Depths) Figure {
	f := Figure{Name: "depth-" + d.Alias, Title: d.Alias + " " + d.Title, height: 405}
	ms := d.measures()
	for i, depth := range d.depths() {
		f.keys = append(f.keys, key{label: "depth " + strconv.Itoa(depth), stroke: stroke(byRank(i), 2)})
	}
	styles := []string{"bold", "dashed"}
	for i, m := range ms {
		s := stroke(dark, 1.8)
		if i == 1 {
			s = stroke(dark, 1, 4, 2.5)
		}
		f.keys = append(f.keys, key{label: m.name + ", mean", stroke: s})
	}
	f.paint = func(i *ink, c draw.Canvas) { d.draw(i, c, ms) }
	f.Words = d.words(ms, styles)
	return f
}

func (d Depths) words(ms []measure, styles []string) string {
	var b strings.Builder
	var names []string
	for i, m := range ms {
		names = append(names, m.name+" "+styles[i])
	}
	fmt.Fprintf(&b, "Above: error against step, one panel a family, one colour a depth: %s; thick lines are means over seeds at the steps that all have reached, thin ones (%s) the single seeds. ", strings.Join(names, ", "), ms[0].name)
	fmt.Fprintf(&b, "Below: %s at the last step against depth; small dots are seeds, lines go through their means%s. ", ms[0].name, map[bool]string{true: ", dashed those of the training error"}[len(ms) > 1])
	fewest, most := math.MaxInt, 0
	for _, f := range d.Families {
		for _, n := range f.Nets {
			fewest, most = min(fewest, len(n.Runs)), max(most, len(n.Runs))
		}
	}
	seeds := Plural(fewest, "seed") + " of each net"
	if fewest != most {
		seeds = fmt.Sprintf("%d to %s a net", fewest, Plural(most, "seed"))
	}
	switch {
	case d.Verdict != "":
		fmt.Fprintf(&b, "%s; the plan is decided: %s. ", seeds, d.Verdict)
	default:
		fmt.Fprintf(&b, "Not finished: %s so far, where the plan asks for at least %d; there is no verdict yet. ", seeds, d.Planned)
	}
	for _, f := range d.Families {
		var parts []string
		for _, n := range f.Nets {
			if mean, _ := n.last(ms[0]); !math.IsNaN(mean) {
				parts = append(parts, fmt.Sprintf("%s at depth %d", Num(mean), n.Depth))
			}
		}
		if len(parts) > 0 {
			fmt.Fprintf(&b, "Mean %s of %s nets at the end: %s. ", ms[0].name, f.Name, strings.Join(parts, ", "))
		}
	}
	return strings.TrimSpace(b.String())
}

// last gives the mean and the single values at the end of the runs.
func (n Net) last(m measure) (mean float64, each []float64) {
	var sum float64
	for _, r := range n.Runs {
		for _, p := range slices.Backward(r.Points) {
			if v := m.of(p); finite(v) {
				each, sum = append(each, v), sum+v
				break
			}
		}
	}
	return sum / float64(len(each)), each
}

// mean is the average over seeds at the steps that every seed has.
func (n Net) mean(m measure) plotter.XYs {
	sums, counts := map[int]float64{}, map[int]int{}
	runs := 0
	for _, r := range n.Runs {
		any := false
		for _, p := range r.Points {
			if v := m.of(p); finite(v) {
				sums[p.Step] += v
				counts[p.Step]++
				any = true
			}
		}
		if any {
			runs++
		}
	}
	var out plotter.XYs
	for step, k := range counts {
		if k == runs {
			out = append(out, plotter.XY{X: float64(step), Y: sums[step] / float64(k)})
		}
	}
	slices.SortFunc(out, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
	return out
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func (r Curve) line(m measure) plotter.XYs {
	var out plotter.XYs
	for _, p := range r.Points {
		if v := m.of(p); finite(v) {
			out = append(out, plotter.XY{X: float64(p.Step), Y: v})
		}
	}
	return out
}

// ranges are those of steps and of errors over all families, so that panels can be compared.
func (d Depths) ranges(ms []measure) (steps, values span) {
	steps, values = nothing(), nothing()
	for _, f := range d.Families {
		for _, n := range f.Nets {
			for _, r := range n.Runs {
				for k, m := range ms {
					for _, p := range r.line(m) {
						steps.see(p.X)
						if k == 0 {
							values.see(p.Y)
						}
					}
				}
			}
			for _, m := range ms {
				for _, p := range n.mean(m) {
					values.see(p.Y)
				}
			}
		}
	}
	return steps, values.room(0.04)
}

func (d Depths) draw(i *ink, c draw.Canvas, ms []measure) {
	steps, values := d.ranges(ms)
	values.lo = max(0, values.lo)
	row := make([]*plot.Plot, len(d.Families))
	for k, f := range d.Families {
		label := ms[0].name
		if len(ms) > 1 {
			label = "error"
		}
		if k > 0 {
			label = ""
		}
		p := i.chart(f.Name+" nets", "step", label)
		p.Add(grid{x: true, y: true})
		for _, n := range f.Nets {
			t := byRank(slices.Index(d.depths(), n.Depth))
			for _, r := range n.Runs {
				p.Add(polyline(r.line(ms[0]), stroke(faint(t, 0.35), 0.5)))
			}
		}
		for _, n := range f.Nets {
			t := byRank(slices.Index(d.depths(), n.Depth))
			if len(ms) > 1 {
				p.Add(polyline(n.mean(ms[1]), stroke(t, 0.9, 4, 2.5)))
			}
			p.Add(polyline(n.mean(ms[0]), stroke(t, 1.8)))
		}
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, max(steps.hi, 1), values.lo, values.hi
		row[k] = p
	}
	upper := draw.Crop(c, 0, 0, 160, -5)
	for k, part := range plot.Align([][]*plot.Plot{row}, draw.Tiles{Rows: 1, Cols: len(row), PadX: 14, PadRight: 8}, upper)[0] {
		row[k].Draw(part)
	}
	d.ends(i, ms).Draw(draw.Crop(c, 0, -8, 0, -(c.Max.Y - c.Min.Y - 150)))
}

// ends draws the error at the end against depth.
func (d Depths) ends(i *ink, ms []measure) *plot.Plot {
	m := ms[0]
	p := i.chart("", "depth (layers)", m.name+" at the end")
	values := nothing()
	var ticks at
	for _, depth := range d.depths() {
		ticks = append(ticks, plot.Tick{Value: math.Log2(float64(depth)), Label: strconv.Itoa(depth)})
	}
	p.X.Tick.Marker = ticks
	p.Add(grid{y: true})
	depths := nothing()
	type named struct {
		end  plotter.XY
		name string
		tint tint
	}
	var names []named
	for k, f := range d.Families {
		t, shape := orange, draw.GlyphDrawer(block{})
		if k > 0 || f.Skips && len(d.Families) == 1 {
			t, shape = blue, disc{}
		}
		var line, train plotter.XYs
		for _, n := range f.Nets {
			x := math.Log2(float64(n.Depth))
			mean, each := n.last(m)
			if len(each) == 0 {
				continue
			}
			depths.see(x)
			values.see(mean)
			line = append(line, plotter.XY{X: x, Y: mean})
			for _, v := range each {
				values.see(v)
				p.Add(dots([]plotter.XY{{X: x + (float64(k)-0.5)*0.05, Y: v}}, draw.GlyphStyle{Color: faint(t, 0.5), Radius: 1.5, Shape: shape}))
			}
			if len(ms) > 1 {
				if mean, each := n.last(ms[1]); len(each) > 0 {
					values.see(mean)
					train = append(train, plotter.XY{X: x, Y: mean})
				}
			}
		}
		p.Add(polyline(train, stroke(t, 0.9, 4, 2.5)), polyline(line, stroke(t, 1.8)), dots(line, draw.GlyphStyle{Color: t, Radius: 2.6, Shape: shape}))
		if n := len(line); n > 0 {
			names = append(names, named{line[n-1], f.Name, t})
		}
	}
	slices.SortStableFunc(names, func(a, b named) int { return cmp.Compare(a.end.Y, b.end.Y) })
	p.Add(painter(func(c draw.Canvas, x, y func(float64) vg.Length) {
		low := c.Min.Y - 9
		for _, n := range names { // from below, each clear of the one before
			low = max(low+9, y(n.end.Y)-3)
			i.write(c, i.bold(8, n.tint), x(n.end.X)+9, low, left, n.name)
		}
	}))
	r := values.room(0.08)
	p.Y.Min, p.Y.Max = max(0, r.lo), r.hi
	if values.lo > values.hi {
		depths.see(0, 1)
	}
	p.X.Min, p.X.Max = depths.lo-0.15, depths.hi+0.5
	return p
}

// polyline is a line; of less than two points it is nothing.
func polyline(pts plotter.XYs, s draw.LineStyle) plot.Plotter {
	return painter(func(c draw.Canvas, x, y func(float64) vg.Length) {
		line := make([]vg.Point, len(pts))
		for k, p := range pts {
			line[k] = vg.Point{X: x(p.X), Y: y(p.Y)}
		}
		if len(line) > 1 {
			c.StrokeLines(s, c.ClipLinesXY(line)...)
		}
	})
}

func dots(pts plotter.XYs, g draw.GlyphStyle) plot.Plotter {
	return painter(func(c draw.Canvas, x, y func(float64) vg.Length) {
		for _, p := range pts {
			c.DrawGlyphNoClip(g, vg.Point{X: x(p.X), Y: y(p.Y)})
		}
	})
}
