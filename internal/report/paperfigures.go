package report

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"image"
	"regexp"
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
	docs := map[string][]papers.FigureItem{}
	pages := map[string]*papers.Document{}
	found := map[figureOfPaper]*paperFigure{}
	// Claims made on a caption or in a table come before those that only speak of one.
	for _, within := range []bool{true, false} {
		err := s.eachClaim(func(c *claimView) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			p, ok := s.paperOf[c.PaperID]
			if !ok || !p.HasText() || !lib.Vault().Has(p.FileSHA) {
				return nil
			}
			if _, ok := pages[p.ID]; !ok {
				d, err := survey.LoadDocument(lib, p)
				if err != nil {
					d = &papers.Document{} // what the vault lost is told by the trace
				}
				pages[p.ID], docs[p.ID] = d, papers.Figures(d)
			}
			for _, f := range docs[p.ID] {
				in := standsIn(c.Claim, pages[p.ID], f)
				if in != within || !in && !speaksOf(c.Claim, f, docs[p.ID]) {
					continue
				}
				at := figureOfPaper{p.ID, f.Page, f.Start}
				if found[at] == nil && len(s.PaperFigures) < mostPaperFigures && o.Draw != nil {
					v := &paperFigure{ID: fmt.Sprintf("paper-figure-%d", len(s.PaperFigures)+1), Label: f.Label, Caption: f.Caption, Paper: p.Name(), Page: f.Page, paperID: p.ID}
					found[at] = v
					s.PaperFigures = append(s.PaperFigures, v)
				}
				cf := claimFigure{FigureItem: f}
				if v := found[at]; v != nil {
					cf.ID = v.ID
					v.Claims = appendNew(v.Claims, c.Alias)
				}
				c.Figures = append(c.Figures, cf)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.drawThem(ctx, lib, o)
}

func appendNew(to []string, s string) []string {
	for _, have := range to {
		if have == s {
			return to
		}
	}
	return append(to, s)
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

// speaksOf says whether a claim names a figure of its paper. “Figure 3a” is Figure 3 where there is no figure of that very label.
func speaksOf(c survey.Claim, f papers.FigureItem, all []papers.FigureItem) bool {
	for _, m := range figureWords.FindAllStringSubmatch(c.Quote+" \n "+c.Text, -1) {
		word := "Figure "
		if m[1][0] == 't' || m[1][0] == 'T' {
			word = "Table "
		}
		for _, n := range append([]string{m[2]}, figureNumber.FindAllString(m[3], -1)...) {
			label := word + n
			if !hasLabel(all, label) {
				label = strings.TrimRight(label, "abcdefghijklmnopqrstuvwxyz")
			}
			if papers.SameLabel(label, f.Label) {
				return true
			}
		}
	}
	return false
}

func hasLabel(all []papers.FigureItem, label string) bool {
	for _, f := range all {
		if papers.SameLabel(label, f.Label) {
			return true
		}
	}
	return false
}
