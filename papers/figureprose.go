package papers

import (
	"math"
	"regexp"
	"sort"
	"strings"
)

// A typeface is what the running text of a document is set in, and how wide its lines are.
type typeface struct {
	font  string
	size  float64
	width float64         // of a full line: the column
	left  []float64       // where lines begin
	heads map[string]bool // the fonts of headings
}

// typefaceOf takes the type that most of the body is set in.
func typefaceOf(d *Document) *typeface {
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
				if widths[w] += l.End - l.Start; widths[w] > widths[width] {
					width = w
				}
			}
		}
	}
	out := &typeface{font: f.font, size: float64(f.size) / 10, width: float64(8 * width), heads: map[string]bool{}}
	out.left = leftEdges(d, out.width)
	for i := range d.Pages {
		p := &d.Pages[i]
		for _, b := range p.Blocks {
			if b.Kind == Heading && (numberedHeading.MatchString(substring(p.Text, b.Start, b.End)) || b.Size > out.size && strings.EqualFold(strings.TrimSpace(substring(p.Text, b.Start, b.End)), "references")) {
				out.heads[b.Font] = true
			}
		}
	}
	return out
}

// subCaption opens the name of a part of a figure: “(a) without noise”.
var subCaption = regexp.MustCompile(`^\(?[a-zA-Z0-9]{1,2}\)\s`)

// numberedHeading opens a section: “3.1 Data”, “B. Proofs”.
var numberedHeading = regexp.MustCompile(`^(\d{1,2}(\.\d{1,2})*|[A-Z](\.\d{1,2})*)\.?\s+\p{Lu}\p{L}`)

// isProse says whether a block is text of the paper and not the words of a figure or the rows of a table. Layout cannot always tell: in an
// appendix the labels of an axis look like entries of the bibliography, and a column of numbers like the numbers of lines.
func (p *Page) isProse(b *Block, face *typeface) bool {
	n := len(b.Lines)
	switch b.Kind {
	case Header, Footer, PageNo:
		return true
	case Caption:
		return p.isLabelled(b) || n > 1
	case LineNo:
		x := (b.Box.X0 + b.Box.X1) / 2
		return len(face.left) == 0 || x < face.left[0]-3 || x > face.left[len(face.left)-1]+face.width
	case Heading, Body, Footnote, Reference:
	default:
		return false
	}
	w, h := b.Box.X1-b.Box.X0, b.Box.Y1-b.Box.Y0
	weight := 3 // of a sign that is no letter
	if b.Kind == Reference {
		weight = 1
	}
	if n == 0 || h > 2*w && h > 2*b.Size || p.rowsOfCells(b) || p.mostlyNumbers(b, weight) {
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
	text := substring(p.Text, b.Start, b.End)
	edge := p.atEdge(b, face.left)
	switch {
	case b.Kind == Footnote:
		return true
	case b.Kind == Heading:
		return numberedHeading.MatchString(text) && b.Size > 0.9*face.size || face.heads[b.Font] && (edge || b.Size > face.size+0.8 && p.centred(b, face.left, face.width))
	case b.Kind == Reference:
		return b.Size > 0.7*face.size && (perLine >= 4 || n > 1 && perLine >= 2.5 && full > 0 || full == n)
	case n <= 3 && subCaption.MatchString(text), n == 1 && !edge && w < 0.95*face.width, n == 2 && !edge && full == 0:
		return false
	case sameSize && b.Font == face.font:
		return perLine >= 4.5 || n >= 3 && perLine >= 4 || words >= 2 && n <= 2 && edge
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

// leftEdges are the places where the full lines of a document begin.
func leftEdges(d *Document, width float64) []float64 {
	count, all := map[int]int{}, 0
	for i := range d.Pages {
		for _, b := range d.Pages[i].Blocks {
			if b.Kind != Body && b.Kind != Reference {
				continue
			}
			for _, l := range b.Lines {
				if w := l.Box.X1 - l.Box.X0; w > 0.85*width && w < 1.15*width {
					count[int(l.Box.X0+0.5)]++
					all++
				}
			}
		}
	}
	var out []float64
	for x, n := range count {
		if n >= 3 && n*20 > all {
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
