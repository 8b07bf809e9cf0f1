package papers

import (
	"context"
	"fmt"
	"strings"

	"tenet/papers/layout"
)

// readOnce reads all pages of one overlay.
func readOnce(ctx context.Context, file *overlay, o Options) (*reading, error) {
	src, err := openLedongthuc(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	src.load(o)
	r := &reading{doc: &Document{}, src: src}
	pages := src.Pages()
	if o.Progress != nil {
		o.Progress(0, len(pages))
	}
	in := newInterpreter(o)
	laid := make([]*layout.Page, len(pages))
	for i := range pages {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("stopped before page %d of %d: %w", i+1, len(pages), err)
		}
		laid[i] = r.page(ctx, in, i+1, pages[i])
		if o.Progress != nil {
			o.Progress(i+1, len(pages))
		}
	}
	texts := layout.Compose(laid)
	for i := range pages {
		r.doc.Pages = append(r.doc.Pages, newPage(i+1, pages[i], &texts[i], src.Name()))
	}
	r.doc.Outline = readOutline(src.Trailer().Key("Root"), pages)
	r.doc.Warnings = append(r.doc.Warnings, src.Warnings()...)
	r.warnNoText()
	return r, nil
}

func (s *ledongthucSource) load(o Options) {
	s.pages, s.warnings = walkPages(s.Trailer().Key("Root"), o.MaxPages)
}

// page reads one page. Whatever goes wrong costs this page only.
func (r *reading) page(ctx context.Context, in *interpreter, number int, p pageObject) (out *layout.Page) {
	_, w, h := pageMatrix(p)
	defer func() {
		if e := recover(); e != nil {
			r.failed++
			r.warn(number, "page-failed", fmt.Sprintf("could not be read: %v", e))
			out = layout.Analyse(w, h, nil, nil)
		}
	}()
	glyphs, err := in.pageGlyphs(ctx, p)
	if err != nil {
		r.warn(number, "limit", "read in part: "+err.Error())
	}
	for _, text := range in.warnings {
		r.warn(number, "page-damaged", text)
	}
	if n := len(glyphs); n > 50 && in.unknown*5 > n {
		r.warn(number, "unmapped", fmt.Sprintf("the fonts do not say what %d of %d characters are", in.unknown, n))
	}
	r.glyphs += len(glyphs)
	return layout.Analyse(w, h, glyphs, in.table)
}

func (r *reading) warn(page int, code, text string) {
	if len(r.doc.Warnings) < 1000 {
		r.doc.Warnings = append(r.doc.Warnings, Warning{Page: page, Code: code, Text: text})
	}
}

func (r *reading) warnNoText() {
	for i := range r.doc.Pages {
		if strings.TrimSpace(r.doc.Pages[i].Text) != "" {
			return
		}
	}
	if len(r.doc.Pages) > 0 {
		r.warn(0, "no-text", "no page has text; a scan needs OCR first")
	}
}

// newPage copies what layout found into the document's own types.
func newPage(number int, p pageObject, t *layout.Text, source string) Page {
	_, w, h := pageMatrix(p)
	out := Page{Number: number, Width: w, Height: h, Rotate: p.Rotate, Source: source, Text: t.Text}
	out.Blocks = make([]Block, len(t.Blocks))
	for i, b := range t.Blocks {
		lines := make([]Line, len(b.Lines))
		for k, l := range b.Lines {
			lines[k] = Line{Start: l.Start, End: l.End, Hyphen: l.Hyphen, Box: Box(l.Box)}
		}
		out.Blocks[i] = Block{
			Start: b.Start, End: b.End, Kind: BlockKind(b.Kind), Box: Box(b.Box),
			Size: b.Size, Bold: b.Bold, Font: b.Font, Lines: lines,
		}
	}
	out.Words = make([]Word, len(t.Words))
	for i, w := range t.Words {
		out.Words[i] = Word{Start: w.Start, End: w.End, Box: Box(w.Box)}
	}
	return out
}
