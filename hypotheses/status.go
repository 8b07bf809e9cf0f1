package hypotheses

import (
	"fmt"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

// tested is a hypothesis as a roll-up sees it. Without a verdict it carries no
// weight; a boundary's regions are then untested.
func (h Hypothesis) tested() principles.Tested {
	d := h.Decision
	t := principles.Tested{
		ID: h.Alias, Role: d.Role, Expect: d.Expect, Setting: d.Setting, Regions: d.Regions,
		Proxy: d.Proxy, Verdict: decision.Exploratory,
	}
	v := h.Verdict
	if v == nil {
		return t
	}
	t.Verdict, t.Reason, t.Deviation = v.Verdict, v.Reason, v.Deviation
	t.Effect, t.Imprecise, t.Asymmetric = float64(v.Effect), v.Imprecise, v.Asymmetric
	t.DivergedShare = float64(v.DivergedShare)
	if v.Bounds != nil {
		t.Bounds = &[2]float64{float64(v.Bounds[0]), float64(v.Bounds[1])}
	}
	return t
}

// StatusOf rolls the verdicts on a principle, by its id, up to its status, and
// puts what was refuted into sentences. A principle that people discarded
// stays discarded, with their reason.
func StatusOf(tx *store.Tx, principleID string) (principles.Status, error) {
	p, err := store.Get[principles.Principle](tx, principles.KindPrinciple, principleID)
	if err != nil {
		return principles.Status{}, fmt.Errorf("hypotheses: status: %w", err)
	}
	in := principles.RollUpInput{}
	if p.Scope != "" {
		in.Scope = []string{p.Scope}
	}
	byAlias := map[string]Hypothesis{}
	for h, err := range Of(tx, p.ID) {
		if err != nil {
			return principles.Status{}, err
		}
		if h.Decision != nil {
			in.Hypotheses = append(in.Hypotheses, h.tested())
			byAlias[h.Alias] = h
		}
	}
	// A plan that names this principle as a rival tests it too, by what it foretells.
	for h, err := range All(tx) {
		if err != nil {
			return principles.Status{}, err
		}
		if h.PrincipleID == p.ID || h.Decision == nil || h.Lock == nil {
			continue
		}
		for _, r := range h.Decision.Rivals {
			if principles.SameAlias(r.Principle, p.Alias) {
				t := h.tested()
				t.Expect = r.Predicts
				in.Hypotheses = append(in.Hypotheses, t)
				byAlias[h.Alias] = h
			}
		}
	}
	controls, err := Controls(tx, "", "")
	if err != nil {
		return principles.Status{}, err
	}
	for _, c := range controls {
		in.Controls = append(in.Controls, principles.Control{Kind: c.Kind, Passed: c.Passed})
	}
	s := principles.RollUp(in)
	for _, r := range s.Refuted {
		s.Guidance = append(s.Guidance, guidance(p, byAlias[r.ID]))
	}
	if p.State == principles.Discarded {
		s.Status, s.Reason = string(p.State), p.Reason
	}
	return s, nil
}

// guidance is what a refuted hypothesis teaches.
func guidance(p principles.Principle, h Hypothesis) string {
	where := h.Decision.Setting
	if len(h.Decision.Regions) > 0 {
		where = h.Decision.Regions[0] + " (" + where + ")"
	}
	v := h.Verdict
	return fmt.Sprintf("%s: within %s, do not expect: %s [%s, %s; bounds %s to %s]",
		p.Alias, where, h.Statement, h.Alias, v.Reason, short(float64(v.Lower)), short(float64(v.Upper)))
}
