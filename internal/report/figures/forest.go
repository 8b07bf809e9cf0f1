package figures

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Group is a principle with its decided hypotheses.
type Group struct {
	Alias, Name string
	Effects     []Effect
}

// Effect is what was found about one hypothesis, in the units of its D.
type Effect struct {
	Alias, Title           string
	Kind                   string // greater, equivalent, different
	Verdict, Reason        string
	Estimate, Lower, Upper float64
	Theta0, Delta, Scale   float64
	Blocks                 int
}

// The units in which an effect is put on the common axis.
const (
	inSteps   = iota // (x − θ0)/(Δ − θ0): 0 is no effect, 1 the smallest worth having
	inMargins        // x/Δ: inside ±1 the sides are equivalent
	inSpreads        // (x − θ0)/spread, where Δ is θ0 and so is no unit
)

func (e Effect) unit() int {
	switch {
	case e.Kind == "equivalent":
		return inMargins
	case e.Delta == e.Theta0:
		return inSpreads
	}
	return inSteps
}

// on puts a number of the effect's D on the common axis.
func (e Effect) on(x float64) float64 {
	from, unit := e.Theta0, e.Delta-e.Theta0
	switch e.unit() {
	case inMargins:
		from, unit = 0, e.Delta
	case inSpreads:
		unit = e.Scale
	}
	switch {
	case math.IsNaN(x):
		return x
	case x == from:
		return 0
	case unit == 0:
		return math.Copysign(math.Inf(1), x-from)
	}
	return (x - from) / unit
}

// rowHeight lets some fifty rows fit on a printed page.
const rowHeight = 11.4

// Columns of a forest, in points from its left side.
const (
	forestLeft  = 196
	forestRight = 338
	forestSays  = 346
	forestNums  = 502
)

// Forest draws every decided hypothesis with its bounds, principle by principle.
func Forest(groups []Group) Figure {
	rows, n := 0, 0
	seen := map[string]bool{}
	units := map[int]int{}
	for _, g := range groups {
		rows += 1 + len(g.Effects)
		n += len(g.Effects)
		for _, e := range g.Effects {
			seen[e.Verdict] = true
			units[e.unit()]++
		}
	}
	f := Figure{
		Name: "forest", Title: "What was found: every hypothesis with a verdict",
		keys: verdictKeys(seen), height: vg.Length(rows)*rowHeight + 44,
	}
	f.paint = func(i *ink, c draw.Canvas) { forest(i, c, groups) }
	f.Words = fmt.Sprintf("%s with a verdict, by principle. Marks are estimates; bars reach from the lower to the upper bound, each at 95 %% on its own side and valid at whatever block one stops; an arrow means that a bound is open or beyond the axis. "+
		"The axis is in steps of what each plan asked for: 0 is its θ₀ and 1 its Δ, the smallest effect worth having, (x − θ₀)/(Δ − θ₀), for %d of them. ", Plural(n, "hypothesis"), units[inSteps])
	if k := units[inMargins]; k > 0 {
		f.Words += fmt.Sprintf("≈ marks %d plans of equivalence, x/Δ: between −1 and 1 the sides count as equal. ", k)
	}
	if k := units[inSpreads]; k > 0 {
		f.Words += fmt.Sprintf("† marks %d plans whose Δ is θ₀ and gives no unit: (x − θ₀)/spread of D. ", k)
	}
	f.Words += "Steps of different plans are of different size, so bars are compared with 0 and ±1, not with each other; the numbers on the right are in the units of each D. The axis is linear between −1 and 1 and logarithmic beyond. " +
		"k is the number of blocks (seeds). Popular beliefs are listed as believed: refuted means that the belief fell."
	return f
}

func forestSpan(groups []Group) span {
	s := nothing()
	s.see(-1, 2)
	for _, g := range groups {
		for _, e := range g.Effects {
			s.see(e.on(e.Estimate), e.on(e.Lower), e.on(e.Upper))
		}
	}
	s = span{bent(max(s.lo, -100)), bent(min(s.hi, 300))}
	return s.room(0.04)
}

