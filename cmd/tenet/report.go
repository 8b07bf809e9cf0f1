package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tenet/internal/report"
)

func (a *app) reportVerb() *cobra.Command {
	var out, format, into, dir string
	var o report.DrawOptions
	cmd := &cobra.Command{
		Use: "report [-o FILE] [--figures DIR] [--into FILE]", Short: "Write the living report, its figures as files, or its tables into a document",
		Long: "Write the report: principles with status, scope and when not to use them, hypotheses with\nverdicts, bounds and curves, and for each verdict the way back to the sentences.\nOne file that needs nothing else. -o - writes to standard output.\n\n" +
			"With --figures, every figure as SVG and PNG into a folder instead: verdicts with bounds, training\nby depth, evidence by block, what was tried where, cost against benefit, expectation against outcome.\n\n" +
			"With --into the tables go into a Markdown document of your own instead: what stands between\na line <!-- table: NAME --> and the next line <!-- end --> is written anew, all else stays.\nNames: " +
			strings.Join(report.Sections(), ", ") + "\n(principle and hypothesis with a name behind it: principle P1).",
		Example: "  tenet report --figures figures\n  tenet report\n  tenet report -o skips.html\n  tenet report --format md -o - | less\n  tenet report --into docs/findings/skip-connections.md",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				switch other := cmd.Flags().Changed("output") || cmd.Flags().Changed("format") || dir != ""; {
				case into != "" && other:
					return usagef("--into writes into a document of its own; leave -o, --format and --figures out")
				case into != "":
					return a.fillDocument(ctx, s, into)
				}
				if format != "html" && format != "md" {
					return usagef("--format %q: html or md", format)
				}
				if dir != "" {
					if out != "" || cmd.Flags().Changed("format") {
						return usagef("--figures writes SVG and PNG files alone; write the report with a command of its own")
					}
					return a.writeFigures(ctx, s, dir, o)
				}
				if o.Unfinished {
					return usagef("--unfinished goes with --figures DIR")
				}
				if out == "" {
					out = "report." + format
				}
				return a.writeReport(ctx, s, out, format)
			})
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write (default report.html)")
	cmd.Flags().StringVar(&format, "format", "html", "html or md")
	cmd.Flags().StringVar(&into, "into", "", "Markdown document whose marked tables are written anew")
	cmd.Flags().StringVar(&dir, "figures", "", "folder to write the figures to, as SVG and PNG")
	cmd.Flags().BoolVar(&o.Unfinished, "unfinished", false, "with --figures: also training curves of plans without a verdict, as far as they are there")
	return cmd
}

// writeReport writes the report in one piece: the old file stays until the new one is whole.
func (a *app) writeReport(ctx context.Context, s *session, out, format string) error {
	render := report.HTML
	if format == "md" {
		render = report.Markdown
	}
	if out == "-" {
		return render(ctx, a.out, s.lib, report.Options{Draw: a.drawPage})
	}
	err := a.replaceFile(out, func(w io.Writer) error { return render(ctx, w, s.lib, report.Options{Draw: a.drawPage}) })
	if err == nil {
		fmt.Fprintf(a.out, "report: %s\n", out)
	}
	return err
}

// fillDocument writes the marked tables of a document anew; a document that holds them already is left as it is.
func (a *app) fillDocument(ctx context.Context, s *session, name string) error {
	old, err := os.ReadFile(a.path(name))
	if err != nil {
		return fmt.Errorf("report: %s cannot be read: %w", name, cause(err))
	}
	text, err := report.Fill(ctx, s.lib, old)
	if err != nil {
		return fmt.Errorf("%w (in %s)", err, name)
	}
	if bytes.Equal(text, old) {
		fmt.Fprintf(a.out, "report: %s holds what the library says\n", name)
		return nil
	}
	if err := a.replaceFile(name, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "report: tables of %s written anew\n", name)
	return nil
}

// replaceFile puts a file into the place of another in one piece.
func (a *app) replaceFile(out string, write func(io.Writer) error) error {
	path := a.path(out)
	switch info, err := os.Stat(path); {
	case err != nil: // new, or what is in the way shows below
	case info.IsDir():
		return fmt.Errorf("report: %s is a folder; name a file in it", out)
	case !info.Mode().IsRegular():
		// A device or a pipe must be written to, never replaced.
		return fmt.Errorf("report: %s is no regular file; -o - writes to standard output", out)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".report-*")
	if err != nil {
		return fmt.Errorf("report: %s cannot be written: %w", out, cause(err))
	}
	defer os.Remove(tmp.Name())
	w := bufio.NewWriter(tmp)
	if err := write(w); err != nil {
		tmp.Close()
		return err
	}
	if err := closeAll(w, tmp); err != nil {
		return fmt.Errorf("report: %s: %w", out, err)
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return fmt.Errorf("report: %s cannot be written: %w", out, err)
	}
	return nil
}

func closeAll(w *bufio.Writer, c io.Closer) error {
	if err := w.Flush(); err != nil {
		c.Close()
		return err
	}
	return c.Close()
}
