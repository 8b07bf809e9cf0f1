package papers

import (
	"image"
	"math"
	"regexp"
	"strings"
	"unicode"
)

// A FigureItem is a figure or a table of a paper: what its caption says and
// where its picture stands. The zero Box means that no room for a picture was
// found beside the caption.
type FigureItem struct {
	Kind    string `json:"kind"`  // figure or table
	Label   string `json:"label"` // Figure 3
	Caption string `json:"caption"`
	Page    int    `json:"page"`
	Start   int    `json:"start"` // of the caption, as runes of the page's text
	End     int    `json:"end"`
	Box     Box    `json:"box"` // of the picture, without the caption
}

// figureLabel opens a caption: “Figure 3”, “Fig. 3.1”, “Table II”, “Algorithm 1” is none.
var figureLabel = regexp.MustCompile(`^(?i:(fig(?:ure|\.)?|tab(?:le|\.)?))\s*([0-9]+(?:\.[0-9]+)?[a-z]?|[IVX]+|[A-Z]\.?[0-9]+)\s*[.:|–—-]?(?:\s|$)`)

// SameLabel says whether two labels name one thing: “Fig. 3” and “figure 3” do.
func SameLabel(a, b string) bool {
	norm := func(s string) string {
		if m := figureLabel.FindStringSubmatch(strings.TrimSpace(s)); m != nil {
			return labelOf(m)
		}
		return s
	}
	return strings.EqualFold(norm(a), norm(b))
}

// labelOf is the full label that a match of figureLabel names.
func labelOf(m []string) string {
	if m[1][0] == 't' || m[1][0] == 'T' {
		return "Table " + m[2]
	}
	return "Figure " + m[2]
}

// Figures lists the figures and tables of a document in the order of its pages.
func Figures(d *Document) []FigureItem {
	var out []FigureItem
	face := typefaceOf(d)
	for i := range d.Pages {
		p := d.Pages[i].parted(face)
		for k := range p.Blocks {
			b := &p.Blocks[k]
			m := p.label(b)
			if m == nil {
				continue
			}
			end := p.captionEnd(b)
			f := FigureItem{Kind: "figure", Label: labelOf(m), Caption: strings.Join(strings.Fields(substring(p.Text, b.Start, end)), " "), Page: p.Number, Start: b.Start, End: end}
			if strings.HasPrefix(f.Label, "Table") {
				f.Kind = "table"
			}
			f.Box = p.roomBeside(k, f.Kind)
			out = append(out, f)
		}
	}
	return out
}

// label finds the label that a caption opens with; nil where the block is none.
func (p *Page) label(b *Block) []string {
	if b.Kind != Caption || b.Start < 0 || b.Start >= b.End {
		return nil
	}
	return figureLabel.FindStringSubmatch(strings.Join(strings.Fields(substring(p.Text, b.Start, b.End)), " "))
}

func (p *Page) isLabelled(b *Block) bool { return p.label(b) != nil }

// captionEnd is where a caption ends that layout took the first rows of its table into: rows have cells, which stand apart.
func (p *Page) captionEnd(b *Block) int {
	for i := 1; i < len(b.Lines); i++ {
		l := b.Lines[i]
		ws := p.wordsOf(l)
		for k := 1; k < len(ws); k++ {
			if ws[k].Box.X0-ws[k-1].Box.X1 > 2*b.Size {
				return l.Start
			}
		}
		if i+1 < len(b.Lines) && math.Abs(b.Lines[i+1].Box.Y1-l.Box.Y1) < 2 && b.Lines[i+1].Box.X0 > l.Box.X1+b.Size {
			return l.Start
		}
	}
	return b.End
}

const (
	// leastPicture is the height in points below which room is only the space between two paragraphs.
	leastPicture = 24
	// halfOfAColumn is how much of the room's width a run of text takes that ends the room.
	halfOfAColumn = 0.45
)

// roomBeside finds the part of the page that belongs to the caption at block k:
// its column, up or down to the next run of text. A figure mostly stands above
// its caption, a table below; the other side counts where the first has no room.
func (p *Page) roomBeside(k int, kind string) Box {
	c := p.Blocks[k].Box
	column := p.columnOf(c)
	top, bottom := p.margins()
	above, below := Box{column.X0, top, column.X1, c.Y0 - 1}, Box{column.X0, c.Y1 + 1, column.X1, bottom}
	for i, b := range p.Blocks {
		if i == k || !p.ends(b, column) {
			continue
		}
		if b.Box.Y1 <= c.Y0+2 {
			above.Y0 = max(above.Y0, b.Box.Y1+1)
		}
		if b.Box.Y0 >= c.Y1-2 {
			below.Y1 = min(below.Y1, b.Box.Y0-1)
		}
	}
	first, second := above, below
	if kind == "table" && p.holds(below, Table) >= p.holds(above, Table) && p.holds(below, Table) > 0 {
		first, second = below, above
	}
	for _, room := range []Box{first, second} {
		if room.Y1-room.Y0 >= leastPicture {
			return room.rounded()
		}
	}
	return Box{}
}

