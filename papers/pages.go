package papers

import (
	"context"
	"fmt"
	"strings"

	"tenet/papers/layout"
)

// A reading is one way of reading a file, and what came of it. Its pages stay
// apart until compose, so that single ones can be read again by another source.
type reading struct {
	doc    *Document
	src    objectSource
	in     *interpreter
	pages  []pageObject
	laid   []*layout.Page
	state  []pageState
	glyphs int
	failed int // pages
}

// A pageState is how well a page was read, and by whom.
type pageState struct {
	source, version string
	glyphs, letters int // letters: glyphs that say something one can see
	unknown, doubt  int // doubt: unknown ones in fonts that could not be read whole
	shown           int // strings that the content shows
	failed, damaged bool
}

// better compares by what was read.
func (r *reading) better(than *reading) bool {
	switch {
	case than == nil:
		return true
	case len(r.pages) != len(than.pages):
		return len(r.pages) > len(than.pages)
	}
	return r.glyphs > than.glyphs
}

// readOnce reads all pages of one source.
func readOnce(ctx context.Context, src objectSource, in *interpreter, o Options) (*reading, error) {
	src.load(o)
	in.layers = readLayers(src.Trailer().Key("Root"))
	r := &reading{doc: &Document{}, src: src, in: in, pages: src.Pages()}
	if o.Progress != nil {
		o.Progress(0, len(r.pages))
	}
	for i := range r.pages {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("stopped before page %d of %d: %w", i+1, len(r.pages), err)
		}
		laid, state, warnings := in.layPage(ctx, i+1, r.pages[i])
		state.source, state.version = src.Name(), src.Version()
		r.laid, r.state = append(r.laid, laid), append(r.state, state)
		r.addWarnings(warnings)
		r.glyphs += state.glyphs
		if state.failed {
			r.failed++
		}
		if o.Progress != nil {
			o.Progress(i+1, len(r.pages))
		}
	}
	return r, nil
}

// compose makes the document's pages of what was laid out.
func (r *reading) compose() {
	texts := layout.Compose(r.laid)
	for i := range r.pages {
		r.doc.Pages = append(r.doc.Pages, newPage(i+1, r.pages[i], &texts[i], r.state[i]))
	}
	r.doc.Outline = readOutline(r.src.Trailer().Key("Root"), r.pages)
	r.addWarnings(r.src.Warnings())
	r.warnNoText()
}

// layPage reads one page. Whatever goes wrong costs this page only.
func (in *interpreter) layPage(ctx context.Context, number int, p pageObject) (out *layout.Page, s pageState, warnings []Warning) {
	_, w, h := pageMatrix(p)
	warn := func(code, text string) {
		warnings = append(warnings, Warning{Page: number, Code: code, Text: text})
	}
	defer func() {
		if e := recover(); e != nil {
			s = pageState{failed: true}
			warn("page-failed", fmt.Sprintf("could not be read: %v", e))
			out = layout.Analyse(w, h, nil, nil)
		}
	}()
	glyphs, err := in.pageGlyphs(ctx, p)
	if err != nil {
		warn("limit", "read in part: "+err.Error())
	}
	for _, text := range in.warnings {
		warn("page-damaged", text)
	}
	if n := len(glyphs); n > 50 && in.unknown*5 > n {
		warn("unmapped", fmt.Sprintf("the fonts do not say what %d of %d characters are", in.unknown, n))
	}
	s = pageState{glyphs: len(glyphs), letters: letters(glyphs), unknown: in.unknown, doubt: in.doubt, shown: in.shown, damaged: in.damaged}
	return layout.Analyse(w, h, glyphs, in.table), s, warnings
}

// letters counts the glyphs that say something one can see.
func letters(glyphs []layout.Glyph) int {
	n := 0
	for i := range glyphs {
		if t := glyphs[i].Text; t != "" && t != " " && t != layout.Unknown {
			n++
		}
	}
	return n
}

func (r *reading) addWarnings(ws []Warning) {
	for _, w := range ws {
		r.warn(w.Page, w.Code, w.Text)
	}
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
func newPage(number int, p pageObject, t *layout.Text, from pageState) Page {
	_, w, h := pageMatrix(p)
	out := Page{Number: number, Width: w, Height: h, Rotate: p.Rotate, Source: from.source, SourceVer: from.version, Text: t.Text}
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
