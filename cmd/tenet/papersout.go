package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"tenet/papers"
)

func (a *app) tellInfo(w io.Writer, file string, d *papers.Document) error {
	if a.json {
		return writeJSON(w, map[string]any{"file": file, "pages": len(d.Pages), "sha256": d.SHA256, "meta": d.Meta, "outline": d.Outline, "warnings": d.Warnings})
	}
	m := d.Meta
	fmt.Fprintf(w, "%s: %d pages\n  title    %s\n  authors  %s\n", filepath.Base(file), len(d.Pages), clean(m.Title), clean(strings.Join(m.Authors, "; ")))
	for _, kv := range [][2]string{{"doi", m.DOI}, {"arxiv", m.ArXiv}} {
		if kv[1] != "" {
			fmt.Fprintf(w, "  %-8s %s\n", kv[0], clean(kv[1]))
		}
	}
	switch {
	case m.YearGuessed:
		fmt.Fprintf(w, "  year     %d?  of the youngest work it cites\n", m.Year)
	case m.Year > 0:
		fmt.Fprintf(w, "  year     %d\n", m.Year)
	}
	for _, warning := range d.Warnings {
		fmt.Fprintf(w, "  ! page %d: %s\n", warning.Page, clean(warning.Text))
	}
	return nil
}

func (a *app) tellRefs(w io.Writer, file string, d *papers.Document) error {
	if a.json {
		return writeJSON(w, map[string]any{"file": file, "references": d.References})
	}
	for _, e := range d.References {
		if _, err := fmt.Fprintln(w, clean(e.Raw)); err != nil {
			return err
		}
	}
	return nil
}

// toldFigure is a figure with the file its picture was written to.
type toldFigure struct {
	papers.FigureItem
	Picture string `json:"picture,omitempty"`
}

func (a *app) tellFigures(ctx context.Context, w io.Writer, r readPaper, last *papers.Renderer, f papersFlags) error {
	var told []toldFigure
	var errs []error
	for _, item := range papers.Figures(r.doc) {
		t := toldFigure{FigureItem: item}
		if f.draws() && item.Box != (papers.Box{}) {
			path, err := a.drawFigure(ctx, r, item, last, f)
			if err != nil {
				errs = append(errs, err)
			}
			t.Picture = path
		}
		told = append(told, t)
	}
	if a.json {
		return errors.Join(append(errs, writeJSON(w, map[string]any{"file": r.name, "figures": told}))...)
	}
	for _, t := range told {
		fmt.Fprintf(w, "%s\tpage %d\t%s", t.Label, t.Page, clean(t.Caption))
		if t.Picture != "" {
			fmt.Fprintf(w, "\t%s", clean(t.Picture))
		}
		fmt.Fprintln(w)
	}
	return errors.Join(errs...)
}

// drawFigure writes the picture of a figure into the folder and names the file.
func (a *app) drawFigure(ctx context.Context, r readPaper, item papers.FigureItem, last *papers.Renderer, f papersFlags) (string, error) {
	picture, err := last.Picture(ctx, r.data, item.Page, item.Box, f.dpi)
	if err != nil {
		return "", err
	}
	dir := a.path(f.out)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("papers: %w", err)
	}
	base := strings.TrimSuffix(filepath.Base(r.name), filepath.Ext(r.name))
	path := filepath.Join(dir, fileWord(fmt.Sprintf("%s-p%d-%s", base, item.Page, item.Label))+".png")
	return path, writePNG(path, papers.Trim(picture, f.dpi/20))
}

// fileWord makes a name that every file system takes.
func fileWord(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '.', r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return '_'
	}, s)
}

func writePNG(path string, picture image.Image) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("papers: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return png.Encode(f, picture)
}
