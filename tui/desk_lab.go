package tui

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/runner"
)

func (d *desk) Hypotheses(context.Context) ([]hypRow, error) {
	var rows []hypRow
	err := d.lib.View(func(tx *store.Tx) error {
		all, err := hypsByPrinciple(tx)
		if err != nil {
			return err
		}
		names, err := principleNames(tx)
		if err != nil {
			return err
		}
		for _, h := range all[""] {
			rows = append(rows, rowOfHyp(h, names[h.PrincipleID]))
		}
		return nil
	})
	return rows, err
}

func principleNames(tx *store.Tx) (map[string]string, error) {
	names := map[string]string{}
	for p, err := range principles.All(tx) {
		if err != nil {
			return nil, err
		}
		names[p.ID] = p.Alias
	}
	return names, nil
}

func (d *desk) Hypothesis(_ context.Context, id string) (out hypDetail, err error) {
	err = d.lib.View(func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, id)
		if err != nil {
			return err
		}
		names, err := principleNames(tx)
		if err != nil {
			return err
		}
		out = detailOf(h, names[h.PrincipleID])
		if t, err := store.Get[hypotheses.Task](tx, hypotheses.KindTask, h.TaskID); err == nil {
			out.Task = strings.TrimSpace(t.Key + " " + t.Name)
		}
		if out.RunAlias, out.RunState, err = runStateOf(tx, h.ID); err != nil {
			return err
		}
		if out.Controls, out.ControlsOK, err = controlsText(tx); err != nil {
			return err
		}
		for d, err := range hypotheses.Deviations(tx, h.ID) {
			if err != nil {
				return err
			}
			out.Departures = append(out.Departures, d.Class+": "+d.Text)
		}
		if h.Decision == nil {
			return nil
		}
		tv, tr, err := hypotheses.Thresholds(tx, h.ID)
		if err == nil {
			out.T = max(tv, tr)
		}
		blocks, err := hypotheses.BlocksOf(tx, h.ID)
		if err != nil {
			return err
		}
		out.Blocks = blockRows(h, blocks)
		if h.Verdict != nil {
			out.VerdictSeq = h.Verdict.Seq
			out.T = float64(h.Verdict.TV)
			x := hypotheses.Explain(h, h.Verdict.Record())
			out.VerdictLines = append([]string{x.Headline}, x.Lines...)
		}
		rows, err := hypotheses.RunsBeside(tx, h)
		for _, r := range rows {
			out.Beside = append(out.Beside, r.String())
		}
		return err
	})
	return out, err
}

func detailOf(h hypotheses.Hypothesis, principle string) hypDetail {
	out := hypDetail{
		hypRow: rowOfHyp(h, principle), Statement: h.Statement, Estimand: h.Estimand.DS, Direction: h.Direction,
		Metric: h.Metric, Rationale: h.Rationale, Version: h.Version, NMin: h.Seeds.NMin, NMax: h.Seeds.NMax,
		Theta0: h.Theta0.String(), Delta: h.Delta.String(),
	}
	if h.Expected.Verdict != "" {
		out.Expected = fmt.Sprintf("%s, with probability %s", h.Expected.Verdict, h.Expected.Probability)
	}
	if h.Decision != nil {
		p := h.Decision.Params()
		out.NMin, out.NMax = p.NMin, p.NMax
		out.Theta0, out.Delta = h.Decision.Theta0.String(), h.Decision.Delta.String()
	}
	if needs := h.Needs(); len(needs) > 0 {
		out.Missing = "the plan needs " + strings.Join(needs, ", ")
	}
	if h.Lock != nil {
		out.Lock, out.LockSeq = h.Lock.Digest[:min(len(h.Lock.Digest), 8)], h.Lock.Seq
		if h.Lock.Controls != "" {
			out.AtLock = append(out.AtLock, "controls "+h.Lock.Controls)
		}
		if h.Lock.Power != "" {
			out.AtLock = append(out.AtLock, h.Lock.Power)
		}
	}
	for _, a := range h.Arms {
		out.ArmNames = append(out.ArmNames, a.Name)
		out.Arms = append(out.Arms, a.Name+"  "+armText(a.Spec))
	}
	return out
}

