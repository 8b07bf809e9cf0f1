package report

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tenet/internal/report/figures"
	"tenet/runner"
)

// rung is an arm of a series of depths.
type rung struct {
	family string
	depth  int
	skips  bool
}

// numbered is the name of an arm in a series: plain20, res-56.
var numbered = regexp.MustCompile(`^(\D+?)[-_ ]?(\d+)$`)

// rungs reads the arms of a plan as families of nets by depth; none where they are no such series.
func rungs(h planned) map[string]rung {
	out := map[string]rung{}
	depths := map[string][]int{}
	for _, name := range h.Decision.Arms {
		m := numbered.FindStringSubmatch(name)
		net, known := h.nets[name]
		if m == nil || !known {
			return nil
		}
		layers := 2 // stem and head of a convolutional net
		for _, blocks := range net.Blocks {
			layers += blocks * net.Layers
		}
		n, err := strconv.Atoi(m[2])
		if err != nil || !strings.Contains(h.Decision.LevelName, "depth") && net.Depth != n && layers != n {
			return nil
		}
		r := rung{family: map[string]string{"res": "residual"}[m[1]], depth: n, skips: len(net.Skip) > 0}
		r.family = orWord(r.family, m[1])
		out[name] = r
		depths[r.family] = append(depths[r.family], n)
	}
	for _, ds := range depths {
		if len(ds) < 2 {
			return nil
		}
	}
	return out
}

// depths draws the training of nets by depth, for each plan that compares depths; of plans without a verdict only
// when asked to, and then as far as they are there.
func (g *gathered) depths(d *Drawn) error {
	before := len(d.Figures)
	var waiting, running []string
	for _, h := range g.plans {
		arms := rungs(h)
		if len(arms) == 0 {
			continue
		}
		if err := g.ctx.Err(); err != nil {
			return err
		}
		f := figures.Depths{Alias: h.Alias, Title: orWord(h.Title, h.Statement), Planned: h.Decision.NMin, Verdict: h.verdict(), Families: g.families(h, arms)}
		switch {
		case len(f.Families) == 0:
			waiting = append(waiting, h.Alias)
			continue
		case h.Verdict == nil && !g.o.Unfinished:
			running = append(running, h.Alias)
			continue
		}
		d.Figures = append(d.Figures, figures.DepthCurves(f))
	}
	if len(running) > 0 {
		d.Missing = append(d.Missing, "depth curves of "+strings.Join(running, ", ")+": no verdict yet, and until then no outcome is shown; --unfinished draws what is there")
	}
	if len(waiting) > 0 {
		d.Missing = append(d.Missing, "depth curves of "+strings.Join(waiting, ", ")+": no trial has been recorded yet")
	}
	if len(waiting)+len(running) == 0 && before == len(d.Figures) {
		d.Missing = append(d.Missing, "depth curves: no plan compares nets by depth (arms named like plain20, res20)")
	}
	return nil
}

// families puts the trainings of a plan in order: families without skips first, each by depth, each by seed.
func (g *gathered) families(h planned, arms map[string]rung) []figures.Family {
	trials := g.used(h)
	for _, t := range g.tried[h.ID] { // a block that is not whole yet; what was trained beyond a verdict does not count
		if h.Verdict == nil && !t.Job.Tuning && !slices.ContainsFunc(trials, func(o runner.Trial) bool { return o.Arm == t.Arm && o.Block == t.Block }) {
			trials = append(trials, t)
		}
	}
	slices.SortStableFunc(trials, func(a, b runner.Trial) int { return cmp.Compare(a.Block, b.Block) })
	skips := map[string]bool{}
	nets := map[string]map[int][]figures.Curve{}
	for _, t := range trials {
		r, ok := arms[t.Arm]
		if !ok {
			continue
		}
		pts, err := runner.Curve(g.lib, t)
		if err != nil || len(pts) == 0 {
			continue // a curve that is gone is told by verify
		}
		c := figures.Curve{Seed: t.Block}
		for _, p := range pts {
			c.Points = append(c.Points, figures.Point{Step: p.Step, Train: p.TrainError, Test: p.TestError, Loss: p.Loss})
		}
		if nets[r.family] == nil {
			nets[r.family] = map[int][]figures.Curve{}
		}
		nets[r.family][r.depth] = append(nets[r.family][r.depth], c)
		skips[r.family] = r.skips
	}
	var out []figures.Family
	for name, byDepth := range nets {
		f := figures.Family{Name: name, Skips: skips[name]}
		for depth, runs := range byDepth {
			f.Nets = append(f.Nets, figures.Net{Depth: depth, Runs: runs})
		}
		slices.SortFunc(f.Nets, func(a, b figures.Net) int { return cmp.Compare(a.Depth, b.Depth) })
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b figures.Family) int {
		return cmp.Or(cmp.Compare(btoi(skips[a.Name]), btoi(skips[b.Name])), cmp.Compare(a.Name, b.Name))
	})
	return out
}
