package tui

import (
	"fmt"
	"math"
	"strings"

	"tenet/hypotheses/decision"
)

// canvas is a grid of braille dots, two wide and four high in each cell.
type canvas struct {
	w, h  int // in cells
	cells []uint8
	owner []int8 // which series drew a cell last, 1 upward
}

func newCanvas(w, h int) *canvas {
	w, h = max(w, 0), max(h, 0)
	return &canvas{w: w, h: h, cells: make([]uint8, w*h), owner: make([]int8, w*h)}
}

// dotBits gives the bit of a dot by its row and column inside a cell.
const dotBits = "\x01\x08\x02\x10\x04\x20\x40\x80"

// dot sets one dot; x grows right, y grows down. Outside is ignored.
func (c *canvas) dot(x, y int, series int8) {
	if x < 0 || y < 0 || x >= c.w*2 || y >= c.h*4 {
		return
	}
	i := y/4*c.w + x/2
	c.cells[i] |= dotBits[y%4*2+x%2]
	c.owner[i] = series
}

// span draws the vertical dots from y0 to y1 in column x.
func (c *canvas) span(x, y0, y1 int, series int8) {
	if y0 > y1 {
		y0, y1 = y1, y0
	}
	for y := max(y0, 0); y <= min(y1, c.h*4-1); y++ {
		c.dot(x, y, series)
	}
}

// row draws cells of row y into a line, each series in its style; under
// --ascii a series has a letter of its own instead.
func (c *canvas) row(l *line, y int, styles []style) { c.rowOver(l, y, styles, ' ', 0) }

// rowOver is row with ground where no dot is, leaving out the last cells.
func (c *canvas) rowOver(l *line, y int, styles []style, ground rune, less int) {
	var run strings.Builder
	last := int8(-1)
	flush := func() {
		if run.Len() > 0 {
			st := style{}
			if last > 0 && int(last) <= len(styles) {
				st = styles[last-1]
			}
			l.put(st, run.String())
			run.Reset()
		}
	}
	for x := range max(c.w-less, 0) {
		i := y*c.w + x
		if o := c.owner[i]; o != last {
			flush()
			last = o
		}
		switch {
		case c.cells[i] == 0:
			run.WriteRune(ground)
		case l.p.th.ascii:
			run.WriteByte("*o+x"[max(c.owner[i]-1, 0)%4])
		default:
			run.WriteRune(0x2800 + rune(c.cells[i]))
		}
	}
	flush()
}

// axis maps values to dot rows.
type axis struct {
	lo, hi float64
	log    bool
}

func (a axis) pos(v float64) float64 {
	lo, hi := a.lo, a.hi
	if a.log {
		lo, hi, v = math.Log10(lo), math.Log10(hi), math.Log10(max(v, a.lo))
	}
	if hi <= lo {
		return 0
	}
	r := v/2 - lo/2 // halves, so that the range of huge values does not overflow
	if r /= hi/2 - lo/2; !sound(r) {
		return 0
	}
	return max(0, min(1, r))
}

// dotRow is the dot row of v on a canvas h cells high.
func (a axis) dotRow(v float64, h int) int {
	n := h*4 - 1
	return n - int(math.Round(a.pos(v)*float64(n)))
}

// point is one value of a series.
type point struct{ x, y float64 }

// series is a named line of a plot.
type series struct {
	name string
	pts  []point // x never falls
	dash bool
}

// draw puts a series on the canvas, x over [x0,x1]. Each dot column keeps the
// least and greatest value that fall on it, so a spike one step wide is seen;
// columns between two points are joined.
func (c *canvas) draw(s series, id int8, x0, x1 float64, ax axis) {
	cols := c.w * 2
	if cols == 0 || c.h == 0 || x1 <= x0 {
		return
	}
	// A log axis spans the positive values only, so that a point beside it may lie far outside its ends.
	column := func(x float64) int { return int(max(0, min(1, (x-x0)/(x1-x0))) * float64(cols-1)) }
	prevX, prevY := -1, 0
	for i := 0; i < len(s.pts); {
		if !sound(s.pts[i].y) {
			i++
			continue
		}
		x := column(s.pts[i].x)
		lo, hi := s.pts[i].y, s.pts[i].y
		j := i + 1
		for ; j < len(s.pts); j++ {
			p := s.pts[j]
			if !sound(p.y) {
				continue
			}
			if column(p.x) != x {
				break
			}
			lo, hi = min(lo, p.y), max(hi, p.y)
		}
		y0, y1 := ax.dotRow(lo, c.h), ax.dotRow(hi, c.h)
		c.join(prevX, prevY, x, (y0+y1)/2, s.dash, id)
		if !s.dash || x%3 != 2 {
			c.span(x, y0, y1, id)
		}
		prevX, prevY = x, (y0+y1)/2
		i = j
	}
}

// join draws the slope between two dot columns.
func (c *canvas) join(x0, y0, x1, y1 int, dash bool, id int8) {
	if x0 < 0 {
		return
	}
	last := y0
	for x := x0 + 1; x < x1; x++ {
		y := y0 + (y1-y0)*(x-x0)/(x1-x0)
		if !dash || x%3 != 2 {
			c.span(x, last, y, id)
		}
		last = y
	}
	if x1 > x0 && !dash {
		c.span(x1, last, y1, id)
	}
}

