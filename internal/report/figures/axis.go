package figures

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// chart is an empty plot in the house's style.
func (i *ink) chart(title, x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = paper
	p.Title.Text, p.Title.TextStyle, p.Title.Padding = title, i.bold(8.5, dark), 3
	p.Title.TextStyle.XAlign, p.Title.TextStyle.YAlign = draw.XCenter, draw.YTop
	p.Legend.TextStyle = i.text(8, dark)
	for a, label := range map[*plot.Axis]string{&p.X: x, &p.Y: y} {
		a.Label.Text, a.Label.TextStyle, a.Label.Padding = label, i.text(8, dark), 3
		a.Label.TextStyle.XAlign, a.Label.TextStyle.YAlign = draw.XCenter, draw.YBottom
		a.Tick.Label = i.text(7.5, dim)
		a.Tick.LineStyle, a.Tick.Length = stroke(mid, 0.5), 3
		a.LineStyle, a.Padding = stroke(mid, 0.6), 0
	}
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XCenter, draw.YTop
	p.Y.Tick.Label.XAlign, p.Y.Tick.Label.YAlign = draw.XRight, draw.YCenter
	p.X.Tick.Marker, p.Y.Tick.Marker = round{n: 6}, round{n: 5}
	return p
}

// span is a range that grows by what it sees.
type span struct{ lo, hi float64 }

func nothing() span { return span{math.Inf(1), math.Inf(-1)} }

func (s *span) see(vs ...float64) {
	for _, v := range vs {
		if finite(v) {
			s.lo, s.hi = min(s.lo, v), max(s.hi, v)
		}
	}
}

// room is the span with some room on either side; a span of one number or none gets a width.
func (s span) room(share float64) span {
	switch {
	case s.lo > s.hi:
		return span{0, 1}
	case s.lo == s.hi:
		d := max(math.Abs(s.lo)*0.1, 0.5)
		return span{s.lo - d, s.hi + d}
	}
	d := (s.hi - s.lo) * share
	return span{s.lo - d, s.hi + d}
}

func (s span) clamp(v float64) float64 { return min(max(v, s.lo), s.hi) }

// grid draws faint lines at the ticks of an axis that have a label.
type grid struct{ x, y bool }

// Plot draws them.
func (g grid) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if g.x {
		for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
			if t.Label != "" {
				c.StrokeLine2(stroke(pale, 0.4), tx(t.Value), c.Min.Y, tx(t.Value), c.Max.Y)
			}
		}
	}
	if g.y {
		for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
			if t.Label != "" {
				c.StrokeLine2(stroke(pale, 0.4), c.Min.X, ty(t.Value), c.Max.X, ty(t.Value))
			}
		}
	}
}

// above writes a title over the data, at the same height in all panels of a row.
type above struct {
	i     *ink
	title string
}

// Plot writes it.
func (a above) Plot(c draw.Canvas, _ *plot.Plot) {
	a.i.write(c, a.i.bold(8.5, dark), (c.Min.X+c.Max.X)/2, c.Max.Y+5, centre, a.title)
}

// painter is a plotter made of a function.
type painter func(c draw.Canvas, x, y func(float64) vg.Length)

// Plot calls it with the places of numbers.
func (f painter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	f(c, x, y)
}

// round puts ticks at about n round numbers; whole at whole ones only.
type round struct {
	n     int
	whole bool
}

// Ticks gives them.
func (r round) Ticks(lo, hi float64) []plot.Tick {
	raw := (hi - lo) / float64(r.n)
	if !(raw > 0) || math.IsInf(raw, 0) {
		return nil
	}
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	step := unit
	for _, m := range []float64{1, 2, 5, 10} {
		if step = m * unit; step >= raw*0.75 {
			break
		}
	}
	if r.whole {
		step = max(1, math.Round(step))
	}
	places := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	var out []plot.Tick
	for k := math.Ceil(lo/step - 1e-9); k*step <= hi+step*1e-9 && len(out) < 60; k++ {
		label := minus(strconv.FormatFloat(k*step, 'f', places, 64))
		if k == 0 {
			label = "0"
		}
		out = append(out, plot.Tick{Value: k * step, Label: label})
	}
	return out
}

// at puts ticks at given numbers.
type at []plot.Tick

// Ticks gives them.
func (a at) Ticks(lo, hi float64) []plot.Tick {
	var out []plot.Tick
	for _, t := range a {
		if t.Value >= lo && t.Value <= hi {
			out = append(out, t)
		}
	}
	return out
}

// logarithmic is a scale of powers; what is not above zero lies at its lower end.
type logarithmic struct{}

// Normalize gives the place of x between lo and hi.
func (logarithmic) Normalize(lo, hi, x float64) float64 {
	if !(x > lo) {
		return 0
	}
	return math.Log(x/lo) / math.Log(hi/lo)
}

// powers puts ticks at powers of ten, and at 2 and 5 between them where there are few.
type powers struct{}

// Ticks gives them.
func (w powers) Ticks(lo, hi float64) []plot.Tick {
	if !(lo > 0) || !(hi > lo) {
		return nil
	}
	first, last := math.Floor(math.Log10(lo)), math.Ceil(math.Log10(hi))
	every := math.Ceil((last - first) / 6)
	var out []plot.Tick
	for e := first; e <= last; e++ {
		for _, m := range []float64{1, 2, 5} {
			v := m * math.Pow(10, e)
			if v < lo*(1-1e-9) || v > hi*(1+1e-9) || m > 1 && (every > 1 || last-first > 3) {
				continue
			}
			label := ""
			if m == 1 && math.Mod(e, every) == 0 || m > 1 && last-first <= 2 {
				label = powerName(v)
			}
			out = append(out, plot.Tick{Value: v, Label: label})
		}
	}
	return out
}

func powerName(v float64) string {
	if v >= 1e6 || v < 1e-4 {
		return minus(strconv.FormatFloat(v, 'e', -1, 64))
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// bent is linear between −1 and 1 and goes by powers of ten beyond, so that small and large effects fit on
// one axis and zero has a place.
func bent(x float64) float64 {
	if math.Abs(x) <= 1 || math.IsNaN(x) {
		return x
	}
	return math.Copysign(1+math.Log10(math.Abs(x)), x)
}

// bentTicks are the numbers that a bent axis shows.
func bentTicks(s span) []float64 {
	var out []float64
	for _, v := range []float64{-100, -30, -10, -3, -1, -0.5, 0, 0.5, 1, 3, 10, 30, 100, 300} {
		if v >= s.lo && v <= s.hi {
			out = append(out, v)
		}
	}
	return out
}