// armText says what a net is, from the fields of its declaration.
func armText(spec string) string {
	var f map[string]any
	if json.Unmarshal([]byte(spec), &f) != nil {
		return spec
	}
	parts := []string{fmt.Sprint(f["family"])}
	if f["depth"] != nil && f["width"] != nil {
		parts = append(parts, fmt.Sprintf("%v×%v", f["depth"], f["width"]))
	}
	if s, ok := f["norm"].(string); ok && s != "none" {
		parts = append(parts, s)
	}
	skips, _ := f["skip"].([]any)
	if len(skips) == 0 {
		return strings.Join(append(parts, "no skip"), ", ")
	}
	for _, s := range skips {
		if m, ok := s.(map[string]any); ok {
			text := fmt.Sprintf("skip: %v every %v", m["join"], m["each"])
			if m["branch_scale"] != nil {
				text += fmt.Sprintf(", scale %v", m["branch_scale"])
			}
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// blockRows gives the evidence after each block; estimate and bounds are those
// of all blocks so far, as the rule sees them.
func blockRows(h hypotheses.Hypothesis, blocks []hypotheses.Block) []blockRow {
	path, _ := hypotheses.Path(h, blocks) // what it could not read is drawn without estimate and bounds
	var rows []blockRow
	for i, b := range blocks {
		row := blockRow{B: b.B + 1, D: shortReal(b.D), V: float64(b.V), R: float64(b.R), TV: float64(b.TV), TR: float64(b.TR)}
		if i < len(path) {
			p := path[i]
			row.Est, row.Lo, row.Hi, row.CLo, row.CHi = p.Estimate, p.Bounds.Lower, p.Bounds.Upper, p.Confidence.Lower, p.Confidence.Upper
			row.SV, row.SR = p.SignV, p.SignR
		}
		rows = append(rows, row)
	}
	return rows
}

// shortReal shortens a decimal for people; words stay.
func shortReal(s string) string {
	var f store.Real
	if err := json.Unmarshal([]byte(`"`+s+`"`), &f); err != nil {
		return s
	}
	return num(float64(f))
}

func (d *desk) Preview(ctx context.Context, id string) ([]string, error) {
	c, failed := runner.Preview(ctx, d.lib, id, runner.Options{Command: d.command})
	if failed == nil {
		return append(append(c.Outlook.Lines(), ""), costLines(c)...), nil
	}
	o, err := d.outlook(ctx, id) // needs no steps to be timed
	if err != nil {
		return nil, err
	}
	return append(o.Lines(), "", "no cost: "+failed.Error()), nil
}

// outlook simulates the rule on a plan.
func (d *desk) outlook(ctx context.Context, id string) (o hypotheses.Outlook, err error) {
	err = d.lib.View(func(tx *store.Tx) error { o, err = hypotheses.OutlookOf(ctx, tx, id); return err })
	return o, err
}

// costLines says what a run would cost.
func costLines(c runner.Cost) []string {
	lines := []string{fmt.Sprintf("%d to %d blocks of %d trials, threshold T %s", c.NMin, c.NMax, len(c.Arms), num(c.Threshold))}
	if c.Tuning > 0 {
		lines = append(lines, fmt.Sprintf("%d trials first to find the learning rates", c.Tuning))
	}
	for _, a := range c.Arms {
		lines = append(lines, fmt.Sprintf("%s: %s parameters, %s GFLOP, %s a trial", a.Name, count(a.Params), num(a.GFLOP), plainTime(a.PerTrial)))
	}
	return append(lines, fmt.Sprintf("about %.0f trials, %s of processor time, %s on %d workers (estimate)", c.Trials, plainTime(c.CPU), plainTime(c.Wall), c.Jobs),
		fmt.Sprintf("%.2g Wh, %.2g g CO2e: %s", c.EnergyJ/3600, c.CO2G, c.Basis))
}

func (d *desk) Lock(ctx context.Context, id, why string) (saved, error) {
	env, err := runner.LockEnv(d.lib, id)
	if err != nil {
		return saved{}, err
	}
	o, err := d.outlook(ctx, id)
	if err != nil {
		return saved{}, err
	}
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		rec, err := hypotheses.LockConfirmed(tx, id, env, o.Weak(), why)
		return saved{ID: id, Text: fmt.Sprintf("plan locked, digest %.8s…", rec.Digest)}, err
	})
}

func (d *desk) Run(ctx context.Context, id string, exploratory bool, tell func(runEvent)) (string, error) {
	res, err := runner.Run(ctx, d.lib, d.actor, id, runner.Options{
		Exploratory: exploratory, Command: d.command, OnEvent: func(e runner.Event) {
			out := eventOf(e)
			if e.Kind == runner.EventBlock && !exploratory {
				out.Row = d.blockRow(id, e.Block)
			}
			tell(out)
		},
	})
	if err != nil {
		return "", err
	}
	if exploratory {
		return fmt.Sprintf("%s explored %d blocks, estimate %s; it gives no verdict", res.RunAlias, res.Blocks, num(res.Record.Estimate)), nil
	}
	return fmt.Sprintf("%s: %s, %s after %d blocks and %d trials, %s", res.RunAlias, res.Verdict, res.Reason, res.Record.Stop, res.Trials, plainTime(res.Wall)), nil
}

func (d *desk) Repeat(ctx context.Context, id string, tell func(runEvent)) (repetition, error) {
	rep, err := runner.Repeat(ctx, d.lib, id, runner.Options{Command: d.command, OnEvent: func(e runner.Event) { tell(eventOf(e)) }})
	if rep.Hypothesis == "" {
		return repetition{}, err
	}
	return repetition{Text: rep.String(), Lines: rep.Details(), Same: rep.Same()}, err
}

func (d *desk) Replicate(ctx context.Context, id string) (saved, error) {
	if err := runner.Ready(d.lib, id, runner.Options{Command: d.command}); err != nil {
		return saved{}, err
	}
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		of, err := hypotheses.Find(tx, id)
		if err != nil {
			return saved{}, err
		}
		h, _, err := hypotheses.Replicate(tx, id)
		return saved{ID: h.ID, Alias: h.Alias, Text: h.Alias + " is an independent run of " + of.Alias}, err
	})
}

