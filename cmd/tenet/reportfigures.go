package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tenet/internal/report"
)

// writeFigures writes every figure of the study as SVG and PNG, and says what was written and what could not be.
func (a *app) writeFigures(ctx context.Context, s *session, dir string, o report.DrawOptions) error {
	drawn, err := report.Draw(ctx, s.lib, o)
	if err != nil {
		return err
	}
	if len(drawn.Figures) > 0 {
		if err := os.MkdirAll(a.path(dir), 0o755); err != nil {
			return fmt.Errorf("report: %s cannot be made: %w", dir, cause(err))
		}
	}
	for _, f := range drawn.Figures {
		if err := ctx.Err(); err != nil {
			return err
		}
		svg, err := f.SVG()
		if err != nil {
			return err
		}
		png, err := f.PNG()
		if err != nil {
			return err
		}
		for ending, data := range map[string][]byte{".svg": svg, ".png": png} {
			if err := a.replaceFile(filepath.Join(dir, f.Name+ending), func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
				return err
			}
		}
		fmt.Fprintf(a.out, "figure: %s.svg and .png: %s\n", filepath.Join(dir, f.Name), f.Title)
	}
	for _, m := range drawn.Missing {
		fmt.Fprintf(a.out, "not drawn: %s\n", m)
	}
	return nil
}
