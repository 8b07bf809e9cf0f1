package report

import (
	"errors"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"

	"tenet/hypotheses"
	"tenet/internal/report/figures"
	"tenet/internal/store"
	"tenet/runner"
)

// figure is a plot as it stands in the page.
type figure struct {
	Title, Words string
	SVG          template.HTML // made by plot.svg, which escapes every text
}

func sketched(p plot) figure {
	return figure{p.title, p.words, template.HTML(p.svg())} //nolint:gosec // see the field
}

// pictures are those of the study as a whole. They are drawn in a room of their own, which escapes every text.
func pictures(all []figures.Figure) ([]figure, error) {
	var out []figure
	for _, f := range all {
		svg, err := f.Inline()
		if err != nil {
			return nil, err
		}
		out = append(out, figure{f.Title, f.Words, template.HTML(svg)}) //nolint:gosec // see above
	}
	return out, nil
}

// figures draws what a decided hypothesis has to show.
func (c *collector) figures(v hypothesisView) ([]figure, error) {
	out := []figure{sketched(evidencePlot(v.Hypothesis)), sketched(blocksPlot(v))}
	path, err := hypotheses.Path(v.Hypothesis, v.Blocks)
	if err != nil {
		return out, err
	}
	out = append(out, sketched(intervalPlot(v.Hypothesis, path)))
	curves, err := c.curvesPlot(v)
	if err != nil || curves == nil {
		return out, err
	}
	return append(out, sketched(*curves)), nil
}

// evidencePlot is the e-process over the blocks.
func evidencePlot(h hypotheses.Hypothesis) plot {
	v := h.Verdict
	p := plot{
		title:  "Evidence for and against " + h.Alias,
		xLabel: "blocks", yLabel: "evidence (e-value)", logY: true, wholeX: true,
		series: []series{
			{name: "V, for the statement", class: "c1", xs: upTo(len(v.VPath)), ys: floats(v.VPath)},
			{name: "R, against it", class: "c2", dashed: true, xs: upTo(len(v.RPath)), ys: floats(v.RPath)},
		},
		rules: []rule{{float64(v.TV), "T = " + num(float64(v.TV)), "c1"}},
	}
	if v.TR != v.TV {
		p.rules = append(p.rules, rule{float64(v.TR), "T against = " + num(float64(v.TR)), "c2"})
	}
	p.words = fmt.Sprintf("After %s, V, the evidence for the statement, stands at %s of the %s it takes; R, the evidence against it, at %s of %s.",
		plural(v.Stop, "block"), shown(v.V, v.TV), num(float64(v.TV)), shown(v.R, v.TR), num(float64(v.TR)))
	return p
}

// blocksPlot shows the number each block gave, with what was asked and what came out.
func blocksPlot(v hypothesisView) plot {
	h := v.Verdict
	p := plot{title: "What each block gave, " + v.Alias, xLabel: "block", yLabel: "D", wholeX: true}
	s := series{name: "D of a block", class: "c1", dots: true}
	var apart []string
	for _, b := range v.Blocks {
		d, err := strconv.ParseFloat(b.D, 64)
		if err != nil || math.IsInf(d, 0) || math.IsNaN(d) {
			apart = append(apart, fmt.Sprintf("block %d is %s", b.B+1, b.D))
			continue
		}
		s.xs, s.ys = append(s.xs, float64(b.B+1)), append(s.ys, d)
	}
	p.series = []series{s}
	p.words = fmt.Sprintf("%s gave a number.", plural(len(s.ys), "block"))
	if len(s.ys) > 0 {
		p.words = fmt.Sprintf("%s gave numbers between %s and %s.", plural(len(s.ys), "block"), num(slices.Min(s.ys)), num(slices.Max(s.ys)))
	}
	for i, a := range apart {
		if i < 5 {
			p.words += " " + a + "."
		}
	}
	if d := v.Decision; d != nil {
		p.rules = append(p.rules, rule{float64(d.Theta0), "θ₀ = " + num(float64(d.Theta0)), "c3"})
		if d.Delta != d.Theta0 {
			p.rules = append(p.rules, rule{float64(d.Delta), "Δ = " + num(float64(d.Delta)), "c4"})
		}
		p.words += fmt.Sprintf(" The line θ₀ is at %s, the smallest effect worth having, Δ, at %s.", num(float64(d.Theta0)), num(float64(d.Delta)))
	}
	if lo, hi := float64(h.Lower), float64(h.Upper); !math.IsNaN(lo) && !math.IsNaN(hi) && lo <= hi && !(math.IsInf(lo, 0) && math.IsInf(hi, 0)) {
		p.band = &[2]float64{lo, hi}
	}
	p.words += fmt.Sprintf(" The estimate is %s, the shaded bounds run from %s to %s.", num(float64(h.Estimate)), num(float64(h.Lower)), num(float64(h.Upper)))
	return p
}

