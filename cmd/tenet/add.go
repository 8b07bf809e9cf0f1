package main

import (
	"context"
	"fmt"
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
	Status  string   `json:"status"` // added, matched, already here, imported, failed, not reached
	Paper   string   `json:"paper,omitempty"`
	Title   string   `json:"title,omitempty"`
	How     string   `json:"how,omitempty"`
	Pages   int      `json:"pages,omitempty"`
	Entries int      `json:"entries,omitempty"`
	Notes   []string `json:"notes,omitempty"`
	Error   string   `json:"error,omitempty"`
}

// notReached is the status of a file that the user's stop came before.
const notReached = "not reached"

func (a *app) addVerb() *cobra.Command {
	var strict bool
	var jobs int
	cmd := &cobra.Command{
		Use: "add FILE|DIR|BIB…", Short: "Add PDFs, folders of PDFs and bibliographies",
		Long: `Add papers. A PDF is copied into the library, read and indexed; it is matched to a
reference already there by DOI, arXiv id or title. A .bib file brings references.
A folder brings every PDF and .bib in it. A file that cannot be read says why and
stops nothing. Adding again what is already here does nothing, unless an
older tenet read it: then its text is read anew. So an interrupted
add is simply repeated.`,
		Example: `  tenet add smith2020.pdf
  tenet add references.bib papers/
  tenet add --json papers/ | jq '.[] | select(.status == "failed")'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkJobs(jobs); err != nil {
				return err
			}
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
			bad = append(bad, added{File: arg, Status: "failed", Error: cause(err).Error()})
			continue
		}
		if info.Mode().IsRegular() {
			files = append(files, path)
			continue
		}
		if !info.IsDir() {
			// Opening a pipe or a device could wait for ever.
			bad = append(bad, added{File: arg, Status: "failed", Error: "is neither a file nor a folder"})
			continue
		}
		_ = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				bad = append(bad, added{File: p, Status: "failed", Error: cause(err).Error()})
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

// parsed is a PDF on its way from the reading processes to the ledger.
type parsed struct {
	at   int
	path string
	doc  *papers.Document
	kept survey.KeptPDF
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
		if ctx.Err() != nil {
			results[i] = added{File: path, Status: notReached}
			continue
		}
		results[i] = a.addBib(ctx, s, actor, path)
		bar.step(1, filepath.Base(path))
	}
	pool := a.pool(jobs)
	defer pool.Close()
	out := make(chan parsed)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2 * max(1, jobs)) // the pool reads jobs at a time; the others are on their way into the vault
	go func() {
		defer close(out)
		for i := first; i < len(files); i++ {
			g.Go(func() error {
				p := parsed{at: i, path: files[i]}
				if known, ok := alreadyHere(s.lib, p.path); ok {
					results[i] = known
				} else {
					p.doc, p.err = pool.Parse(gctx, p.path)
					if p.err == nil {
						p.kept, p.err = survey.KeepPDF(gctx, s.lib, p.path, p.doc)
					}
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
		if r := results[p.at]; r.Status == "failed" && a.json {
			bar.say("%s", r.line()) // the results come at the end, in one piece
		}
		bar.step(1, filepath.Base(p.path))
	}
	return results
}

func (a *app) record(ctx context.Context, s *session, actor string, p parsed) added {
	r := added{File: p.path}
	err := p.err
	if ctx.Err() != nil {
		r.Status = notReached
		return r
	}
	var got survey.Added
	if err == nil {
		got, err = p.kept.Record(ctx, s.lib, actor)
	}
	if err != nil && ctx.Err() != nil {
		r.Status = notReached
		return r
	}
	if err != nil {
		r.Status, r.Error, r.Notes = "failed", whyNot(p.path, err), wayOut(err)
		return r
	}
	r.Status, r.How = "added", got.Matched
	if got.Matched != "new" {
		r.Status = "matched"
	}
	if got.Matched == survey.MatchedSameFile {
		r.Status = "already here"
	}
	r.Paper, r.Title, r.Pages = got.Paper.Alias, got.Paper.Title, got.Paper.Pages
	r.Notes = notes(got, p.doc.Warnings)
	if got.Matched == survey.MatchedSameFile {
		r.Notes = append([]string{"read anew by " + p.doc.Version}, r.Notes...)
	}
	return r
}

func (a *app) addBib(ctx context.Context, s *session, actor, path string) added {
	r := added{File: path, Status: "imported"}
	f, err := os.Open(path)
	if err != nil {
		r.Status, r.Error, r.Notes = "failed", cause(err).Error(), wayOut(err)
		return r
	}
	defer f.Close()
	rep, err := survey.ImportBib(ctx, s.lib, actor, filepath.Base(path), f)
	if err != nil {
		r.Status, r.Error, r.Notes = "failed", err.Error(), wayOut(err)
		return r
	}
	r.Entries = rep.Entries
	r.Notes = rep.Warnings
	return r
}

// alreadyHere recognises a file by its hash before anything is spent on reading it, unless this program reads it better than the one that did.
func alreadyHere(lib *store.Library, path string) (added, bool) {
	p, ok, err := survey.PaperOfFile(lib, path)
	if err != nil || !ok || p.TextIsOld() {
		return added{}, false
	}
	return added{File: path, Status: "already here", Paper: p.Alias, Title: p.Title, Pages: p.Pages}, true
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
			if r.Status != notReached {
				fmt.Fprintln(a.out, r.line())
			}
		}
	}
	fmt.Fprintf(a.err, "%d added, %d matched to a reference, %d already here, %d bibliographies, %d failed; %d pages\n",
		count["added"], count["matched"], count["already here"], count["imported"], count["failed"], pages)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("add: stopped with %d of %d files not reached: %w", count[notReached], len(results), err)
	}
	if n := count["failed"]; n > 0 && (strict || n == len(results)) {
		return errReported
	}
	return nil
}
