package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tenet/internal/report/figures"
	"tenet/runner"
)

// gaps draws principles against settings and prices what is empty.
func (g *gathered) gaps(d *Drawn) error {
	m := figures.Matrix{}
	for _, p := range g.principles {
		m.Principles = append(m.Principles, figures.Heading{Alias: p.Alias, Name: p.Name})
	}
	for _, h := range g.plans {
		if s := h.Decision.Setting; s != "" && !slices.Contains(m.Settings, s) {
			m.Settings = append(m.Settings, s)
		}
	}
	slices.Sort(m.Settings)
	if len(m.Principles) == 0 || len(m.Settings) == 0 {
		d.Missing = append(d.Missing, "gaps: there are no principles with plans that name a setting (decision.setting)")
		return nil
	}
	prices := g.priced()
	for _, s := range m.Settings {
		row := make([]figures.Cell, len(g.principles))
		for k, p := range g.principles {
			for _, h := range g.plans {
				if h.Decision.Setting == s && h.principle.ID == p.ID {
					row[k].Entries = append(row[k].Entries, figures.Entry{Alias: h.Alias, Verdict: h.verdict()})
				}
			}
			if len(row[k].Entries) == 0 {
				row[k].Price = prices.setting(s).price(prices.length(p.ID))
			}
		}
		m.Cells = append(m.Cells, row)
	}
	m.Basis = prices.basis(m.Settings, g.bases)
	d.Figures = append(d.Figures, figures.Gaps(m))
	return nil
}

// prices are means over what was recorded, and over what was planned where nothing was.
type prices struct {
	recorded map[string][]rate // by setting, one a hypothesis
	planned  map[string]*rate  // by setting
	lengths  map[string][]int  // trials to a verdict, by principle
	all      []int             // the same, of the study
	expected float64           // trials to a verdict as the plans have it
}

func (g *gathered) priced() prices {
	p := prices{recorded: map[string][]rate{}, planned: map[string]*rate{}, lengths: map[string][]int{}}
	var sum, n float64
	for _, h := range g.plans {
		s := h.Decision.Setting
		if p.planned[s] == nil {
			p.planned[s] = &rate{}
		}
		search := 0
		var own rate
		for _, t := range g.tried[h.ID] {
			own.add(t.Usage)
			if t.Job.Tuning {
				search++
			}
		}
		if own.trials > 0 {
			p.recorded[s] = append(p.recorded[s], own)
		}
		count := max(h.Budget.BlocksExpected, h.Decision.NMin) * len(h.Decision.Arms)
		p.planned[s].plan(float64(h.Budget.CPUSPerTrial), float64(count))
		sum, n = sum+float64(count), n+1
		if h.Verdict == nil {
			continue
		}
		for _, b := range h.blocks {
			search += len(b.Trials)
		}
		p.lengths[h.principle.ID] = append(p.lengths[h.principle.ID], search)
		p.all = append(p.all, search)
	}
	if n > 0 {
		p.expected = sum / n
	}
	return p
}

// setting gives the cost of a trial there: of the hypothesis in the middle, so that one with far larger nets does
// not set the price of all.
func (p prices) setting(s string) rate {
	rs := slices.Clone(p.recorded[s])
	if len(rs) == 0 {
		return *p.planned[s]
	}
	slices.SortFunc(rs, func(a, b rate) int { return cmp.Compare(a.cpuS/a.trials, b.cpuS/b.trials) })
	return rs[(len(rs)-1)/2]
}

// length is how many trials a verdict takes for a principle.
func (p prices) length(principleID string) float64 {
	mean := func(v []int) float64 {
		sum := 0
		for _, x := range v {
			sum += x
		}
		return float64(sum) / float64(len(v))
	}
	switch own := p.lengths[principleID]; {
	case len(own) > 0:
		return mean(own)
	case len(p.all) > 0:
		return mean(p.all)
	}
	return p.expected
}

// basis says what the prices rest on.
func (p prices) basis(settings, energy []string) string {
	var b strings.Builder
	b.WriteString("Basis of a price: the mean number of trials that a decided hypothesis of the principle took (search for learning rates included")
	if len(p.all) == 0 {
		b.WriteString("; none is decided, so the mean of the plans")
	} else if len(p.lengths) > 0 {
		b.WriteString("; the mean over the study where the principle has none decided")
	}
	b.WriteString("), times the processor time and energy of a trial in the setting: the mean over the recorded trials of a hypothesis, and of the hypotheses there the middle one, so that one with far larger nets does not set the price. ")
	var without []string
	for _, s := range settings {
		if len(p.recorded[s]) == 0 {
			without = append(without, s)
		}
	}
	if len(without) > 0 {
		fmt.Fprintf(&b, "No cost is on record in %s: there the budgets of the plans stand, at %g W a core. ", strings.Join(without, "; "), runner.DefaultWatts)
	}
	if len(energy) > 0 {
		fmt.Fprintf(&b, "Of the trials: %s. ", strings.Join(energy, "; or "))
	}
	b.WriteString("It assumes that the effect in the new setting is as large as in the old ones; a smaller one takes more trials.")
	return b.String()
}
