package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/report"
	"tenet/internal/store"
	"tenet/papers"
	"tenet/principles"
	"tenet/runner"
)

func (d *desk) Principles(ctx context.Context) ([]principleRow, error) {
	var rows []principleRow
	err := d.lib.View(func(tx *store.Tx) error {
		all, err := hypsByPrinciple(tx)
		if err != nil {
			return err
		}
		cover, err := principles.Cover(tx)
		if err != nil {
			return err
		}
		for p, err := range principles.All(tx) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			row, err := d.rowOfPrinciple(tx, p, cover, all[p.ID])
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	slices.SortStableFunc(rows, func(x, y principleRow) int { return aliasOrder(x.Alias, y.Alias) })
	return rows, err
}

// aliasOrder puts P2 before P10.
func aliasOrder(x, y string) int {
	if len(x) != len(y) && strings.TrimRight(x, "0123456789") == strings.TrimRight(y, "0123456789") {
		return len(x) - len(y)
	}
	return strings.Compare(x, y)
}

// hypsByPrinciple gives the hypotheses that stand, newest version only, under
// the id of their principle; under "" all of them in order.
func hypsByPrinciple(tx *store.Tx) (map[string][]hypotheses.Hypothesis, error) {
	out := map[string][]hypotheses.Hypothesis{}
	for h, err := range hypotheses.All(tx) {
		if err != nil {
			return nil, err
		}
		if h.NextID == "" || h.Verdict != nil {
			out[h.PrincipleID] = append(out[h.PrincipleID], h)
			out[""] = append(out[""], h)
		}
	}
	for id := range out {
		slices.SortStableFunc(out[id], func(x, y hypotheses.Hypothesis) int {
			if xo, yo := placeOf(x), placeOf(y); xo != yo {
				return xo - yo
			}
			return aliasOrder(x.Alias, y.Alias)
		})
	}
	return out, nil
}

// placeOf is the place in the pack; what has none stands behind.
func placeOf(h hypotheses.Hypothesis) int {
	if h.Order == 0 {
		return 1 << 30
	}
	return h.Order
}

func (d *desk) rowOfPrinciple(tx *store.Tx, p principles.Principle, cover principles.Coverage, hyps []hypotheses.Hypothesis) (principleRow, error) {
	st, err := hypotheses.StatusOf(tx, p.ID)
	if err != nil {
		return principleRow{}, err
	}
	row := principleRow{
		ID: p.ID, Alias: p.Alias, Name: p.Name, Statement: p.Statement, Intuition: p.Intuition, Scope: p.Scope,
		Status: st.Status, Reason: st.Reason, Grade: st.Grade, WhenNot: append(slices.Clone(p.WhenNotToUse), st.Guidance...),
	}
	if row.Name == "" {
		row.Name = p.Statement
	}
	if p.State != principles.Standing {
		row.Status, row.Reason = p.Word(st), p.Reason
	}
	row.Discarded = p.State == principles.Discarded
	n, err := principles.Support(tx, p.ID)
	if err != nil {
		return row, err
	}
	row.Supports, row.Contradicts, row.Qualifies = n[principles.Supports], n[principles.Contradicts], n[principles.Qualifies]
	if row.Lost, err = lostQuotes(tx, p.ID); err != nil {
		return row, err
	}
	for _, h := range hyps {
		row.Hyps = append(row.Hyps, rowOfHyp(h, p.Alias))
		row.Tally.count(h)
	}
	if row.Executed, err = hypotheses.ExecutedScope(tx, p.ID); err != nil {
		return row, err
	}
	row.Scores, err = d.scores(tx, p, cover)
	return row, err
}

func lostQuotes(tx *store.Tx, principleID string) (int, error) {
	lost := 0
	for c, err := range principles.LiveClaims(tx, principleID) {
		if err != nil {
			return 0, err
		}
		if c.Claim.Located == papers.Lost {
			lost++
		}
	}
	return lost, nil
}

func (t *tally) count(h hypotheses.Hypothesis) {
	switch h.State {
	case hypotheses.Validated:
		t.Validated++
	case hypotheses.Refuted:
		t.Refuted++
	case hypotheses.Inconclusive:
		t.Open++
	case hypotheses.Running:
		t.Running++
	default:
		t.Other++
	}
}

func rowOfHyp(h hypotheses.Hypothesis, principle string) hypRow {
	row := hypRow{
		ID: h.ID, Alias: h.Alias, Title: h.Title, Principle: principle, PrincipleID: h.PrincipleID,
		State: string(h.State), Locked: h.Lock != nil, Final: h.Final(),
	}
	if row.Title == "" {
		row.Title = h.Statement
	}
	if h.Change != "" && !h.Anew() {
		row.Title = "replication: " + h.Change
	}
	if v := h.Verdict; v != nil {
		row.Verdict, row.Reason = v.Verdict, v.Reason
		row.Note = verdictNote(h)
	}
	return row
}

// verdictNote gives the number that decided and when.
func verdictNote(h hypotheses.Hypothesis) string {
	v := h.Verdict
	name, e, t := "V", float64(v.V), float64(v.TV)
	if v.Verdict == string(hypotheses.Refuted) {
		name, e, t = "R", float64(v.R), float64(v.TR)
	}
	sign := "≥"
	if e < t {
		sign = "<"
	}
	return fmt.Sprintf("%s %s %s %s at block %d · estimate %s", name, shown(e, t), sign, num(t), v.Stop, num(float64(v.Estimate)))
}

// criterionNames are the five criteria as the scorecard calls them.
func criterionName(c principles.Criterion) string {
	switch c {
	case principles.Guidance:
		return "inappropriate use"
	case principles.Unity:
		return "unified explanation"
	}
	return string(c)
}

// scores is the scorecard. Another reviewer's marks are hidden until one has
// given one's own.
func (d *desk) scores(tx *store.Tx, p principles.Principle, cover principles.Coverage) ([]scoreRow, error) {
	card, err := hypotheses.MeasuredIn(tx, cover, p.ID)
	if err != nil {
		return nil, err
	}
	var rows []scoreRow
	for _, m := range card {
		c := m.Criterion
		row := scoreRow{Criterion: string(c), Name: criterionName(c), Measured: measuredText(m), Mine: -1}
		var others []int
		for s, err := range principles.Scores(tx, p.ID) {
			switch {
			case err != nil:
				return nil, err
			case s.Criterion != c:
			case s.Reviewer == d.actor:
				row.Mine = s.Points
			default:
				others = append(others, s.Points)
			}
		}
		row.Others = othersText(row.Mine, others)
		rows = append(rows, row)
	}
	return rows, nil
}

// measuredText is the measured share, where there is one, and what it counts.
func measuredText(m hypotheses.Measure) string {
	if !m.Known {
		return "–    " + m.Short
	}
	return fmt.Sprintf("%.2f %s", m.Share, m.Short)
}

func othersText(mine int, others []int) string {
	if len(others) == 0 {
		return ""
	}
	if mine < 0 {
		return "hidden"
	}
	var parts []string
	apart := false
	for _, n := range others {
		parts = append(parts, fmt.Sprint(n))
		apart = apart || n-mine > 1 || mine-n > 1
	}
	if apart {
		parts = append(parts, "≠")
	}
	return strings.Join(parts, " ")
}

func (d *desk) AddPrinciple(ctx context.Context, name string) (principleRow, saved, error) {
	var row principleRow
	s, err := d.update(ctx, func(tx *store.Tx) (saved, error) {
		p, err := principles.Add(tx, principles.Principle{Name: name})
		if err != nil {
			return saved{}, err
		}
		cover, err := principles.Cover(tx)
		if err != nil {
			return saved{}, err
		}
		row, err = d.rowOfPrinciple(tx, p, cover, nil)
		return saved{ID: p.ID, Alias: p.Alias, Text: p.Alias + " made"}, err
	})
	return row, s, err
}

func (d *desk) Score(ctx context.Context, id, criterion string, n int, why string) (saved, error) {
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		_, err := principles.SetScore(tx, id, principles.Criterion(criterion), n, why)
		return saved{ID: id, Text: fmt.Sprintf("%s scored %d · u undoes", criterion, n)}, err
	})
}

