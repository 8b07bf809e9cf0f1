package papers

import (
	"bufio"
	"io"
)

// WriteText writes the document as plain text: one line of print a line, an
// empty line between blocks, a form feed after each page. Hyphens at line ends
// are those of the print.
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
		if i > 0 {
			out.WriteByte('\n')
		}
		for k := range p.Blocks[i].Lines {
			l := &p.Blocks[i].Lines[k]
			cut(l.Start)
			out.WriteString(cut(l.End))
			if l.Hyphen {
				out.WriteByte('-')
			}
			out.WriteByte('\n')
		}
	}
	out.WriteByte('\f')
}
