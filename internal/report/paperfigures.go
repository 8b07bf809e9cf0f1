package report

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"image"
	"regexp"
	"slices"
	"strings"
	"time"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/survey"
)

const (
	// mostPaperFigures bounds the figures of papers that a report shows.
	mostPaperFigures = 12
	// paperFigureTime bounds what drawing all of them may take.
	paperFigureTime = 2 * time.Minute
)

// claimFigure is a figure or table of its own paper that a claim stands in or speaks of.
type claimFigure struct {
	papers.FigureItem
	ID string // of its picture in the page; "" where it is not among those shown
}

// paperFigure is a figure of a paper as it is shown.
type paperFigure struct {
	ID, Label, Caption, Paper string
	Page                      int
	Claims                    []string     // aliases
	Src                       template.URL // the picture itself, made by fit
	Why                       string       // there is none
	paperID                   string
}

// figureOfPaper names one figure of the library.
type figureOfPaper struct {
	paperID     string
	page, start int
}

// drawPaperFigures finds the figures that the shown claims lead to and has the first of them drawn. It runs after the ledger was read, since
// drawing takes time; what goes wrong with a picture is said in its place and costs the report nothing.
func (s *study) drawPaperFigures(ctx context.Context, lib *store.Library, o Options) error {
	hits, err := s.figuresOfClaims(ctx, lib)
	if err != nil {
		return err
	}
	found := map[figureOfPaper]*paperFigure{}
	for _, h := range hits {
		at := figureOfPaper{h.paper.ID, h.figure.Page, h.figure.Start}
		if found[at] == nil && len(s.PaperFigures) < mostPaperFigures && o.Draw != nil {
			v := &paperFigure{
				ID: fmt.Sprintf("paper-figure-%d", len(s.PaperFigures)+1), Label: h.figure.Label, Caption: h.figure.Caption,
				Paper: h.paper.Name(), Page: h.figure.Page, paperID: h.paper.ID,
			}
			found[at] = v
			s.PaperFigures = append(s.PaperFigures, v)
		}
		cf := claimFigure{FigureItem: h.figure}
		if v := found[at]; v != nil {
			cf.ID = v.ID
			if !slices.Contains(v.Claims, h.claim.Alias) {
				v.Claims = append(v.Claims, h.claim.Alias)
			}
		}
		h.claim.Figures = append(h.claim.Figures, cf)
	}
	return s.drawThem(ctx, lib, o)
}

// claimHit is a claim that leads to a figure of its paper.
type claimHit struct {
	claim  *claimView
	figure papers.FigureItem
	paper  survey.Paper
	within bool // it was made on the caption or in the figure itself
}

// figuresOfClaims finds what the shown claims lead to, those made within a figure before those that only speak of one.
func (s *study) figuresOfClaims(ctx context.Context, lib *store.Library) ([]claimHit, error) {
	type read struct {
		doc     *papers.Document
		figures []papers.FigureItem
	}
	docs := map[string]read{}
	var hits []claimHit
	err := s.eachClaim(func(c *claimView) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, ok := s.paperOf[c.PaperID]
		if !ok || !p.HasText() || !lib.Vault().Has(p.FileSHA) {
			return nil
		}
		d, ok := docs[p.ID]
		if !ok {
			var err error
			if d.doc, err = survey.LoadDocument(lib, p); err != nil {
				d.doc = &papers.Document{} // what the vault lost is told by the trace
			}
			d.figures = papers.Figures(d.doc)
			docs[p.ID] = d
		}
		spoken := labelsNamed(c.Claim, d.figures)
		for _, f := range d.figures {
			if in := standsIn(c.Claim, d.doc, f); in || isNamed(spoken, f) {
				hits = append(hits, claimHit{c, f, p, in})
			}
		}
		return nil
	})
	slices.SortStableFunc(hits, func(a, b claimHit) int { return btoi(b.within) - btoi(a.within) })
	return hits, err
}

