package papers

import "strings"

// A font turns the bytes of a shown string into glyphs: their text and advance.
type font struct {
	name     string // base font name without the subset tag
	bold     bool
	italic   bool
	fixed    bool
	kind     fontKind
	vertical bool

	simple [256]*glyph       // by code, made on first use
	wide   map[uint32]*glyph // by code, of a composite font

	dict      value
	toUnicode *cmap
	program   *fontProgram

	// of simple fonts
	encoding [256]string // glyph names from /Differences
	base     *[256]rune  // named base encoding, nil: the program's own
	first    int
	widths   []float64
	missing  float64

	numbered bool // glyph names are codes, see numberedASCII
	doubtful bool // a part of it could not be read, so that another source may know more

	// of composite fonts
	codes      *cmap // the Encoding CMap
	cjk        *cjkCodes
	collection *collection // of a composite font whose glyph numbers are those of a standard
	cid        cidWidths
	cidMap     []byte // CIDToGIDMap stream

	// of Type 3 fonts
	matrix matrix
	em     float64 // height of its letters in text space units
}

type fontKind uint8

const (
	fontSimple fontKind = iota
	fontComposite
	fontType3
)

// A glyph is one code of a font: what it says and how far it moves the pen, in
// text space units (1 = the type size).
type glyph struct {
	text  string
	width float64
	space bool // the code is a single byte 32: word spacing applies
	known bool // the font says what it is, even if that is nothing
}

var nullGlyph = &glyph{}

// loadFont reads a font dictionary. It always gives a usable font: what the
// dictionary does not say is guessed the way viewers do.
func loadFont(d value) *font {
	f := &font{dict: d, matrix: matrix{0.001, 0, 0, 0.001, 0, 0}}
	f.program = &fontProgram{}
	switch d.Key("Subtype").Name() {
	case "Type0":
		f.loadComposite(d)
	case "Type3":
		f.kind = fontType3
		f.setName(d.Key("BaseFont").Name())
		if f.name == "" {
			f.setName(d.Key("Name").Name())
		}
		if m := d.Key("FontMatrix"); m.Len() == 6 {
			f.matrix = matrixOf(m)
		}
		f.loadSimple(d)
		f.em = f.type3Em(d.Key("FontBBox"))
	default:
		f.setName(d.Key("BaseFont").Name())
		f.program = newFontProgram(d.Key("FontDescriptor"))
		f.loadSimple(d)
	}
	if tu := d.Key("ToUnicode"); tu.Kind() == streamKind {
		b, err := tu.Stream()
		if len(b) > 0 {
			f.toUnicode = parseCMap(b)
		}
		f.doubtful = f.doubtful || err != nil || len(b) == 0
	}
	return f
}

// setName keeps the base name and reads weight and slope from it.
func (f *font) setName(name string) {
	if len(name) > 7 && name[6] == '+' {
		name = name[7:]
	}
	f.name = name
	low := strings.ToLower(name)
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(low, p) {
				return true
			}
		}
		return false
	}
	f.bold = has("bold", "black", "heavy", "-medi", "demi", "cmbx", "sfbx", "cmssbx", "lmbx", "-bd", "cmb1", "_bd")
	f.italic = has("ital", "obli", "cmti", "cmsl", "sfti", "cmmi", "slant")
	f.fixed = has("courier", "mono", "cmtt", "sftt", "typewriter", "consol")
}

// flagsFrom adds what the descriptor says to what the name says.
func (f *font) flagsFrom(desc value) {
	if w := desc.Key("FontWeight"); w.Float() >= 600 {
		f.bold = true
	}
	if desc.Key("Flags").Int()&(1<<18) != 0 {
		f.bold = true
	}
	if a := desc.Key("ItalicAngle").Float(); a <= -4 && a > -45 {
		f.italic = true
	}
}

// next cuts the next code off s. n is at least 1 where s is not empty.
func (f *font) next(s []byte) (g *glyph, code uint32, n int) {
	if f.kind == fontComposite {
		return f.nextWide(s)
	}
	c := s[0]
	g = f.simple[c]
	if g == nil {
		g = f.makeSimple(c)
		f.simple[c] = g
	}
	return g, uint32(c), 1
}

// usable tells whether a ToUnicode entry says something: some writers map what
// they do not know to U+0000 or U+FFFD.
func usable(s string) bool {
	return s != "" && s != "\x00" && s != "\uFFFD" && s != "\uFFFE" && s != "\uFFFF"
}
