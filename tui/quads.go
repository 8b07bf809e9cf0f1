package tui

import (
	"image"
	"image/color"
	"image/draw"
)

// quad is the place of one line of a claim, with the claim's stance.
type quad struct {
	x0, y0, x1, y1 float64 // as shares of the page's width and height
	stance         string
}

// quadsOn are the places of the claims on a page; a figure's picture shows none.
func (r *read) quadsOn(s shot) []quad {
	var out []quad
	if s.label != "" {
		return nil
	}
	for i := range r.claims {
		c := &r.claims[i]
		if c.Dropped || c.Page != s.page {
			continue
		}
		p := r.page()
		for _, q := range c.Quads {
			if p.width > 0 && p.height > 0 {
				m := quad{x0: q[0] / p.width, y0: q[1] / p.height, x1: q[2] / p.width, y1: q[3] / p.height}
				if len(c.Links) > 0 {
					m.stance = c.Links[0].Stance
				}
				out = append(out, m)
			}
		}
	}
	return out
}

// inkOf is the colour of a stance; the strip beside the picture says it in signs.
func inkOf(stance string) color.RGBA {
	switch stance {
	case "supports":
		return color.RGBA{0x8F, 0xE3, 0x88, 0xFF}
	case "contradicts":
		return color.RGBA{0xFF, 0xA0, 0x9A, 0xFF}
	}
	return color.RGBA{0xFF, 0xE0, 0x66, 0xFF}
}

// marked draws the claims into a copy of a page's picture as a marker pen would: what is dark stays dark.
func marked(m image.Image, quads []quad) image.Image {
	if len(quads) == 0 {
		return m
	}
	b := m.Bounds()
	out := image.NewRGBA(b)
	draw.Draw(out, b, m, b.Min, draw.Src)
	for _, q := range quads {
		ink := inkOf(q.stance)
		at := func(share float64, n int) int { return int(share*float64(n) + 0.5) }
		area := image.Rect(at(q.x0, b.Dx())-1, at(q.y0, b.Dy())-1, at(q.x1, b.Dx())+1, at(q.y1, b.Dy())+1).Add(b.Min).Intersect(b)
		for y := area.Min.Y; y < area.Max.Y; y++ {
			row := out.Pix[out.PixOffset(area.Min.X, y):][:4*area.Dx()]
			for x := 0; x < len(row); x += 4 {
				row[x], row[x+1], row[x+2] = min(row[x], ink.R), min(row[x+1], ink.G), min(row[x+2], ink.B)
			}
		}
	}
	return out
}
