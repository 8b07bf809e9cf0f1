package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

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