func sound(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// chart draws series with a value axis in w by h cells. level, when not zero,
// is drawn as a labelled line across.
func (p *pen) chart(all []series, w, h int, log bool, level float64, levelName string) []string {
	const gutter = 6
	ax, x0, x1 := extent(all, log, level)
	c := newCanvas(max(w-gutter, 1), h)
	// The first series is drawn last: where two meet it is the one seen.
	for i := len(all) - 1; i >= 0; i-- {
		c.draw(all[i], int8(i%8+1), x0, x1, ax)
	}
	levelRow := -1
	if level > 0 {
		levelRow = ax.dotRow(level, h) / 4
	}
	styles := []style{p.th.good, p.th.series2, p.th.text, p.th.dim, p.th.good, p.th.series2, p.th.text, p.th.dim}
	rows := make([]string, 0, h)
	for y := range h {
		l := p.line(w)
		switch {
		case y == levelRow:
			l.num(p.th.dim, num(level), gutter-1)
			c.rowOver(l, y, styles, '┈', width(levelName)+1)
			l.put(p.th.bold, " "+levelName)
		default:
			mark := ""
			if y == 0 {
				mark = num(ax.hi)
			} else if y == h-1 {
				mark = num(ax.lo)
			} else if y == h/2 && h >= 5 {
				mark = num(ax.mid())
			}
			l.num(p.th.dim, mark, gutter-1)
			c.row(l, y, styles)
		}
		rows = append(rows, l.end())
	}
	return rows
}

func (a axis) mid() float64 {
	if a.log {
		return math.Sqrt(a.lo * a.hi)
	}
	return (a.lo + a.hi) / 2
}

// extent finds the ranges of all series.
func extent(all []series, log bool, level float64) (ax axis, x0, x1 float64) {
	lo, hi := math.Inf(1), math.Inf(-1)
	x0, x1 = math.Inf(1), math.Inf(-1)
	for _, s := range all {
		for _, p := range s.pts {
			if !sound(p.y) || log && p.y <= 0 {
				continue
			}
			lo, hi = min(lo, p.y), max(hi, p.y)
			x0, x1 = min(x0, p.x), max(x1, p.x)
		}
	}
	if level > 0 {
		hi = max(hi, level*1.3)
		lo = min(lo, level)
	}
	if log {
		lo = max(min(lo, 0.5), 1e-3)
		hi = min(max(hi, 2), 1e12)
	}
	if !sound(lo) || !sound(hi) {
		lo, hi = 0, 1
	}
	if hi <= lo {
		hi = lo + 1
	}
	if !sound(x0) || x1 <= x0 {
		x0, x1 = 0, max(1, x0+1)
		if !sound(x1) {
			x1 = 1
		}
	}
	return axis{lo, hi, log}, x0, x1
}

// num writes a number in at most five cells, for axes and rows of numbers.
func num(v float64) string {
	abs := math.Abs(v)
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case abs != 0 && (abs >= 1e5 || abs < 1e-3):
		return strings.Replace(fmt.Sprintf("%.0e", v), "e+0", "e", 1)
	case abs >= 100:
		return fmt.Sprintf("%.0f", v)
	case abs >= 10:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	}
	s := fmt.Sprintf("%.2f", v)
	return strings.TrimSuffix(s, ".00")
}

// shown writes evidence beside the threshold it has to reach.
func shown(e, t float64) string { return num(decision.Shown(e, t)) }

// spark is a one-row picture of a series in w cells.
func (p *pen) spark(vals []float64, w int) string {
	if w <= 0 || len(vals) == 0 {
		return ""
	}
	steps := []rune("▁▂▃▄▅▆▇█")
	if p.th.ascii {
		steps = []rune("_.-=+*#@")
	}
	if len(vals) > w {
		vals = vals[len(vals)-w:]
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range vals {
		if sound(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	var b strings.Builder
	for _, v := range vals {
		k := 0
		if sound(v) && hi > lo {
			k = int((v - lo) / (hi - lo) * float64(len(steps)-1))
		}
		b.WriteRune(steps[k])
	}
	return b.String()
}

// thin leaves at most n points of a series: of each stretch the least and the
// greatest, in their order, so that no spike is lost.
func thin(pts []point, n int) []point {
	if len(pts) <= n || n < 2 {
		return pts
	}
	out := make([]point, 0, n)
	buckets := n / 2
	for k := range buckets {
		from, to := k*len(pts)/buckets, (k+1)*len(pts)/buckets
		lo, hi := from, from
		for i := from; i < to; i++ {
			y := pts[i].y
			if y < pts[lo].y || !sound(pts[lo].y) {
				lo = i
			}
			if y > pts[hi].y || !sound(pts[hi].y) {
				hi = i
			}
		}
		out = append(out, pts[min(lo, hi)])
		if lo != hi {
			out = append(out, pts[max(lo, hi)])
		}
	}
	return out
}
