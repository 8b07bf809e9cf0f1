package layout

// markRunning marks running heads, running feet, page numbers and line numbers.
func markRunning(pages []*Page) {}

// classify gives every block its kind.
func classify(p *Page, blocks []block) {
	for i := range blocks {
		blocks[i].kind = Body
	}
}