func (s *study) eachClaim(do func(*claimView) error) error {
	for i := range s.Principles {
		p := &s.Principles[i]
		for _, cs := range [][]claimView{p.For, p.Against, p.Qualify} {
			for k := range cs {
				if err := do(&cs[k]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// drawThem makes the pictures that were chosen.
func (s *study) drawThem(ctx context.Context, lib *store.Library, o Options) error {
	limited, cancel := context.WithTimeout(ctx, paperFigureTime)
	defer cancel()
	for _, v := range s.PaperFigures {
		err := v.draw(limited, lib, s.paperOf[v.paperID], o.Draw)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case limited.Err() != nil:
			v.Why = fmt.Sprintf("Its picture was not made: drawing the pictures took longer than %v.", paperFigureTime)
		case err != nil:
			v.Why = "Its picture could not be made: " + oneLine(clean(err.Error())) + "."
		}
	}
	return nil
}

func (v *paperFigure) draw(ctx context.Context, lib *store.Library, p survey.Paper, draw func(context.Context, []byte, int, string) (image.Image, error)) error {
	pdf, err := lib.Vault().Bytes(p.FileSHA)
	if err != nil {
		return err
	}
	m, err := draw(ctx, pdf, v.Page, v.Label)
	if err != nil {
		return err
	}
	kind, data, ok := fit(m)
	if !ok {
		return errors.New("it stays larger than a report may hold")
	}
	v.Src = template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // our own bytes
	return nil
}

// standsIn says whether a claim's words are the caption's, or lie in the figure itself.
func standsIn(c survey.Claim, d *papers.Document, f papers.FigureItem) bool {
	a := c.Anchor
	if a == nil || a.Page != f.Page || c.Located != papers.Found && c.Located != papers.Moved {
		return false
	}
	if a.RuneStart < f.End && a.RuneEnd > f.Start {
		return true
	}
	for i := range d.Pages {
		if d.Pages[i].Number != a.Page {
			continue
		}
		for _, b := range d.Pages[i].Blocks {
			if (b.Kind == papers.Table || b.Kind == papers.Figure) && b.Start <= a.RuneStart && a.RuneStart < b.End {
				x, y := (b.Box.X0+b.Box.X1)/2, (b.Box.Y0+b.Box.Y1)/2
				return x > f.Box.X0 && x < f.Box.X1 && y > f.Box.Y0 && y < f.Box.Y1
			}
		}
	}
	return false
}

// figureWords finds the words that lead to figures: “Fig. 3a”, “Tables 1 and 2”.
var figureWords = regexp.MustCompile(`(?i)\b(fig(?:ure|s|ures)?|tab(?:le|les|s)?)\.?\s*([0-9]+[a-z]?|[IVX]+\b)((?:\s*(?:,|and|&|–|-)\s*[0-9]+[a-z]?\b)*)`)

var figureNumber = regexp.MustCompile(`[0-9]+[a-z]?`)

// labelsNamed gives the labels of figures that a claim names. “Figure 3a” is Figure 3 where its paper has no figure of that very label.
func labelsNamed(c survey.Claim, all []papers.FigureItem) []string {
	var labels []string
	for _, m := range figureWords.FindAllStringSubmatch(c.Quote+" \n "+c.Text, -1) {
		word := "Figure "
		if m[1][0] == 't' || m[1][0] == 'T' {
			word = "Table "
		}
		for _, n := range append([]string{m[2]}, figureNumber.FindAllString(m[3], -1)...) {
			label := word + n
			if !slices.ContainsFunc(all, func(f papers.FigureItem) bool { return papers.SameLabel(label, f.Label) }) {
				label = strings.TrimRight(label, "abcdefghijklmnopqrstuvwxyz")
			}
			labels = append(labels, label)
		}
	}
	return labels
}

func isNamed(labels []string, f papers.FigureItem) bool {
	return slices.ContainsFunc(labels, func(label string) bool { return papers.SameLabel(label, f.Label) })
}
