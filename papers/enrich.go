package papers

import (
	"fmt"

	"tenet/papers/refs"
)

// enrich adds what follows from the pages and the file's own objects: sentences, metadata, highlights and references. Open calls it
// last. Each part guards itself: one that goes wrong costs itself and a warning.
func enrich(d *Document, src objectSource) {
	for i := range d.Pages {
		p := &d.Pages[i]
		p.round()
		d.guarded(p.Number, "sentences", func() { p.Sentences = Segment(p) })
	}
	d.guarded(0, "highlights", func() {
		objects := src.Pages()
		for i := range d.Pages {
			p := &d.Pages[i]
			if p.Number < 1 || p.Number > len(objects) {
				continue
			}
			d.guarded(p.Number, "highlights", func() { d.Highlights = append(d.Highlights, readHighlights(p, objects[p.Number-1])...) })
		}
	})
	d.guarded(0, "metadata", func() { d.Meta = readMeta(d, readStated(src)) })
	d.guarded(0, "references", func() {
		for _, raw := range refs.SplitLines(bibliography(d)) {
			d.References = append(d.References, refs.Parse(raw))
		}
	})
	d.Meta.estimateYear(d.References)
	d.guarded(0, "citations", func() { d.Citations = citations(d) })
}

// round cuts all boxes to hundredths of a point, which is finer than print and halves the document as it is stored and sent.
func (p *Page) round() {
	for i := range p.Words {
		p.Words[i].Box = p.Words[i].Box.rounded()
	}
	for i := range p.Blocks {
		b := &p.Blocks[i]
		b.Box = b.Box.rounded()
		for k := range b.Lines {
			b.Lines[k].Box = b.Lines[k].Box.rounded()
		}
	}
}

func (b Box) rounded() Box {
	r := func(x float64) float64 { return float64(hundredths(x)) / 100 }
	return Box{r(b.X0), r(b.Y0), r(b.X1), r(b.Y1)}
}

// guarded runs a part of the reading whose loss the rest survives.
func (d *Document) guarded(page int, what string, part func()) {
	defer func() {
		if e := recover(); e != nil {
			d.Warnings = append(d.Warnings, Warning{Page: page, Code: "part-failed", Text: fmt.Sprintf("%s could not be read: %v", what, e)})
		}
	}()
	part()
}
