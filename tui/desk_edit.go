package tui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// form is a text of "name: value" lines, the shape in which entities are
// edited. Lines that begin with # are notes; a line that begins with blanks
// goes on with the one before.
type form []formLine

type formLine struct {
	name, value string
	line        int
}

func parseForm(text string) (form, error) {
	var f form
	for i, s := range strings.Split(text, "\n") {
		switch trimmed := strings.TrimSpace(s); {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case (s[0] == ' ' || s[0] == '\t') && len(f) > 0:
			f[len(f)-1].value += " " + trimmed
		default:
			name, value, ok := strings.Cut(s, ":")
			if !ok {
				return nil, fmt.Errorf("line %d: %q is not of the form name: value", i+1, trimmed)
			}
			f = append(f, formLine{strings.TrimSpace(name), strings.TrimSpace(value), i + 1})
		}
	}
	return f, nil
}

// formField is a line of a form and where its value goes.
type formField struct {
	name string
	get  string
	set  func(value string) error
}

func textField(name string, p *string) formField {
	return formField{name, *p, func(v string) error { *p = v; return nil }}
}

func realField(name string, ps ...*store.Real) formField {
	return formField{name, ps[0].String(), func(v string) error {
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return fmt.Errorf("%q is no number", v)
		}
		for _, p := range ps {
			*p = store.Real(f)
		}
		return nil
	}}
}

func intField(name string, ps ...*int) formField {
	return formField{name, strconv.Itoa(*ps[0]), func(v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return fmt.Errorf("%q is no whole number", v)
		}
		for _, p := range ps {
			*p = n
		}
		return nil
	}}
}

func writeForm(note string, fields []formField) string {
	var b strings.Builder
	for s := range strings.SplitSeq(note, "\n") {
		b.WriteString("# " + s + "\n")
	}
	for _, f := range fields {
		b.WriteString(f.name + ": " + strings.ReplaceAll(f.get, "\n", " ") + "\n")
	}
	return b.String()
}

// fill puts the lines of a form into its fields.
func (f form) fill(fields []formField) error {
	var errs []error
	for _, l := range f {
		i := slices.IndexFunc(fields, func(x formField) bool { return x.name == l.name })
		if i < 0 {
			errs = append(errs, fmt.Errorf("line %d: there is no field %q", l.line, l.name))
			continue
		}
		if err := fields[i].set(l.value); err != nil {
			errs = append(errs, fmt.Errorf("line %d: %s: %w", l.line, l.name, err))
		}
	}
	return errors.Join(errs...)
}

func principleFields(p *principles.Principle) []formField {
	when := strings.Join(p.WhenNotToUse, "; ")
	return []formField{
		textField("name", &p.Name), textField("statement", &p.Statement), textField("intuition", &p.Intuition),
		textField("scope", &p.Scope),
		{"do not use when", when, func(v string) error { p.WhenNotToUse = listOf(v, ";"); return nil }},
		textField("role in the whole", &p.RoleInUnified),
	}
}

func listOf(s, sep string) []string {
	var out []string
	for part := range strings.SplitSeq(s, sep) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func (d *desk) PrincipleText(_ context.Context, id string) (text string, err error) {
	err = d.lib.View(func(tx *store.Tx) error {
		p, err := principles.Find(tx, id)
		text = writeForm(p.Alias+". Several items of a list stand between semicolons.", principleFields(&p))
		return err
	})
	return text, err
}

func (d *desk) EditPrinciple(ctx context.Context, id, text string) (saved, error) {
	f, err := parseForm(text)
	if err != nil {
		return saved{}, err
	}
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		var bad error
		p, err := principles.Edit(tx, id, func(p *principles.Principle) { bad = f.fill(principleFields(p)) })
		return saved{ID: p.ID, Text: p.Alias + " edited · u undoes"}, errors.Join(bad, err)
	})
}

func (d *desk) RefinePrinciple(ctx context.Context, id, text string) (saved, error) {
	f, err := parseForm(text)
	if err != nil {
		return saved{}, err
	}
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		old, err := principles.Find(tx, id)
		if err != nil {
			return saved{}, err
		}
		var bad error
		p, err := principles.Refine(tx, id, func(p *principles.Principle) { bad = f.fill(principleFields(p)) })
		return saved{ID: p.ID, Text: fmt.Sprintf("%s narrows %s and needs hypotheses of its own (h) · u undoes", p.Alias, old.Alias)}, errors.Join(bad, err)
	})
}

func (d *desk) DiscardPrinciple(ctx context.Context, id, why string) (saved, error) {
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		p, err := principles.Discard(tx, id, why)
		return saved{ID: p.ID, Text: p.Alias + " discarded · u undoes"}, err
	})
}