// blockRow is a block of a confirmatory run as the ledger has it; empty where it
// is not there.
func (d *desk) blockRow(id string, b int) (row blockRow) {
	_ = d.lib.View(func(tx *store.Tx) error { // the event alone is drawn where this fails
		h, err := hypotheses.Find(tx, id)
		if err != nil || h.Decision == nil {
			return err
		}
		blocks, err := hypotheses.BlocksOf(tx, h.ID)
		if err != nil {
			return err
		}
		for _, r := range blockRows(h, blocks) {
			if r.B == b {
				row = r
			}
		}
		return nil
	})
	return row
}

func eventOf(e runner.Event) runEvent {
	out := runEvent{
		Kind: string(e.Kind), Run: e.Run, Arm: e.Arm, Block: e.Block, Trial: e.Trial, Step: e.Step, Steps: e.Steps,
		Loss: e.Loss, Rate: e.Rate, V: e.V, R: e.R, Est: e.Estimate, Lo: e.Lower, Hi: e.Upper, T: e.T, ETA: e.ETA,
		Done: e.Done, Total: e.Total, Differ: e.Different, Text: e.Text,
	}
	if e.Kind == runner.EventBlock {
		out.D = shortReal(e.Text)
	}
	out.Curve = pointsOf(e.Curve)
	return out
}

func pointsOf(curve []runner.Point) []point {
	if len(curve) == 0 {
		return nil
	}
	pts := make([]point, len(curve))
	for i, p := range curve {
		pts[i] = point{float64(p.Step), p.Loss}
	}
	return thin(pts, curvePoints)
}

// curvePoints is how many points of a curve are kept for drawing; no screen
// has as many dot columns.
const curvePoints = 1024

// Curves gives the training curves of the last block that was trained.
func (d *desk) Curves(_ context.Context, hypID string) ([]series, error) {
	last := map[string]runner.Trial{}
	block := -1
	err := d.lib.View(func(tx *store.Tx) error {
		for t, err := range runner.TrialsOf(tx, hypID) {
			if err != nil {
				return err
			}
			if t.Job.Tuning || t.Block < block {
				continue
			}
			if t.Block > block {
				block, last = t.Block, map[string]runner.Trial{}
			}
			last[t.Arm] = t
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []series
	for _, arm := range sortedKeys(last) {
		curve, err := runner.Curve(d.lib, last[arm])
		if err != nil {
			return nil, err
		}
		out = append(out, series{name: arm, pts: pointsOf(curve), dash: len(out) == 1})
	}
	return out, nil
}
