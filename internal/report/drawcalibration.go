package report

import (
	"fmt"
	"slices"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/report/figures"
)

// calibration draws expectations against outcomes.
func (g *gathered) calibration(d *Drawn) error {
	var all []hypotheses.Forecast
	for _, h := range g.plans {
		if f, ok := hypotheses.ForecastOf(h.Hypothesis); ok {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		d.Missing = append(d.Missing, "calibration: no hypothesis with an expected probability has a verdict yet")
		return nil
	}
	d.Figures = append(d.Figures, figures.Calibration(scored(all)))
	return nil
}

// scored is what the table of the report says too, with the names of those that did not come.
func scored(all []hypotheses.Forecast) figures.Forecasts {
	c := hypotheses.Calibrate(all)
	f := figures.Forecasts{N: c.N, Came: c.Hits, Brier: c.Brier, BaseRate: float64(c.Hits) / float64(c.N), Base: c.Constant}
	for _, b := range c.Bins {
		f.Bins = append(f.Bins, figures.Bin{From: b.From, To: b.To, Mean: b.Mean, N: b.N, Came: b.Hits})
	}
	var open, failed []string
	for _, x := range all {
		switch text := fmt.Sprintf("%s (%.2f)", x.Hypothesis, x.P); {
		case x.Hit():
		case x.Decided():
			failed = append(failed, text)
		default:
			open = append(open, text)
		}
	}
	if len(failed) > 0 {
		slices.Sort(failed)
		f.Notes += "Came out otherwise, with the probability that was given: " + strings.Join(failed, ", ") + ". "
	}
	if len(open) > 0 {
		decided := slices.DeleteFunc(slices.Clone(all), func(x hypotheses.Forecast) bool { return !x.Decided() })
		f.Notes += fmt.Sprintf("Undecided, counted as not come: %s; over the decided alone the Brier score is %s.", strings.Join(open, ", "), thousandth(hypotheses.Calibrate(decided).Brier))
	}
	return f
}
