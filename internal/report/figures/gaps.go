package figures

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Matrix is principles × settings: what was tried where, and what trying it elsewhere would take.
type Matrix struct {
	Principles []Heading
	Settings   []string
	Cells      [][]Cell // by setting, then by principle
	Basis      string   // what the prices rest on
}

// Heading is the name of a principle.
type Heading struct{ Alias, Name string }

// Cell is one principle in one setting. Either it has entries or it has a price.
type Cell struct {
	Entries []Entry
	Price   Price
}

// Entry is a hypothesis in its cell; Verdict is "" while there is none.
type Entry struct{ Alias, Verdict string }

// Price is what one hypothesis in an empty cell would take.
type Price struct {
	Trials  float64
	Minutes float64 // of one processor core
	WattH   float64
}

// Sum adds prices.
func (p Price) Sum(o Price) Price {
	return Price{p.Trials + o.Trials, p.Minutes + o.Minutes, p.WattH + o.WattH}
}

const (
	matrixLeft = 74
	matrixTop  = 60
	cellLine   = 8.8
)

// lines is how many rows of entries the cells of a setting take, three at least for the price.
func (m Matrix) lines(setting int) int {
	n := 3
	for _, c := range m.Cells[setting] {
		n = max(n, (len(c.Entries)+m.abreast()-1)/m.abreast())
	}
	return n
}

// wide is how wide a cell is.
func (m Matrix) wide() vg.Length {
	return (sheetWidth - 2*margin - matrixLeft) / vg.Length(max(1, len(m.Principles)))
}

// abreast is how many entries fit beside each other in a cell.
func (m Matrix) abreast() int {
	if m.wide() < 42 {
		return 1
	}
	return 2
}

// Gaps draws the matrix.
func Gaps(m Matrix) Figure {
	h := vg.Length(matrixTop)
	empty, filled := 0, 0
	var sum Price
	seen := map[string]bool{}
	open := false
	for s := range m.Settings {
		h += vg.Length(m.lines(s))*cellLine + 7
		for _, c := range m.Cells[s] {
			if len(c.Entries) > 0 {
				filled++
				for _, e := range c.Entries {
					seen[e.Verdict] = true
					open = open || e.Verdict == ""
				}
				continue
			}
			empty++
			sum = sum.Sum(c.Price)
		}
	}
	f := Figure{Name: "gaps", Title: "What was tried where, and what the gaps would cost", height: h, keys: verdictKeys(seen)}
	if open {
		g := mark("")
		f.keys = append(f.keys, key{label: "no verdict yet", mark: &g})
	}
	f.keys = append(f.keys, key{label: "no hypothesis: what one would take", stroke: stroke(pale, 9)})
	f.Words = fmt.Sprintf("Principles across, settings (task and kind of net) downwards. %d of %d cells have hypotheses, with their verdicts; each of the %d empty ones shows what one hypothesis there would take: trials, minutes of one processor core, watt-hours. All empty cells together: %s trials, %s, %s. %s",
		filled, filled+empty, empty, Num(math.Round(sum.Trials)), minutes(sum.Minutes), watts(sum.WattH), m.Basis)
	f.paint = func(i *ink, c draw.Canvas) { m.draw(i, c) }
	return f
}

func minutes(v float64) string {
	switch {
	case v >= 600:
		return Num(v/60) + " h"
	case v >= 10:
		return fmt.Sprintf("%.0f min", v)
	}
	return two(v) + " min"
}

func watts(v float64) string {
	switch {
	case v >= 1000:
		return Num(v/1000) + " kWh"
	case v >= 10:
		return fmt.Sprintf("%.0f Wh", v)
	}
	return two(v) + " Wh"
}

// two writes a small number with two significant digits.
func two(v float64) string { return minus(strconv.FormatFloat(v, 'g', 2, 64)) }

func (m Matrix) draw(i *ink, c draw.Canvas) {
	wide := m.wide()
	for k, p := range m.Principles {
		x := c.Min.X + matrixLeft + (vg.Length(k)+0.5)*wide
		i.write(c, i.bold(8.5, dark), x, c.Max.Y-9, centre, p.Alias)
		lines := i.wrap(p.Name, i.text(7, dim), wide-4)
		for n, l := range lines {
			if n == 4 {
				l = i.fit(strings.Join(lines[4:], " "), i.text(7, dim), wide-4)
			}
			if n < 5 {
				i.write(c, i.text(7, dim), x, c.Max.Y-18-vg.Length(n)*8, centre, l)
			}
		}
	}
	y := c.Max.Y - matrixTop
	for s, name := range m.Settings {
		h := vg.Length(m.lines(s))*cellLine + 7
		lines := i.wrap(strings.ReplaceAll(name, " / ", " /\n"), i.text(8, dark), matrixLeft-6)
		for n, l := range lines {
			i.write(c, i.text(8, dark), c.Min.X, y-h/2-3+vg.Length(len(lines)-1)*4.8-vg.Length(n)*9.6, left, l)
		}
		for k, cell := range m.Cells[s] {
			x := c.Min.X + matrixLeft + vg.Length(k)*wide
			m.cell(i, c, cell, x, y, wide, h)
		}
		y -= h
	}
}

func (m Matrix) cell(i *ink, c draw.Canvas, cell Cell, x, y, w, h vg.Length) {
	c.SetColor(wash)
	if len(cell.Entries) > 0 {
		c.SetColor(paper)
	}
	c.Fill(box(x+1, y-h+1, x+w-1, y-1))
	c.SetLineStyle(stroke(pale, 0.6))
	c.Stroke(box(x+1, y-h+1, x+w-1, y-1))
	if len(cell.Entries) == 0 {
		for n, l := range []string{Num(math.Round(cell.Price.Trials)) + " trials", minutes(cell.Price.Minutes), watts(cell.Price.WattH)} {
			i.write(c, i.text(7, dim), x+w/2, y-h/2+7-vg.Length(n)*cellLine, centre, i.fit(l, i.text(7, dim), w-4))
		}
		return
	}
	per := m.abreast()
	rows := (len(cell.Entries) + per - 1) / per
	for n, e := range cell.Entries {
		g := mark(e.Verdict)
		g.Radius *= 0.75
		at := vg.Point{X: x + w/2 - 9, Y: y - h/2 + vg.Length(rows-1)*cellLine/2 - vg.Length(n/per)*cellLine}
		if len(cell.Entries) > 1 && per > 1 {
			at.X = x + max(4, w/4-9) + vg.Length(n%2)*(w-2)/2
		}
		c.DrawGlyphNoClip(g, at)
		i.write(c, i.text(7, dark), at.X+3.6, at.Y-2.5, left, i.fit(e.Alias, i.text(7, dark), w/vg.Length(per)-7.6))
	}
}
