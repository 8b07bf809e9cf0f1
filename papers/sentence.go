package papers

// Segment cuts a page's Text into sentences with ids.
func Segment(p *Page) []Sentence { return nil }
