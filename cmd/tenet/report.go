package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tenet/internal/report"
)

func (a *app) reportVerb() *cobra.Command {
	var out, format string
	cmd := &cobra.Command{
		Use: "report [-o FILE]", Short: "Write the living report",
		Long:    "Write the report: principles with status, scope and when not to use them, hypotheses with\nverdicts, bounds and curves, and for each verdict the way back to the sentences.\nOne file that needs nothing else. -o - writes to standard output.",
		Example: "  tenet report\n  tenet report -o skips.html\n  tenet report --format md -o - | less",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				if format != "html" && format != "md" {
					return usagef("--format %q: html or md", format)
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
	if err := render(ctx, w, s.lib, report.Options{Draw: a.drawPage}); err != nil {
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
	fmt.Fprintf(a.out, "report: %s\n", out)
	return nil
}

func closeAll(w *bufio.Writer, c io.Closer) error {
	if err := w.Flush(); err != nil {
		c.Close()
		return err
	}
	return c.Close()
}
