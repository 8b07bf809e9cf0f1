package papers

import (
	"math"
	"strconv"
	"strings"
)

// loadSimple reads encoding and widths of a Type 1, TrueType or Type 3 font.
func (f *font) loadSimple(d value) {
	desc := d.Key("FontDescriptor")
	f.flagsFrom(desc)
	f.loadEncoding(d.Key("Encoding"), desc)
	f.numbered = f.kind == fontType3 && f.numberedASCII()
	f.first = int(d.Key("FirstChar").Int())
	w := d.Key("Widths")
	n := min(w.Len(), 256)
	f.widths = make([]float64, n)
	for i := range n {
		f.widths[i] = w.Index(i).Float()
	}
	f.missing = desc.Key("MissingWidth").Float()
	if n == 0 && f.kind != fontType3 {
		f.first = 0
		f.widths = standardWidths(f.name, f.bold, f.fixed)
	}
}

func (f *font) loadEncoding(enc, desc value) {
	name := enc.Name()
	if enc.Kind() == dictKind {
		name = enc.Key("BaseEncoding").Name()
		f.differences(enc.Key("Differences"))
	}
	switch name {
	case "WinAnsiEncoding":
		f.base = &winAnsiEncoding
	case "MacRomanEncoding":
		f.base = &macRomanEncoding
	case "StandardEncoding":
		f.base = &standardEncoding
	default:
		f.base = f.ownEncoding(desc)
	}
}

// ownEncoding is the base where none is named: nil says that the font program
// has to be asked.
func (f *font) ownEncoding(desc value) *[256]rune {
	low := strings.ToLower(f.name)
	if f.program.embedded() {
		return nil
	}
	switch {
	case strings.HasPrefix(low, "symbol"):
		return &symbolEncoding
	case strings.Contains(low, "dingbats"):
		return &dingbatsEncoding
	case f.dict.Key("Subtype").Name() == "TrueType":
		return &winAnsiEncoding
	}
	return &standardEncoding
}

func (f *font) differences(a value) {
	code := 0
	for i := range min(a.Len(), 1024) {
		switch e := a.Index(i); e.Kind() {
		case intKind, realKind:
			code = int(e.Float())
		case nameKind:
			if code >= 0 && code < 256 {
				f.encoding[code] = e.Name()
			}
			code++
		}
	}
}

func (f *font) makeSimple(c byte) *glyph {
	g := &glyph{space: c == ' '}
	g.width = f.simpleWidth(c)
	if f.toUnicode != nil {
		if s, ok := f.toUnicode.lookup(uint32(c)); ok && usable(s) {
			g.text, g.known = s, true
			return g
		}
	}
	g.text = f.encodedText(c)
	g.known = g.text != "" || f.encoding[c] == ".notdef" || f.encoding[c] == "" && f.base != nil
	if !g.known && f.numbered && c > ' ' && c < 0x7F {
		g.text, g.known = string(rune(c)), true
	}
	return g
}

// numberedASCII tells whether a bitmap font's glyphs are named by their codes
// ("a65" at 65) and the codes are those of letters: then, and only then, the
// number means something. Converters that number glyphs in the order of their
// first use start at 0.
func (f *font) numberedASCII() bool {
	printable, all := 0, 0
	for c, n := range f.encoding {
		if n == "" || n == ".notdef" {
			continue
		}
		all++
		if v, err := strconv.Atoi(n[1:]); err == nil && v == c && c > ' ' && c < 0x7F {
			printable++
		}
	}
	return all > 0 && printable*10 >= all*7
}

func (f *font) simpleWidth(c byte) float64 {
	w := f.missing
	if i := int(c) - f.first; i >= 0 && i < len(f.widths) {
		w = f.widths[i]
	} else if w == 0 && f.kind != fontType3 {
		w = standardWidths(f.name, f.bold, f.fixed)[c]
	}
	if f.kind == fontType3 {
		return w * f.matrix[0]
	}
	return w / 1000
}

// encodedText goes from code to name to text; where the dictionary names
// nothing, the font program's own encoding decides.
func (f *font) encodedText(c byte) string {
	if n := f.encoding[c]; n != "" {
		if s := glyphText(n); s != "" {
			return s
		}
		// Names such as "a54" number the glyphs of converted bitmap fonts in the
		// order of their first use; they say nothing.
		return ""
	}
	if f.base != nil {
		if r := f.base[c]; r != 0 {
			return string(r)
		}
		return ""
	}
	return f.program.encoded(c)
}

// type3Em is how high the letters of a Type 3 font are in text space. Its glyph
// space is its own, so the font's box has to tell; where that is empty or wild,
// twice the mean width does.
func (f *font) type3Em(box value) float64 {
	if box.Len() == 4 {
		h := math.Abs(box.Index(3).Float()-box.Index(1).Float()) * math.Abs(f.matrix[3])
		if h > 0.05 && h < 200 {
			return h
		}
	}
	sum, n := 0.0, 0
	for _, w := range f.widths {
		if w > 0 {
			sum += w
			n++
		}
	}
	if n == 0 {
		return 1
	}
	return 2 * sum / float64(n) * math.Abs(f.matrix[0])
}
