package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tenet/hypotheses"
)

func (f *fake) somePrinciples() []principleRow {
	scores := []scoreRow{
		{Criterion: "validity", Name: "validity", Measured: "2 of 3 tests as expected", Mine: 3, Others: "3"},
		{Criterion: "accessibility", Name: "accessibility", Measured: "4 sentences of intuition", Mine: -1, Others: "hidden"},
		{Criterion: "generality", Name: "generality", Measured: "1 settings decided", Mine: 2, Others: "4 ≠"},
		{Criterion: "guidance", Name: "inappropriate use", Measured: "1 written", Mine: 1},
		{Criterion: "unity", Name: "unified explanation", Measured: "role written", Mine: 2},
	}
	return []principleRow{
		{ID: "pr1", Alias: "P1", Name: "The identity path keeps depth trainable", Status: "validated", Grade: "high", Tally: tally{Validated: 3}, Scores: scores},
		{
			ID: "pr2", Alias: "P2", Name: "Write little when you write often", Statement: "In a deep additive stack, scale each branch by the root of the depth.",
			Status: "supported", Grade: "moderate", Reason: "single-setting", WhenNot: []string{"fewer than about 8 writes."}, Executed: "executed in mlp of depth 32 and width 32, on 8x8 digits (H06, H07); nothing beyond is claimed", Supports: 12, Contradicts: 3, Qualifies: 4, Lost: 1,
			Tally: tally{Validated: 1, Refuted: 1, Other: 1}, Scores: scores, Hyps: []hypRow{
				{ID: "h5", Alias: "H05", Title: "A full-sized write is worse than no skip", Principle: "P2", PrincipleID: "pr2", State: "draft"},
				{ID: "h6", Alias: "H06", Title: "The best rate falls with depth", Principle: "P2", State: "validated", Verdict: "validated", Reason: "effect", Locked: true, Final: true},
				{ID: "h7", Alias: "H07", Title: "Large writes smear", Principle: "P2", State: "refuted", Verdict: "refuted", Reason: "below-minimum", Locked: true, Final: true},
			},
		},
		{ID: "pr3", Alias: "P3", Name: "Add to refine, append to keep", Status: "proposed", Grade: "none", Scores: scores},
	}
}

func (f *fake) Principles(context.Context) ([]principleRow, error) {
	if f.empty {
		return nil, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]principleRow{}, f.principl...), nil
}

func (f *fake) AddPrinciple(_ context.Context, name string) (principleRow, saved, error) {
	seq := f.note("principle %s", name)
	return principleRow{ID: "pr9", Alias: "P9", Name: name}, saved{Seq: seq, ID: "pr9", Text: "P9 made"}, nil
}

func (f *fake) EditPrinciple(_ context.Context, id, text string) (saved, error) {
	return saved{Seq: f.note("edit %s %s", id, text)}, nil
}

func (f *fake) RefinePrinciple(_ context.Context, id, text string) (saved, error) {
	return saved{Seq: f.note("refine %s %s", id, text), ID: "pr3"}, nil
}

func (f *fake) DiscardPrinciple(_ context.Context, id, why string) (saved, error) {
	return saved{Seq: f.note("discard %s %s", id, why)}, nil
}

func (f *fake) PrincipleText(context.Context, string) (string, error) { return "name: P2\n", nil }

func (f *fake) Score(_ context.Context, id, criterion string, n int, why string) (saved, error) {
	return saved{Seq: f.note("score %s %s %d %s", id, criterion, n, why)}, nil
}

func (f *fake) Why(context.Context, string) ([]string, error) {
	return []string{"P2 is supported: single-setting"}, nil
}

func (f *fake) Hypotheses(context.Context) ([]hypRow, error) {
	if f.empty {
		return nil, nil
	}
	return f.somePrinciples()[1].Hyps, nil
}

func (f *fake) Hypothesis(_ context.Context, id string) (hypDetail, error) {
	for _, h := range f.somePrinciples()[1].Hyps {
		if h.ID != id {
			continue
		}
		d := hypDetail{
			hypRow: h, Statement: "An unscaled skip is at least 20 points worse.", Estimand: "acc(plain) - acc(raw)", Direction: "greater",
			Metric: "test accuracy", Task: "D1 digits", Arms: []string{"plain  mlp, 32×32, no skip", "raw  mlp, 32×32, skip: add every 1"}, ArmNames: []string{"plain", "raw"},
			Theta0: "0", Delta: "0.2", NMin: 5, NMax: 60, Lock: "9f3c1a2b", T: 60, Expected: "validated, with probability 0.9", Version: 1,
		}
		if h.Verdict != "" {
			if id == "h6" {
				d.Beside = f.beside
			}
			d.Note = "V 71 ≥ 60 at block 11 · estimate 0.33"
			d.VerdictLines = []string{"H06 is validated: the effect is there and large enough.", "Evidence: V = 71.", "What would change this: no further block of this run."}
			for b := range 11 {
				d.Blocks = append(d.Blocks, blockRow{B: b + 1, D: "0.31", V: float64(int(1) << b), R: 0.3, TV: 60, TR: 60, SV: float64(b + 1), SR: 0.5, Est: 0.33, Lo: 0.2, Hi: 0.45, CLo: 0.33 - 0.9/float64(b+1), CHi: 0.33 + 0.9/float64(b+1)})
			}
		}
		return d, nil
	}
	return hypDetail{}, errors.New("no hypothesis " + id)
}

func (f *fake) Template(context.Context, string, string) (string, error) { return "title: x\n", nil }

func (f *fake) SaveHypothesis(_ context.Context, p, h, text string) (saved, error) {
	return saved{Seq: f.note("plan %s %s %s", p, h, text), ID: "h5"}, nil
}

