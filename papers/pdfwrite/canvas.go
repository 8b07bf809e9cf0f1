package pdfwrite

import (
	"bytes"
	"fmt"
	"strings"
)

// Box is a rectangle in points with its origin at the top left of the page.
type Box struct{ X0, Y0, X1, Y1 float64 }

// Place says where a word was put. Places are in the order of writing, which is the reading order of a Doc.
type Place struct {
	Page   int // from 1
	Text   string
	Box    Box
	Hyphen bool   // the word was broken here and goes on in the next place
	Kind   string // body heading title author footnote header pageno table caption reference lineno
	line   int    // number of the line in the book
}

// Canvas is one page, or one form, drawn by hand. Coordinates are points from the bottom left, as in PDF.
type Canvas struct {
	Width, Height float64
	Rotate        int
	b             bytes.Buffer
	book          *Book
	page          int
	used          map[Name]*face
	forms         map[Name]Ref
	annots        []Dict
	kind          string
	shift         [2]float64 // of a form on its page, for the places
}

// Raw appends content-stream operators as they are.
func (c *Canvas) Raw(ops string) { c.b.WriteString(ops); c.b.WriteByte('\n') }

// Kind sets what the following words are noted as in their Places.
func (c *Canvas) Kind(kind string) { c.kind = kind }

// Rule draws a line.
func (c *Canvas) Rule(x0, y0, x1, y1, width float64) {
	fmt.Fprintf(&c.b, "q %s w %s %s m %s %s l S Q\n", num(width), num(x0), num(y0), num(x1), num(y1))
}

// Text sets a line with its first baseline point at x, y and natural gaps; it returns the width.
func (c *Canvas) Text(x, y float64, f Font, size float64, s string) float64 {
	return c.Line(x, y, f, size, strings.Fields(s), 0)
}

// Line sets words with their natural gaps made wider by extra points; it returns the width.
func (c *Canvas) Line(x, y float64, f Font, size float64, words []string, extra float64) float64 {
	if len(words) == 0 {
		return 0
	}
	c.book.lines++
	fmt.Fprintf(&c.b, "BT 1 0 0 1 %s %s Tm\n", num(x), num(y))
	at := x
	gap := c.book.Width(f, size, " ") + extra
	pen := &pen{c: c, size: size}
	for i, w := range words {
		if i > 0 {
			pen.gap(f, gap, extra)
			at += gap
		}
		width := pen.word(f, w)
		c.place(at, y, width, size, w)
		at += width
	}
	pen.flush()
	c.b.WriteString("ET\n")
	return at - x
}

func (c *Canvas) place(x, y, width, size float64, w string) {
	x, y = x+c.shift[0], y+c.shift[1]
	hyphen := strings.HasSuffix(w, breakMark)
	w = strings.TrimSuffix(w, breakMark)
	c.book.Places = append(c.book.Places, Place{
		Page: c.page, Text: w, Hyphen: hyphen, Kind: c.kind, line: c.book.lines,
		Box: Box{x, c.Height - y - 0.75*size, x + width, c.Height - y + 0.25*size},
	})
}

// breakMark ends a word that the line breaker has divided; it is drawn as a hyphen.
const breakMark = "\u00ad"

// pen gathers the pieces of one TJ operator and switches fonts where a rune needs another.
type pen struct {
	c    *Canvas
	size float64
	cur  *face
	tj   []byte // inside of the array
	str  []byte // codes not yet closed
}

func (p *pen) word(f Font, w string) float64 {
	w = strings.ReplaceAll(w, breakMark, "-")
	width := 0
	for _, r := range w {
		fc := p.c.book.faceFor(f, r)
		p.use(fc)
		code, _ := fc.code(r)
		if fc.wide() {
			p.str = append(p.str, byte(code>>8))
		}
		p.str = append(p.str, byte(code))
		width += fc.advance(r)
	}
	return float64(width) * p.size / 1000
}

// gap moves on by the space between words: with a space glyph and a correction, or by moving alone, as TeX does.
func (p *pen) gap(f Font, gap, extra float64) {
	if p.c.book.Moves || p.cur == nil {
		p.move(gap)
		return
	}
	p.use(p.c.book.faceFor(f, ' '))
	code, _ := p.cur.code(' ')
	if p.cur.wide() {
		p.str = append(p.str, byte(code>>8))
	}
	p.str = append(p.str, byte(code))
	if extra != 0 {
		p.move(extra)
	}
}

func (p *pen) move(by float64) {
	p.closeString()
	p.tj = fmt.Appendf(p.tj, " %s ", num(-by*1000/p.size))
}

func (p *pen) use(f *face) {
	if p.cur == f {
		return
	}
	p.flush()
	p.cur = f
	p.c.used[f.res] = f
	fmt.Fprintf(&p.c.b, "/%s %s Tf\n", f.res, num(p.size))
}

func (p *pen) closeString() {
	if len(p.str) > 0 {
		p.tj = appendString(p.tj, p.str)
		p.str = nil
	}
}

func (p *pen) flush() {
	p.closeString()
	if len(p.tj) > 0 {
		fmt.Fprintf(&p.c.b, "[%s] TJ\n", bytes.TrimSpace(p.tj))
		p.tj = nil
	}
}

// Form draws into a Form XObject and paints it with its origin at x, y.
func (c *Canvas) Form(x, y float64, draw func(*Canvas)) {
	inner := &Canvas{Width: c.Width, Height: c.Height, book: c.book, page: c.page, used: map[Name]*face{}, forms: map[Name]Ref{}, kind: c.kind, shift: [2]float64{c.shift[0] + x, c.shift[1] + y}}
	draw(inner)
	d := Dict{
		"Type": Name("XObject"), "Subtype": Name("Form"), "BBox": nums(-c.Width, -c.Height, c.Width, c.Height),
		"Resources": inner.resources(),
	}
	ref := c.book.file.AddStream(d, append([]byte(nil), inner.b.Bytes()...))
	name := Name(fmt.Sprintf("X%d", ref))
	c.forms[name] = ref
	fmt.Fprintf(&c.b, "q 1 0 0 1 %s %s cm /%s Do Q\n", num(x), num(y), name)
}

func (c *Canvas) resources() Dict {
	fonts := Dict{}
	for name, f := range c.used {
		fonts[name] = f.ref
	}
	d := Dict{"Font": fonts, "ProcSet": Array{Name("PDF"), Name("Text")}}
	if len(c.forms) > 0 {
		x := Dict{}
		for name, ref := range c.forms {
			x[name] = ref
		}
		d["XObject"] = x
	}
	return d
}