// intervalPlot is the estimate after each block with its confidence sequence.
func intervalPlot(h hypotheses.Hypothesis, path []hypotheses.Step) plot {
	p := plot{title: "Estimate and confidence sequence, " + h.Alias, xLabel: "blocks", yLabel: "centre of D", wholeX: true}
	est := series{name: "estimate", class: "c1"}
	lo, hi := series{name: "95 % at any block", class: "c2", dashed: true}, series{class: "c2", dashed: true, quiet: true}
	first := 0
	for _, s := range path {
		x := float64(s.B + 1)
		est.xs, est.ys = append(est.xs, x), append(est.ys, s.Estimate)
		lo.xs, lo.ys = append(lo.xs, x), append(lo.ys, s.Confidence.Lower)
		hi.xs, hi.ys = append(hi.xs, x), append(hi.ys, s.Confidence.Upper)
		if first == 0 && !math.IsInf(s.Confidence.Lower, 0) && !math.IsInf(s.Confidence.Upper, 0) {
			first = s.B + 1
		}
	}
	p.series = []series{est, lo, hi}
	if d := h.Decision; d != nil {
		p.rules = append(p.rules, rule{float64(d.Theta0), "θ₀ = " + num(float64(d.Theta0)), "c3"})
		if d.Delta != d.Theta0 {
			p.rules = append(p.rules, rule{float64(d.Delta), "Δ = " + num(float64(d.Delta)), "c4"})
		}
	}
	p.words = "The confidence sequence is open on at least one side at every block."
	if n := len(path); n > 0 {
		last := path[n-1].Confidence
		if first > 0 {
			p.words = fmt.Sprintf("The confidence sequence is closed from block %d on.", first)
		}
		p.words += fmt.Sprintf(" After %s the estimate is %s, and with 95 %% confidence the centre of D lies between %s and %s, at whatever block one stops.", plural(n, "block"), num(path[n-1].Estimate), num(last.Lower), num(last.Upper))
	}
	return p
}

// curvesPlot lays the training curves of the first blocks over each other, one colour an arm.
func (c *collector) curvesPlot(v hypothesisView) (*plot, error) {
	p := plot{title: "Training curves, " + v.Alias, xLabel: "step", yLabel: "loss"}
	type line struct {
		arm int
		pts []runner.Point
	}
	var lines []line
	test := true
	for _, b := range v.Blocks[:min(len(v.Blocks), c.o.Curves)] {
		for i, ref := range b.Trials {
			t, err := store.Get[runner.Trial](c.tx, runner.KindTrial, ref.TrialID)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			pts, err := runner.Curve(c.lib, t)
			if err != nil || len(pts) == 0 {
				continue // a curve that is gone is told by the trace
			}
			lines = append(lines, line{arm: i, pts: pts})
			test = test && slices.ContainsFunc(pts, func(p runner.Point) bool { return !math.IsNaN(p.TestError) })
		}
	}
	if len(lines) == 0 {
		return nil, nil //nolint:nilnil // nothing to draw is no error
	}
	if test {
		p.yLabel = "test error"
	}
	ends := map[int][]float64{}
	named := map[int]bool{}
	for _, l := range lines {
		s := series{class: "c" + strconv.Itoa(l.arm%6+1), thin: true, dashed: (l.arm+l.arm/6)%2 == 1, quiet: named[l.arm]}
		s.name = v.Blocks[0].Trials[min(l.arm, len(v.Blocks[0].Trials)-1)].Arm
		named[l.arm] = true
		for _, pt := range l.pts {
			y := pt.Loss
			if test {
				if y = pt.TestError; math.IsNaN(y) {
					continue
				}
			}
			s.xs, s.ys = append(s.xs, float64(pt.Step)), append(s.ys, y)
		}
		if n := len(s.ys); n > 0 {
			ends[l.arm] = append(ends[l.arm], s.ys[n-1])
		}
		p.series = append(p.series, s)
	}
	p.words = fmt.Sprintf("%s of the first %s.", p.yLabel, plural(min(len(v.Blocks), c.o.Curves), "block"))
	for arm := range len(v.Blocks[0].Trials) {
		if ys := ends[arm]; len(ys) > 0 {
			p.words += fmt.Sprintf(" %s ends between %s and %s.", v.Blocks[0].Trials[arm].Arm, num(slices.Min(ys)), num(slices.Max(ys)))
		}
	}
	return &p, nil
}

func upTo(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(i + 1)
	}
	return out
}

func floats(rs []store.Real) []float64 {
	out := make([]float64, len(rs))
	for i, r := range rs {
		out[i] = float64(r)
	}
	return out
}
