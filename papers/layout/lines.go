package layout

import (
	"math"
	"unicode/utf8"
)

// Distances in multiples of the type size. TeX's narrowest space between words
// is about .22, its widest kern inside a word about .08.
const (
	gapWord  = 0.13  // wider than this parts words
	gapBack  = 0.25  // so does a step back to another height: from a superscript to the subscript under it
	gapSpace = -0.15 // with a space character in between
	gapLine  = 1.6   // wider than this parts lines
	ascent   = 0.75
	descent  = 0.22
)

// A lineBuilder follows the pen: glyphs painted one after the other on one
// baseline make a line, gaps part its words.
type lineBuilder struct {
	page *Page
	tall int // angle

	lines []line
	cur   line
	open  bool
	word  word
	inked bool // the open word has text

	last    Glyph // the last glyph that was not a space
	penX    float64
	space   bool // a space character since
	accent  rune
	accentX float64
	tally   tally
	trail   []stamp // of the open line
}

func newLineBuilder(p *Page, angle int) *lineBuilder {
	return &lineBuilder{page: p, tall: angle}
}

func (b *lineBuilder) build(glyphs []Glyph) []line {
	for i := range glyphs {
		b.add(&glyphs[i])
	}
	b.endLine()
	return b.lines
}

func (b *lineBuilder) add(g *Glyph) {
	if g.Size <= 0 || math.IsNaN(g.X) || math.IsNaN(g.Y) {
		return
	}
	if isBlank(g.Text) {
		if g.Text != "" {
			b.space = true
		} else if b.open && b.inLine(g) {
			b.penX = max(b.penX, g.X+g.DX) // an unknown sign keeps its room
		}
		return
	}
	if b.open && b.again(g) {
		return
	}
	if !b.open || !b.inLine(g) {
		b.endLine()
		b.startLine(g)
	} else if b.gap(g) {
		b.endWord()
	}
	b.put(g)
}

// inLine tells whether g goes on the open line.
func (b *lineBuilder) inLine(g *Glyph) bool {
	size := max(b.cur.size, g.Size)
	dy := math.Abs(g.Y - b.cur.base)
	switch {
	case dy <= 0.3*min(b.cur.size, g.Size):
	case g.Size < 0.9*b.cur.size && dy <= 0.65*b.cur.size: // super- or subscript
	case g.Size > 1.1*b.cur.size && dy <= 0.65*g.Size && b.cur.count <= 4: // after a leading mark
	case math.Abs(g.Y-b.last.Y) <= 0.1*min(b.last.Size, g.Size): // within a sub- or superscript
	default:
		return false
	}
	gap := g.X - b.penX
	if gap > gapLine*size {
		return false
	}
	return gap >= -1.1*size || g.X >= b.last.X-0.1*size
}

// gap tells whether a word ends before g.
func (b *lineBuilder) gap(g *Glyph) bool {
	size := max(b.last.Size, g.Size)
	gap := g.X - b.penX
	if b.space && gap > gapSpace*size {
		return true
	}
	stacked := math.Abs(g.Y-b.last.Y) > 0.05*size || gap < -0.8*g.Size
	if gap < -gapBack*g.Size && stacked && b.accent == 0 {
		r, _ := utf8.DecodeRuneInString(g.Text)
		return combining[r] == 0
	}
	return gap > gapWord*size
}

// again tells whether g was painted before at its place: bold type is imitated
// by painting a letter twice.
func (b *lineBuilder) again(g *Glyph) bool {
	if g.X > b.penX-0.3*g.Size {
		return false
	}
	for i := len(b.trail) - 1; i >= 0 && i >= len(b.trail)-200; i-- {
		if t := &b.trail[i]; math.Abs(t.x-g.X) < 0.12*g.Size && math.Abs(t.y-g.Y) < 0.12*g.Size && t.text == g.Text {
			return true
		}
	}
	return false
}

// A stamp is where a text was painted.
type stamp struct {
	x, y float64
	text string
}

func (b *lineBuilder) startLine(g *Glyph) {
	b.cur = line{base: g.Y, size: g.Size, font: g.Font, hidden: g.Flags&Hidden != 0, artifact: g.Flags&Artifact != 0}
	b.open = true
	b.tally.clear()
	b.trail = b.trail[:0]
}

