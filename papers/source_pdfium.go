package papers

import (
	"math"
	"strings"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"tenet/papers/layout"
)

// PDFium gives no objects, it gives signs with their places; they go to the
// layout as if the interpreter had found them.

// bareSource stands for the objects of a file that only the last source could open.
type bareSource struct{ pages []pageObject }

func (s *bareSource) Name() string        { return "pdfium" }
func (s *bareSource) Version() string     { return pdfiumVersion }
func (s *bareSource) Trailer() value      { return cvalue{} }
func (s *bareSource) Pages() []pageObject { return s.pages }
func (s *bareSource) Warnings() []Warning { return nil }
func (s *bareSource) Close() error        { return nil }
func (s *bareSource) load(Options)        {}
func (s *bareSource) stumbles() int       { return 0 }

// reading reads the whole file; nil where no page has text.
func (f *drawnFile) reading(o Options) *reading {
	src := &bareSource{}
	r := &reading{doc: &Document{}, src: src, in: newInterpreter(o)}
	for i := range min(f.count, o.MaxPages) {
		laid, state, more := f.page(i, r.in, o)
		w, h := f.size(i)
		src.pages = append(src.pages, pageObject{Dict: cvalue{}, Resources: cvalue{}, MediaBox: [4]float64{0, 0, w, h}, media: [4]float64{0, 0, w, h}})
		state.source, state.version = src.Name(), src.Version()
		r.laid, r.state = append(r.laid, laid), append(r.state, state)
		r.glyphs += state.glyphs
		if !more {
			r.warn(i+1, "limit", "the rest took too long and is not read")
			break
		}
	}
	r.pages = src.pages
	if r.glyphs == 0 {
		return nil
	}
	r.warn(0, "source", "only pdfium could open it")
	return r
}

// size is a page as it is shown; a page that cannot be loaded is a letter.
func (f *drawnFile) size(i int) (w, h float64) {
	s, err := f.r.inst.GetPageSize(&requests.GetPageSize{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: f.doc, Index: i}}})
	if err != nil || s.Width < 1 || s.Height < 1 {
		return 612, 792
	}
	return s.Width, s.Height
}

// page lays one page out; more is false once the engine has been stopped.
func (f *drawnFile) page(i int, in *interpreter, o Options) (laid *layout.Page, s pageState, more bool) {
	w, h := f.size(i)
	defer func() {
		if recover() != nil {
			laid, s, more = layout.Analyse(w, h, nil, nil), pageState{failed: true}, false
		}
	}()
	glyphs, unknown := f.glyphs(i, h, in, o)
	s = pageState{glyphs: len(glyphs), letters: letters(glyphs), unknown: unknown, shown: len(glyphs)}
	return layout.Analyse(w, h, glyphs, in.table), s, f.ctx.Err() == nil
}

// glyphs lists the signs of a page in the order of painting.
func (f *drawnFile) glyphs(i int, height float64, in *interpreter, o Options) (out []layout.Glyph, unknown int) {
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: f.doc, Index: i}}
	text, err := f.r.inst.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return nil, 0
	}
	defer func() { _, _ = f.r.inst.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage}) }()
	n, err := f.r.inst.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return nil, 0
	}
	fonts := map[string]int32{}
	for k := range min(n.Count, o.MaxGlyphs) {
		g, ok := f.glyph(text.TextPage, k, height)
		if !ok {
			if n := len(out); n > 0 { // a space or a line end: the words part here
				last := out[n-1]
				out = append(out, layout.Glyph{Text: " ", X: last.X + last.DX, Y: last.Y + last.DY, DX: 0.01 * last.DX, DY: 0.01 * last.DY, Size: last.Size, Font: last.Font})
			}
			continue
		}
		g.Font = f.font(text.TextPage, k, in, fonts)
		if g.Text == layout.Unknown {
			unknown++
		}
		out = append(out, g)
		if k&0xFF == 0 && f.ctx.Err() != nil {
			break
		}
	}
	return out, unknown
}

// glyph is the k-th sign; not ok for what PDFium added itself, which are spaces
// and line ends.
func (f *drawnFile) glyph(text references.FPDF_TEXTPAGE, k int, height float64) (g layout.Glyph, ok bool) {
	inst := f.r.inst
	if made, err := inst.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: text, Index: k}); err != nil || made.IsGenerated {
		return g, false
	}
	u, err := inst.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text, Index: k})
	if err != nil {
		return g, false
	}
	at, err := inst.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: text, Index: k})
	if err != nil {
		return g, false
	}
	m, err := inst.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: text, Index: k})
	if err != nil {
		return g, false
	}
	size, err := inst.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: text, Index: k})
	if err != nil {
		return g, false
	}
	box, err := inst.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text, Index: k})
	if err != nil {
		return g, false
	}
	g.X, g.Y = at.X, height-at.Y
	a, b := float64(m.Matrix.A), float64(m.Matrix.B)
	g.Size = size.FontSize * math.Hypot(float64(m.Matrix.C), float64(m.Matrix.D))
	// The advance runs along the writing; the loose box is as long as it.
	long := math.Hypot(a, b)
	width := float64(box.Rect.Right - box.Rect.Left)
	if math.Abs(b) > math.Abs(a) {
		width = float64(box.Rect.Top - box.Rect.Bottom)
	}
	if long > 0 {
		g.DX, g.DY = a/long*width, -b/long*width
	} else {
		g.DX = width
	}
	switch r := rune(u.Unicode); {
	case r == 0 || r == 0xFFFE || r == 0xFFFF:
		g.Text = layout.Unknown
	case r == '\r' || r == '\n':
		return g, false
	case r == 2: // PDFium's own mark for a hyphen at a line end
		g.Text = "-"
	default:
		g.Text = string(r)
		if bad, err := inst.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: text, Index: k}); err == nil && bad.HasUnicodeMapError {
			g.Text = layout.Unknown
		}
	}
	return g, true
}

// font numbers the typeface of the k-th sign in the interpreter's table.
func (f *drawnFile) font(text references.FPDF_TEXTPAGE, k int, in *interpreter, known map[string]int32) int32 {
	name := ""
	if info, err := f.r.inst.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: text, Index: k}); err == nil {
		name = info.FontName
	}
	if n, ok := known[name]; ok {
		return n
	}
	low := strings.ToLower(name)
	n := int32(len(in.table))
	in.table = append(in.table, layout.Font{Name: name, Bold: strings.Contains(low, "bold"), Italic: strings.Contains(low, "ital") || strings.Contains(low, "obli")})
	known[name] = n
	return n
}
