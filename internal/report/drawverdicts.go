package report

import (
	"tenet/internal/report/figures"
)

// forest draws the verdicts.
func (g *gathered) forest(d *Drawn) error {
	var groups []figures.Group
	for _, p := range g.principles {
		grp := figures.Group{Alias: p.Alias, Name: p.Name}
		for _, h := range g.plans {
			if h.principle.ID != p.ID || h.Verdict == nil {
				continue
			}
			v := h.Verdict
			grp.Effects = append(grp.Effects, figures.Effect{
				Alias: h.Alias, Title: orWord(h.Title, h.Statement), Kind: h.Decision.Kind, Verdict: v.Verdict, Reason: v.Reason,
				Estimate: float64(v.Estimate), Lower: float64(v.Lower), Upper: float64(v.Upper),
				Theta0: float64(h.Decision.Theta0), Delta: float64(h.Decision.Delta), Scale: float64(v.Scale), Blocks: v.Stop,
			})
		}
		if len(grp.Effects) > 0 {
			groups = append(groups, grp)
		}
	}
	if len(groups) == 0 {
		d.Missing = append(d.Missing, "forest: no hypothesis has a verdict yet; tenet run NAME gives one")
		return nil
	}
	d.Figures = append(d.Figures, figures.Forest(groups))
	return nil
}

// evidence draws the e-values, by principle and one by one. Of a plan without a verdict none is shown.
func (g *gathered) evidence(d *Drawn) error {
	n := 0
	for _, p := range g.principles {
		var paths []figures.Path
		for _, h := range g.plans {
			if h.principle.ID != p.ID || h.Verdict == nil || len(h.Verdict.VPath) == 0 {
				continue
			}
			path := figures.Path{
				Alias: h.Alias, Title: orWord(h.Title, h.Statement), Verdict: h.Verdict.Verdict,
				V: floats(h.Verdict.VPath), R: floats(h.Verdict.RPath),
			}
			for _, b := range h.blocks[:min(len(h.blocks), len(path.V))] {
				path.TV, path.TR = append(path.TV, float64(b.TV)), append(path.TR, float64(b.TR))
			}
			if k := len(path.TV); k > 0 { // a threshold that fell later gave the verdict
				path.TV[k-1], path.TR[k-1] = min(path.TV[k-1], float64(h.Verdict.TV)), min(path.TR[k-1], float64(h.Verdict.TR))
			}
			paths = append(paths, path)
		}
		if len(paths) == 0 {
			continue
		}
		d.Figures = append(d.Figures, figures.Evidence(p.Alias, p.Name, paths))
		for _, path := range paths {
			d.Figures = append(d.Figures, figures.EvidenceOf(path))
		}
		n += len(paths)
	}
	if n == 0 {
		d.Missing = append(d.Missing, "evidence: no hypothesis has a verdict yet; of a plan without one no outcome is shown")
	}
	return nil
}
