package papers

import (
	"math"
	"regexp"
	"sort"
)

// A typeface is what the running text of a document is set in, and how wide its lines are.
type typeface struct {
	font  string
	size  float64
	width float64 // of a full line: the column
}

// typefaceOf takes the type that most of the body is set in.
func typefaceOf(d *Document) typeface {
	type face struct {
		font string
		size int
	}
	faces, widths := map[face]int{}, map[int]int{}
	var f face
	width := 0
	for i := range d.Pages {
		for _, b := range d.Pages[i].Blocks {
			if b.Kind != Body {
				continue
			}
			k := face{b.Font, int(b.Size*10 + 0.5)}
			if faces[k] += b.End - b.Start; faces[k] > faces[f] {
				f = k
			}
			if len(b.Lines) < 4 {
				continue
			}
			for _, l := range b.Lines {
				w := int(l.Box.X1-l.Box.X0+4) / 8
				if widths[w]++; widths[w] > widths[width] {
					width = w
				}
			}
		}
	}
	return typeface{f.font, float64(f.size) / 10, float64(8 * width)}
}

// subCaption opens the name of a part of a figure: “(a) without noise”.
var subCaption = regexp.MustCompile(`^\(?[a-zA-Z0-9]{1,2}\)\s`)

// isProse says whether a block is text of the paper and not the words of a figure or the rows of a table.
func (p *Page) isProse(b *Block, face typeface, left []float64) bool {
	switch b.Kind {
	case Caption, Footnote, Reference, Header, Footer, PageNo, LineNo:
		return true
	case Heading:
		return p.atEdge(b, left) || b.Size > face.size+0.8 && p.centred(b, left, face.width)
	case Body:
	default:
		return false
	}
	n := len(b.Lines)
	if n == 0 || p.rowsOfCells(b) || p.mostlyNumbers(*b) {
		return false
	}
	text := substring(p.Text, b.Start, b.End)
	if n <= 3 && subCaption.MatchString(text) {
		return false
	}
	words, full := 0, 0
	for _, l := range b.Lines {
		words += len(p.wordsOf(l))
		if l.Box.X1-l.Box.X0 > 0.8*face.width {
			full++
		}
	}
	perLine := float64(words) / float64(n)
	sameSize := math.Abs(b.Size-face.size) < 0.04*face.size
	switch {
	case sameSize && b.Font == face.font:
		return perLine >= 4.5 || n >= 3 && perLine >= 4 || words >= 2 && n <= 2 && p.atEdge(b, left) && perLine >= 1.5
	case n >= 3:
		return 2*full >= n && perLine >= 5
	}
	return sameSize && perLine >= 6 && (n == 2 || full == 1)
}

// atEdge says whether a block begins where lines of text begin.
func (p *Page) atEdge(b *Block, left []float64) bool {
	for _, x := range left {
		if math.Abs(b.Box.X0-x) < 3 {
			return true
		}
	}
	return false
}

func (p *Page) centred(b *Block, left []float64, width float64) bool {
	for _, x := range left {
		if math.Abs((b.Box.X0+b.Box.X1)/2-x-width/2) < 4 {
			return true
		}
	}
	return false
}

// leftEdges are the places where lines of text begin on a page.
func (p *Page) leftEdges(face typeface) []float64 {
	count := map[int]int{}
	for _, b := range p.Blocks {
		if b.Kind != Body && b.Kind != Reference {
			continue
		}
		for _, l := range b.Lines {
			if w := l.Box.X1 - l.Box.X0; w > 0.85*face.width && w < 1.15*face.width {
				count[int(l.Box.X0+0.5)]++
			}
		}
	}
	var out []float64
	for x, n := range count {
		if n >= 3 {
			out = append(out, float64(x))
		}
	}
	sort.Float64s(out)
	return out
}

// wordsOf are the words of a line.
func (p *Page) wordsOf(l Line) []Word {
	i := sort.Search(len(p.Words), func(i int) bool { return p.Words[i].Start >= l.Start })
	j := i
	for j < len(p.Words) && p.Words[j].Start < l.End {
		j++
	}
	return p.Words[i:j]
}

// rowsOfCells recognises a table by the gaps between its cells.
func (p *Page) rowsOfCells(b *Block) bool {
	rows := 0
	for _, l := range b.Lines {
		ws := p.wordsOf(l)
		for i := 1; i < len(ws); i++ {
			if ws[i].Box.X0-ws[i-1].Box.X1 > 1.6*b.Size {
				rows++
				break
			}
		}
	}
	return 2*rows > len(b.Lines)
}
