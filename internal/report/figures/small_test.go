package figures

import (
	"fmt"
	"math"
)

// The small study that every figure is drawn of.

func smallGroups() []Group {
	inf := math.Inf(1)
	return []Group{
		{Alias: "P1", Name: "The identity path keeps depth trainable", Effects: []Effect{
			{Alias: "H01", Title: "With and without the path", Kind: "greater", Verdict: "validated", Reason: "effect", Estimate: 0.18, Lower: 0.11, Upper: 0.24, Delta: 0.05, Scale: 0.06, Blocks: 9},
			{Alias: "H02", Title: "A title that is far longer than any column of a table on a page could ever hold", Kind: "greater", Verdict: "refuted", Reason: "below-minimum", Estimate: 0.02, Lower: 0.01, Upper: 0.04, Delta: 0.05, Scale: 0.02, Blocks: 13},
			{Alias: "R1", Title: "The path elsewhere", Kind: "greater", Verdict: "inconclusive", Reason: "budget", Estimate: 0.03, Lower: -0.02, Upper: inf, Delta: 0.05, Scale: 0.2, Blocks: 60},
		}},
		{Alias: "P2", Name: "Two layers need no help", Effects: []Effect{
			{Alias: "H03", Title: "Two layers", Kind: "equivalent", Verdict: "validated", Reason: "equivalence", Estimate: -0.002, Lower: -0.009, Upper: 0.007, Delta: 0.015, Scale: 0.01, Blocks: 9},
			{Alias: "H04", Title: "“A belief”", Kind: "greater", Verdict: "refuted", Reason: "reversed", Estimate: -0.16, Lower: -0.22, Upper: -0.11, Theta0: -0.02, Delta: -0.02, Scale: 0.05, Blocks: 9},
			{Alias: "H05", Title: "The plan was left", Kind: "different", Verdict: "invalid", Reason: "protocol", Estimate: math.NaN(), Lower: math.NaN(), Upper: math.NaN(), Delta: 0.1, Blocks: 2},
		}},
	}
}

func smallDepths() Depths {
	d := Depths{Alias: "H02", Title: "The gap grows with depth", Planned: 5}
	for k, name := range []string{"plain", "residual"} {
		f := Family{Name: name, Skips: k == 1}
		for j, depth := range []int{8, 16, 32} {
			n := Net{Depth: depth}
			for seed := range 3 - j%2 {
				c := Curve{Seed: seed}
				for step := 10; step <= 100; step += 10 {
					end := 0.05 + 0.1*float64(j*(1-k)) + 0.01*float64(seed)
					p := Point{Step: step, Loss: 1, Train: 0.9*end + 0.8*math.Exp(-float64(step)/20), Test: math.NaN()}
					if step%20 == 0 {
						p.Test = end + 0.8*math.Exp(-float64(step)/25)
					}
					c.Points = append(c.Points, p)
				}
				n.Runs = append(n.Runs, c)
			}
			f.Nets = append(f.Nets, n)
		}
		d.Families = append(d.Families, f)
	}
	return d
}

func smallPaths() []Path {
	var out []Path
	for k, verdict := range []string{"validated", "refuted", "inconclusive", "validated"} {
		p := Path{Alias: fmt.Sprintf("H%02d", k+1), Title: "A statement", Verdict: verdict}
		for b := range 8 {
			v, r := math.Pow(1.9, float64(b+1)), 0.278
			if k == 1 {
				v, r = r, v
			}
			p.V, p.R = append(p.V, v), append(p.R, r)
			p.TV, p.TR = append(p.TV, 80-5*float64(b)), append(p.TR, 80)
		}
		out = append(out, p)
	}
	return out
}

func smallSizes() Sizes {
	return Sizes{Papers: 93, With: 2, Nets: []Size{
		{"ResNet-20", "he2015", 2015, 0.27e6},
		{"ResNet-32", "he2015", 2015, 0.46e6},
		{"ResNet-1202", "he2015", 2015, 19.4e6},
		{"DenseNet", "huang2016", 2016, 1e6},
		{"DenseNet-BC", "huang2016", 2016, 1.01e6},
	}}
}

func smallTrades() Trades {
	return Trades{Other: 3, All: []Trade{
		{Alias: "H01", Verdict: "validated", CPU: 1.1, CPUControl: 1, Params: 100, ParamControl: 100, Effect: 3, Lower: 1.5, Upper: 4, Reach: 0.2},
		{Alias: "H05", Verdict: "validated", CPU: 1.1, CPUControl: 1, Params: 100, ParamControl: 100, Effect: -1, Lower: -2, Upper: -0.3, Reach: math.Inf(1)},
		{Alias: "H07", Verdict: "refuted", CPU: 0.8, CPUControl: 1, Params: 100, ParamControl: 120, Effect: 2.9, Lower: math.Inf(-1), Upper: math.Inf(1), Reach: 0.3},
		{Alias: "H09", Verdict: "inconclusive", CPU: 1.02, CPUControl: 1, Params: 100, ParamControl: 100, Effect: 0.2, Lower: math.NaN(), Upper: math.NaN(), Reach: math.NaN()},
	}}
}

func smallMatrix() Matrix {
	return Matrix{
		Principles: []Heading{{"P1", "The identity path keeps depth trainable"}, {"P2", "Normalisation sets the write rate, it does not replace the path"}, {"P3", "Short"}},
		Settings:   []string{"digits / mlp", "images / convnet", "characters / transformer"},
		Cells: [][]Cell{
			{{Entries: []Entry{{"H01", "validated"}, {"H02", "refuted"}, {"H03", "inconclusive"}}}, {Price: Price{40, 0.012, 0.002}}, {Price: Price{12.4, 3.5, 0.6}}},
			{{Entries: []Entry{{"H31", ""}}}, {Price: Price{40, 1200, 300}}, {Entries: []Entry{{"R1", "validated"}}}},
			{{Price: Price{40, 12, 2}}, {Price: Price{40, 15, 2.5}}, {Price: Price{12, 90, 1500}}},
		},
		Basis: "Basis of a price: the plans.",
	}
}

func smallForecasts() Forecasts {
	return Forecasts{
		Bins: []Bin{{0.5, 0.6, 0.5, 2, 1}, {0.6, 0.7, 0.62, 4, 1}, {0.9, 1, 0.95, 24, 23}},
		N:    30, Came: 25, Brier: 0.1, BaseRate: 25.0 / 30, Base: 5.0 / 36, Notes: "Came out otherwise: H07 (0.93).",
	}
}

// large is a matrix of many principles.
func large() Matrix {
	m := Matrix{Settings: []string{"digits / mlp"}, Cells: [][]Cell{nil}}
	for k := range 12 {
		m.Principles = append(m.Principles, Heading{fmt.Sprintf("P%d", k+1), "A principle with some words"})
		c := Cell{Price: Price{1234, 1234567, 123456}}
		if k%2 == 0 {
			c.Entries = []Entry{{"H01", "validated"}, {"H22", "refuted"}, {"R12", ""}}
		}
		m.Cells[0] = append(m.Cells[0], c)
	}
	return m
}

func small() []Figure {
	return []Figure{
		Forest(smallGroups()), DepthCurves(smallDepths()), Evidence("P1", "The identity path", smallPaths()), EvidenceOf(smallPaths()[0]),
		Years(smallSizes()), CostBenefit(smallTrades()), Gaps(smallMatrix()), Calibration(smallForecasts()),
	}
}
