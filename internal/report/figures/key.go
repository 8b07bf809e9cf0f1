package figures

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// key is an entry of a legend: a stroke, a mark or both.
type key struct {
	label  string
	stroke draw.LineStyle
	mark   *draw.GlyphStyle
}

const swatch = 24

func (k key) draw(c draw.Canvas, x, y vg.Length) {
	if k.stroke.Width > 0 {
		c.StrokeLine2(k.stroke, x, y, x+swatch-6, y)
	}
	if k.mark != nil {
		c.DrawGlyphNoClip(*k.mark, vg.Point{X: x + (swatch-6)/2, Y: y})
	}
}

func (i *ink) keyWidth(k key) vg.Length { return swatch + i.width(i.text(8, dark), k.label) + 14 }

// rows folds a legend to a width.
func (i *ink) rows(keys []key, width vg.Length) [][]key {
	var rows [][]key
	x := vg.Length(0)
	for _, k := range keys {
		w := i.keyWidth(k)
		if len(rows) == 0 || x+w > width {
			rows, x = append(rows, nil), 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], k)
		x += w
	}
	return rows
}

func stroke(t tint, width float64, dashes ...float64) draw.LineStyle {
	s := draw.LineStyle{Color: t, Width: vg.Length(width)}
	for _, d := range dashes {
		s.Dashes = append(s.Dashes, vg.Length(d))
	}
	return s
}

// diamond is a hollow mark that stands on its corner.
type diamond struct{}

// DrawGlyph draws it.
func (diamond) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	r := s.Radius * 1.25
	var p vg.Path
	p.Move(vg.Point{X: at.X, Y: at.Y + r})
	p.Line(vg.Point{X: at.X + r, Y: at.Y})
	p.Line(vg.Point{X: at.X, Y: at.Y - r})
	p.Line(vg.Point{X: at.X - r, Y: at.Y})
	p.Close()
	c.SetColor(paper)
	c.Fill(p)
	c.SetLineStyle(draw.LineStyle{Color: s.Color, Width: 1})
	c.Stroke(p)
}

// mark is how a verdict looks: its shape says it to those who do not see its colour.
func mark(verdict string) draw.GlyphStyle {
	g := draw.GlyphStyle{Color: mid, Radius: 2.6, Shape: ring{}}
	switch verdict {
	case "validated":
		g.Color, g.Shape = blue, disc{}
	case "refuted":
		g.Color, g.Shape, g.Radius = orange, block{}, 2.8
	case "inconclusive":
		g.Color, g.Shape, g.Radius = dim, diamond{}, 3
	case "invalid":
		g.Color, g.Shape = wine, saltire{}
	}
	return g
}

// The other marks.
type (
	disc    struct{}
	ring    struct{}
	block   struct{}
	saltire struct{}
)

// DrawGlyph draws a filled circle.
func (disc) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	c.SetColor(s.Color)
	var p vg.Path
	p.Move(vg.Point{X: at.X + s.Radius, Y: at.Y})
	p.Arc(at, s.Radius, 0, 2*math.Pi)
	p.Close()
	c.Fill(p)
}

// DrawGlyph draws a hollow circle.
func (ring) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	disc{}.DrawGlyph(c, draw.GlyphStyle{Color: paper, Radius: s.Radius}, at)
	c.SetLineStyle(draw.LineStyle{Color: s.Color, Width: 0.9})
	var p vg.Path
	p.Move(vg.Point{X: at.X + s.Radius, Y: at.Y})
	p.Arc(at, s.Radius, 0, 2*math.Pi)
	p.Close()
	c.Stroke(p)
}

// DrawGlyph draws a filled square.
func (block) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	c.SetColor(s.Color)
	c.Fill(box(at.X-s.Radius, at.Y-s.Radius, at.X+s.Radius, at.Y+s.Radius))
}

// DrawGlyph draws a cross of two strokes.
func (saltire) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	r := s.Radius
	c.StrokeLine2(draw.LineStyle{Color: s.Color, Width: 1.6}, at.X-r, at.Y-r, at.X+r, at.Y+r)
	c.StrokeLine2(draw.LineStyle{Color: s.Color, Width: 1.6}, at.X-r, at.Y+r, at.X+r, at.Y-r)
}

func box(x0, y0, x1, y1 vg.Length) vg.Path {
	var p vg.Path
	p.Move(vg.Point{X: x0, Y: y0})
	p.Line(vg.Point{X: x1, Y: y0})
	p.Line(vg.Point{X: x1, Y: y1})
	p.Line(vg.Point{X: x0, Y: y1})
	p.Close()
	return p
}

// verdictKeys is the legend of verdicts.
func verdictKeys(seen map[string]bool) []key {
	var keys []key
	for _, v := range []string{"validated", "refuted", "inconclusive", "invalid"} {
		if seen[v] {
			m := mark(v)
			keys = append(keys, key{label: v, mark: &m})
		}
	}
	return keys
}
