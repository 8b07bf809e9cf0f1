package report

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
	"strconv"
	"strings"

	"tenet/internal/report/figures"
)

// series is one line or cloud of a plot. Its class names a colour of the page,
// its mark how it is told apart without colour.
type series struct {
	name   string
	class  string // c1 … c6
	xs, ys []float64
	dots   bool // points without a line
	dashed bool
	thin   bool
	quiet  bool // not in the legend
}

// rule is a horizontal line with a name.
type rule struct {
	y     float64
	label string
	class string
}

// plot is a picture with axes. Everything it shows is also in its words.
type plot struct {
	title, words   string
	xLabel, yLabel string
	logY           bool
	wholeX         bool // x counts things
	series         []series
	rules          []rule
	band           *[2]float64 // a range of y to shade
}

const (
	plotW, plotH                         = 520.0, 280.0
	marginL, marginR, marginT, marginB   = 60.0, 14.0, 16.0, 46.0
	legendStep, legendChar, legendSwatch = 18.0, 6.6, 30.0
	nameHeight                           = 12.0
)

// frame maps numbers to places in the picture.
type frame struct {
	x0, x1, y0, y1 float64
	log            bool
	top            float64
}

func (f frame) x(v float64) float64 {
	return marginL + (v-f.x0)/(f.x1-f.x0)*(plotW-marginL-marginR)
}

func (f frame) y(v float64) float64 {
	if f.log {
		v = math.Log10(v)
	}
	return f.top + (f.y1-v)/(f.y1-f.y0)*(plotH-marginT-marginB)
}

