package figures

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Path is how the evidence about one hypothesis grew, block by block.
type Path struct {
	Alias, Title, Verdict string
	V, R                  []float64 // for the statement and against it
	TV, TR                []float64 // what they had to reach, in force at each block
}

func evidenceKeys() []key {
	return []key{
		{label: "V, for the statement", stroke: stroke(blue, 1.8)},
		{label: "R, against it", stroke: stroke(orange, 1.8, 5, 2)},
		{label: "what V has to reach", stroke: stroke(blue, 0.8, 1.5, 1.5)},
		{label: "what R has to reach", stroke: stroke(orange, 0.8, 1.5, 1.5)},
	}
}

const evidenceWords = "Evidence as e-values on a logarithmic axis: V is the most that a stake of 1 had become, from the first block on, when it was bet on the statement block by block, R the same on its opposite. " +
	"The dotted lines are the thresholds in force at each block; they fall when other hypotheses of the principle reach theirs. The first line that reaches its threshold gives the verdict, if the estimate agrees."

// Evidence draws the paths of one principle beside each other.
func Evidence(principle, name string, paths []Path) Figure {
	cols := min(3, max(1, len(paths)))
	rows := (len(paths) + cols - 1) / cols
	f := Figure{
		Name: "evidence-" + principle, Title: principle + " " + name + ": evidence for and against", keys: evidenceKeys(),
		height: vg.Length(rows)*118 + 6,
	}
	f.Words = evidenceWords + " " + verdictList(paths)
	f.paint = func(i *ink, c draw.Canvas) {
		grid := make([][]*plot.Plot, rows)
		for r := range grid {
			grid[r] = make([]*plot.Plot, cols)
			for k := range grid[r] {
				if n := r*cols + k; n < len(paths) {
					y := ""
					if k == 0 {
						y = "e-value"
					}
					x := ""
					if n+cols >= len(paths) {
						x = "block"
					}
					grid[r][k] = paths[n].chart(i, paths[n].Alias+": "+paths[n].Verdict, x, y)
				}
			}
		}
		tiles := draw.Tiles{Rows: rows, Cols: cols, PadX: 12, PadY: 22, PadTop: 18, PadRight: 6}
		for r, row := range plot.Align(grid, tiles, c) {
			for k := range row {
				if grid[r][k] != nil {
					grid[r][k].Draw(row[k])
				}
			}
		}
	}
	return f
}

// EvidenceOf draws the path of one hypothesis.
func EvidenceOf(p Path) Figure {
	f := Figure{
		Name: "evidence-" + p.Alias, Title: p.Alias + " " + p.Title, keys: evidenceKeys(), height: 230,
		Words: evidenceWords + " " + verdictList([]Path{p}),
	}
	f.paint = func(i *ink, c draw.Canvas) {
		p.chart(i, "", "block", "evidence (e-value)").Draw(draw.Crop(c, 0, -8, 0, -4))
	}
	return f
}

func verdictList(paths []Path) string {
	var out []string
	for _, p := range paths {
		n := len(p.V)
		if n == 0 {
			continue
		}
		out = append(out, fmt.Sprintf("%s %s after %s, V %s, R %s", p.Alias, p.Verdict, Plural(n, "block"), Num(p.V[n-1]), Num(p.R[n-1])))
	}
	return "At the end: " + strings.Join(out, "; ") + "."
}

// floor is the least evidence that is drawn.
const floor = 1e-4

func (p Path) chart(i *ink, title, x, y string) *plot.Plot {
	c := i.chart("", x, y)
	c.Add(above{i, title})
	s := span{0.5, 2}
	for _, vs := range [][]float64{p.V, p.R, p.TV, p.TR} {
		for _, v := range vs {
			if v > 0 {
				s.see(max(v, floor))
			}
		}
	}
	c.Y.Min, c.Y.Max = s.lo/1.4, s.hi*1.9
	c.Y.Scale, c.Y.Tick.Marker = logarithmic{}, powers{}
	c.X.Min, c.X.Max = 0, float64(max(len(p.V), 1))
	c.X.Tick.Marker = round{n: 6, whole: true}
	c.Add(grid{y: true})
	for _, l := range []struct {
		ys  []float64
		s   draw.LineStyle
		own bool
	}{{p.TV, stroke(blue, 0.8, 1.5, 1.5), false}, {p.TR, stroke(orange, 0.8, 1.5, 1.5), false}, {p.R, stroke(orange, 1.6, 5, 2), true}, {p.V, stroke(blue, 1.6), true}} {
		var pts plotter.XYs
		if l.own {
			pts = append(pts, plotter.XY{X: 0, Y: 1})
		}
		for k, v := range l.ys {
			v = min(max(v, floor), c.Y.Max)
			if math.IsNaN(v) {
				continue
			}
			if !l.own {
				pts = append(pts, plotter.XY{X: float64(k), Y: v}) // in force from the block before on
			}
			pts = append(pts, plotter.XY{X: float64(k + 1), Y: v})
		}
		c.Add(polyline(pts, l.s))
	}
	return c
}
