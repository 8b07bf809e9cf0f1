package figures

import (
	"image"
	"image/color"
	"math"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// probe is a canvas that remembers where things were drawn.
type probe struct {
	w, h  vg.Length
	stack []matrix
	texts []placed
	paths []vg.Point
}

// placed is a line of text with its box on the sheet.
type placed struct {
	text string
	box  vg.Rectangle
	face font.Face
}

// matrix maps points: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) apply(p vg.Point) vg.Point {
	x, y := float64(p.X), float64(p.Y)
	return vg.Point{X: vg.Length(m.a*x + m.c*y + m.e), Y: vg.Length(m.b*x + m.d*y + m.f)}
}

// before does n first and m after it.
func (m matrix) before(n matrix) matrix {
	return matrix{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b, m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

func probed(f Figure, whole bool) *probe {
	w, h := f.size(whole)
	p := &probe{w: w, h: h, stack: []matrix{{a: 1, d: 1}}}
	f.compose(draw.NewCanvas(p, w, h), whole)
	return p
}

func (p *probe) top() *matrix                        { return &p.stack[len(p.stack)-1] }
func (p *probe) Size() (w, h vg.Length)              { return p.w, p.h }
func (p *probe) SetLineWidth(vg.Length)              {}
func (p *probe) SetLineDash([]vg.Length, vg.Length)  {}
func (p *probe) SetColor(color.Color)                {}
func (p *probe) Push()                               { p.stack = append(p.stack, *p.top()) }
func (p *probe) Pop()                                { p.stack = p.stack[:len(p.stack)-1] }
func (p *probe) Fill(path vg.Path)                   { p.Stroke(path) }
func (p *probe) DrawImage(vg.Rectangle, image.Image) {}

func (p *probe) Rotate(rad float64) {
	s, c := math.Sincos(rad)
	*p.top() = p.top().before(matrix{a: c, b: s, c: -s, d: c})
}

func (p *probe) Translate(at vg.Point) {
	*p.top() = p.top().before(matrix{a: 1, d: 1, e: float64(at.X), f: float64(at.Y)})
}

func (p *probe) Scale(x, y float64) { *p.top() = p.top().before(matrix{a: x, d: y}) }

func (p *probe) Stroke(path vg.Path) {
	for _, c := range path {
		if c.Type != vg.CloseComp {
			p.paths = append(p.paths, p.top().apply(c.Pos))
		}
	}
}

func (p *probe) FillString(f font.Face, at vg.Point, s string) {
	w, size := f.Width(s), f.Font.Size
	box := vg.Rectangle{Min: vg.Point{X: vg.Length(math.Inf(1)), Y: vg.Length(math.Inf(1))}, Max: vg.Point{X: vg.Length(math.Inf(-1)), Y: vg.Length(math.Inf(-1))}}
	for _, c := range []vg.Point{{X: 0, Y: -0.15 * size}, {X: w, Y: -0.15 * size}, {X: 0, Y: 0.7 * size}, {X: w, Y: 0.7 * size}} {
		q := p.top().apply(at.Add(c))
		box.Min.X, box.Min.Y = min(box.Min.X, q.X), min(box.Min.Y, q.Y)
		box.Max.X, box.Max.Y = max(box.Max.X, q.X), max(box.Max.Y, q.Y)
	}
	p.texts = append(p.texts, placed{s, box, f})
}

// within tells of what lies outside the sheet.
func (p *probe) within(t *testing.T, name string) {
	t.Helper()
	const eps = 0.6
	for _, q := range p.paths {
		if !(q.X >= -eps && q.X <= p.w+eps && q.Y >= -eps && q.Y <= p.h+eps) {
			t.Errorf("%s: a stroke at %v, %v leaves the sheet of %v × %v", name, q.X, q.Y, p.w, p.h)
			return
		}
	}
	for _, x := range p.texts {
		if !(x.box.Min.X >= -eps && x.box.Max.X <= p.w+eps && x.box.Min.Y >= -eps && x.box.Max.Y <= p.h+eps) {
			t.Errorf("%s: %q at %v leaves the sheet of %v × %v", name, x.text, x.box, p.w, p.h)
		}
	}
}

// apart tells of texts that lie on each other.
func (p *probe) apart(t *testing.T, name string) {
	t.Helper()
	const eps = 0.3
	for i, a := range p.texts {
		for _, b := range p.texts[:i] {
			if a.box.Min.X < b.box.Max.X-eps && b.box.Min.X < a.box.Max.X-eps && a.box.Min.Y < b.box.Max.Y-eps && b.box.Min.Y < a.box.Max.Y-eps {
				t.Errorf("%s: %q lies on %q", name, a.text, b.text)
			}
		}
	}
}

func (p *probe) has(text string) bool {
	for _, x := range p.texts {
		if x.text == text {
			return true
		}
	}
	return false
}
