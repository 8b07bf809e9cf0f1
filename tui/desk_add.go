package tui

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"

	"golang.org/x/sync/errgroup"

	"tenet/papers"
	"tenet/survey"
)

// parsed is a PDF that was read, or found to be here already.
type parsed struct {
	path  string
	doc   *papers.Document
	known survey.Paper // set when a paper has exactly this file
	err   error
}

// addReport counts what became of the files.
type addReport struct {
	files, added, known, entries int
	last                         survey.Paper
	faults                       []error
}

// AddFiles reads a PDF, a folder or a bibliography. One bad file stops nothing;
// what went wrong is in the returned error, one line a file. PDFs are read a
// few at a time and recorded one by one; a file that is here already is known
// by its hash and not read again, unless an older text engine did.
func (d *desk) AddFiles(ctx context.Context, path string, tell func(progress)) (saved, error) {
	files, err := filesUnder(path)
	if err != nil {
		return saved{}, err
	}
	if len(files) == 0 {
		return saved{}, fmt.Errorf("%s holds no PDF and no .bib file", path)
	}
	rep := addReport{files: len(files)}
	done := 0
	step := func(f string) {
		tell(progress{Done: done, Total: len(files), What: "adding " + filepath.Base(f)})
		done++
	}
	for len(files) > 0 && isBib(files[0]) && ctx.Err() == nil {
		step(files[0])
		n, err := d.addBib(ctx, files[0])
		rep.entries += n
		rep.faults = append(rep.faults, err)
		files = files[1:]
	}
	for p := range d.readAll(ctx, files) {
		step(p.path)
		d.record(ctx, p, &rep)
	}
	return saved{ID: rep.last.ID, Alias: rep.last.Alias, Seq: d.lib.Seq(), Text: rep.text()}, errors.Join(rep.faults...)
}

func isBib(path string) bool { return strings.EqualFold(filepath.Ext(path), ".bib") }

// readAll reads PDFs beside each other. The channel is to be read to its end.
func (d *desk) readAll(ctx context.Context, files []string) <-chan parsed {
	out := make(chan parsed)
	var g errgroup.Group
	g.SetLimit(max(1, min(runtime.NumCPU(), 4)))
	go func() {
		defer close(out)
		for _, f := range files {
			if ctx.Err() != nil {
				break
			}
			g.Go(func() error {
				out <- d.readOne(ctx, f)
				return nil
			})
		}
		_ = g.Wait() // no job gives an error, each carries its own
	}()
	return out
}

func (d *desk) readOne(ctx context.Context, path string) parsed {
	p := parsed{path: path}
	if known, ok, err := survey.PaperOfFile(d.lib, path); err == nil && ok && !known.TextIsOld() {
		p.known = known
		return p
	}
	if d.parse == nil {
		p.err = fmt.Errorf("%s: this program was started without a PDF reader", filepath.Base(path))
		return p
	}
	p.doc, p.err = d.parse(ctx, path)
	return p
}

func (d *desk) record(ctx context.Context, p parsed, rep *addReport) {
	switch {
	case p.known.ID != "":
		rep.known++
		rep.last = p.known
	case ctx.Err() != nil && errors.Is(p.err, context.Canceled):
	case p.err != nil:
		rep.faults = append(rep.faults, p.err)
	case ctx.Err() != nil:
	default:
		got, err := survey.AddPDF(ctx, d.lib, d.actor, p.path, p.doc)
		if err != nil {
			rep.faults = append(rep.faults, err)
			return
		}
		rep.added++
		rep.last = got.Paper
	}
}

func (r *addReport) text() string {
	var parts []string
	if r.added > 0 || r.entries == 0 && r.known == 0 {
		parts = append(parts, fmt.Sprintf("%d of %d files added; f then t shows those with text", r.added, r.files))
	}
	if r.known > 0 {
		parts = append(parts, fmt.Sprintf("%d already here", r.known))
	}
	if r.entries > 0 {
		parts = append(parts, fmt.Sprintf("%d references read", r.entries))
	}
	return strings.Join(parts, " · ")
}

func (d *desk) addBib(ctx context.Context, path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	rep, err := survey.ImportBib(ctx, d.lib, d.actor, filepath.Base(path), f)
	return rep.Entries, err
}

// filesUnder lists the PDFs and bibliographies of a path, bibliographies first
// so that PDFs find their references.
func filesUnder(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("cannot add it: %w", err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // a folder that cannot be read hides its own files only
		}
		if ext := strings.ToLower(filepath.Ext(p)); e.Type().IsRegular() && (ext == ".pdf" || ext == ".bib") {
			files = append(files, p)
		}
		return nil
	})
	sort.SliceStable(files, func(i, j int) bool {
		return isBib(files[i]) && !isBib(files[j])
	})
	return files, err
}
