package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tenet/papers"
)

// paperWords are what `tenet papers` can tell of a file.
var paperWords = []string{"text", "info", "refs", "figures", "page"}

// papersFlags are the flags of one `tenet papers`.
type papersFlags struct {
	stdio bool
	jobs  int
	page  int
	out   string // where pictures go; "" draws none
	dir   string // the same for figures, under the name that says that it is a folder
	dpi   int
	only  string // one figure, by its label

	textOnly bool // nothing else is asked for
	figures  bool // they are what is asked for
	folder   *figureFolder
}

func (a *app) papersVerb() *cobra.Command {
	var f papersFlags
	cmd := &cobra.Command{
		Use: "papers text|info|refs|figures|page FILE…", Short: "Read PDFs without any library",
		Long: `Read PDFs without any library, as a filter.

  text     the text in reading order, one line of print a line, a form feed after each page
  info     title, authors, year, identifiers, abstract and warnings
  refs     the bibliography, one entry a line
  figures  figures and tables with their captions; --out DIR draws each there and lists them in figures.tsv
  page     one page (--page N): its text, or its picture with --png FILE (- is standard output)

FILE is a PDF, - a PDF on standard input, @LIST a file that names PDFs, one a line, and @-
such a list on standard input. Many files are read at the same time and told in their order.
With --json each file is one JSON value: text gives every block, line, sentence and word with
its place, in points from the top left of the page. Words are one flat list, six whole
numbers a word: start and length in runes, then the box in hundredths of a point. A file that
cannot be read says why on standard error, the others are read, and the exit code is 1.`,
		Example: `  tenet papers text smith2020.pdf | less
  find . -name '*.pdf' | tenet papers info --json @- | jq -r .meta.title
  tenet papers refs smith2020.pdf
  tenet papers figures --out figures/ smith2020.pdf
  tenet papers figures --only "Table 2" --png - smith2020.pdf > table2.png
  tenet papers page --page 3 --png page3.png smith2020.pdf`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			spendMemory(a.getenv)
			if f.stdio {
				last := a.renderer()
				defer last.Close()
				return papers.Serve(cmd.Context(), a.in, a.out, last)
			}
			if len(args) < 2 || !slices.Contains(paperWords, args[0]) {
				return usagef("usage: tenet papers %s FILE…", strings.Join(paperWords, "|"))
			}
			if err := f.check(args[0]); err != nil {
				return err
			}
			if f.dir != "" {
				f.out = f.dir
			}
			if args[0] == "figures" && f.draws() && f.out != "-" {
				f.folder = &figureFolder{dir: f.out, path: a.path(f.out), names: map[string]bool{}}
			}
			f.figures = args[0] == "figures"
			f.textOnly = !a.json && (args[0] == "text" || args[0] == "page")
			return a.readPapers(cmd.Context(), args[0], args[1:], f)
		},
	}
	fl := cmd.Flags()
	fl.BoolVar(&f.stdio, "stdio", false, "speak frames over standard input and output (started by tenet itself)")
	fl.IntVar(&f.jobs, "jobs", runtime.NumCPU(), "PDFs read at the same time")
	fl.IntVar(&f.page, "page", 0, "tell of this page only (text, figures and page)")
	fl.StringVar(&f.out, "png", "", "draw: the file for a page, the folder for figures, - for standard output")
	fl.StringVar(&f.dir, "out", "", "draw figures into this folder")
	fl.StringVar(&f.only, "only", "", "the figure or table of this label only, as \"Figure 3\" or \"tab. 2\" (figures)")
	fl.IntVar(&f.dpi, "dpi", 150, "pixels per inch of a picture")
	return cmd
}

// readingMemory is what a process that only reads PDFs may fill before the collector works for every byte: three times what the corpus
// takes, and no less than compiling the last source needs.
const readingMemory = 320 << 20

// spendMemory lets the collector run a fifth as often: one paper leaves little garbage behind, and a fifth of the time went there. A
// person who has set GOGC keeps it.
func spendMemory(getenv func(string) string) {
	if getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(readingMemory)
}

func (f papersFlags) draws() bool { return f.out != "" }

func (f papersFlags) drawsPage() bool { return f.draws() && f.page > 0 && !f.figures }

// check refuses flags that the word does not take.
func (f papersFlags) check(what string) error {
	switch {
	case f.draws() && what != "figures" && what != "page":
		return usagef("papers %s draws nothing; --png goes with figures and page", what)
	case f.dir != "" && (what != "figures" || f.draws()):
		return usagef("--out is the folder for the pictures of papers figures; --png names the file of a page")
	case f.only != "" && what != "figures":
		return usagef("--only names a figure or table; it goes with figures")
	case f.out == "-" && what == "figures" && f.only == "":
		return usagef("papers figures --png - writes one picture; --only \"Figure 1\" says which")
	case f.page < 0 || f.page > 0 && what != "text" && what != "page" && what != "figures":
		return usagef("--page %d: the number of a page from 1 on, with text, figures and page", f.page)
	case what == "page" && f.page == 0:
		return usagef("papers page wants --page N")
	case f.dpi < 10 || f.dpi > 1200:
		return usagef("--dpi %d: from 10 to 1200", f.dpi)
	}
	return checkJobs(f.jobs)
}