// columnOf is the width that a caption's picture may take: the whole text where
// the page has one column or the caption stands across both, else its column.
func (p *Page) columnOf(caption Box) Box {
	text := Box{X0: p.Width, X1: 0}
	wide := false
	for _, b := range p.Blocks {
		if furniture(b.Kind) || b.Box.X1-b.Box.X0 < 20 || b.Box.X0 < 0 || b.Box.X1 > p.Width || b.Box.Y1-b.Box.Y0 > p.Height/2 && b.Box.X1-b.Box.X0 < 40 {
			continue
		}
		text.X0, text.X1 = min(text.X0, b.Box.X0), max(text.X1, b.Box.X1)
	}
	for _, b := range p.Blocks {
		wide = wide || b.Kind == Body && len(b.Lines) > 2 && b.Box.X1-b.Box.X0 > 0.6*(text.X1-text.X0)
	}
	middle := (text.X0 + text.X1) / 2
	apart := caption.X1-caption.X0 < 0.6*(text.X1-text.X0) && math.Abs((caption.X0+caption.X1)/2-middle) > 0.15*(text.X1-text.X0)
	switch {
	case wide && !p.hasColumns(middle) && apart: // beside the text, which runs around it
		return Box{X0: max(text.X0, caption.X0-6), X1: min(text.X1, caption.X1+6)}
	case wide && !p.hasColumns(middle), caption.X0 < middle-12 && caption.X1 > middle+12:
		return text
	case caption.X1 <= middle+12:
		return Box{X0: text.X0, X1: middle}
	}
	return Box{X0: middle, X1: text.X1}
}

// hasColumns says whether long runs of text stand on both sides of the middle and none across it.
func (p *Page) hasColumns(middle float64) bool {
	left, right := false, false
	for _, b := range p.Blocks {
		if b.Kind == Body && len(b.Lines) > 2 {
			left, right = left || b.Box.X1 <= middle+12, right || b.Box.X0 >= middle-12
		}
	}
	return left && right
}

// margins are the ends of the printed part of the page, running heads left out.
func (p *Page) margins() (top, bottom float64) {
	top, bottom = 0, p.Height
	for _, b := range p.Blocks {
		if !furniture(b.Kind) || b.Box.Y1-b.Box.Y0 > 60 {
			continue
		}
		if b.Box.Y1 < p.Height/5 {
			top = max(top, b.Box.Y1+1)
		}
		if b.Box.Y0 > p.Height*4/5 {
			bottom = min(bottom, b.Box.Y0-1)
		}
	}
	return top, bottom
}

// ends says whether a block is text of the paper that bounds a picture in the
// column, and not words inside the picture.
func (p *Page) ends(b Block, column Box) bool {
	if b.Box.X1 <= column.X0+2 || b.Box.X0 >= column.X1-2 {
		return false
	}
	wide := min(b.Box.X1, column.X1)-max(b.Box.X0, column.X0) > halfOfAColumn*(column.X1-column.X0)
	astride := b.Box.X0 < column.X0-12 || b.Box.X1 > column.X1+12 // belongs to the page, not to the column
	switch b.Kind {
	case Caption, Heading, Footnote, Reference:
		return true
	case Body:
		return astride || wide && (len(b.Lines) > 2 || b.End-b.Start > 50) && !p.mostlyNumbers(&b, 3)
	case Formula:
		return wide && len(b.Lines) > 1
	}
	return false
}

// mostlyNumbers recognises the rows of a table that were taken for a paragraph: signs that are no letters outweigh the letters.
func (p *Page) mostlyNumbers(b *Block, weight int) bool {
	letters, other := 0, 0
	for _, r := range substring(p.Text, b.Start, b.End) {
		switch {
		case unicode.IsLetter(r):
			letters++
		case r != ' ':
			other++
		}
	}
	return other*weight > letters
}

// substring is the runes [start, end) of s.
func substring(s string, start, end int) string {
	from, to, n := len(s), len(s), 0
	for i := range s {
		if n == start {
			from = i
		}
		if n == end {
			to = i
			break
		}
		n++
	}
	return s[min(from, to):to]
}

// holds counts the runes of the blocks of a kind inside an area.
func (p *Page) holds(area Box, kind BlockKind) int {
	n := 0
	for _, b := range p.Blocks {
		if b.Kind == kind && b.Box.centreIn(area) {
			n += b.End - b.Start
		}
	}
	return n
}

// Trim cuts the white edge off a picture and leaves a margin of a few pixels. A
// picture without ink comes back as it is.
func Trim(m *image.RGBA, margin int) *image.RGBA {
	b := m.Bounds()
	ink := image.Rectangle{Min: b.Max, Max: b.Min}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := m.Pix[m.PixOffset(b.Min.X, y) : m.PixOffset(b.Max.X-1, y)+4]
		for x := 0; x < len(row); x += 4 {
			if row[x] < blank || row[x+1] < blank || row[x+2] < blank {
				at := b.Min.X + x/4
				ink.Min.X, ink.Max.X = min(ink.Min.X, at), max(ink.Max.X, at+1)
				ink.Min.Y, ink.Max.Y = min(ink.Min.Y, y), max(ink.Max.Y, y+1)
			}
		}
	}
	if ink.Empty() {
		return m
	}
	out, _ := m.SubImage(ink.Inset(-margin).Intersect(b)).(*image.RGBA)
	return out
}
