package report

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/report/figures"
	"tenet/survey"
)

// years draws the numbers of parameters that published tables and the coding of papers give.
func (g *gathered) years(d *Drawn) error {
	papers := map[string]survey.Paper{}
	var s figures.Sizes
	with := map[string]bool{}
	put := func(p survey.Paper, model, value string) {
		if n, ok := parameters(value); ok && p.Year > 0 {
			s.Nets = append(s.Nets, figures.Size{Model: model, Paper: p.Name(), Year: p.Year, Parameters: n})
			with[p.ID] = true
		}
	}
	for p, err := range survey.Papers(g.tx) {
		if err != nil {
			return err
		}
		s.Papers++
		if p.Key != "" {
			papers[p.Key] = p
		}
		if p.Coding == nil {
			continue
		}
		for _, r := range p.Coding.Results {
			if isSize(r.Metric) {
				put(p, r.Model, r.Value)
			}
		}
	}
	for t, err := range hypotheses.Tables(g.tx) {
		if err != nil {
			return err
		}
		p, ok := papers[t.Reference]
		if !ok {
			continue
		}
		for _, r := range t.Rows {
			for column, cell := range r.Columns {
				if isSize(column) {
					put(p, r.Model, plainCell(cell))
				}
			}
		}
	}
	s.With = len(with)
	if len(s.Nets) == 0 {
		d.Missing = append(d.Missing, "parameters by year: no published table (column params) and no coded result (metric parameters) gives a number")
		return nil
	}
	d.Figures = append(d.Figures, figures.Years(s))
	return nil
}

func isSize(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "params", "parameters", "number of parameters":
		return true
	}
	return false
}

// plainCell is the text of a table's cell, which is kept as JSON.
func plainCell(cell string) string {
	var s string
	if json.Unmarshal([]byte(cell), &s) == nil {
		return s
	}
	return cell
}

// parameters reads 0.27M, 25.6 million, 1.2B or a plain number.
func parameters(text string) (float64, bool) {
	m := regexp.MustCompile(`(?i)^~?\s*([0-9][0-9,]*\.?[0-9]*(?:e[0-9]+)?)\s*(k|m|b|g|thousand|million|billion)?$`).FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64)
	if err != nil || !(v > 0) {
		return 0, false
	}
	unit := map[string]float64{"k": 1e3, "t": 1e3, "m": 1e6, "b": 1e9, "g": 1e9}
	if m[2] != "" {
		v *= unit[strings.ToLower(m[2][:1])]
	}
	return v, true
}
