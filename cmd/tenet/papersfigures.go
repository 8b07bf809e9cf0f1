package main

import (
	"bufio"
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

// toldFigure is a figure with the file its picture was written to.
type toldFigure struct {
	papers.FigurePicture
	Picture string `json:"picture,omitempty"`
}

// figureFolder is where one `tenet papers figures` puts its pictures: no two of them under one name, and figures.tsv lists them all.
type figureFolder struct {
	dir   string // as it was given
	path  string
	names map[string]bool
	rows  []string
}

const figureColumns = "file\tpicture\tkind\tlabel\tpage\tx0\ty0\tx1\ty1\tsure\tcaption\n"

func (a *app) tellFigures(ctx context.Context, w io.Writer, r readPaper, last *papers.Renderer, f papersFlags) error {
	want := f.wanted()
	var told []toldFigure
	var err error
	if f.draws() {
		told, err = a.drawFigures(ctx, w, r, last, f, want)
		if f.out == "-" {
			return err
		}
	} else {
		for _, item := range papers.Figures(r.doc) {
			if want(item) {
				told = append(told, toldFigure{FigurePicture: papers.FigurePicture{FigureItem: item}})
			}
		}
	}
	if f.only != "" && len(told) == 0 && err == nil {
		err = noSuchFigure(r, f)
	}
	if a.json {
		return errors.Join(writeJSON(w, map[string]any{"file": r.name, "figures": told}), err)
	}
	for _, t := range told {
		fmt.Fprintf(w, "%s\tpage %d\t%s", t.Label, t.Page, clean(t.Caption))
		if t.Picture != "" {
			fmt.Fprintf(w, "\t%s", clean(t.Picture))
		}
		fmt.Fprintln(w)
	}
	return err
}

// wanted says which figures are asked for.
func (f papersFlags) wanted() func(papers.FigureItem) bool {
	return func(item papers.FigureItem) bool {
		return (f.only == "" || papers.SameLabel(f.only, item.Label)) && (f.page == 0 || f.page == item.Page)
	}
}

func noSuchFigure(r readPaper, f papersFlags) error {
	var has []string
	for _, item := range papers.Figures(r.doc) {
		has = append(has, fmt.Sprintf("%s (page %d)", item.Label, item.Page))
	}
	name := filepath.Base(r.name)
	if len(has) == 0 {
		return fmt.Errorf("papers: %s: no caption of a figure or table was found", name)
	}
	if f.page > 0 {
		return fmt.Errorf("papers: %s: no %s on page %d; it has %s", name, f.only, f.page, strings.Join(has, ", "))
	}
	return fmt.Errorf("papers: %s: no %s; it has %s", name, f.only, strings.Join(has, ", "))
}

// drawFigures writes the pictures of a paper's figures, or the one that is asked for to standard output.
func (a *app) drawFigures(ctx context.Context, w io.Writer, r readPaper, last *papers.Renderer, f papersFlags, want func(papers.FigureItem) bool) ([]toldFigure, error) {
	var told []toldFigure
	err := last.Figures(ctx, r.data, r.doc, f.dpi, want, func(p papers.FigurePicture) error {
		t := toldFigure{FigurePicture: p}
		if f.out == "-" {
			switch {
			case len(told) > 0: // the first of that name is the one
				return nil
			case p.Image == nil:
				return fmt.Errorf("papers: %s: the caption of %s stands on page %d, and no picture beside it", filepath.Base(r.name), p.Label, p.Page)
			}
			told = append(told, t)
			return png.Encode(w, p.Image)
		}
		var err error
		t.Picture, err = f.folder.put(r.name, p)
		told = append(told, t)
		return err
	})
	if err == nil && f.out == "-" && len(told) == 0 {
		err = noSuchFigure(r, f)
	}
	return told, err
}

// put writes one picture and notes it; where there is none the note alone.
func (d *figureFolder) put(file string, p papers.FigurePicture) (string, error) {
	name, sure := "", "yes"
	if p.Image != nil {
		base := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		if file == "-" {
			base = "paper"
		}
		word := fileWord(fmt.Sprintf("%s-p%d-%s", base, p.Page, p.Label))
		name = word + ".png"
		for n := 2; d.names[name]; n++ {
			name = fmt.Sprintf("%s-%d.png", word, n)
		}
		d.names[name] = true
		if err := os.MkdirAll(d.path, 0o755); err != nil {
			return "", fmt.Errorf("papers: %w", err)
		}
		if err := writePNG(filepath.Join(d.path, name), p.Image); err != nil {
			return "", err
		}
	}
	if p.Guessed {
		sure = "no"
	}
	d.rows = append(d.rows, fmt.Sprintf("%s\t%s\t%s\t%s\t%d\t%g\t%g\t%g\t%g\t%s\t%s\n", clean(file), name, p.Kind, p.Label, p.Page,
		p.Box.X0, p.Box.Y0, p.Box.X1, p.Box.Y1, sure, clean(p.Caption)))
	if name == "" {
		return "", nil
	}
	return filepath.Join(d.dir, name), nil
}

// close writes the list of what was drawn.
func (d *figureFolder) close() error {
	if d == nil || len(d.rows) == 0 {
		return nil
	}
	if err := os.MkdirAll(d.path, 0o755); err != nil {
		return fmt.Errorf("papers: %w", err)
	}
	f, err := os.Create(filepath.Join(d.path, "figures.tsv"))
	if err != nil {
		return fmt.Errorf("papers: %w", err)
	}
	w := bufio.NewWriter(f)
	_, _ = w.WriteString(figureColumns) // closeAll tells
	for _, row := range d.rows {
		_, _ = w.WriteString(row)
	}
	return closeAll(w, f)
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
