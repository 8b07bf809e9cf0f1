package tui

import (
	"fmt"
	"math"
	"strconv"
)

// evidencePane is the plot of V and R, then the training curves; before the
// first block it is the preview of the cost.
func (a *App) evidencePane(w, h int) []string {
	blocks, t := a.evidence()
	look := a.lookNow()
	if look == lookCurves {
		return a.curvePane(w, h)
	}
	if len(blocks) == 0 && !a.liveHere() {
		return a.previewPane(w, h)
	}
	var rows []string
	half := h
	if h >= 14 && (look == lookInterval || len(a.curvesNow()) > 0) {
		half = (h + 1) / 2
	}
	rows = append(rows, a.evidenceHead(w, blocks))
	said := a.estimateRows(w, blocks, t)
	plotH := half - 1 - len(said)
	if h < 9 {
		plotH = 0
	}
	if plotH >= 3 {
		rows = append(rows, a.pen.chart(evidenceSeries(blocks), w, plotH, true, t, "T")...)
	} else if len(blocks) > 0 {
		rows = append(rows, a.pen.line(w).text(" V ").text(a.pen.spark(vOf(blocks), w-6)).end())
	}
	rows = append(rows, said...)
	switch {
	case half == h:
	case look == lookInterval:
		rows = append(rows, a.intervalPane(w, h-len(rows), blocks)...)
	default:
		rows = append(rows, a.curvePane(w, h-len(rows))...)
	}
	return a.pen.tall(rows, w, h)
}

// What stands under the evidence; v goes from one to the next.
const (
	lookInterval = iota
	lookBoth
	lookCurves
	looks
)

// lookNow is what is looked at: first the confidence sequence, of a live run
// first the training curves. What there is nothing to draw of is passed over.
func (a *App) lookNow() int {
	look := a.lab.look
	if a.liveHere() {
		look++
	}
	look %= looks
	blocks, _ := a.evidence()
	switch {
	case len(a.curvesNow()) == 0:
		return lookInterval
	case look == lookInterval && len(blocks) == 0:
		return lookBoth
	}
	return look
}

// intervalPane draws, after every block, the estimate and the bounds that hold
// with 95 % confidence wherever one stops.
func (a *App) intervalPane(w, h int, blocks []blockRow) []string {
	l := a.pen.line(w).put(a.th.dim, "D so far").text(" ").put(a.th.good, a.seriesSign(0, false)+"estimate")
	l.text(" ").put(a.th.series2, a.seriesSign(1, true)+"95 % at any block").text(" ").put(a.th.dim, a.seriesSign(3, false)+"θ₀")
	rows := []string{l.end()}
	if h < 4 || len(blocks) == 0 {
		return a.pen.tall(rows, w, h)
	}
	est, lo, hi := series{name: "estimate"}, series{name: "lower", dash: true}, series{name: "upper", dash: true}
	for i, b := range blocks {
		x := float64(i + 1)
		est.pts, lo.pts, hi.pts = append(est.pts, point{x, b.Est}), append(lo.pts, point{x, b.CLo}), append(hi.pts, point{x, b.CHi})
		if b.CLo == 0 && b.CHi == 0 { // not known
			lo.pts, hi.pts = lo.pts[:len(lo.pts)-1], hi.pts[:len(hi.pts)-1]
		}
	}
	theta0, delta := decimalOf(a.lab.hyp.Theta0), decimalOf(a.lab.hyp.Delta)
	null := series{name: "θ₀", pts: []point{{1, theta0}, {float64(max(len(blocks), 2)), theta0}}}
	rows = append(rows, a.pen.chart([]series{est, hi, lo, null}, w, h-2, false, delta, "Δ")...)
	return a.pen.tall(append(rows, a.pen.line(w).put(a.th.dim, "      block 1").right(a.th.dim, fmt.Sprint(len(blocks))).end()), w, h)
}

// decimalOf reads a number of the plan; 0 where it is none.
func decimalOf(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return f
}

func (a *App) evidenceHead(w int, blocks []blockRow) string {
	l := a.pen.line(w).put(a.th.dim, "evidence")
	if n := len(blocks); n > 0 {
		b := blocks[n-1]
		l.text(fmt.Sprintf(" block %d  ", b.B)).put(a.th.good, a.seriesSign(0, false)+"V for "+shown(b.V, b.TV))
		l.text("  ").put(a.th.series2, a.seriesSign(1, true)+"R against "+shown(b.R, b.TR))
	} else {
		l.text("  no block finished yet")
	}
	return l.end()
}