// hypFields are the lines of a plan. decision must not be nil.
func hypFields(tx *store.Tx, h *hypotheses.Hypothesis) []formField {
	dec := h.Decision
	task := ""
	if t, err := store.Get[hypotheses.Task](tx, hypotheses.KindTask, h.TaskID); err == nil {
		task = t.Key
	}
	fields := []formField{
		textField("title", &h.Title), textField("statement", &h.Statement), textField("rationale", &h.Rationale),
		{"task", task, func(v string) error {
			t, err := hypotheses.FindTask(tx, v)
			h.TaskID = t.ID
			return err
		}},
		textField("metric", &h.Metric), textField("estimand", &h.Estimand.DS), textField("direction", &h.Direction),
		realField("theta0", &dec.Theta0, &h.Theta0), realField("delta", &dec.Delta, &h.Delta),
		textField("why this delta", &dec.DeltaReason),
		intField("blocks at least", &dec.NMin, &h.Seeds.NMin), intField("blocks at most", &dec.NMax, &h.Seeds.NMax),
		textField("role", &dec.Role), textField("expect", &dec.Expect), textField("setting", &dec.Setting),
		{"regions", strings.Join(dec.Regions, "; "), func(v string) error { dec.Regions = listOf(v, ";"); return nil }},
		{"arms in order", strings.Join(dec.Arms, ", "), func(v string) error { dec.Arms = listOf(v, ","); return nil }},
	}
	for i := range h.Arms {
		fields = append(fields, formField{"arm " + h.Arms[i].Name, h.Arms[i].Spec, func(v string) error {
			if !json.Valid([]byte(v)) {
				return errors.New("the net is not JSON")
			}
			h.Arms[i].Spec = v
			return nil
		}})
	}
	return fields
}

// armsOf adds the arms that a form names and a plan does not have yet, and
// leaves out those that it no longer names.
func (f form) armsOf(h *hypotheses.Hypothesis) {
	var arms []hypotheses.Arm
	for _, l := range f {
		if name, ok := strings.CutPrefix(l.name, "arm "); ok {
			arms = append(arms, hypotheses.Arm{Name: name, Spec: l.value})
		}
	}
	h.Arms = arms
}

// draftOf is what a template starts from: the hypothesis itself, or a copy of
// the principle's first complete plan, or of any complete one.
func (d *desk) draftOf(tx *store.Tx, principleID, hypID string) (hypotheses.Hypothesis, error) {
	if hypID != "" {
		h, err := hypotheses.Find(tx, hypID)
		if err == nil && h.Decision == nil {
			h.Decision = &hypotheses.DecisionSpec{}
		}
		return h, err
	}
	all, err := hypsByPrinciple(tx)
	if err != nil {
		return hypotheses.Hypothesis{}, err
	}
	h := hypotheses.Hypothesis{Decision: &hypotheses.DecisionSpec{Kind: "greater", Reduction: "paired", Better: "higher", Expect: "validated", Role: "core", NMin: 5, NMax: 60}}
	for _, list := range [][]hypotheses.Hypothesis{all[principleID], all[""]} {
		i := slices.IndexFunc(list, hypotheses.Hypothesis.Complete)
		if i < 0 {
			continue
		}
		from := list[i]
		dec := *from.Decision
		h = hypotheses.Hypothesis{
			Kind: hypotheses.Confirmatory, Estimand: from.Estimand, Direction: from.Direction, Metric: from.Metric,
			TaskID: from.TaskID, Arms: slices.Clone(from.Arms), Controls: from.Controls, Seeds: from.Seeds, Budget: from.Budget,
			Theta0: from.Theta0, Delta: from.Delta, Decision: &dec,
		}
		break
	}
	h.PrincipleID = principleID
	return h, nil
}

func (d *desk) Template(_ context.Context, principleID, hypID string) (text string, err error) {
	err = d.lib.View(func(tx *store.Tx) error {
		h, err := d.draftOf(tx, principleID, hypID)
		if err != nil {
			return err
		}
		note := "A plan, one field a line. Arms are nets as JSON; add a line arm NAME: {…} for another.\nThe plan below was copied; change what your statement changes."
		if hypID != "" {
			note = h.Alias + ". Arms are nets as JSON."
		}
		text = writeForm(note, hypFields(tx, &h))
		return nil
	})
	return text, err
}

func (d *desk) SaveHypothesis(ctx context.Context, principleID, hypID, text string) (saved, error) {
	f, err := parseForm(text)
	if err != nil {
		return saved{}, err
	}
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		draft, err := d.draftOf(tx, principleID, hypID)
		if err != nil {
			return saved{}, err
		}
		dec := *draft.Decision
		draft.Decision = &dec
		f.armsOf(&draft)
		if err := f.fill(hypFields(tx, &draft)); err != nil {
			return saved{}, err
		}
		if hypID == "" {
			h, err := hypotheses.Add(tx, draft)
			return saved{ID: h.ID, Alias: h.Alias, Text: h.Alias + " added as a draft"}, err
		}
		h, err := hypotheses.Edit(tx, hypID, func(h *hypotheses.Hypothesis) { *h = draft })
		word := " edited"
		if h.ID != draft.ID {
			word = " is the new version, a draft"
		}
		return saved{ID: h.ID, Alias: h.Alias, Text: h.Alias + word}, err
	})
}
