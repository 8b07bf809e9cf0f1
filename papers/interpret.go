package papers

import (
	"context"
	"errors"
	"fmt"

	"tenet/papers/layout"
)

// An interpreter runs the content streams of one document's pages and collects
// the glyphs they paint. Fonts and form streams are read once per document. It
// is not safe for concurrent use.
type interpreter struct {
	opt    Options
	fonts  map[string]*font // by reference
	forms  map[string]*paintedForm
	kept   int                   // bytes of their content
	shared map[string]*resources // by reference
	table  []layout.Font         // every font met, as layout sees it
	number map[*font]int32
	layers layers // of the document at work

	// of the page at work
	ctx      context.Context
	glyphs   []layout.Glyph
	ops      int
	bounds   [4]float64
	unknown  int // glyphs without text
	doubt    int // of them in fonts that could not be read whole
	shown    int // strings shown, with a font or without
	damaged  bool
	err      error
	warnings []string
}

func newInterpreter(o Options) *interpreter {
	return &interpreter{opt: o, fonts: map[string]*font{}, forms: map[string]*paintedForm{}, shared: map[string]*resources{}, number: map[*font]int32{}}
}

// pageGlyphs runs one page. The glyphs belong to the interpreter and are valid
// until the next call. An error says what stopped the page early; the glyphs
// until then are good.
func (in *interpreter) pageGlyphs(ctx context.Context, p pageObject) ([]layout.Glyph, error) {
	in.ctx, in.glyphs, in.ops, in.unknown, in.err, in.warnings = ctx, in.glyphs[:0], 0, 0, nil, nil
	in.doubt, in.shown, in.damaged = 0, 0, false
	m, w, h := pageMatrix(p)
	in.bounds = [4]float64{-2, -2, w + 2, h + 2}
	content, err := contentBytes(p.Dict.Key("Contents"))
	if err != nil {
		in.warnings = append(in.warnings, err.Error())
		in.damaged = !errors.Is(err, ErrLimit) // what is too much for one source is so for all
	}
	r := &run{in: in, res: in.resources(p.Resources, p.resourcesRef)}
	r.g.reset(m)
	r.execute(content)
	return in.glyphs, in.err
}

// contentBytes joins the streams of a page's content with line ends between.
func contentBytes(c value) ([]byte, error) {
	if c.Kind() == streamKind {
		return c.Stream()
	}
	var out []byte
	var firstErr error
	for i := range min(c.Len(), 10_000) {
		s := c.Index(i)
		if s.Kind() != streamKind {
			continue
		}
		b, err := s.Stream()
		if err != nil && firstErr == nil {
			firstErr = fmt.Errorf("content stream %d of %d: %w", i+1, c.Len(), err)
		}
		if out == nil && i == c.Len()-1 {
			return b, firstErr
		}
		out = append(append(out, b...), '\n')
		if len(out) > maxStream {
			return out, fmt.Errorf("content over %d MiB: %w", maxStream>>20, ErrLimit)
		}
	}
	return out, firstErr
}

// A resources holds a resource dictionary with its fonts and forms found so far.
type resources struct {
	dict     value
	fontRefs map[string]string
	fonts    map[string]*font
	formRefs map[string]string
	forms    map[string]*paintedForm
}

// resources makes the resources of a dictionary, once for each reference: pages
// mostly share theirs.
func (in *interpreter) resources(d value, ref string) *resources {
	if r := in.shared[ref]; r != nil && ref != "" {
		return r
	}
	r := &resources{dict: d, fonts: map[string]*font{}, forms: map[string]*paintedForm{}}
	if ref != "" {
		in.shared[ref] = r
	}
	return r
}

// font finds a font by its resource name; nil where there is none.
func (in *interpreter) font(res *resources, name string) *font {
	if f, ok := res.fonts[name]; ok {
		return f
	}
	if res.dict == nil {
		return nil
	}
	dict := res.dict.Key("Font")
	if res.fontRefs == nil {
		res.fontRefs = dict.Refs()
	}
	ref := res.fontRefs[name]
	f := in.fonts[ref]
	if f == nil || ref == "" {
		f = in.loadFont(dict.Key(name))
		if ref != "" {
			in.fonts[ref] = f
		}
	}
	res.fonts[name] = f
	return f
}

// loadFont reads a font dictionary; a font that cannot be read costs its text,
// not the page.
func (in *interpreter) loadFont(d value) (f *font) {
	defer func() {
		if r := recover(); r != nil {
			in.warnings = append(in.warnings, fmt.Sprintf("font: %v", r))
			f = &font{program: &fontProgram{}, base: &standardEncoding, doubtful: true, matrix: identity, widths: standardWidths("", false, false)}
			in.register(f)
		}
	}()
	if d.Kind() != dictKind {
		in.warnings = append(in.warnings, "a font in use is missing")
		f = &font{program: &fontProgram{}, base: &standardEncoding, doubtful: true, matrix: identity, widths: standardWidths("", false, false)}
	} else {
		f = loadFont(d)
	}
	in.register(f)
	return f
}

func (in *interpreter) register(f *font) {
	in.number[f] = int32(len(in.table))
	in.table = append(in.table, layout.Font{Name: f.name, Bold: f.bold, Italic: f.italic, Fixed: f.fixed})
}

// stop ends the page with the first reason given.
func (in *interpreter) stop(err error) {
	if in.err == nil {
		in.err = err
	}
}

// step counts one operator and says whether to go on.
func (in *interpreter) step() bool {
	in.ops++
	if in.ops&0x3FFF == 0 && in.ctx.Err() != nil {
		in.stop(in.ctx.Err())
	}
	if in.ops > in.opt.MaxOps {
		in.stop(fmt.Errorf("more than %d operators: %w", in.opt.MaxOps, ErrLimit))
	}
	return in.err == nil
}
