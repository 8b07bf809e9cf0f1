package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/survey"
)

// added is what one file became; the JSON form of `tenet add --json`.
type added struct {
	File    string   `json:"file"`
	Status  string   `json:"status"` // added, matched, already here, imported, failed
	Paper   string   `json:"paper,omitempty"`
	Title   string   `json:"title,omitempty"`
	How     string   `json:"how,omitempty"`
	Pages   int      `json:"pages,omitempty"`
	Entries int      `json:"entries,omitempty"`
	Notes   []string `json:"notes,omitempty"`
	Error   string   `json:"error,omitempty"`
}

func (a *app) addVerb() *cobra.Command {
	var strict bool
	var jobs int
	cmd := &cobra.Command{
		Use: "add FILE|DIR|BIB…", Short: "Add PDFs, folders of PDFs and bibliographies",
		Long: `Add papers. A PDF is copied into the library, read and indexed; it is matched to a
reference already there by DOI, arXiv id or title. A .bib file brings references.
A folder brings every PDF and .bib in it. A file that cannot be read says why and
stops nothing. Adding again what is already here does nothing, so an interrupted
add is simply repeated.`,
		Example: `  tenet add smith2020.pdf
  tenet add references.bib papers/
  tenet add --json papers/ | jq '.[] | select(.status == "failed")'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				files, bad := a.expand(args)
				// The index follows the ledger while papers come in, so that they can be searched at the end.
				indexed := make(chan error, 1)
				go func() { indexed <- s.openIndex(ctx) }()
				results := append(bad, a.addFiles(ctx, s, files, jobs)...)
				if err := <-indexed; err == nil && ctx.Err() == nil {
					err = s.idx.Wait(ctx, s.lib.Seq())
					if err != nil {
						fmt.Fprintf(a.err, "the index is behind and will catch up: %v\n", err)
					}
				}
				return a.reportAdded(ctx, results, strict)
			})
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "exit 1 when a file could not be added")
	cmd.Flags().IntVar(&jobs, "jobs", runtime.NumCPU(), "PDFs read at the same time")
	return cmd
}

// expand turns the arguments into files: bibliographies first, so that PDFs find their references.
func (a *app) expand(args []string) (files []string, bad []added) {
	for _, arg := range args {
		path := a.path(arg)
		info, err := os.Stat(path)
		if err != nil {
			bad = append(bad, added{File: arg, Status: "failed", Error: cause(err)})
			continue
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		_ = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				bad = append(bad, added{File: p, Status: "failed", Error: cause(err)})
				return nil
			}
			ext := strings.ToLower(filepath.Ext(p))
			if d.Type().IsRegular() && (ext == ".pdf" || ext == ".bib") {
				files = append(files, p)
			}
			return nil
		})
	}
	slices.SortStableFunc(files, func(x, y string) int { return rank(x) - rank(y) })
	return files, bad
}

func rank(path string) int {
	if isBib(path) {
		return 0
	}
	return 1
}

func isBib(path string) bool { return strings.EqualFold(filepath.Ext(path), ".bib") }

// cause is the innermost reason of a file error, without the path the caller already shows.
func cause(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err.Error()
	}
	return err.Error()
}

// parsed is a PDF on its way from the reading processes to the ledger.
type parsed struct {
	at   int
	path string
	doc  *papers.Document
	err  error
}

// addFiles adds bibliographies one by one, then reads PDFs in parallel and records them as they come.
func (a *app) addFiles(ctx context.Context, s *session, files []string, jobs int) []added {
	results := make([]added, len(files))
	actor := a.actor(ctx)
	bar := newProgress(a.err, "files", len(files))
	defer bar.clear()
	first := len(files)
	for i, path := range files {
		if !isBib(path) {
			first = i
			break
		}
		results[i] = a.addBib(ctx, s, actor, path)
		bar.step(1, filepath.Base(path))
	}
	pool := a.pool(jobs)
	defer pool.Close()
	out := make(chan parsed)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, jobs))
	go func() {
		defer close(out)
		for i := first; i < len(files); i++ {
			g.Go(func() error {
				p := parsed{at: i, path: files[i]}
				if known, ok := alreadyHere(s.lib, p.path); ok {
					results[i] = known
				} else {
					p.doc, p.err = pool.Parse(gctx, p.path)
				}
				out <- p
				return nil
			})
		}
		_ = g.Wait()
	}()
	for p := range out {
		if results[p.at].Status == "" {
			results[p.at] = a.record(ctx, s, actor, p)
		}
		if r := results[p.at]; r.Status == "failed" {
			bar.say("! %s: %s", filepath.Base(r.File), r.Error)
		}
		bar.step(1, filepath.Base(p.path))
	}
	return results
}

func (a *app) record(ctx context.Context, s *session, actor string, p parsed) added {
	r := added{File: p.path}
	err := p.err
	if err == nil {
		err = ctx.Err()
	}
	var got survey.Added
	if err == nil {
		got, err = survey.AddPDF(ctx, s.lib, actor, p.path, p.doc)
	}
	if err != nil {
		r.Status, r.Error = "failed", err.Error()
		return r
	}
	r.Status, r.How = "added", got.Matched
	if got.Matched != "new" {
		r.Status = "matched"
	}
	if got.Matched == "same-file" {
		r.Status = "already here"
	}
	r.Paper, r.Title, r.Pages = got.Paper.Alias, got.Paper.Title, got.Paper.Pages
	r.Notes = notes(got, p.doc.Warnings)
	return r
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

func (a *app) addBib(ctx context.Context, s *session, actor, path string) added {
	r := added{File: path, Status: "imported"}
	f, err := os.Open(path)
	if err != nil {
		r.Status, r.Error = "failed", cause(err)
		return r
	}
	defer f.Close()
	rep, err := survey.ImportBib(ctx, s.lib, actor, filepath.Base(path), f)
	if err != nil {
		r.Status, r.Error = "failed", err.Error()
		return r
	}
	r.Entries = rep.Entries
	r.Notes = rep.Warnings
	return r
}

// alreadyHere recognises a file by its hash before anything is spent on reading it.
func alreadyHere(lib *store.Library, path string) (added, bool) {
	f, err := os.Open(path)
	if err != nil {
		return added{}, false // the reader says it better
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return added{}, false
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if !lib.Vault().Has(sum) {
		return added{}, false
	}
	r := added{File: path, Status: "already here"}
	_ = lib.View(func(tx *store.Tx) error {
		for p, err := range store.Refs[survey.Paper](tx, survey.KindPaper, "match_ids", "sha:"+sum) {
			if err != nil {
				return err
			}
			r.Paper, r.Title, r.Pages = p.Alias, p.Title, p.Pages
		}
		return nil
	})
	return r, r.Paper != ""
}

func (a *app) reportAdded(ctx context.Context, results []added, strict bool) error {
	count := map[string]int{}
	pages := 0
	for _, r := range results {
		count[r.Status]++
		pages += r.Pages
	}
	if a.json {
		if err := writeJSON(a.out, results); err != nil {
			return err
		}
	} else {
		for _, r := range results {
			fmt.Fprintln(a.out, r.line())
		}
	}
	fmt.Fprintf(a.err, "%d added, %d matched to a reference, %d already here, %d bibliographies, %d failed; %d pages\n",
		count["added"], count["matched"], count["already here"], count["imported"], count["failed"], pages)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped: %w", err)
	}
	if n := count["failed"]; n > 0 && (strict || n == len(results)) {
		return errReported
	}
	return nil
}

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
	if len(r.Notes) > 0 {
		s += "\n      " + strings.Join(r.Notes, "\n      ")
	}
	return s
}
