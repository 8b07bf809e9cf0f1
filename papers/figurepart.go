package papers

import (
	"math"
	"regexp"
	"slices"
)

// captionLine opens a caption at the start of a line: “Table 2. Results”. A sentence that goes on over a line end rarely does.
var captionLine = regexp.MustCompile(`^(?i:fig(?:ure|\.)?|tab(?:le|\.)?)\s*(?:[0-9]+|[IVX]+)\s*[.:|]\s*\p{Lu}`)

// parted gives the page with captions set apart from the rows or signs above them that layout took them together with; the page itself
// where there are none.
func (p *Page) parted(face *typeface) *Page {
	out := p
	for i := len(p.Blocks) - 1; i >= 0; i-- {
		b := &p.Blocks[i]
		k := p.captionInside(b, face)
		if k == 0 {
			continue
		}
		if out == p {
			c := *p
			c.Blocks = slices.Clone(p.Blocks)
			out = &c
		}
		rows, caption := *b, *b
		rows.Kind, rows.Lines, rows.End = Table, b.Lines[:k], b.Lines[k].Start
		caption.Kind, caption.Lines, caption.Start = Caption, b.Lines[k:], b.Lines[k].Start
		rows.Box, caption.Box = boxOfLines(rows.Lines), boxOfLines(caption.Lines)
		out.Blocks[i] = rows
		out.Blocks = slices.Insert(out.Blocks, i+1, caption)
	}
	return out
}

// captionInside is the line of a block that a caption begins with; 0 where none does. In running text it would have to be set smaller, or
// come after a row of cells.
func (p *Page) captionInside(b *Block, face *typeface) int {
	switch b.Kind {
	case Body, Table, Figure, Reference, Footnote:
	default:
		return 0
	}
	for k := 1; k < len(b.Lines); k++ {
		l, above := b.Lines[k], b.Lines[k-1]
		if !captionLine.MatchString(substring(p.Text, l.Start, min(l.Start+24, b.End))) || l.Box.Y0 < above.Box.Y0+2 {
			continue
		}
		row := p.rowsOfCells(&Block{Lines: []Line{above}, Size: b.Size})
		for i := range k - 1 {
			row = row || math.Abs(b.Lines[i].Box.Y1-above.Box.Y1) < 2
		}
		if b.Size < face.size-0.3 || row || l.Box.Y0-above.Box.Y1 > 0.6*b.Size {
			return k
		}
	}
	return 0
}

func boxOfLines(ls []Line) Box {
	out := ls[0].Box
	for _, l := range ls[1:] {
		out = union(out, l.Box)
	}
	return out
}
