package pdfwrite

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
)

// Font names a typeface of a Book. The zero value is Times-Roman.
type Font struct {
	Family       Family
	Bold, Italic bool
}

// Family is a kind of font, and with it a way of encoding text that a reader has to understand.
type Family int

// Times, Helvetica and Courier are standard fonts in WinAnsi encoding; runes outside it fall back to Unicode.
// Type3 draws each letter as a box and maps codes by ToUnicode; Unicode is a Type0 font with two-byte codes and ToUnicode.
// NoMap is a Type0 font without ToUnicode: what it shows cannot be read back, as in some papers.
const (
	Times Family = iota
	Helvetica
	Courier
	Type3
	Unicode
	NoMap
)

// face is a font in use in one Book, with the codes it has given out.
type face struct {
	font  Font
	res   Name
	codes map[rune]int // for the fonts that number runes by first use
	runes []rune
	ref   Ref
}

const (
	codeFi = 1
	codeFl = 2
)

// baseName is the PostScript name of a standard font.
func (f Font) baseName() Name {
	switch f.Family {
	case Helvetica:
		return Name("Helvetica" + suffix(f, "Oblique"))
	case Courier:
		return Name("Courier" + suffix(f, "Oblique"))
	}
	s := suffix(f, "Italic")
	if s == "" {
		s = "-Roman"
	}
	return Name("Times" + s)
}

func suffix(f Font, slant string) string {
	switch {
	case f.Bold && f.Italic:
		return "-Bold" + slant
	case f.Bold:
		return "-Bold"
	case f.Italic:
		return "-" + slant
	}
	return ""
}

func (f Font) table() *[256]uint16 {
	switch {
	case f.Family == Helvetica && f.Bold:
		return &helveticaBoldWidths
	case f.Family == Helvetica:
		return &helveticaWidths
	case f.Bold && f.Italic:
		return &timesBoldItalicWidths
	case f.Bold:
		return &timesBoldWidths
	case f.Italic:
		return &timesItalicWidths
	}
	return &timesRomanWidths
}

// code gives the code of a rune; ok is false where the font has none.
func (f *face) code(r rune) (int, bool) {
	if f.font.Family <= Courier {
		c, ok := winAnsi(r)
		return c, ok
	}
	if c, ok := f.codes[r]; ok {
		return c, true
	}
	c := len(f.runes) + 1
	if f.font.Family == Type3 {
		c = len(f.runes) + 33
		if c > 255 {
			return 0, false
		}
	}
	f.codes[r] = c
	f.runes = append(f.runes, r)
	return c, true
}

// advance is the width of a rune in thousandths of the type size.
func (f *face) advance(r rune) int {
	switch f.font.Family {
	case Courier:
		return 600
	case Type3, NoMap:
		return 550
	case Unicode:
		if r == ' ' {
			return 250
		}
		if r >= 0x1100 {
			return 1000
		}
		if c, ok := winAnsi(r); ok {
			return int(timesRomanWidths[c])
		}
		return 600
	}
	c, _ := winAnsi(r)
	return int(f.font.table()[c])
}

// wide says whether codes have two bytes.
func (f *face) wide() bool { return f.font.Family >= Unicode }

// winAnsi gives the code of a rune in WinAnsiEncoding, with the ligatures fi and fl at 1 and 2.
func winAnsi(r rune) (int, bool) {
	switch {
	case r == 'ﬁ':
		return codeFi, true
	case r == 'ﬂ':
		return codeFl, true
	case r >= 0x20 && r < 0x7f, r >= 0xa0 && r <= 0xff:
		return int(r), true
	}
	if i := strings.IndexRune(winAnsiHigh, r); i >= 0 && r != '\uFFFD' {
		return 0x80 + len([]rune(winAnsiHigh[:i])), true
	}
	return 0, false
}

// winAnsiHigh is the row 0x80 to 0x9f; U+FFFD marks codes that mean nothing.
const winAnsiHigh = "€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ"

// add writes the font's objects and returns the reference for the resources.
func (f *face) add(file *File) Ref {
	switch f.font.Family {
	case Type3:
		return f.addType3(file)
	case Unicode, NoMap:
		return f.addType0(file)
	}
	d := Dict{
		"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": f.font.baseName(),
		"Encoding": Dict{"Type": Name("Encoding"), "BaseEncoding": Name("WinAnsiEncoding"), "Differences": Array{1, Name("fi"), Name("fl")}},
	}
	return file.Add(d)
}

func (f *face) addType0(file *File) Ref {
	widths := Array{}
	for _, r := range f.runes {
		widths = append(widths, f.advance(r))
	}
	desc := file.Add(Dict{
		"Type": Name("FontDescriptor"), "FontName": Name("TenetUnicode"), "Flags": 4, "FontBBox": Array{0, -200, 1000, 900},
		"ItalicAngle": 0, "Ascent": 800, "Descent": -200, "CapHeight": 700, "StemV": 80,
	})
	cid := file.Add(Dict{
		"Type": Name("Font"), "Subtype": Name("CIDFontType2"), "BaseFont": Name("TenetUnicode"), "FontDescriptor": desc,
		"CIDSystemInfo": Dict{"Registry": Str("Adobe"), "Ordering": Str("Identity"), "Supplement": 0},
		"DW":            600, "W": Array{1, widths},
	})
	d := Dict{
		"Type": Name("Font"), "Subtype": Name("Type0"), "BaseFont": Name("TenetUnicode"), "Encoding": Name("Identity-H"),
		"DescendantFonts": Array{cid},
	}
	if f.font.Family == Unicode {
		d["ToUnicode"] = file.AddStream(nil, f.toUnicode())
	}
	return file.Add(d)
}

func (f *face) addType3(file *File) Ref {
	procs, diffs, widths := Dict{}, Array{33}, Array{}
	for _, r := range f.runes {
		name := Name(fmt.Sprintf("g%04X", r))
		draw := "550 0 0 0 500 700 d1 50 0 400 650 re f"
		if r == ' ' {
			draw = "550 0 d0"
		}
		procs[name] = file.AddStream(nil, []byte(draw))
		diffs = append(diffs, name)
		widths = append(widths, 550)
	}
	return file.Add(Dict{
		"Type": Name("Font"), "Subtype": Name("Type3"), "FontBBox": Array{0, 0, 550, 700}, "FontMatrix": Array{0.001, 0, 0, 0.001, 0, 0},
		"CharProcs": procs, "Encoding": Dict{"Type": Name("Encoding"), "Differences": diffs},
		"FirstChar": 33, "LastChar": 32 + len(f.runes), "Widths": widths, "Resources": Dict{},
		"ToUnicode": file.AddStream(nil, f.toUnicode()),
	})
}

// toUnicode writes the CMap of codes to text, in blocks of at most 100 as the format wants.
func (f *face) toUnicode() []byte {
	var b bytes.Buffer
	digits := 2
	if f.wide() {
		digits = 4
	}
	fmt.Fprintf(&b, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Tenet def\n/CMapType 2 def\n")
	fmt.Fprintf(&b, "1 begincodespacerange\n<%s> <%s>\nendcodespacerange\n", strings.Repeat("0", digits), strings.Repeat("F", digits))
	for start := 0; start < len(f.runes); start += 100 {
		part := f.runes[start:min(start+100, len(f.runes))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, r := range part {
			fmt.Fprintf(&b, "<%0*X> <", digits, f.codes[r])
			for _, u := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
