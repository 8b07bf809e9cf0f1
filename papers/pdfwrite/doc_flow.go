package pdfwrite

import (
	"fmt"
	"strconv"
	"strings"
)

// Options say how a Doc looks. The zero value is one column of Times 10 on letter paper, ragged right.
type Options struct {
	Info          Info
	Width, Height float64 // paper; default 612 × 792
	Margin        float64 // default 72, or 54 with two columns
	Columns       int     // 1 (default) or 2
	Font          Family
	Size          float64 // default 10
	Justify       bool
	Hyphenate     bool              // break words, by Hyphens first and by a simple rule for the rest
	Hyphens       map[string]string // "connection": "con-nec-tion"
	Ligatures     bool              // set fi and fl as ligatures
	Moves         bool              // no space glyphs
	RunningHead   string            // from page 2 on
	PageNumbers   bool
	LineNumbers   bool // in the left margin, as in drafts for review
}

// Doc is a flowing document.
type Doc struct {
	Book
	o      Options
	canvas *Canvas
	col    int
	y      float64    // from the top, where the next line's top goes
	top    float64    // of the columns on this page
	bottom [2]float64 // of each column on this page, from the top
	wide   bool       // full width instead of columns, before the columns start
	lineno int
}

// New starts a document.
func New(o Options) *Doc {
	def := func(x *float64, v float64) {
		if *x == 0 {
			*x = v
		}
	}
	def(&o.Width, 612)
	def(&o.Height, 792)
	def(&o.Size, 10)
	if o.Columns != 2 {
		o.Columns = 1
	}
	def(&o.Margin, map[int]float64{1: 72, 2: 54}[o.Columns])
	d := &Doc{o: o}
	d.Info, d.Moves = o.Info, o.Moves
	return d
}

// gutter between two columns, in points.
const gutter = 20

func (d *Doc) leading() float64 { return 1.2 * d.o.Size }

func (d *Doc) columnWidth() float64 {
	w := d.o.Width - 2*d.o.Margin
	if d.o.Columns == 2 && !d.wide {
		return (w - gutter) / 2
	}
	return w
}

func (d *Doc) columnLeft() float64 {
	if d.wide {
		return d.o.Margin
	}
	return d.o.Margin + float64(d.col)*(d.columnWidth()+gutter)
}

// PageBreak starts a new page.
func (d *Doc) PageBreak() {
	d.canvas = d.Page(d.o.Width, d.o.Height)
	d.col, d.top = 0, d.o.Margin
	d.bottom = [2]float64{d.o.Height - d.o.Margin, d.o.Height - d.o.Margin}
	d.y = d.top
	small := d.o.Size * 0.9
	if d.o.RunningHead != "" && d.Pages() > 1 {
		d.canvas.Kind("header")
		d.center(d.o.Margin-24, Font{Family: d.o.Font, Italic: true}, small, d.o.RunningHead)
	}
	if d.o.PageNumbers {
		d.canvas.Kind("pageno")
		d.center(d.o.Height-d.o.Margin+30, Font{Family: d.o.Font}, small, strconv.Itoa(d.Pages()))
	}
}

func (d *Doc) center(top float64, f Font, size float64, s string) {
	x := (d.o.Width - d.Width(f, size, s)) / 2
	d.canvas.Text(x, d.o.Height-top-size, f, size, s)
}

// need makes sure that height points are left in the column, going to the next column or page where they are not.
func (d *Doc) need(height float64) {
	if d.canvas == nil {
		d.PageBreak()
	}
	if d.y+height <= d.bottom[d.col]+0.01 || d.y == d.top {
		return
	}
	if d.wide || d.col+1 >= d.o.Columns {
		d.PageBreak()
		return
	}
	d.col++
	d.y = d.top
}

// ColumnBreak goes on in the next column.
func (d *Doc) ColumnBreak() {
	if d.canvas == nil || d.col+1 >= d.o.Columns {
		d.PageBreak()
		return
	}
	d.col++
	d.y = d.top
}

// Front sets title, authors and abstract over the full width; the columns start below.
func (d *Doc) Front(title string, authors []string, abstract string) {
	d.wide = true
	d.need(0)
	d.y += 6
	d.block(paragraph{text: title, font: Font{Family: d.o.Font, Bold: true}, size: d.o.Size * 1.7, center: true, kind: "title"})
	d.y += 8
	d.block(paragraph{text: strings.Join(authors, ", "), font: Font{Family: d.o.Font}, size: d.o.Size * 1.1, center: true, kind: "author"})
	d.y += 14
	if abstract != "" {
		d.block(paragraph{text: "Abstract", font: Font{Family: d.o.Font, Bold: true}, size: d.o.Size, center: true, kind: "heading"})
		d.y += 4
		d.block(paragraph{text: abstract, font: Font{Family: d.o.Font}, size: d.o.Size * 0.95, left: 36, right: 36, kind: "body"})
		d.y += 14
	}
	d.wide = false
	d.top = d.y
}

