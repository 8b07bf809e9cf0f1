package report

import (
	"context"
	"fmt"
	"image"
	"io"

	"tenet/internal/store"
)

// Options say what goes into a report. The zero value is the whole study.
type Options struct {
	// Draw draws the figure of a label on a page of a PDF, in bounded time. Nil: the figures that claims lead to are only named.
	Draw func(ctx context.Context, pdf []byte, page int, label string) (image.Image, error)
	// Title replaces the study's own.
	Title string
	// Curves is the most training curves drawn per arm, 6 when zero; -1 draws no figures.
	Curves int

	tables bool // of what is collected only tables are wanted: no walk down from each verdict
}

// HTML writes the report as one page that needs nothing else.
func HTML(ctx context.Context, w io.Writer, lib *store.Library, o Options) error {
	d, err := collect(ctx, lib, o)
	if err != nil {
		return err
	}
	if d.Pictures, err = pictures(d.drawn); err != nil {
		return fmt.Errorf("report: figures: %w", err)
	}
	if err := d.drawPaperFigures(ctx, lib, o); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := page(w, d); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// Markdown writes the report as Markdown, without its figures.
func Markdown(ctx context.Context, w io.Writer, lib *store.Library, o Options) error {
	o.Curves, o.Draw = -1, nil
	d, err := collect(ctx, lib, o)
	if err != nil {
		return err
	}
	if err := d.drawPaperFigures(ctx, lib, o); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := markdown(w, d); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}
