package tui

import (
	"context"
	"errors"
	"fmt"
	"image"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/principles"
	"tenet/survey"
)

func (d *desk) Sheets(_ context.Context, paperID string) (sheets, error) {
	p, doc, err := d.document(paperID)
	if errors.Is(err, store.ErrNotFound) && p.ID != "" {
		return sheets{Paper: rowOfPaper(p, ""), Empty: noTextText(p)}, nil
	}
	if err != nil {
		return sheets{}, err
	}
	s := sheets{Paper: rowOfPaper(p, ""), Empty: "The PDF has no page with text; it needs OCR."}
	at := map[int]int{}
	for _, pg := range doc.Pages {
		view := page{number: pg.Number, text: []rune(pg.Text), width: pg.Width, height: pg.Height}
		for _, sn := range pg.Sentences {
			if sn.Start >= 0 && sn.End <= len(view.text) && sn.Start < sn.End {
				view.sentences = append(view.sentences, sentence{id: sn.ID, start: sn.Start, end: sn.End, kind: string(sn.Kind)})
			}
		}
		at[pg.Number] = len(s.Pages)
		s.Pages = append(s.Pages, view)
	}
	for _, f := range papers.Figures(doc) {
		if i, ok := at[f.Page]; ok {
			s.Figures = append(s.Figures, figure{page: i, start: f.Start, end: f.End, label: f.Label, caption: f.Caption})
		}
	}
	for _, pr := range survey.Propose(doc) {
		i, ok := at[pr.Page]
		if !ok {
			continue
		}
		if k := s.Pages[i].sentenceAt(pr.Start); k >= 0 {
			s.Proposals = append(s.Proposals, proposal{Page: i, Sentence: k, Kind: string(pr.Kind), Why: pr.Why})
		}
	}
	return s, nil
}

// Picture draws a page or a figure of the paper's PDF in the vault.
func (d *desk) Picture(ctx context.Context, paperID string, page int, label string) (image.Image, error) {
	if d.draw == nil {
		return nil, errors.New("pages cannot be drawn here; o opens the PDF")
	}
	var p survey.Paper
	err := d.lib.View(func(tx *store.Tx) (err error) {
		p, err = store.Get[survey.Paper](tx, survey.KindPaper, paperID)
		return err
	})
	if err != nil {
		return nil, err
	}
	pdf, err := d.lib.Vault().Bytes(p.FileSHA)
	if err != nil {
		return nil, fmt.Errorf("the PDF of %s: %w", p.Name(), err)
	}
	return d.draw(ctx, pdf, page, label)
}

func noTextText(p survey.Paper) string {
	return p.Name() + " has no PDF in the library yet. In 1 Triage, i adds it: it is recognised by DOI, arXiv id or title, and the quotes of its claims are looked up in it."
}

// document gives a paper and its text.
func (d *desk) document(paperID string) (p survey.Paper, doc *papers.Document, err error) {
	err = d.lib.View(func(tx *store.Tx) error {
		p, err = store.Get[survey.Paper](tx, survey.KindPaper, paperID)
		return err
	})
	if err != nil {
		return survey.Paper{}, nil, err
	}
	doc, err = survey.LoadDocument(d.lib, p)
	return p, doc, err
}

