package papers

import (
	"math"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// An Anchor says where a quote stands, in a way that survives a new text engine and a new copy of the paper. It holds no reals, so
// that it may lie in the ledger. The zero RuneEnd means that only words and page are known, as for a claim that came with a study
// pack before its PDF did.
type Anchor struct {
	File      string `json:"file,omitempty"`    // SHA-256 of the PDF
	Engine    string `json:"engine,omitempty"`  // object source that read the page
	Version   string `json:"version,omitempty"` // EngineVersion of the reading
	Page      int    `json:"page"`              // from 1; 0: not known
	RuneStart int    `json:"rune_start"`
	RuneEnd   int    `json:"rune_end"`
	Exact     string `json:"exact"`
	Prefix    string `json:"prefix,omitempty"` // up to 32 runes before
	Suffix    string `json:"suffix,omitempty"` // up to 32 runes after
	Quads     []Quad `json:"quads,omitempty"`
}

// A Quad is one line's share of an anchor, in hundredths of a point from the top left of the page.
type Quad struct {
	X0 int `json:"x0"`
	Y0 int `json:"y0"`
	X1 int `json:"x1"`
	Y1 int `json:"y1"`
}

// contextRunes is how much text an anchor keeps on each side.
const contextRunes = 32

// MakeAnchor anchors the runes [start, end) of a page's Text. Offsets out of range are cut to the page.
func MakeAnchor(d *Document, page, start, end int) Anchor {
	a := Anchor{File: d.SHA256, Version: d.Version, Page: page}
	p := d.page(page)
	if p == nil {
		return a
	}
	text := []rune(p.Text)
	start = min(max(start, 0), len(text))
	end = min(max(end, start), len(text))
	a.Engine, a.RuneStart, a.RuneEnd = p.Source, start, end
	a.Exact = quoted(text[start:end])
	a.Prefix = quoted(text[max(0, start-contextRunes):start])
	a.Suffix = quoted(text[end:min(len(text), end+contextRunes)])
	a.Quads = p.quads(start, end)
	return a
}

// AnchorForQuote anchors a quote of which only the words and perhaps the page (0: unknown) are known. Where the quote cannot be found
// without doubt the anchor keeps words and page and has no position; Locate says which it is.
func AnchorForQuote(d *Document, quote string, pageHint int) Anchor {
	a := Anchor{Page: pageHint, Exact: norm.NFC.String(quote)}
	switch l := Locate(d, a); l.Outcome {
	case Found, Moved:
		return MakeAnchor(d, l.Page, l.Start, l.End)
	}
	a.File, a.Version = d.SHA256, d.Version
	return a
}

// quoted is text as an anchor keeps it: in NFC and with paragraph ends as one space.
func quoted(text []rune) string {
	return norm.NFC.String(strings.ReplaceAll(strings.ToValidUTF8(string(text), "\uFFFD"), "\n\n", " "))
}

// page finds a page by its number.
func (d *Document) page(number int) *Page {
	if number >= 1 && number <= len(d.Pages) && d.Pages[number-1].Number == number {
		return &d.Pages[number-1]
	}
	for i := range d.Pages {
		if d.Pages[i].Number == number {
			return &d.Pages[i]
		}
	}
	return nil
}

// quads gives one box a line for the words that overlap [start, end).
func (p *Page) quads(start, end int) []Quad {
	var boxes []Box
	for _, w := range p.Words {
		if w.End <= start || w.Start >= end {
			continue
		}
		if n := len(boxes); n > 0 && sameLine(boxes[n-1], w.Box) {
			boxes[n-1] = union(boxes[n-1], w.Box)
			continue
		}
		boxes = append(boxes, w.Box)
	}
	quads := make([]Quad, len(boxes))
	for i, b := range boxes {
		quads[i] = Quad{hundredths(b.X0), hundredths(b.Y0), hundredths(b.X1), hundredths(b.Y1)}
	}
	return quads
}

// sameLine says whether b goes on to the right of a on the same line of print.
func sameLine(a, b Box) bool {
	mid := (b.Y0 + b.Y1) / 2
	height := a.Y1 - a.Y0
	return mid > a.Y0 && mid < a.Y1 && b.X0 > a.X0 && b.X0-a.X1 < 4*height
}

func union(a, b Box) Box {
	return Box{min(a.X0, b.X0), min(a.Y0, b.Y0), max(a.X1, b.X1), max(a.Y1, b.Y1)}
}

func hundredths(x float64) int {
	if math.IsNaN(x) || math.Abs(x) > 1e9 {
		return 0
	}
	return int(math.Round(x * 100))
}
