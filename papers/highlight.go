package papers

import (
	"slices"
	"strings"
)

// mostMarks bounds the highlights of one page; more is not a reader's work.
const mostMarks = 2000

// readHighlights collects what a reader marked on a page: highlights and underlines with the words under them, and notes.
func readHighlights(p *Page, po pageObject) []Highlight {
	annots := po.Dict.Key("Annots")
	var out []Highlight
	for i := range min(annots.Len(), mostMarks) {
		if h, ok := readMark(p, po, annots.Index(i)); ok {
			out = append(out, h)
		}
	}
	return out
}

// marks are the annotations that say something about the text, by their PDF name.
var marks = map[string]string{
	"Highlight": "highlight", "Underline": "underline", "Squiggly": "squiggly", "StrikeOut": "strikeout", "Text": "note", "FreeText": "note",
}

func readMark(p *Page, po pageObject, a value) (Highlight, bool) {
	kind, ok := marks[a.Key("Subtype").Name()]
	if !ok {
		return Highlight{}, false
	}
	h := Highlight{Page: p.Number, Kind: kind, Note: strings.TrimSpace(decodeText(a.Key("Contents").Raw()))}
	if kind == "note" {
		h.Boxes = boxesOf(a.Key("Rect"), 4, po)
		return h, h.Note != ""
	}
	h.Boxes = boxesOf(a.Key("QuadPoints"), 8, po)
	if len(h.Boxes) == 0 {
		h.Boxes = boxesOf(a.Key("Rect"), 4, po)
	}
	h.Text, h.Start, h.End = p.under(h.Boxes)
	return h, len(h.Boxes) > 0
}

// boxesOf reads groups of n numbers, x and y in turn, each as the box around its points on the page as it is shown.
func boxesOf(v value, n int, po pageObject) []Box {
	var out []Box
	for g := 0; g+n <= min(v.Len(), n*500); g += n {
		var b Box
		for k := 0; k < n; k += 2 {
			x, y := shown(po, v.Index(g+k).Float(), v.Index(g+k+1).Float())
			if k == 0 {
				b = Box{x, y, x, y}
				continue
			}
			b = union(b, Box{x, y, x, y})
		}
		out = append(out, b)
	}
	return out
}

// shown turns a point of the page's own space into the page as it is shown: origin top left, after rotation.
func shown(po pageObject, x, y float64) (float64, float64) {
	m := po.MediaBox
	switch po.Rotate {
	case 90:
		return y - m[1], x - m[0]
	case 180:
		return m[2] - x, y - m[1]
	case 270:
		return m[3] - y, m[2] - x
	}
	return x - m[0], m[3] - y
}

// under gives the words whose centre lies in one of the boxes, and the range of Text from the first to the last of them. Words that do
// not follow each other are set apart by one space, as a highlight may run around a formula or over columns.
func (p *Page) under(boxes []Box) (text string, start, end int) {
	if len(boxes) == 0 || len(p.Words) == 0 {
		return "", 0, 0
	}
	runes := []rune(p.Text)
	var parts []string
	from, to := -1, -1
	flush := func() {
		if from >= 0 {
			parts = append(parts, strings.Join(strings.Fields(string(runes[from:to])), " "))
		}
		from = -1
	}
	start = -1
	for _, w := range p.Words {
		if w.Start < 0 || w.End > len(runes) || w.End <= w.Start || !slices.ContainsFunc(boxes, w.Box.centreIn) {
			flush()
			continue
		}
		if from < 0 {
			from = w.Start
		}
		to = w.End
		if start < 0 || w.Start < start {
			start = w.Start
		}
		end = max(end, w.End)
	}
	flush()
	if start < 0 {
		return "", 0, 0
	}
	return strings.Join(parts, " "), start, end
}

// centreIn says whether the centre of b lies in area.
func (b Box) centreIn(area Box) bool {
	x, y := (b.X0+b.X1)/2, (b.Y0+b.Y1)/2
	return x >= area.X0 && x <= area.X1 && y >= area.Y0 && y <= area.Y1
}