func (f *fake) Preview(context.Context, string) ([]string, error) {
	return append(slices.Clone(f.outlook), "5 to 60 blocks of 2 trials, threshold T 60", "about 22 trials, 42 s of processor time, 21 s on 2 workers (estimate)"), nil
}

func (f *fake) Lock(_ context.Context, id, why string) (saved, error) {
	if f.weak && why == "" {
		return saved{}, fmt.Errorf("hypotheses: %s: %w: at the effect expected it is validated with probability 0.30 only", id, hypotheses.ErrUnconfirmed)
	}
	return saved{Seq: f.note("lock %s%s", id, why), Text: "plan locked, digest 9f3c1a2b…"}, nil
}

// Run gives the events that the test sends, until it closes the channel or
// the run is stopped.
func (f *fake) Run(ctx context.Context, id string, exploratory bool, tell func(runEvent)) (string, error) {
	f.note("run %s %v", id, exploratory)
	for {
		select {
		case e, ok := <-f.events:
			if !ok {
				return "R31: validated, effect after 2 blocks", nil
			}
			tell(e)
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// Repeat gives the events that the test sends, until it closes the channel or
// the repetition is stopped.
func (f *fake) Repeat(ctx context.Context, id string, tell func(runEvent)) (repetition, error) {
	f.note("repeat %s", id)
	for {
		select {
		case e, ok := <-f.events:
			if !ok {
				return f.again, nil
			}
			tell(e)
		case <-ctx.Done():
			return repetition{Text: "H06: 7 of 22 trials, their bits all equal; the rest was not trained", Same: true}, ctx.Err()
		}
	}
}

func (f *fake) Replicate(_ context.Context, id string) (saved, error) {
	return saved{Seq: f.note("replicate %s", id), ID: "h5", Alias: "H05", Text: "H05 is an independent run of H06"}, nil
}

func (f *fake) Curves(context.Context, string) ([]series, error) {
	a, b := series{name: "plain"}, series{name: "raw", dash: true}
	for i := range 40 {
		a.pts = append(a.pts, point{float64(i * 10), 2.3 / float64(i+1)})
		b.pts = append(b.pts, point{float64(i * 10), 2.3 / float64(i/4+1)})
	}
	return []series{a, b}, nil
}

func (f *fake) Trace(_ context.Context, name string) (traceNode, error) {
	if f.empty {
		return traceNode{}, errors.New("report: trace: no such thing")
	}
	return traceNode{Kind: "verdict", Alias: name, Label: "validated, effect: V 71 of 60", Seq: 18231, State: "same", Digest: strings.Repeat("a7", 32), Children: []traceNode{
		{Kind: "run", ID: "r1", Alias: "R31", Label: "run R31: 11 blocks, 22 trials", Seq: 18213, State: "same", Children: []traceNode{
			{Kind: "hypothesis", ID: "h6", Alias: "H06", Label: "hypothesis H06 version 1", State: "same", Children: []traceNode{
				{Kind: "principle", ID: "pr2", Alias: "P2", Label: "principle P2 revision 2", State: "changed", Children: []traceNode{
					{Kind: "claim", ID: "c1", Alias: "C1041", Label: "+ “the second divides by the root”", State: "found"},
					{Kind: "claim", ID: "c2", Alias: "C1042", Label: "- “holds from depth 24 on”", State: "moved"},
				}},
			}},
		}},
	}}, nil
}

func (f *fake) Verify(_ context.Context, tell func(progress)) ([]string, error) {
	tell(progress{Done: 1, Total: 2, What: "checking"})
	f.note("verify")
	return nil, nil
}

func (f *fake) ExportTrace(_ context.Context, name, path string) (saved, error) {
	f.note("export %s %s", name, path)
	return saved{Text: "proof written"}, nil
}

func (f *fake) ByHand(_ context.Context, o handOrder) (saved, error) {
	return saved{Seq: f.note("byhand %s p%d %s %s %s %s", o.PaperID, o.Page, o.Kind, o.Stance, o.PrincipleAlias, o.Text), Text: "C1044 by hand"}, nil
}

func (f *fake) ClaimsFound(_ context.Context, q searchOrder) ([]string, error) {
	if strings.Contains(q.Query, "passages") {
		return nil, nil
	}
	return []string{"c1", "c2"}, nil
}

func (f *fake) LinkAll(_ context.Context, ids []string, stance, principleID string) (saved, error) {
	return saved{Seq: f.note("linkall %s %s %s", strings.Join(ids, " "), stance, principleID), Text: "2 claims"}, nil
}

func (f *fake) ExportClaims(_ context.Context, ids []string, query, path string) (saved, error) {
	f.note("export %d %q %s", len(ids), query, path)
	return saved{Text: "2 claims written to " + path}, nil
}

func (f *fake) Outside(_ context.Context, kind, id string) (string, error) {
	return "/tmp/" + kind + "-" + id + ".pdf", nil
}

func (f *fake) Controls(ctx context.Context, tell func(progress)) ([]string, error) {
	tell(progress{Done: 1, Total: 3, What: "controls", Stop: "esc stops, nothing is kept"})
	f.note("controls")
	f.mu.Lock()
	hold := f.hold["controls"]
	f.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return []string{"aa-exact ✓ passed: the same bits"}, nil
}

func (f *fake) Deviate(_ context.Context, id, class, text string) (saved, error) {
	return saved{Seq: f.note("deviate %s %s %s", id, class, text), Text: "noted"}, nil
}

func (f *fake) Undo(context.Context) (saved, error) {
	return saved{Seq: f.note("undo"), Text: "undone: claim"}, nil
}

func (f *fake) Redo(context.Context) (saved, error) {
	return saved{Seq: f.note("redo"), Text: "done again: claim"}, nil
}