func vOf(blocks []blockRow) []float64 {
	var out []float64
	for _, b := range blocks {
		out = append(out, b.V)
	}
	return out
}

func evidenceSeries(blocks []blockRow) []series {
	v, r := series{name: "V"}, series{name: "R", dash: true}
	v.pts = append(v.pts, point{0, 1})
	r.pts = append(r.pts, point{0, 1})
	for i, b := range blocks {
		if b.Void {
			continue
		}
		v.pts = append(v.pts, point{float64(i + 1), b.V})
		r.pts = append(r.pts, point{float64(i + 1), b.R})
	}
	return []series{v, r}
}

// estimateRows say where the estimate stands and which conditions of a verdict
// are met, so that a full curve without a verdict explains itself.
func (a *App) estimateRows(w int, blocks []blockRow, t float64) []string {
	if len(blocks) == 0 {
		return nil
	}
	b := blocks[len(blocks)-1]
	x := &a.lab.hyp
	lo, hi, sure := b.CLo, b.CHi, "95 %: "
	if lo == 0 && hi == 0 {
		lo, hi, sure = b.Lo, b.Hi, "bounds "
	}
	between := sure + num(lo) + " to " + num(hi)
	if !sound(lo) && !sound(hi) {
		between = "no bounds yet"
	}
	rows := []string{a.pen.line(w).text(fmt.Sprintf(" est %s  %s  Δ %s  θ₀ %s", num(b.Est), between, x.Delta, x.Theta0)).end()}
	tv, tr := b.TV, b.TR
	if tv == 0 {
		tv, tr = t, t
	}
	over := settled(x.Verdict)
	side := func(name string, e, t, sign float64) string {
		if t <= 0 {
			return ""
		}
		s := fmt.Sprintf("%s %s of T %s %s", name, shown(e, t), num(t), yesNo(e >= t, over))
		if e >= t && sign > 0 { // the guard matters once T is reached
			s += ", guard " + yesNo(sign >= math.Sqrt(t), over)
		}
		return s
	}
	rows = append(rows, a.pen.line(w).text(" "+side("V", b.V, tv, b.SV)+" · "+side("R", b.R, tr, b.SR)).end())
	gate := fmt.Sprintf(" est ≥ Δ %s · blocks ≥ %d %s", yesNo(b.Est >= decimalOf(x.Delta), over), x.NMin, yesNo(len(blocks) >= x.NMin, over))
	if x.Direction == "equivalent" {
		gate = fmt.Sprintf(" |est| < Δ %s · blocks ≥ %d %s", yesNo(math.Abs(b.Est) < decimalOf(x.Delta), over), x.NMin, yesNo(len(blocks) >= x.NMin, over))
	}
	return append(rows, a.pen.line(w).text(gate).end())
}

func yesNo(ok, over bool) string {
	switch {
	case ok:
		return "yes"
	case over:
		return "no"
	}
	return "not yet"
}

// curvesNow gives the curves to draw: of the live run, else those kept.
func (a *App) curvesNow() []series {
	if a.liveHere() {
		return a.live.seen.curves
	}
	if a.lab.curvesOf == a.lab.hyp.ID {
		return a.lab.curves
	}
	return nil
}

func (a *App) curvePane(w, h int) []string {
	curves := a.curvesNow()
	l := a.pen.line(w).put(a.th.dim, "train loss, log scale ")
	if a.liveHere() {
		l.put(a.th.dim, fmt.Sprintf("block %d ", a.live.seen.curveBlock))
	}
	styles := []style{a.th.good, a.th.series2, a.th.text, a.th.dim}
	for i, c := range curves {
		l.text(" ").put(styles[i%4], a.seriesSign(i, c.dash)+clean(c.name))
	}
	rows := []string{l.end()}
	if h > 2 {
		rows = append(rows, a.pen.chart(curves, w, h-2, true, 0, "")...)
		rows = append(rows, a.pen.line(w).put(a.th.dim, "      step 0").right(a.th.dim, lastStep(curves)).end())
	}
	return a.pen.tall(rows, w, h)
}

// seriesSign is how a legend shows series i of a plot without its colour.
func (a *App) seriesSign(i int, dash bool) string {
	switch {
	case a.th.ascii:
		return string("*o+x"[i%4]) + " "
	case dash:
		return "┄ "
	}
	return "─ "
}

func lastStep(curves []series) string {
	last := 0.0
	for _, c := range curves {
		if n := len(c.pts); n > 0 {
			last = max(last, c.pts[n-1].x)
		}
	}
	return fmt.Sprintf("%.0f", last)
}