func (d *desk) ClaimsOf(_ context.Context, paperID string) ([]claimRow, error) {
	var rows []claimRow
	err := d.lib.View(func(tx *store.Tx) error {
		p, err := store.Get[survey.Paper](tx, survey.KindPaper, paperID)
		if err != nil {
			return err
		}
		names := map[string]string{}
		for c, err := range survey.ClaimsOf(tx, paperID) {
			if err != nil {
				return err
			}
			row, err := rowOfClaim(tx, c, p, names)
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
}

func (d *desk) Claim(_ context.Context, id string) (row claimRow, err error) {
	err = d.lib.View(func(tx *store.Tx) error {
		c, err := survey.FindClaim(tx, id)
		if err != nil {
			return err
		}
		p, err := store.Get[survey.Paper](tx, survey.KindPaper, c.PaperID)
		if err != nil {
			return err
		}
		row, err = rowOfClaim(tx, c, p, map[string]string{})
		return err
	})
	return row, err
}

// rowOfClaim reads a claim with its links; names remembers aliases of
// principles over several calls.
func rowOfClaim(tx *store.Tx, c survey.Claim, p survey.Paper, names map[string]string) (claimRow, error) {
	row := claimRow{
		ID: c.ID, Alias: c.Alias, Key: c.Key, PaperID: c.PaperID, Paper: p.Name(), Page: c.Page, Text: c.Text, Quote: c.Quote,
		Kind: string(c.Kind), Outcome: string(c.Located), Verified: c.Verified, Dropped: !c.State.Live(), Comment: c.Comment,
	}
	if a := c.Anchor; a != nil && (c.Located == papers.Found || c.Located == papers.Moved) {
		row.Page, row.Start, row.End = a.Page, a.RuneStart, a.RuneEnd
		for _, q := range a.Quads {
			row.Quads = append(row.Quads, [4]float64{float64(q.X0) / 100, float64(q.Y0) / 100, float64(q.X1) / 100, float64(q.Y1) / 100})
		}
	}
	for l, err := range principles.LinksOfClaim(tx, c.ID) {
		if err != nil {
			return row, err
		}
		if _, ok := names[l.PrincipleID]; !ok {
			pr, err := store.Get[principles.Principle](tx, principles.KindPrinciple, l.PrincipleID)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return row, err
			}
			names[l.PrincipleID] = pr.Alias
		}
		row.Links = append(row.Links, claimLink{Stance: string(l.Relation), Principle: names[l.PrincipleID], PrincipleID: l.PrincipleID})
	}
	return row, nil
}

// stanceOf turns a relation into what the claim says of the thing studied.
func stanceOf(relation string) string {
	switch relation {
	case string(principles.Supports):
		return "pro"
	case string(principles.Contradicts):
		return "con"
	}
	return "mixed"
}

// Tag makes a claim of a sentence and links it, in one transaction, so that
// one undo takes both back. A claim already there is linked, not doubled.
func (d *desk) Tag(ctx context.Context, t tagOrder) (saved, error) {
	_, doc, err := d.document(t.PaperID)
	if err != nil {
		return saved{}, err
	}
	anchor := papers.MakeAnchor(doc, t.Page, t.Start, t.End)
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		c, err := d.claimAt(tx, t)
		if err != nil {
			return saved{}, err
		}
		if c.ID == "" {
			c, err = survey.Tag(tx, survey.NewClaim{
				PaperID: t.PaperID, Anchor: &anchor, Page: t.Page, Quote: anchor.Exact,
				Kind: survey.Kind(t.Kind), Stance: stanceOf(t.Stance),
			})
		} else if string(c.Kind) != t.Kind {
			kind := survey.Kind(t.Kind)
			c, err = survey.EditClaim(tx, c.ID, survey.Edit{Kind: &kind})
		}
		if err != nil {
			return saved{}, err
		}
		if _, err := principles.LinkClaim(tx, c.ID, t.PrincipleID, principles.Relation(t.Stance)); err != nil {
			return saved{}, err
		}
		text := fmt.Sprintf("%s %s %s, %s · u undoes", c.Alias, t.Stance, t.PrincipleAlias, kindWord(t.Kind))
		return saved{ID: c.ID, Alias: c.Alias, Text: text}, nil
	})
}

// claimAt finds a live claim on exactly these words.
func (d *desk) claimAt(tx *store.Tx, t tagOrder) (survey.Claim, error) {
	for c, err := range survey.ClaimsOf(tx, t.PaperID) {
		if err != nil {
			return survey.Claim{}, err
		}
		if a := c.Anchor; a != nil && c.State.Live() && a.Page == t.Page && a.RuneStart == t.Start && a.RuneEnd == t.End {
			return c, nil
		}
	}
	return survey.Claim{}, nil
}

func (d *desk) Drop(ctx context.Context, claimID string) (saved, error) {
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		c, err := survey.FindClaim(tx, claimID)
		if err != nil {
			return saved{}, err
		}
		return saved{ID: c.ID, Text: c.Alias + " dropped · u undoes"}, survey.Drop(tx, claimID, "dropped while reading")
	})
}
