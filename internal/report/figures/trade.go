package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Trades are the comparisons of a net with skips and one without.
type Trades struct {
	All   []Trade
	Other int // decided hypotheses that compare something else
}

// Trade is one of them, from its recorded trials.
type Trade struct {
	Alias, Verdict       string
	CPU, CPUControl      float64 // processor seconds a trial, means
	Params, ParamControl int
	Effect, Lower, Upper float64 // of the net with skips, in spreads of D; positive is better
	// Reach is the share of its steps after which the net with skips had the test error that its twin ended
	// with, the median over seeds: +Inf where it never had, NaN where test errors are not on record.
	Reach float64
}

// cost is the price of a trial over that of the twin.
func (t Trade) cost() float64 { return ratio(t.CPU, t.CPUControl) }

// time is what it took to get as far as the twin did, over what the twin took.
func (t Trade) time() float64 { return t.Reach * t.cost() }

func ratio(a, b float64) float64 {
	if !(a > 0) || !(b > 0) {
		return math.NaN()
	}
	return a / b
}

// CostBenefit draws what a skip brings against what it costs.
func CostBenefit(t Trades) Figure {
	seen := map[string]bool{}
	var costs, times []float64
	better, matched, never, unknown := 0, 0, 0, 0
	for _, x := range t.All {
		seen[x.Verdict] = true
		costs = append(costs, x.cost())
		if x.Lower > 0 {
			better++
		}
		if r := ratio(float64(x.Params), float64(x.ParamControl)); math.Abs(r-1) <= 0.01 {
			matched++
		}
		switch {
		case math.IsNaN(x.Reach):
			unknown++
		case math.IsInf(x.Reach, 1):
			never++
		default:
			times = append(times, x.time())
		}
	}
	f := Figure{Name: "cost-benefit", Title: "What a skip costs and what it brings", keys: verdictKeys(seen), height: 270}
	f.Words = fmt.Sprintf("Each mark is one comparison of a net with skips and its twin without that has a verdict (%d; %d other verdicts compare something else). "+
		"Upwards: what the skip brought, the estimate in spreads of D between blocks with bounds at 95 %% on either side; above 0 the net with skips did better; linear between −1 and 1, logarithmic beyond. "+
		"Left, across: its cost, mean processor seconds of a trial with skips over those of one without, on the machine that ran them; %d of the pairs have equal parameters within 1 %%. "+
		"Right, across: processor time until the net with skips had the test error that its twin ended with, over the twin's whole time (median over seeds). Colour and shape give the verdict on the hypothesis as it was worded, which may have said that skips do not help. ",
		len(t.All), t.Other, matched)
	if len(t.All) > 0 {
		f.Words += fmt.Sprintf("The median pair paid %s times the processor time for its skips; in %d of %d the lower bound of the gain is above 0. ", Num(median(costs)), better, len(t.All))
	}
	if len(times) > 0 {
		f.Words += fmt.Sprintf("%d nets with skips got as far as their twins, the median in %s of the time; ", len(times), Num(median(times)))
	}
	f.Words += fmt.Sprintf("%d never did (right edge); for %d no test errors by step are on record.", never, unknown)
	f.paint = func(i *ink, c draw.Canvas) { t.draw(i, c) }
	return f
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}

func (t Trades) draw(i *ink, c draw.Canvas) {
	ys := nothing()
	ys.see(-1, 1)
	for _, x := range t.All {
		ys.see(x.Effect)
		for _, v := range []float64{x.Lower, x.Upper} {
			if math.Abs(v) <= 300 {
				ys.see(v)
			}
		}
	}
	ys = span{bent(ys.lo), bent(ys.hi)}.room(0.05)
	row := []*plot.Plot{
		t.panel(i, "cost of a trial, with skips over without", "gain, in spreads of D", ys, Trade.cost),
		t.panel(i, "time to match the twin", "", ys, Trade.time),
	}
	half := (c.Max.X-c.Min.X)/2 + 5
	row[0].Draw(draw.Crop(c, 0, -half+6, 0, -4))
	row[1].Draw(draw.Crop(c, half+6, -4, 0, -4))
}