func (d *desk) Why(_ context.Context, id string) (lines []string, err error) {
	err = d.lib.View(func(tx *store.Tx) error {
		p, err := principles.Find(tx, id)
		if err != nil {
			return err
		}
		st, err := hypotheses.StatusOf(tx, p.ID)
		if err != nil {
			return err
		}
		lines = whyLines(p, st)
		line, err := principles.LineageOf(tx, p)
		if err != nil {
			return err
		}
		if words := line.Words(); words != "" {
			lines = append(lines, words, "")
		}
		scope, err := hypotheses.ExecutedScope(tx, p.ID)
		if err != nil {
			return err
		}
		if scope != "" {
			lines = append(lines, scope, "")
		}
		card, err := hypotheses.Measured(tx, p.ID)
		if err != nil {
			return err
		}
		for _, m := range card {
			lines = append(lines, fmt.Sprintf("%s: %s", criterionName(m.Criterion), m.Text))
		}
		lines = append(lines, "")
		all, err := hypsByPrinciple(tx)
		if err != nil {
			return err
		}
		for _, h := range all[p.ID] {
			row := rowOfHyp(h, p.Alias)
			lines = append(lines, row.Alias+" "+verdictText(&row)+" "+row.Note)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	n, err := report.Against(d.lib, id)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := report.WriteText(&b, n, report.TextOptions{Full: true, ASCII: true}); err != nil {
		return nil, err
	}
	return append(append(lines, ""), strings.Split(strings.TrimRight(b.String(), "\n"), "\n")...), nil
}

func whyLines(p principles.Principle, st principles.Status) []string {
	lines := []string{
		p.Alias + " is " + st.Status + ": " + st.Reason, "",
		"The status follows from the verdicts alone; nobody types it.",
		"grade of the evidence: " + st.Grade,
	}
	for _, d := range st.Doubts {
		lines = append(lines, fmt.Sprintf("lowered by %d for %s", d.Steps, d))
	}
	if st.Raised {
		lines = append(lines, "raised by 1: every core effect is of two spreads or more")
	}
	for _, x := range [][2]string{{"holds in", strings.Join(st.Scope, "; ")}, {"does not hold in", strings.Join(st.Excluded, "; ")}, {"not tested in", strings.Join(st.Untested, "; ")}} {
		if x[1] != "" {
			lines = append(lines, x[0]+": "+x[1])
		}
	}
	lines = append(lines, st.Guidance...)
	if p.Intuition != "" {
		lines = append(lines, "", p.Intuition)
	}
	return append(lines, "")
}

// runStateOf gives the last run of a hypothesis.
func runStateOf(tx *store.Tx, hypID string) (alias, state string, err error) {
	for r, err := range runner.Runs(tx, hypID) {
		if err != nil {
			return "", "", err
		}
		if !r.Exploratory {
			alias, state = r.Alias, string(r.State)
		}
	}
	return alias, state, nil
}
