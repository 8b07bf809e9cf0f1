package papers

import (
	"fmt"
	"math"
	"unicode"
	"unicode/utf8"

	"tenet/papers/layout"
)

// textOperator runs the operators of ISO 32000-1 §9.3 and §9.4.
func (r *run) textOperator(op []byte) {
	g := &r.g
	switch string(op) {
	case "BT":
		g.tm, g.tlm = identity, identity
	case "Tf":
		if f := r.in.font(r.res, r.name(0)); f != nil {
			g.font = f
		}
		g.size = r.num(1)
	case "Tc":
		g.charSpace = r.num(0)
	case "Tw":
		g.wordSpace = r.num(0)
	case "Tz":
		g.scale = r.num(0) / 100
	case "TL":
		g.leading = r.num(0)
	case "Ts":
		g.rise = r.num(0)
	case "Tr":
		g.mode = int(r.num(0))
	case "Td":
		r.moveLine(r.num(0), r.num(1))
	case "TD":
		g.leading = -r.num(1)
		r.moveLine(r.num(0), r.num(1))
	case "Tm":
		if m, ok := r.matrixArgs(); ok {
			g.tm, g.tlm = m, m
		}
	case "T*":
		r.moveLine(0, -g.leading)
	case "Tj":
		if n := len(r.args); n > 0 {
			r.show(r.args[n-1].s, len(r.args[n-1].s))
		}
	case "'":
		r.moveLine(0, -g.leading)
		if n := len(r.args); n > 0 {
			r.show(r.args[n-1].s, len(r.args[n-1].s))
		}
	case "\"":
		if len(r.args) >= 3 {
			g.wordSpace, g.charSpace = r.num(0), r.num(1)
			r.moveLine(0, -g.leading)
			r.show(r.args[2].s, len(r.args[2].s))
		}
	case "TJ":
		if n := len(r.args); n > 0 && r.args[n-1].kind == tokArrayOpen {
			r.showAll(r.elems[r.args[n-1].from:r.args[n-1].to])
		}
	}
}

func (r *run) moveLine(x, y float64) {
	m := matrix{1, 0, 0, 1, x, y}.mul(r.g.tlm)
	if m.finite() {
		r.g.tlm, r.g.tm = m, m
	}
}

func (r *run) showAll(elems []operand) {
	total := 0
	for i := range elems {
		total += len(elems[i].s)
	}
	for i := range elems {
		switch e := &elems[i]; e.kind {
		case tokString:
			r.show(e.s, total)
		case tokInt, tokReal:
			by := -e.num / 1000 * r.g.size
			if r.g.font != nil && r.g.font.vertical {
				r.advance(0, by)
			} else {
				r.advance(by*r.g.scale, 0)
			}
		}
	}
}

// advance moves the pen in text space.
func (r *run) advance(x, y float64) {
	tm := &r.g.tm
	tm[4] += x*tm[0] + y*tm[2]
	tm[5] += x*tm[1] + y*tm[3]
}

// Letters that are spread evenly (Tc) by more than a narrow space and less than a
// wide one belong together: what parts words there are space characters or moves.
// Signs of a formula are spread like that to stand apart.
const (
	spreadMin = 0.1
	spreadMax = 0.7
	spreadFew = 3 // letters; fewer may be single signs set apart
)

// show paints one string; all is the length of what its operator shows.
func (r *run) show(s []byte, all int) {
	g, in := &r.g, r.in
	f := g.font
	artifact, unseen := r.marked()
	if !unseen {
		in.shown++
	}
	if f == nil || len(s) == 0 {
		return
	}
	// text space → page: [size·scale 0 0 size 0 rise] × Tm × CTM, §9.4.4
	full := g.tm.mul(g.ctm)
	ux, uy := full.along(g.size*g.scale, 0)
	vx, vy := full.along(0, g.size)
	size := math.Hypot(vx, vy)
	if f.kind == fontType3 {
		size *= f.em
	}
	size = max(size, 0.01) // type of no height is still read by searchers
	x, y := full.at(0, g.rise)
	sx, sy := full.along(g.scale, 0) // one unit of horizontal text space
	dx, dy := full.along(0, 1)
	flags := layout.Flags(0)
	if g.mode == 3 || g.mode == 7 {
		flags |= layout.Hidden
	}
	if artifact {
		flags |= layout.Artifact
	}
	number := in.number[f]
	spread := 0.0
	if g.charSpace > spreadMin*g.size && g.charSpace < spreadMax*g.size && all >= spreadFew {
		spread = g.charSpace
	}
	var movedX, movedY float64 // in text space, for Tm
	for len(s) > 0 {
		gl, _, n := f.next(s)
		s = s[n:]
		space := g.charSpace
		if gl.space {
			space += g.wordSpace
		}
		out := layout.Glyph{Text: gl.text, X: x, Y: y, Size: size, Font: number, Flags: flags}
		if f.vertical {
			out.DX, out.DY = vx*gl.width, vy*gl.width
			by := gl.width*g.size + space
			movedY += by
			x, y = x+by*dx, y+by*dy
		} else {
			out.DX, out.DY = ux*gl.width, uy*gl.width
			if spread > 0 && letter(gl) && (len(s) == 0 || letterFirst(f, s)) {
				out.DX, out.DY = out.DX+sx*spread, out.DY+sy*spread
			}
			by := gl.width*g.size + space
			movedX += by * g.scale
			x, y = x+by*sx, y+by*sy
		}
		if !unseen && !in.emit(&out, gl, f) {
			break
		}
	}
	r.advance(movedX, movedY)
}

// letter tells whether a glyph says a letter, or several.
func letter(g *glyph) bool {
	r, _ := utf8.DecodeRuneInString(g.text)
	return unicode.IsLetter(r)
}

func letterFirst(f *font, s []byte) bool {
	g, _, _ := f.next(s)
	return letter(g)
}

// emit keeps a glyph unless it lies off the page.
func (in *interpreter) emit(g *layout.Glyph, gl *glyph, f *font) bool {
	if !(g.X > in.bounds[0] && g.X < in.bounds[2] && g.Y > in.bounds[1] && g.Y < in.bounds[3]) {
		return true
	}
	if len(in.glyphs) >= in.opt.MaxGlyphs {
		in.stop(fmt.Errorf("more than %d glyphs: %w", in.opt.MaxGlyphs, ErrLimit))
		return false
	}
	if !gl.known && g.Flags&layout.Hidden == 0 {
		in.unknown++
		if f.doubtful || f.program.broken {
			in.doubt++
		}
		g.Text = layout.Unknown
	}
	in.glyphs = append(in.glyphs, *g)
	return true
}
