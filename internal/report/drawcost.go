package report

import (
	"math"
	"slices"

	"tenet/hypotheses/decision"
	"tenet/internal/report/figures"
	"tenet/runner"
)

// costBenefit draws the decided comparisons of a net with skips and one without.
func (g *gathered) costBenefit(d *Drawn) error {
	var ts figures.Trades
	for _, h := range g.plans {
		if h.Verdict == nil {
			continue
		}
		t, ok := g.trade(h)
		if !ok {
			ts.Other++
			continue
		}
		ts.All = append(ts.All, t)
	}
	if len(ts.All) == 0 {
		d.Missing = append(d.Missing, "cost against benefit: no decided hypothesis compares a net with skips and its twin without, with the cost of its trials on record")
		return nil
	}
	d.Figures = append(d.Figures, figures.CostBenefit(ts))
	return nil
}

func (g *gathered) trade(h planned) (figures.Trade, bool) {
	if decision.Reduction(h.Decision.Reduction) != decision.Paired || len(h.Decision.Arms) != 2 || !(h.Verdict.Scale > 0) {
		return figures.Trade{}, false
	}
	first, okFirst := h.nets[h.Decision.Arms[0]]
	second, okSecond := h.nets[h.Decision.Arms[1]]
	if !okFirst || !okSecond || (len(first.Skip) > 0) == (len(second.Skip) > 0) {
		return figures.Trade{}, false
	}
	v := h.Verdict
	scale := float64(v.Scale)
	t := figures.Trade{
		Alias: h.Alias, Verdict: v.Verdict,
		Effect: float64(v.Estimate) / scale, Lower: float64(v.Lower) / scale, Upper: float64(v.Upper) / scale,
	}
	with, without := h.Decision.Arms[0], h.Decision.Arms[1]
	if len(second.Skip) > 0 { // D favours the arm without skips
		with, without = without, with
		t.Effect, t.Lower, t.Upper = -t.Effect, -t.Upper, -t.Lower
	}
	var cpu, n [2]float64
	var params [2]int
	errs := map[int]*[2][]runner.Point{} // by block
	for _, x := range g.used(h) {
		k := 0
		if x.Arm == without {
			k = 1
		}
		n[k]++
		cpu[k] += float64(x.Usage.BusyMS()) / 1000
		params[k] = x.Usage.Params
		if errs[x.Block] == nil {
			errs[x.Block] = &[2][]runner.Point{}
		}
		if pts, err := runner.Curve(g.lib, x); err == nil { // a curve that is gone is told by verify
			errs[x.Block][k] = pts
		}
	}
	if n[0] == 0 || n[1] == 0 || cpu[0] == 0 || cpu[1] == 0 {
		return t, false
	}
	t.CPU, t.CPUControl, t.Params, t.ParamControl = cpu[0]/n[0], cpu[1]/n[1], params[0], params[1]
	t.Reach = reach(errs)
	return t, true
}

// reach is the median over blocks of the share of steps after which the first had the test error that the second
// ended with.
func reach(blocks map[int]*[2][]runner.Point) float64 {
	var shares []float64
	for _, pair := range blocks {
		end := math.NaN()
		for _, p := range pair[1] {
			if !math.IsNaN(p.TestError) {
				end = p.TestError
			}
		}
		share, steps := math.Inf(1), 0
		for _, p := range pair[0] {
			if math.IsNaN(p.TestError) {
				continue
			}
			if steps = p.Step; p.TestError <= end && math.IsInf(share, 1) {
				share = float64(p.Step)
			}
		}
		if math.IsNaN(end) || steps == 0 {
			continue
		}
		shares = append(shares, share/float64(steps))
	}
	if len(shares) == 0 {
		return math.NaN()
	}
	slices.Sort(shares)
	return shares[len(shares)/2] // of two in the middle the later
}

// rate is the cost of a trial on average.
type rate struct{ cpuS, wattH, trials float64 }

func (r *rate) add(u runner.Usage) {
	busy := float64(u.BusyMS()) / 1000
	if busy == 0 {
		return
	}
	joules := float64(u.EnergyJ)
	if joules == 0 { // a record of an engine before 3
		joules = busy * runner.DefaultWatts
	}
	r.cpuS += busy
	r.wattH += joules / 3600
	r.trials++
}

// plan counts trials that are only planned.
func (r *rate) plan(cpuS, trials float64) {
	r.cpuS += cpuS * trials
	r.wattH += cpuS * trials * runner.DefaultWatts / 3600
	r.trials += trials
}

func (r rate) price(trials float64) figures.Price {
	if r.trials == 0 {
		return figures.Price{Trials: trials}
	}
	return figures.Price{Trials: trials, Minutes: r.cpuS / r.trials * trials / 60, WattH: r.wattH / r.trials * trials}
}