func forest(i *ink, c draw.Canvas, groups []Group) {
	s := forestSpan(groups)
	x0, x1 := c.Min.X+forestLeft, c.Min.X+forestRight
	x := func(v float64) vg.Length {
		return x0 + vg.Length((s.clamp(bent(v))-s.lo)/(s.hi-s.lo))*(x1-x0)
	}
	top, bottom := c.Max.Y-16, c.Min.Y+26
	head := i.bold(7.5, dim)
	i.write(c, head, c.Min.X, top+5, left, "hypothesis")
	i.write(c, head, c.Min.X+forestSays, top+5, left, "verdict")
	i.write(c, head, c.Min.X+forestNums, top+5, right, "estimate [bounds]")
	i.write(c, head, c.Max.X, top+5, right, "k")
	last := vg.Length(math.Inf(-1))
	for _, v := range bentTicks(span{-1e9, 1e9}) {
		if b := bent(v); b < s.lo || b > s.hi {
			continue
		}
		line := stroke(pale, 0.5)
		switch v {
		case 0:
			line = stroke(dark, 0.8)
		case 1, -1:
			line = stroke(mid, 0.7, 2, 2)
		}
		c.StrokeLine2(line, x(v), bottom, x(v), top)
		if label := Num(v); x(v)-last > i.width(i.text(7.5, dim), label)+3 {
			i.write(c, i.text(7.5, dim), x(v), bottom-10, centre, label)
			last = x(v)
		}
	}
	c.StrokeLine2(stroke(mid, 0.6), x0, bottom, x1, bottom)
	i.write(c, i.text(7.5, dark), (x0+x1)/2, bottom-21, centre, "effect in steps asked for (0 = θ₀, 1 = Δ)")
	y := top - rowHeight + 3
	for _, g := range groups {
		c.SetColor(wash)
		c.Fill(box(c.Min.X, y-3.2, c.Max.X, y+rowHeight-4.2))
		i.write(c, i.bold(8, dark), c.Min.X+2, y, left, i.fit(g.Alias+"  "+g.Name, i.bold(8, dark), c.Max.X-c.Min.X-8))
		y -= rowHeight
		for _, e := range g.Effects {
			forestRow(i, c, e, s, x, y)
			y -= rowHeight
		}
	}
}

func forestRow(i *ink, c draw.Canvas, e Effect, s span, x func(float64) vg.Length, y vg.Length) {
	small := i.text(7.5, dark)
	sign := map[int]string{inMargins: "≈", inSpreads: "†"}[e.unit()]
	i.write(c, i.bold(7.5, dark), c.Min.X+8, y, left, e.Alias)
	i.write(c, small, c.Min.X+33, y, left, i.fit(e.Title, small, forestLeft-33-16))
	i.write(c, small, c.Min.X+forestLeft-9, y, centre, sign)
	m := mark(e.Verdict)
	mid := y + 2.6
	lo, hi := e.on(e.Lower), e.on(e.Upper)
	if math.IsNaN(lo) {
		lo = math.Inf(-1)
	}
	if math.IsNaN(hi) {
		hi = math.Inf(1)
	}
	bar := draw.LineStyle{Color: m.Color, Width: 1.1}
	c.StrokeLine2(bar, x(lo), mid, x(hi), mid)
	for _, end := range []struct {
		v   float64
		dir vg.Length
	}{{lo, -1}, {hi, 1}} {
		at := x(end.v)
		if b := bent(end.v); b < s.lo || b > s.hi {
			c.StrokeLines(bar, []vg.Point{{X: at - 3.5*end.dir, Y: mid + 2.5}, {X: at, Y: mid}, {X: at - 3.5*end.dir, Y: mid - 2.5}})
		} else {
			c.StrokeLine2(bar, at, mid-2, at, mid+2)
		}
	}
	if v := e.on(e.Estimate); !math.IsNaN(v) {
		c.DrawGlyphNoClip(m, vg.Point{X: x(v), Y: mid})
	}
	says := e.Verdict
	switch e.Reason {
	case "", "effect", "equivalence": // said by the verdict itself
	case "below-minimum":
		says += ", below Δ"
	default:
		says += ", " + strings.ReplaceAll(e.Reason, "-", " ")
	}
	numbers := fmt.Sprintf("%s [%s, %s]", Num(e.Estimate), Num(e.Lower), Num(e.Upper))
	room := vg.Length(forestNums-forestSays) - i.width(small, numbers) - 6
	word := i.text(7.5, m.Color.(tint))
	if i.width(word, says) > room {
		says = e.Verdict
	}
	i.write(c, word, c.Min.X+forestSays, y, left, i.fit(says, word, room))
	i.write(c, small, c.Min.X+forestNums, y, right, numbers)
	i.write(c, small, c.Max.X, y, right, fmt.Sprint(e.Blocks))
}