// readPaper is one file, read.
type readPaper struct {
	name string // as it was given
	data []byte // only where pages are drawn or it came on standard input
	doc  *papers.Document
	err  error
}

// readPapers tells of each file in the order given; one that cannot be read says why, and the exit code is 1 at the end.
func (a *app) readPapers(ctx context.Context, what string, args []string, f papersFlags) error {
	files, err := a.listed(args)
	if err != nil {
		return err
	}
	last := a.renderer()
	defer last.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := bufio.NewWriterSize(a.out, 1<<16)
	failed := false
	for r := range a.ahead(ctx, files, last, f) {
		if r.err == nil {
			r.err = a.tellPaper(ctx, out, what, r, last, f)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if r.err != nil {
			if err := out.Flush(); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "%v\n", r.err)
			failed = true
		}
	}
	if err := errors.Join(out.Flush(), f.folder.close()); err != nil {
		return err
	}
	if failed {
		return errReported
	}
	return nil
}

// ahead reads the files with a few at a time and gives them in their order.
func (a *app) ahead(ctx context.Context, files []string, last *papers.Renderer, f papersFlags) func(yield func(readPaper) bool) {
	jobs := min(max(1, f.jobs), len(files))
	return func(yield func(readPaper) bool) {
		waiting := make(chan chan readPaper, jobs-1)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		go func() {
			defer close(waiting)
			for _, name := range files {
				one := make(chan readPaper, 1)
				select {
				case waiting <- one:
					go func() { one <- a.readPaper(ctx, name, last, f) }()
				case <-ctx.Done():
					return
				}
			}
		}()
		for one := range waiting {
			if !yield(<-one) {
				return
			}
		}
	}
}

func (a *app) readPaper(ctx context.Context, name string, last *papers.Renderer, f papersFlags) readPaper {
	r := readPaper{name: name}
	if f.drawsPage() { // only drawn
		r.data, r.err = a.bytesOf(name)
		return r
	}
	o := papers.Options{Last: last, TextOnly: f.textOnly}
	switch {
	case name == "-":
		if r.data, r.err = a.bytesOf(name); r.err == nil {
			r.doc, r.err = papers.Read(ctx, "standard input", r.data, o)
		}
	default:
		r.doc, r.err = papers.Open(ctx, a.path(name), o)
		if r.err == nil && f.draws() {
			r.data, r.err = a.bytesOf(name)
		}
	}
	return r
}

// tellPaper prints what is asked of one file.
func (a *app) tellPaper(ctx context.Context, w io.Writer, what string, r readPaper, last *papers.Renderer, f papersFlags) error {
	if f.drawsPage() {
		return a.tellPicture(ctx, w, r, last, f)
	}
	d := r.doc
	if f.page > 0 && what != "figures" {
		i := slices.IndexFunc(d.Pages, func(p papers.Page) bool { return p.Number == f.page })
		if i < 0 {
			return fmt.Errorf("papers: %s: page %d: %w; it has %d", filepath.Base(r.name), f.page, papers.ErrNoPage, len(d.Pages))
		}
		one := *d
		one.Pages = d.Pages[i : i+1]
		d = &one
	}
	switch what {
	case "info":
		return a.tellInfo(w, r.name, d)
	case "refs":
		return a.tellRefs(w, r.name, d)
	case "figures":
		return a.tellFigures(ctx, w, r, last, f)
	}
	switch {
	case a.json && what == "page":
		return writeJSON(w, d.Pages[0])
	case a.json:
		return writeJSON(w, struct {
			File string `json:"file"`
			*papers.Document
		}{r.name, d})
	}
	return papers.WriteText(w, d)
}

// tellPicture writes the picture of a page.
func (a *app) tellPicture(ctx context.Context, w io.Writer, r readPaper, last *papers.Renderer, f papersFlags) error {
	picture, err := last.Picture(ctx, r.data, f.page, papers.Box{}, f.dpi)
	if err != nil {
		return fmt.Errorf("papers: %s: %s", filepath.Base(r.name), strings.TrimPrefix(err.Error(), "papers: "))
	}
	if f.out == "-" {
		return png.Encode(w, picture)
	}
	return writePNG(a.path(f.out), picture)
}

// bytesOf is a file whole; - is standard input.
func (a *app) bytesOf(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(a.in, papers.MostBytes+1))
	}
	b, err := os.ReadFile(a.path(name))
	if err != nil {
		return nil, fmt.Errorf("papers: %w", err)
	}
	return b, nil
}

// listed expands @LIST and {LIST}, files that name PDFs one a line; @- is a list on standard input.
func (a *app) listed(args []string) ([]string, error) {
	var files []string
	for _, f := range args {
		name, ok := strings.CutPrefix(f, "@")
		if !ok && strings.HasPrefix(f, "{") && strings.HasSuffix(f, "}") {
			name, ok = f[1:len(f)-1], true
		}
		if !ok {
			files = append(files, f)
			continue
		}
		data, err := a.list1(name)
		if err != nil {
			return nil, fmt.Errorf("papers: %w", err)
		}
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); line != "" {
				files = append(files, line)
			}
		}
	}
	return files, nil
}

// list1 reads one list of files.
func (a *app) list1(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(a.in)
	}
	return os.ReadFile(a.path(name))
}
