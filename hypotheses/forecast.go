package hypotheses

import (
	"fmt"
	"math"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// Forecast is what the authors of a plan foresaw, beside the verdict.
type Forecast struct {
	Hypothesis string  // alias
	Foreseen   string  // validated, refuted or inconclusive
	P          float64 // the probability they gave it
	Came       string  // the verdict
	Reason     string
	// Foretold is the verdict that the principle predicts (decision.expect). Authors may doubt it: where they
	// foresaw an open end, it still says which way the principle points.
	Foretold string
	Pilot    bool // a small trial of it had been seen when it was foreseen
}

// Decided reports a verdict for or against; an open end is none.
func (f Forecast) Decided() bool { return f.Came == decision.Validated || f.Came == decision.Refuted }

// Hit reports the event that was forecast: the verdict is the foreseen one.
func (f Forecast) Hit() bool { return f.Came == f.Foreseen }

// Failed reports a verdict against what the principle predicts.
func (f Forecast) Failed() bool { return f.Decided() && f.Came != f.Foretold }

// Calibration is how well probabilities matched what came.
type Calibration struct {
	N, Hits int
	// Brier is the mean of (P − [the foreseen verdict came])²: 0 is perfect, .25 what "one half" always gets; NaN for none.
	Brier float64
	// Constant is the Brier score of the best constant, the overall share of hits: h(1−h). It knows the outcomes.
	Constant float64
	// LeftOut is that of the share of hits among the others, each time without the one it forecasts; NaN below two.
	LeftOut float64
	Bins    []Bin
}

// Bin counts the forecasts of a range of probabilities.
type Bin struct {
	From, To float64 // from ≤ P < to; the last one includes 1
	N, Hits  int
	Mean     float64 // of P
}

// Calibrate scores forecasts. The order does not matter beyond rounding. An open end counts as a miss unless it was
// foreseen; for the reading over decided ones alone, hand in those.
func Calibrate(fs []Forecast) Calibration {
	c := Calibration{N: len(fs), Brier: math.NaN(), Constant: math.NaN(), LeftOut: math.NaN()}
	edges := [...]float64{0, 0.5, 0.7, 0.8, 0.9, 0.95, 1}
	bins := make([]Bin, len(edges)-1)
	for i := range bins {
		bins[i] = Bin{From: edges[i], To: edges[i+1]}
	}
	sum := 0.0
	for _, f := range fs {
		hit := float64(boolInt(f.Hit()))
		c.Hits += boolInt(f.Hit())
		sum += (f.P - hit) * (f.P - hit)
		i := 0
		for i < len(bins)-1 && f.P >= bins[i].To {
			i++
		}
		bins[i].N++
		bins[i].Hits += boolInt(f.Hit())
		bins[i].Mean += f.P
	}
	for _, b := range bins {
		if b.N > 0 {
			b.Mean /= float64(b.N)
			c.Bins = append(c.Bins, b)
		}
	}
	n, h := float64(c.N), float64(c.Hits)
	if c.N > 0 {
		c.Brier, c.Constant = sum/n, h/n*(1-h/n)
	}
	if c.N > 1 {
		// A hit is forecast by (h−1)/(n−1), a miss by h/(n−1).
		miss, other := (n-h)/(n-1), h/(n-1)
		c.LeftOut = (h*miss*miss + (n-h)*other*other) / n
	}
	return c
}

// ForecastOf gives the forecast of a hypothesis that has a confirmatory verdict. A plan without a probability, and one
// whose verdict is invalid, foretells nothing that could be scored.
func ForecastOf(h Hypothesis) (Forecast, bool) {
	v := h.Verdict
	if v == nil || h.Decision == nil || h.Expected.Verdict == "" || h.Expected.Probability <= 0 ||
		v.Verdict == decision.Invalid || v.Verdict == decision.Exploratory {
		return Forecast{}, false
	}
	return Forecast{
		Hypothesis: h.Alias, Foreseen: h.Expected.Verdict, P: float64(h.Expected.Probability), Came: v.Verdict, Reason: v.Reason,
		Foretold: orElse(h.Decision.Expect, decision.Validated), Pilot: h.Pilot != nil,
	}, true
}

// Forecasts gives the forecasts of all hypotheses that have a verdict, in the order of entry.
func Forecasts(tx *store.Tx) ([]Forecast, error) {
	var out []Forecast
	for h, err := range All(tx) {
		if err != nil {
			return nil, fmt.Errorf("hypotheses: forecasts: %w", err)
		}
		if f, ok := ForecastOf(h); ok {
			out = append(out, f)
		}
	}
	return out, nil
}
