package papers

import (
	"bufio"
	"io"
)

// WriteText writes the document as plain text: one line of print a line, the
// cells of a row of a table on one, an empty line between blocks, a form feed
// after each page. Hyphens at line ends are those of the print.
func WriteText(w io.Writer, d *Document) error {
	out := bufio.NewWriter(w)
	for i := range d.Pages {
		writePage(out, &d.Pages[i])
	}
	return out.Flush()
}

func writePage(out *bufio.Writer, p *Page) {
	at, rest := 0, p.Text // rest starts at rune at
	cut := func(to int) string {
		i := 0
		for r := range rest {
			if at == to {
				i = r
				break
			}
			at++
			i = len(rest)
		}
		if rest == "" || at < to {
			at = to
		}
		s := rest[:i]
		rest = rest[i:]
		return s
	}
	for i := range p.Blocks {
		if i > 0 && !rowGoesOn(p.Blocks[i-1].Lines, p.Blocks[i].Lines) {
			out.WriteByte('\n')
		}
		for k := range p.Blocks[i].Lines {
			l := &p.Blocks[i].Lines[k]
			cut(l.Start)
			out.WriteString(cut(l.End))
			if l.Hyphen {
				out.WriteByte('-')
			}
			out.WriteString(p.after(i, k))
		}
	}
	out.WriteByte('\f')
}

// after is what parts a line from what follows.
func (p *Page) after(block, line int) string {
	lines := p.Blocks[block].Lines
	l, next := lines[line].Box, Box{}
	switch {
	case line+1 < len(lines):
		next = lines[line+1].Box
	case block+1 < len(p.Blocks) && rowGoesOn(lines, p.Blocks[block+1].Lines):
		next = p.Blocks[block+1].Lines[0].Box
	}
	switch {
	case !besides(l, next):
		return "\n"
	case next.X0-l.X1 < 2.5*(l.Y1-l.Y0):
		return " " // a line of text that is spread wide
	}
	return "  "
}

// rowGoesOn tells whether two blocks are cells of one row: each is no higher than a line.
func rowGoesOn(a, b []Line) bool {
	row := func(lines []Line) bool {
		for i := 1; i < len(lines); i++ {
			if !besides(lines[i-1].Box, lines[i].Box) {
				return false
			}
		}
		return len(lines) > 0
	}
	return row(a) && row(b) && besides(a[len(a)-1].Box, b[0].Box)
}

// besides tells whether b stands to the right of a, in the same row.
func besides(a, b Box) bool {
	return b.X0 >= a.X1 && min(a.Y1, b.Y1)-max(a.Y0, b.Y0) > 0.6*min(a.Y1-a.Y0, b.Y1-b.Y0)
}
