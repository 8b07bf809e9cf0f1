package layout

import (
	"math"
	"slices"
)

// A Page is one analysed page: lines in reading order, not yet text. Compose
// makes text of all pages of a document together.
type Page struct {
	width, height float64
	fonts         []Font
	lines         []line
	text          []byte // of all words
	weight        []weight
}

// A weight is what one glyph of a font adds to a line's counts.
type weight struct{ heavy, math int }

// A word is a run of glyphs without a gap. Its text is page.text[a:b].
type word struct {
	a, b int32
	box  Box
}

// A line is one line of print in one column.
type line struct {
	words    []word
	box      Box
	base     float64 // baseline
	size     float64 // of most of its letters
	font     int32   // of most of its letters
	count    int     // glyphs
	heavy    int     // of them in bold type
	math     int     // of them in mathematical type
	angle    int     // of the writing, degrees clockwise; 0 for upright text
	hidden   bool
	artifact bool // the file marks it as one: it is no part of the text
	kind     Kind // set by the document-wide passes, "" before
}

// Analyse finds words, lines and their reading order. It keeps nothing of
// glyphs. fonts is read later, by Compose, and must only grow.
func Analyse(width, height float64, glyphs []Glyph, fonts []Font) *Page {
	p := &Page{width: width, height: height, fonts: fonts, weight: weights(fonts)}
	n := 0
	for i := range glyphs {
		n += len(glyphs[i].Text)
	}
	p.text = make([]byte, 0, n)
	for _, g := range byAngle(glyphs) {
		b := newLineBuilder(p, g.angle)
		lines := p.order(b.build(g.glyphs), g.angle != 0)
		if g.angle != 0 {
			for i := range lines {
				lines[i].turnBack(g.angle)
			}
		}
		p.lines = append(p.lines, lines...)
	}
	return p
}

func weights(fonts []Font) []weight {
	out := make([]weight, len(fonts))
	for i := range fonts {
		if fonts[i].Bold {
			out[i].heavy = 1
		}
		if mathFont(fonts[i].Name) {
			out[i].math = 1
		}
	}
	return out
}

// An angleGroup is the glyphs of one writing direction, turned upright.
type angleGroup struct {
	angle  int
	glyphs []Glyph
}

// byAngle splits the glyphs by writing direction. Nearly always there is one
// direction, and then nothing is copied.
func byAngle(glyphs []Glyph) []angleGroup {
	angles := map[int]int{}
	last := 0
	first := -1
	same := true
	of := func(g *Glyph) int {
		if g.DX > 0 && math.Abs(g.DY) < 0.02*g.DX {
			last = 0
		} else if g.DX != 0 || g.DY != 0 {
			last = (int(math.Round(math.Atan2(g.DY, g.DX)*180/math.Pi)) + 360) % 360
			if r := (last + 1) % 90; r <= 2 { // nearly upright is upright
				last = (last + 1) / 90 * 90 % 360
			}
		}
		return last
	}
	for i := range glyphs {
		a := of(&glyphs[i])
		angles[a]++
		if first < 0 {
			first = a
		}
		same = same && a == first
	}
	if same && first <= 0 {
		return []angleGroup{{0, glyphs}}
	}
	groups := map[int]*angleGroup{}
	var order []int
	last = 0
	for i := range glyphs {
		a := of(&glyphs[i])
		g := groups[a]
		if g == nil {
			g = &angleGroup{angle: a}
			groups[a] = g
			order = append(order, a)
		}
		g.glyphs = append(g.glyphs, turned(glyphs[i], a))
	}
	slices.SortStableFunc(order, func(a, b int) int { return min(a, 1) - min(b, 1) }) // upright text first
	out := make([]angleGroup, 0, len(order))
	for _, a := range order {
		out = append(out, *groups[a])
	}
	return out
}

// turned rotates a glyph so that writing at the given angle runs to the right.
func turned(g Glyph, angle int) Glyph {
	if angle == 0 {
		return g
	}
	sin, cos := math.Sincos(float64(angle) * math.Pi / 180)
	g.X, g.Y = g.X*cos+g.Y*sin, g.Y*cos-g.X*sin
	g.DX, g.DY = g.DX*cos+g.DY*sin, g.DY*cos-g.DX*sin
	return g
}

// turnBack puts a line's boxes back onto the page.
func (l *line) turnBack(angle int) {
	l.angle = angle
	l.box = l.box.turn(angle)
	for i := range l.words {
		l.words[i].box = l.words[i].box.turn(angle)
	}
}

func (b Box) turn(angle int) Box {
	sin, cos := math.Sincos(float64(angle) * math.Pi / 180)
	out := Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range [4][2]float64{{b.X0, b.Y0}, {b.X1, b.Y0}, {b.X0, b.Y1}, {b.X1, b.Y1}} {
		x, y := p[0]*cos-p[1]*sin, p[0]*sin+p[1]*cos
		out.X0, out.X1 = min(out.X0, x), max(out.X1, x)
		out.Y0, out.Y1 = min(out.Y0, y), max(out.Y1, y)
	}
	return out
}

func (b Box) union(c Box) Box {
	return Box{min(b.X0, c.X0), min(b.Y0, c.Y0), max(b.X1, c.X1), max(b.Y1, c.Y1)}
}

// overlapX is the width that two boxes share.
func (b Box) overlapX(c Box) float64 { return min(b.X1, c.X1) - max(b.X0, c.X0) }

func (b Box) width() float64 { return b.X1 - b.X0 }