// panel draws the gains against one ratio; what is infinite stands at the right edge.
func (t Trades) panel(i *ink, xlabel, ylabel string, ys span, across func(Trade) float64) *plot.Plot {
	p := i.chart("", xlabel, ylabel)
	xs := nothing()
	xs.see(1)
	never := false
	for _, x := range t.All {
		if v := across(x); v > 0 {
			xs.see(v)
			never = never || math.IsInf(v, 1)
		}
	}
	r := span{math.Log(xs.lo), math.Log(xs.hi)}.room(0.12)
	p.X.Min, p.X.Max = min(math.Exp(r.lo), 0.8), max(math.Exp(r.hi), 1.25)
	edge := p.X.Max
	if never {
		edge *= math.Pow(p.X.Max/p.X.Min, 0.12)
		p.X.Max = edge * math.Pow(p.X.Max/p.X.Min, 0.1)
	}
	place := func(x Trade) float64 { return min(across(x), edge) }
	p.X.Scale = logarithmic{}
	p.X.Tick.Marker = ratios{never, edge}
	p.Y.Min, p.Y.Max = ys.lo, ys.hi
	var ticks at
	for _, v := range bentTicks(span{-1e9, 1e9}) {
		if math.Abs(v) != 0.5 {
			ticks = append(ticks, plot.Tick{Value: bent(v), Label: Num(v)})
		}
	}
	p.Y.Tick.Marker = ticks
	p.Add(grid{x: true, y: true})
	all := slices.Clone(t.All)
	slices.SortFunc(all, func(a, b Trade) int {
		return cmp.Or(cmp.Compare(b.Effect, a.Effect), cmp.Compare(a.Alias, b.Alias))
	})
	p.Add(painter(func(c draw.Canvas, x, y func(float64) vg.Length) {
		c.StrokeLine2(stroke(dark, 0.7), c.Min.X, y(0), c.Max.X, y(0))
		c.StrokeLine2(stroke(dark, 0.7), x(1), c.Min.Y, x(1), c.Max.Y)
		if never {
			i.write(c, i.text(7.5, dim), x(edge), c.Min.Y-9.6, centre, "never")
		}
		taken := []vg.Rectangle{}
		for _, v := range all {
			if px := place(v); !math.IsNaN(px) {
				at := vg.Point{X: x(px), Y: y(ys.clamp(bent(v.Effect)))}
				taken = append(taken, vg.Rectangle{Min: at.Sub(vg.Point{X: 4, Y: 4}), Max: at.Add(vg.Point{X: 4, Y: 4})})
			}
		}
		for _, v := range all {
			px := place(v)
			if math.IsNaN(px) || math.IsNaN(v.Effect) {
				continue
			}
			m := mark(v.Verdict)
			at := vg.Point{X: x(px), Y: y(ys.clamp(bent(v.Effect)))}
			lo, hi := bound(v.Lower, -1), bound(v.Upper, 1)
			c.StrokeLine2(stroke(faint(m.Color.(tint), 0.45), 0.8), at.X, y(ys.clamp(bent(lo))), at.X, y(ys.clamp(bent(hi))))
			c.DrawGlyphNoClip(m, at)
			taken = i.label(c, v.Alias, at, taken)
		}
	}))
	return p
}

// bound reads a missing bound as an open one.
func bound(v float64, side int) float64 {
	if math.IsNaN(v) {
		return math.Inf(side)
	}
	return v
}

// label writes a name beside a mark where it hits nothing; where there is no such place it leaves it out.
func (i *ink) label(c draw.Canvas, name string, at vg.Point, taken []vg.Rectangle) []vg.Rectangle {
	s := i.text(7, dim)
	w, h := i.width(s, name), vg.Length(6.5)
	var places []vg.Point
	for _, d := range []vg.Length{0, 7, -7, 14, -14, 21, -21, 28, -28} {
		places = append(places, vg.Point{X: at.X + 6, Y: at.Y - 2.5 + d}, vg.Point{X: at.X - 6 - w, Y: at.Y - 2.5 + d})
	}
	for _, p := range places {
		r := vg.Rectangle{Min: p, Max: vg.Point{X: p.X + w, Y: p.Y + h - 1}}
		if r.Min.X < c.Min.X || r.Max.X > c.Max.X || r.Min.Y < c.Min.Y || r.Max.Y > c.Max.Y {
			continue
		}
		if slices.ContainsFunc(taken, func(o vg.Rectangle) bool {
			return r.Min.X < o.Max.X && o.Min.X < r.Max.X && r.Min.Y < o.Max.Y && o.Min.Y < r.Max.Y
		}) {
			continue
		}
		if dy := p.Y + 2.5 - at.Y; dy > 8 || dy < -8 {
			x := p.X - 1
			if p.X < at.X {
				x = p.X + w + 1
			}
			c.StrokeLine2(stroke(pale, 0.5), at.X, at.Y, x, p.Y+2.5)
		}
		i.write(c, s, p.X, p.Y, left, name)
		return append(taken, r)
	}
	return taken
}

// ratios puts ticks at plain ratios, and a word at the edge where something never came.
type ratios struct {
	never bool
	edge  float64
}

// Ticks gives them.
func (r ratios) Ticks(lo, hi float64) []plot.Tick {
	all := []float64{0.1, 0.2, 0.5, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50}
	if hi/lo > 3 {
		all = []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50}
	}
	var out []plot.Tick
	if r.never {
		hi = r.edge * 0.5
	}
	for _, v := range all {
		if v >= lo && v <= hi {
			out = append(out, plot.Tick{Value: v, Label: "×" + strings.TrimSuffix(Num(v), ".0")})
		}
	}
	return out
}