// Heading sets a heading and adds it to the outline; level 1 is the outermost.
func (d *Doc) Heading(level int, text string) {
	size := d.o.Size * 1.2
	if level > 1 {
		size = d.o.Size * 1.05
	}
	d.need(size*1.2 + 10 + 2*d.leading()) // never alone at the foot of a column
	if d.y > d.top {
		d.y += 10
	}
	d.Outline(level, d.Pages(), text, d.y)
	d.block(paragraph{text: text, font: Font{Family: d.o.Font, Bold: true}, size: size, kind: "heading"})
	d.y += 3
}

// Paragraph sets body text. Soft hyphens (U+00AD) say where words may break.
func (d *Doc) Paragraph(text string) {
	d.block(paragraph{text: text, font: Font{Family: d.o.Font}, size: d.o.Size, kind: "body", indent: d.o.Size})
}

// Caption sets a figure's or table's caption.
func (d *Doc) Caption(text string) {
	d.y += 4
	d.block(paragraph{text: text, font: Font{Family: d.o.Font}, size: d.o.Size * 0.9, kind: "caption"})
	d.y += 6
}

// Reference sets one entry of a bibliography with a hanging indent; the label, such as [3], may be empty.
func (d *Doc) Reference(label, text string) {
	if label != "" {
		text = label + " " + text
	}
	d.block(paragraph{text: text, font: Font{Family: d.o.Font}, size: d.o.Size * 0.9, kind: "reference", hang: d.o.Size * 1.6})
	d.y += 2
}

// Footnote sets a note at the foot of the current column.
func (d *Doc) Footnote(mark, text string) {
	d.need(0)
	size := d.o.Size * 0.8
	lines := d.breakLines(paragraph{text: mark + " " + text, font: Font{Family: d.o.Font}, size: size}, d.columnWidth())
	height := float64(len(lines))*size*1.2 + 6
	d.need(height + d.leading())
	bottom := d.bottom[d.col]
	d.bottom[d.col] = bottom - height
	x := d.columnLeft()
	d.canvas.Rule(x, d.o.Height-bottom+height-3, x+60, d.o.Height-bottom+height-3, 0.4)
	d.canvas.Kind("footnote")
	for i, l := range lines {
		y := bottom - height + 6 + float64(i)*size*1.2
		d.canvas.Line(x, d.o.Height-y-size, Font{Family: d.o.Font}, size, l.words, 0)
	}
}

// Table sets rows with columns of equal width and a rule under the first row.
func (d *Doc) Table(rows [][]string) {
	if len(rows) == 0 {
		return
	}
	size := d.o.Size * 0.9
	row := size * 1.35
	d.need(row*float64(len(rows)) + 12)
	d.y += 6
	x, w := d.columnLeft(), d.columnWidth()
	d.canvas.Kind("table")
	for i, cells := range rows {
		for j, cell := range cells {
			d.canvas.Text(x+w*float64(j)/float64(len(cells)), d.o.Height-d.y-size, Font{Family: d.o.Font, Bold: i == 0}, size, cell)
		}
		d.y += row
		if i == 0 {
			d.canvas.Rule(x, d.o.Height-d.y+size*0.2, x+w, d.o.Height-d.y+size*0.2, 0.5)
		}
	}
	d.y += 6
}

// Figure leaves a box of the column's width for a drawing; the canvas, the left edge and the top and bottom are those of the page, in
// PDF's coordinates from the bottom left.
func (d *Doc) Figure(height float64, draw func(c *Canvas, left, bottom, width float64)) {
	d.need(height + 8)
	d.y += 6
	d.canvas.Kind("figure")
	draw(d.canvas, d.columnLeft(), d.o.Height-d.y-height, d.columnWidth())
	d.y += height + 2
}

// Space leaves vertical room.
func (d *Doc) Space(points float64) { d.y += points }

// Bytes puts the document into bytes; it ends the document.
func (d *Doc) Bytes(form Form) []byte {
	if d.Pages() == 0 {
		d.PageBreak()
	}
	return d.Book.Bytes(form)
}

// block breaks a paragraph into lines and places them, over columns and pages.
func (d *Doc) block(p paragraph) {
	d.need(p.size * 1.2)
	for _, l := range d.breakLines(p, d.columnWidth()) {
		d.need(p.size * 1.2)
		d.canvas.Kind(p.kind)
		x := d.columnLeft() + l.x
		if p.center {
			x = d.columnLeft() + (d.columnWidth()-l.width)/2
		}
		base := d.o.Height - d.y - p.size
		if d.o.LineNumbers && d.col == 0 && p.kind == "body" {
			d.lineno++
			d.canvas.Kind("lineno")
			d.canvas.Text(d.o.Margin-30, base, Font{Family: d.o.Font}, p.size*0.7, fmt.Sprint(d.lineno))
			d.canvas.Kind(p.kind)
		}
		d.canvas.Line(x, base, p.font, p.size, l.words, l.extra)
		d.y += p.size * 1.2
	}
}
