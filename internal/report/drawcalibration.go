package report

import (
	"fmt"
	"slices"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/report/figures"
)

// forecast is an expectation laid down before a run, and whether it came.
type forecast struct {
	name    string
	p       float64
	came    bool
	decided bool
}

// calibration draws expectations against outcomes.
func (g *gathered) calibration(d *Drawn) error {
	var all []forecast
	for _, h := range g.plans {
		e, v := h.Expected, h.verdict()
		expected := e.Verdict == decision.Validated || e.Verdict == decision.Refuted
		if !expected || !(e.Probability > 0 && e.Probability <= 1) || v == "" || v == decision.Invalid {
			continue
		}
		all = append(all, forecast{h.Alias, float64(e.Probability), v == e.Verdict, v != decision.Inconclusive})
	}
	if len(all) == 0 {
		d.Missing = append(d.Missing, "calibration: no hypothesis with an expected probability has a verdict yet")
		return nil
	}
	d.Figures = append(d.Figures, figures.Calibration(scored(all)))
	return nil
}

// scored bins forecasts by tenths and gives their Brier score. An outcome that was not decided has not come.
func scored(all []forecast) figures.Forecasts {
	const tenths = 10
	f := figures.Forecasts{N: len(all)}
	var bins [tenths]figures.Bin
	var sums [tenths]float64
	var open, failed []string
	var decidedBrier, decided float64
	for _, x := range all {
		o := 0.0
		switch {
		case x.came:
			o = 1
			f.Came++
		case x.decided:
			failed = append(failed, fmt.Sprintf("%s (%.2f)", x.name, x.p))
		default:
			open = append(open, fmt.Sprintf("%s (%.2f)", x.name, x.p))
		}
		f.Brier += (x.p - o) * (x.p - o)
		if x.decided {
			decidedBrier += (x.p - o) * (x.p - o)
			decided++
		}
		k := min(int(x.p*tenths+1e-9), tenths-1)
		b := &bins[k]
		b.From, b.To = float64(k)/tenths, float64(k+1)/tenths
		b.N++
		sums[k] += x.p
		b.Came += int(o)
		b.Names = append(b.Names, x.name)
	}
	n := float64(len(all))
	f.Brier /= n
	f.BaseRate = float64(f.Came) / n
	f.Base = f.BaseRate * (1 - f.BaseRate)
	for k, b := range bins {
		if b.N > 0 {
			b.Mean = sums[k] / float64(b.N)
			f.Bins = append(f.Bins, b)
		}
	}
	if len(failed) > 0 {
		slices.Sort(failed)
		f.Notes += "Came out otherwise, with the probability that was given: " + strings.Join(failed, ", ") + ". "
	}
	if len(open) > 0 {
		f.Notes += fmt.Sprintf("Undecided, counted as not come: %s; over the decided alone the Brier score is %.3f.", strings.Join(open, ", "), decidedBrier/max(1, decided))
	}
	return f
}
