package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tenet/papers"
	"tenet/runner"
)

func (a *app) workerVerb() *cobra.Command {
	var stdio bool
	cmd := &cobra.Command{
		Use: "worker --stdio", Short: "Train trials for a run (started by tenet itself)",
		Long: "Train one trial at a time, asked on standard input and answered on standard output.\n`tenet run` starts as many of these as there are cores.",
		Args: cobra.NoArgs, Example: "  tenet worker --stdio",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !stdio {
				return usagef("worker speaks only over standard input and output: --stdio")
			}
			return runner.ServeWorker(cmd.Context(), a.in, a.out)
		},
	}
	cmd.Flags().BoolVar(&stdio, "stdio", false, "speak frames over standard input and output")
	return cmd
}

func (a *app) papersVerb() *cobra.Command {
	var stdio bool
	cmd := &cobra.Command{
		Use: "papers text|info FILE…", Short: "Read PDFs without any library",
		Long: `Read PDFs without any library, as a filter. text prints the text in reading order,
pages separated by form feeds; info prints title, authors, year, identifiers and warnings.
A FILE of the form {list} names a file that lists PDFs, one a line.`,
		Example: "  tenet papers text smith2020.pdf | less\n  tenet papers info --json *.pdf",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if stdio {
				return papers.Serve(cmd.Context(), a.in, a.out, a.renderer())
			}
			if len(args) < 2 || args[0] != "text" && args[0] != "info" {
				return usagef("usage: tenet papers text|info FILE…")
			}
			return a.readPapers(cmd, args[0], args[1:])
		},
	}
	cmd.Flags().BoolVar(&stdio, "stdio", false, "speak frames over standard input and output (started by tenet itself)")
	return cmd
}

// readPapers prints each file; one that cannot be read says why, and the exit code is 1 at the end.
func (a *app) readPapers(cmd *cobra.Command, what string, args []string) error {
	files, err := a.listed(args)
	if err != nil {
		return err
	}
	failed := false
	last := a.renderer()
	defer last.Close()
	for _, f := range files {
		d, err := papers.Open(cmd.Context(), a.path(f), papers.Options{Last: last})
		if err != nil {
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "%v\n", err)
			failed = true
			continue
		}
		switch {
		case what == "info" && a.json:
			err = writeJSON(a.out, map[string]any{"file": f, "pages": len(d.Pages), "sha256": d.SHA256, "meta": d.Meta, "outline": d.Outline, "warnings": d.Warnings})
		case what == "info":
			a.printInfo(f, d)
		case a.json:
			err = writeJSON(a.out, d)
		default:
			err = papers.WriteText(a.out, d)
		}
		if err != nil {
			return err
		}
	}
	if failed {
		return errReported
	}
	return nil
}

// listed expands {list}, a file that names PDFs one a line.
func (a *app) listed(args []string) ([]string, error) {
	var files []string
	for _, f := range args {
		name, ok := strings.CutPrefix(f, "{")
		if !ok || !strings.HasSuffix(name, "}") {
			files = append(files, f)
			continue
		}
		data, err := os.ReadFile(a.path(strings.TrimSuffix(name, "}")))
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

func (a *app) printInfo(file string, d *papers.Document) {
	m := d.Meta
	fmt.Fprintf(a.out, "%s: %d pages\n  title    %s\n  authors  %s\n", filepath.Base(file), len(d.Pages), clean(m.Title), clean(strings.Join(m.Authors, "; ")))
	for _, kv := range [][2]string{{"doi", m.DOI}, {"arxiv", m.ArXiv}} {
		if kv[1] != "" {
			fmt.Fprintf(a.out, "  %-8s %s\n", kv[0], clean(kv[1]))
		}
	}
	if m.Year > 0 {
		fmt.Fprintf(a.out, "  year     %d\n", m.Year)
	}
	for _, w := range d.Warnings {
		fmt.Fprintf(a.out, "  ! page %d: %s\n", w.Page, clean(w.Text))
	}
}