// svg draws the plot. Numbers that cannot be drawn are left out of it; the words have them.
func (p plot) svg() string {
	legend, rows := p.legend()
	f := p.frame()
	f.top = marginT + float64(rows)*legendStep
	height := plotH + float64(rows)*legendStep
	bottom := f.top + plotH - marginT - marginB
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="plot" viewBox="0 0 %s %s" role="img" aria-label="%s"><title>%s</title><desc>%s</desc>`,
		at(plotW), at(height), html.EscapeString(p.title), html.EscapeString(p.title), html.EscapeString(p.words))
	b.WriteString(legend)
	if p.band != nil {
		lo, hi := p.bound(f, p.band[0]), p.bound(f, p.band[1])
		fmt.Fprintf(&b, `<rect class="band" x="%s" y="%s" width="%s" height="%s"/>`, at(marginL), at(f.y(hi)), at(plotW-marginL-marginR), at(f.y(lo)-f.y(hi)))
	}
	p.grid(&b, f, bottom)
	p.named(&b, f)
	for _, s := range p.series {
		s.draw(&b, f)
	}
	b.WriteString("</svg>")
	return b.String()
}

// named draws the rules with their names: above the line or, where a name stands there, below it.
func (p plot) named(b *strings.Builder, f frame) {
	rules := slices.Clone(p.rules)
	slices.SortStableFunc(rules, func(a, b rule) int { return cmp.Compare(b.y, a.y) }) // from the top down
	last := math.Inf(-1)
	for _, r := range rules {
		if f.log && r.y <= 0 {
			continue
		}
		y := f.y(r.y)
		base := y - 4
		if base-last < nameHeight {
			base = max(y+nameHeight, last+nameHeight)
		}
		last = base
		fmt.Fprintf(b, `<line class="rule %s" x1="%s" x2="%s" y1="%s" y2="%s"/><text class="rulename" x="%s" y="%s">%s</text>`,
			r.class, at(marginL), at(plotW-marginR), at(y), at(y), at(marginL+5), at(base), html.EscapeString(r.label))
	}
}

// bound keeps a band inside the picture.
func (p plot) bound(f frame, v float64) float64 {
	lo, hi := f.y0, f.y1
	if f.log {
		lo, hi = math.Pow(10, lo), math.Pow(10, hi)
	}
	return min(max(v, lo), hi)
}

// frame finds the ranges.
func (p plot) frame() frame {
	f := frame{x0: math.Inf(1), x1: math.Inf(-1), y0: math.Inf(1), y1: math.Inf(-1), log: p.logY}
	see := func(y float64) {
		if p.logY {
			y = math.Log10(y)
		}
		if !math.IsNaN(y) && !math.IsInf(y, 0) {
			f.y0, f.y1 = min(f.y0, y), max(f.y1, y)
		}
	}
	for _, s := range p.series {
		for i := range s.xs {
			f.x0, f.x1 = min(f.x0, s.xs[i]), max(f.x1, s.xs[i])
			see(s.ys[i])
		}
	}
	for _, r := range p.rules {
		see(r.y)
	}
	if p.band != nil {
		for _, y := range p.band {
			see(y)
		}
	}
	if math.IsInf(f.x0, 0) {
		f.x0, f.x1 = 0, 1
	}
	if math.IsInf(f.y0, 0) {
		f.y0, f.y1 = 0, 1
	}
	if f.x0 == f.x1 {
		f.x0, f.x1 = f.x0-0.5, f.x1+0.5
	}
	pad := max((f.y1-f.y0)*0.06, 1e-9*max(1, math.Abs(f.y1)))
	f.y0, f.y1 = f.y0-pad, f.y1+pad
	return f
}

// grid draws the axes with their numbers.
func (p plot) grid(b *strings.Builder, f frame, bottom float64) {
	for _, v := range ticks(f.y0, f.y1, 5, p.logY) {
		label, y := num(v), f.top+(f.y1-v)/(f.y1-f.y0)*(plotH-marginT-marginB)
		if p.logY {
			label = power(v)
		}
		fmt.Fprintf(b, `<line class="grid" x1="%s" x2="%s" y1="%s" y2="%s"/><text class="tick" x="%s" y="%s" text-anchor="end">%s</text>`,
			at(marginL), at(plotW-marginR), at(y), at(y), at(marginL-6), at(y+4), label)
	}
	for _, v := range ticks(f.x0, f.x1, 8, p.wholeX) {
		fmt.Fprintf(b, `<text class="tick" x="%s" y="%s" text-anchor="middle">%s</text>`, at(f.x(v)), at(bottom+16), count(v))
	}
	fmt.Fprintf(b, `<line class="axis" x1="%s" x2="%s" y1="%s" y2="%s"/>`, at(marginL), at(plotW-marginR), at(bottom), at(bottom))
	fmt.Fprintf(b, `<text class="label" x="%s" y="%s" text-anchor="middle">%s</text>`, at((marginL+plotW-marginR)/2), at(bottom+36), html.EscapeString(p.xLabel))
	mid := (f.top + bottom) / 2
	fmt.Fprintf(b, `<text class="label" x="14" y="%s" text-anchor="middle" transform="rotate(-90 14 %s)">%s</text>`, at(mid), at(mid), html.EscapeString(p.yLabel))
}

func count(v float64) string {
	if v == math.Trunc(v) {
		return strings.ReplaceAll(strconv.FormatFloat(v, 'f', 0, 64), "-", "−")
	}
	return num(v)
}

// power writes 10^v.
func power(v float64) string {
	if v == math.Trunc(v) && v >= 0 && v < 4 {
		return strconv.FormatFloat(math.Pow(10, v), 'f', 0, 64)
	}
	if v == math.Trunc(v) {
		return "10" + figures.Power(int(v))
	}
	return num(math.Pow(10, v))
}

// draw writes a series; a hole in it, where a number is missing, breaks the line, and a lone point is a dash.
func (s series) draw(b *strings.Builder, f frame) {
	var line strings.Builder
	pen := "M"
	drawn := func(i int) bool {
		return i < len(s.ys) && !math.IsNaN(s.ys[i]) && !math.IsInf(s.ys[i], 0) && !(f.log && s.ys[i] <= 0)
	}
	for i := range s.xs {
		if !drawn(i) {
			pen = "M"
			continue
		}
		px, py := at(f.x(s.xs[i])), at(f.y(s.ys[i]))
		if s.dots {
			fmt.Fprintf(b, `<circle class="dot %s" cx="%s" cy="%s" r="4"/>`, s.class, px, py)
			continue
		}
		if pen == "M" && !drawn(i+1) { // a point with a hole on either side would be a line of no length
			line.WriteString("M" + at(f.x(s.xs[i])-4) + " " + py + "h8")
			continue
		}
		line.WriteString(pen + px + " " + py)
		pen = "L"
	}
	if line.Len() > 0 {
		fmt.Fprintf(b, `<path class="%s" d="%s"/>`, s.style(), line.String())
	}
}

func (s series) style() string {
	c := "line " + s.class
	if s.dashed {
		c += " dashed"
	}
	if s.thin {
		c += " thin"
	}
	return c
}

// legend names the series above the picture, folded into rows.
func (p plot) legend() (svg string, rows int) {
	var b strings.Builder
	x := marginL
	for _, s := range p.series {
		if s.quiet {
			continue
		}
		width := legendSwatch + legendChar*float64(len([]rune(s.name))) + 16
		if rows == 0 || x+width > plotW {
			rows, x = rows+1, marginL
		}
		y := float64(rows)*legendStep - 4
		if s.dots {
			fmt.Fprintf(&b, `<circle class="dot %s" cx="%s" cy="%s" r="4"/>`, s.class, at(x+12), at(y-4))
		} else {
			s.thin = false
			fmt.Fprintf(&b, `<path class="%s" d="M%s %sh24"/>`, s.style(), at(x), at(y-4))
		}
		fmt.Fprintf(&b, `<text class="legend" x="%s" y="%s">%s</text>`, at(x+legendSwatch), at(y), html.EscapeString(s.name))
		x += width
	}
	return b.String(), rows
}

// at writes a place with one decimal, so that the same report has the same bytes.
func at(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// ticks picks about n round numbers between lo and hi; whole asks for integers.
func ticks(lo, hi float64, n int, whole bool) []float64 {
	raw := (hi - lo) / float64(n)
	if !(raw > 0) || math.IsInf(raw, 0) {
		return nil
	}
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	step := unit
	for _, m := range []float64{1, 2, 5, 10} {
		if step = m * unit; step >= raw {
			break
		}
	}
	if whole {
		step = max(1, math.Round(step))
	}
	var out []float64
	for k := math.Ceil(lo / step); k*step <= hi && len(out) < 50; k++ {
		out = append(out, k*step)
	}
	return out
}