// put adds the glyph's text and box to the open word.
func (b *lineBuilder) put(g *Glyph) {
	x0, x1 := min(g.X, g.X+g.DX), max(g.X, g.X+g.DX)
	box := Box{x0, g.Y - ascent*g.Size, x1, g.Y + descent*g.Size}
	if !b.inked {
		b.word = word{a: int32(len(b.page.text)), box: box}
		b.inked = true
	} else {
		b.word.box = b.word.box.union(box)
	}
	b.putText(g)
	if g.Size > 1.1*b.cur.size && math.Abs(g.Y-b.cur.base) > 0.05*g.Size && b.cur.count <= 4 {
		b.cur.base, b.cur.size = g.Y, g.Size
	}
	if b.tally.add(g.Font, g.Size) {
		b.cur.font, b.cur.size = g.Font, g.Size
		if b.cur.count < 8 || math.Abs(g.Y-b.cur.base) < 0.5*g.Size {
			b.cur.base = g.Y
		}
	}
	b.cur.count++
	if f := int(g.Font); f >= 0 && f < len(b.page.weight) {
		b.cur.heavy += b.page.weight[f].heavy
		b.cur.math += b.page.weight[f].math
	}
	b.trail = append(b.trail, stamp{g.X, g.Y, g.Text})
	b.last, b.penX, b.space = *g, g.X+g.DX, false
}

func (b *lineBuilder) endWord() {
	if !b.inked {
		return
	}
	b.inked, b.accent = false, 0
	if b.word.b = int32(len(b.page.text)); b.word.b > b.word.a { // control characters say nothing
		b.cur.words = append(b.cur.words, b.word)
	}
}

func (b *lineBuilder) endLine() {
	if !b.open {
		return
	}
	b.endWord()
	b.open = false
	if len(b.cur.words) == 0 {
		return
	}
	box := b.cur.words[0].box
	for _, w := range b.cur.words[1:] {
		box = box.union(w.box)
	}
	b.cur.box = box
	b.lines = append(b.lines, b.cur)
	b.space = false
}

func isBlank(s string) bool {
	if s == "" || s == " " {
		return true
	}
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r', 0xA0, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x202F, 0x3000, 0xFEFF, 0x200B:
		default:
			return false
		}
	}
	return true
}

// putText appends a glyph's text: ligatures folded, control characters dropped,
// an accent joined with the letter it is printed over.
func (b *lineBuilder) putText(g *Glyph) {
	s := g.Text
	if s == Unknown {
		if b.last.Text != Unknown || len(b.page.text) == int(b.word.a) {
			b.page.text = append(b.page.text, s...)
		}
		b.accent = 0
		return
	}
	if len(s) == 1 && s[0] > ' ' && s[0] < 0x7F {
		if b.accent != 0 {
			b.joinAccent(rune(s[0]), g)
			return
		}
		if s[0] == '`' || s[0] == '^' || s[0] == '~' {
			b.noteAccent(rune(s[0]), g)
		}
		b.page.text = append(b.page.text, s[0])
		return
	}
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7F || r >= 0x80 && r < 0xA0 || r == utf8.RuneError:
		case r >= 0xFB00 && r <= 0xFB06:
			b.page.text = append(b.page.text, ligatures[r-0xFB00]...)
		case r == 0x132 || r == 0x133 || r == 0x200B || r == 0xFEFF || r == 0x200C || r == 0x200D:
			if r == 0x132 {
				b.page.text = append(b.page.text, "IJ"...)
			} else if r == 0x133 {
				b.page.text = append(b.page.text, "ij"...)
			}
		case b.accent != 0:
			b.joinAccent(r, g)
		default:
			if combining[r] != 0 {
				b.noteAccent(r, g)
			}
			b.page.text = utf8.AppendRune(b.page.text, r)
		}
	}
}

var ligatures = [...]string{"ff", "fi", "fl", "ffi", "ffl", "st", "st"}

// A tally finds the type most of a line is set in.
type tally struct {
	fonts [6]int32
	sizes [6]float64
	n     [6]int
	used  int
	best  int
}

func (t *tally) clear() { t.used, t.best = 0, 0 }

// add counts one glyph and tells whether its type leads now and did not before.
func (t *tally) add(font int32, size float64) bool {
	at := -1
	for i := range t.used {
		if t.fonts[i] == font && math.Abs(t.sizes[i]-size) < 0.05*size {
			at = i
			break
		}
	}
	if at < 0 {
		if t.used == len(t.n) {
			return false
		}
		at = t.used
		t.used++
		t.fonts[at], t.sizes[at], t.n[at] = font, size, 0
	}
	t.n[at]++
	if at != t.best && t.n[at] > t.n[t.best] {
		t.best = at
		return true
	}
	return false
}
