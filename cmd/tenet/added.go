package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"tenet/papers"
	"tenet/survey"
)

func (r added) line() string {
	name := filepath.Base(r.File)
	var s string
	switch r.Status {
	case "failed":
		s = fmt.Sprintf("! %s: %s", name, r.Error)
	case "imported":
		s = fmt.Sprintf("  %s: %d entries", name, r.Entries)
	default:
		s = fmt.Sprintf("  %s: %s %s “%s”, %d pages", name, r.Status, r.Paper, r.Title, r.Pages)
		if r.Status == "matched" {
			s += " (by " + r.How + ")"
		}
	}
	s = clean(s)
	for _, n := range r.Notes {
		s += "\n      " + clean(n)
	}
	return s
}

// notes are what a person should know about a paper that was added, at most a few lines.
func notes(got survey.Added, warnings []papers.Warning) []string {
	const most = 4
	var out []string
	for _, n := range []struct {
		n    int
		what string
	}{
		{got.ClaimsFound, "quotes found"},
		{got.ClaimsMoved, "quotes moved, check"},
		{got.ClaimsAmbiguous, "quotes ambiguous"},
		{got.ClaimsLost, "quotes lost"},
	} {
		if n.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n.n, n.what))
		}
	}
	if got.Paper.NeedsOCR {
		out = append(out, "no text in it: needs OCR")
	}
	for _, w := range warnings {
		if len(out) == most {
			break
		}
		if w.Page > 0 {
			out = append(out, fmt.Sprintf("page %d: %s", w.Page, w.Text))
		}
	}
	return out
}

// cause is the innermost reason of a file error, without the path the caller already shows.
func cause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// whyNot is why a PDF was not added, without the name that the line starts with.
func whyNot(path string, err error) string {
	s := err.Error()
	for _, room := range []string{"papers: ", "survey: "} {
		for _, name := range []string{filepath.Base(path), path, "open " + path} {
			s = strings.TrimPrefix(s, room+name+": ")
		}
	}
	return s
}

// wayOut is what a person can do about a file that could not be added.
func wayOut(err error) []string {
	for _, w := range []struct {
		is   error
		what string
	}{
		{papers.ErrEncrypted, "save it without a password and add that"},
		{papers.ErrNotPDF, "fetch it again: a download often leaves a web page or an empty file"},
		{papers.ErrEmpty, "fetch it again: it may have been cut off"},
		{papers.ErrDamaged, "fetch it again, or print it into a new PDF"},
		{papers.ErrLimit, "print the pages you need into a new PDF and add that"},
		{fs.ErrPermission, "give yourself the right to read it"},
		{syscall.ENOSPC, "make room and add it again"},
		{syscall.EFBIG, "make room and add it again"},
	} {
		if errors.Is(err, w.is) {
			return []string{w.what}
		}
	}
	return nil
}
