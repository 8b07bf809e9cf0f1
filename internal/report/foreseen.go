package report

import (
	"fmt"
	"math"
	"slices"

	"tenet/hypotheses"
)

// CalibrationParts says how well the authors' probabilities matched what came.
func (s *study) CalibrationParts() []part {
	all := s.Accounts.Forecasts
	if len(all) == 0 {
		return nil
	}
	only := func(keep func(hypotheses.Forecast) bool) []hypotheses.Forecast {
		return slices.DeleteFunc(slices.Clone(all), func(f hypotheses.Forecast) bool { return !keep(f) })
	}
	t := newTable("reading", "forecasts>", "as foreseen>", "Brier score>", "base rate>", "base rate, left out>")
	for _, r := range []struct {
		name string
		fs   []hypotheses.Forecast
	}{
		{"decided ones only", only(hypotheses.Forecast.Decided)},
		{"all, an open end as a miss unless it was foreseen", all},
		{"of these, after a pilot elsewhere", only(func(f hypotheses.Forecast) bool { return f.Pilot })},
		{"of these, without any pilot", only(func(f hypotheses.Forecast) bool { return !f.Pilot })},
	} {
		c := hypotheses.Calibrate(r.fs)
		t.add(r.name, fmt.Sprint(c.N), fmt.Sprint(c.Hits), thousandth(c.Brier), thousandth(c.Constant), thousandth(c.LeftOut))
	}
	c := hypotheses.Calibrate(all)
	bins := newTable("probability given", "forecasts>", "mean of them>", "came as foreseen>", "share>")
	for _, b := range c.Bins {
		name := fmt.Sprintf("%s to below %s", num(b.From), num(b.To))
		if b.To == 1 {
			name = fmt.Sprintf("%s to 1", num(b.From))
		}
		bins.add(name, fmt.Sprint(b.N), fmt.Sprintf("%.2f", b.Mean), fmt.Sprint(b.Hits), fmt.Sprintf("%.2f", float64(b.Hits)/float64(b.N)))
	}
	return []part{
		words("Before its run each plan was given a verdict and a probability. The Brier score is the mean squared distance of these probabilities from what came (1 where the verdict was the foreseen one, else 0): 0 is perfect, 0.25 is what one half always gets. The base rate forecasts every plan by the share of plans that came as foreseen: first by the overall share, which knows the outcomes and is the best constant there is; then by the share among the others, which does not know the one it forecasts."),
		{Table: t},
		words("%s", againstBase(c)),
		{Table: bins},
	}
}

// againstBase compares all forecasts with the base rate in words.
func againstBase(c hypotheses.Calibration) string {
	if c.N < 2 {
		return "One forecast shows nothing yet."
	}
	switch {
	case c.Brier < c.Constant:
		return fmt.Sprintf("Over all %d the forecasts beat both base rates: they told sure plans from unsure ones.", c.N)
	case c.Brier < c.LeftOut:
		return fmt.Sprintf("Over all %d the forecasts beat the base rate that does not know its own outcome, and not the one that does.", c.N)
	}
	return fmt.Sprintf("Over all %d the forecasts did no better than the base rate.", c.N)
}

// thousandth shows a score.
func thousandth(f float64) string {
	if math.IsNaN(f) {
		return "none"
	}
	return fmt.Sprintf("%.3f", f)
}

// MissedParts lists what was not foreseen: where the explanation foretold otherwise, and where its authors alone did.
func (s *study) MissedParts() []part {
	var against, open, doubted []string
	for _, f := range s.Accounts.Forecasts {
		h, _ := s.find(f.Hypothesis)
		line := fmt.Sprintf("%s (%s) %s: foreseen %s with %s, came out %s, %s.", f.Hypothesis, h.under, orWord(h.Title, h.Statement), f.Foreseen, num(f.P), f.Came, spoken(f.Reason))
		switch {
		case f.Failed():
			against = append(against, line)
		case f.Hit():
		case f.Decided():
			doubted = append(doubted, line)
		default:
			open = append(open, line)
		}
	}
	if len(s.Accounts.Forecasts) == 0 {
		return nil
	}
	out := listed(fmt.Sprintf("Verdicts against what the principle foretold (%d of %d):", len(against), len(s.Accounts.Forecasts)), against)
	out = append(out, listed("Open where a verdict was foreseen:", open)...)
	out = append(out, listed("As the principle foretold, where its authors had not dared to:", doubted)...)
	if len(out) == 0 {
		out = []part{words("Every verdict so far came as foreseen.")}
	}
	return out
}
