package tui

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"tenet/internal/store"
	"tenet/survey"
)

// patchLimit is the most changes that are followed one by one; past it the
// whole list is read anew, which then costs less.
const patchLimit = 2000

func (d *desk) Papers(ctx context.Context, after uint64) (paperPatch, error) {
	ids, whole := map[string]bool{}, after == 0
	if !whole {
		n := 0
		for c, err := range d.lib.Changes(after) {
			if err != nil {
				return paperPatch{}, err
			}
			if n++; n > patchLimit {
				whole = true
				break
			}
			switch c.Kind {
			case survey.KindPaper:
				ids[c.ID] = true
				whole = whole || len(c.After) == 0 || string(c.After) == "null"
			case survey.KindScreening:
				ids[paperOf(c)] = true
			}
		}
	}
	patch := paperPatch{Whole: whole}
	err := d.lib.View(func(tx *store.Tx) error {
		patch.Seq = tx.Seq()
		if !whole {
			for id := range ids {
				p, err := store.Get[survey.Paper](tx, survey.KindPaper, id)
				if err != nil {
					return err
				}
				mine, err := d.decision(tx, id)
				if err != nil {
					return err
				}
				patch.Rows = append(patch.Rows, rowOfPaper(p, mine))
			}
			return nil
		}
		mine := map[string]survey.Decision{}
		for s, err := range store.All[survey.Screening](tx, survey.KindScreening) {
			if err != nil {
				return err
			}
			if s.Reviewer == d.actor {
				mine[s.PaperID] = s.Decision
			}
		}
		for p, err := range survey.Papers(tx) {
			if err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			patch.Rows = append(patch.Rows, rowOfPaper(p, mine[p.ID]))
		}
		return nil
	})
	return patch, err
}

func paperOf(c store.Change) string {
	var s struct {
		PaperID string `json:"paper_id"`
	}
	for _, raw := range []json.RawMessage{c.After, c.Before} {
		if json.Unmarshal(raw, &s) == nil && s.PaperID != "" {
			break
		}
	}
	return s.PaperID
}

func (d *desk) decision(tx *store.Tx, paperID string) (survey.Decision, error) {
	for s, err := range survey.ScreeningsOf(tx, paperID) {
		if err != nil {
			return "", err
		}
		if s.Reviewer == d.actor {
			return s.Decision, nil
		}
	}
	return "", nil
}

func rowOfPaper(p survey.Paper, mine survey.Decision) paperRow {
	row := paperRow{
		ID: p.ID, Alias: p.Alias, Key: p.Key, Title: p.Title, Authors: shortAuthors(p.Authors, p.Others), Year: p.Year,
		State: string(p.State), Reason: p.Reason, HasText: p.HasText(), Pages: p.Pages,
	}
	if row.Title == "" {
		row.Title = p.Name()
	}
	if p.NeedsOCR {
		row.Fault = "the PDF has no text in it: needs OCR"
	}
	switch p.State {
	case survey.ScreenedIn, survey.Sought, survey.Retrieved, survey.NotRetrieved, survey.Assessed, survey.Included:
		row.Decision = "in"
	case survey.ScreenedOut, survey.Excluded:
		row.Decision = "out"
	case survey.Identified:
		if mine == survey.Maybe {
			row.Decision = "maybe"
		}
	}
	return row
}

// shortAuthors gives family names, two of them and how many more.
func shortAuthors(all []string, others bool) string {
	var names []string
	for _, a := range all {
		family, _, _ := strings.Cut(a, ",")
		names = append(names, strings.TrimSpace(family))
	}
	switch {
	case len(names) == 0:
		return "no author"
	case len(names) <= 3 && !others:
		return strings.Join(names, ", ")
	case others:
		return strings.Join(names[:min(len(names), 2)], ", ") + " and others"
	}
	return fmt.Sprintf("%s, %s +%d", names[0], names[1], len(names)-2)
}

func (d *desk) Paper(_ context.Context, id string) (paperDetail, error) {
	var out paperDetail
	err := d.lib.View(func(tx *store.Tx) error {
		p, err := store.Get[survey.Paper](tx, survey.KindPaper, id)
		if err != nil {
			return err
		}
		mine, err := d.decision(tx, id)
		if err != nil {
			return err
		}
		out = paperDetail{
			paperRow: rowOfPaper(p, mine), Venue: p.Venue, DOI: p.DOI, ArXiv: p.ArXiv, URL: p.URL,
			Abstract: p.Abstract, AllAuthors: strings.Join(p.Authors, "; "),
		}
		if c := p.Coding; c != nil {
			out.Notes = append(out.Notes, codingText(c))
		}
		for _, w := range p.Warnings {
			out.Notes = append(out.Notes, "! "+w)
		}
		for c, err := range survey.CommentsOn(tx, id) {
			if err != nil {
				return err
			}
			out.Notes = append(out.Notes, "comment by "+c.Reviewer+": "+c.Text)
		}
		return nil
	})
	return out, err
}

func codingText(c *survey.Coding) string {
	parts := []string{"coded " + c.Include}
	if len(c.Criteria) > 0 {
		parts = append(parts, "criteria "+strings.Join(c.Criteria, " "))
	}
	for _, f := range []string{c.SkipType, c.Task, c.Reason, c.Note} {
		if f != "" {
			parts = append(parts, f)
		}
	}
	return strings.Join(parts, " · ")
}

func (d *desk) Screen(ctx context.Context, id, decision, reason string) (saved, error) {
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		p, err := survey.Screen(tx, id, survey.Decision(decision), reason)
		text := p.Alias + " " + decision
		if p.State == survey.Identified && decision != "maybe" {
			text += "; " + p.Reason
		}
		return saved{Text: text + " · u undoes"}, err
	})
}

// Reasons are the study's own exclusion criteria.
func (d *desk) Reasons(context.Context) ([]string, error) {
	reasons := []string{}
	err := d.lib.View(func(tx *store.Tx) error {
		s, ok, err := survey.StudyOf(tx)
		if err != nil || !ok || s.Method == nil {
			return err
		}
		for _, c := range s.Method.Exclusion {
			reasons = append(reasons, strings.TrimSpace(c.ID+" "+c.Text))
		}
		return nil
	})
	if len(reasons) == 0 {
		reasons = []string{"off topic", "no reasoning", "duplicate", "no full text"}
	}
	return reasons, err
}
