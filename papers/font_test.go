package papers

import (
	"fmt"
	"strings"
	"testing"
)

// shows gives the text of one string shown in the font that dict describes.
func shows(t *testing.T, dict, hexString string, more map[int]string) string {
	t.Helper()
	objects := map[int]string{5: dict}
	for k, v := range more {
		objects[k] = v
	}
	var out strings.Builder
	for _, g := range glyphsOf(t, onePage("BT /F1 10 Tf 50 700 Td "+hexString+" Tj ET", objects)) {
		out.WriteString(g.Text)
	}
	return out.String()
}

func TestSimpleFontsSayTheirText(t *testing.T) {
	type1 := "<< /Type /Font /Subtype /Type1 /BaseFont /AAAAAA+CMR10 "
	for _, c := range []struct {
		name, dict, show, want string
		more                   map[int]string
	}{
		{"win ansi", type1 + "/Encoding /WinAnsiEncoding >>", `(na\357ve \223q\224)`, "naïve “q”", nil},
		{"mac roman", type1 + "/Encoding /MacRomanEncoding >>", `(na\225ve)`, "naïve", nil},
		{"standard is the default", type1 + ">>", "(a'b\\256)", "a’bﬁ", nil},
		{"differences", type1 + "/Encoding << /Differences [1 /alpha /beta 11 /ff] >> >>", `(\001\002\013)`, "αβﬀ", nil},
		{"differences over win ansi", type1 + "/Encoding << /BaseEncoding /WinAnsiEncoding /Differences [65 /B] >> >>", `(AC)`, "BC", nil},
		{"symbol", "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>", `(abS)`, "αβΣ", nil},
		{"dingbats", "<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>", `(4)`, "✔", nil},
		{
			"to unicode wins", type1 + "/Encoding /WinAnsiEncoding /ToUnicode 8 0 R >>", `(ab)`, "xb",
			map[int]string{8: streamBody("", "1 beginbfchar <61> <0078> endbfchar")},
		},
		{
			"to unicode to nothing is passed over", type1 + "/Encoding /WinAnsiEncoding /ToUnicode 8 0 R >>", `(a)`, "a",
			map[int]string{8: streamBody("", "1 beginbfchar <61> <0000> endbfchar")},
		},
		{
			"the program's own encoding", type1 + "/FontDescriptor 8 0 R >>", `(\001\101)`, "∑α",
			map[int]string{8: "<< /FontFile 9 0 R >>", 9: streamBody("", "%!PS\n/Encoding 256 array\ndup 1 /summationtext put\ndup 8#101 /alpha put\nreadonly def\neexec xx")},
		},
		{"an unknown name is marked", type1 + "/Encoding << /Differences [1 /mystery7] >> >>", `(a\001b)`, "a\uFFFDb", nil},
		{"notdef is nothing", type1 + "/Encoding << /Differences [1 /.notdef] >> >>", `(a\001b)`, "ab", nil},
		{"a bitmap font named by codes", "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 10 10] /FontMatrix [.1 0 0 .1 0 0] /CharProcs << >> /FirstChar 65 /LastChar 66 /Widths [5 5] /Encoding << /Differences [65 /a65 /a66] >> >>", `(AB)`, "AB", nil},
		{"a bitmap font numbered from nought", "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 10 10] /FontMatrix [.1 0 0 .1 0 0] /CharProcs << >> /FirstChar 0 /LastChar 2 /Widths [5 5 5] /Encoding << /Differences [0 /a0 /a1 /a2] >> >>", `(\000\001)`, "\uFFFD\uFFFD", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shows(t, c.dict, c.show, c.more); got != c.want {
				t.Errorf("%s\nshows %s\n got %q\nwant %q", c.dict, c.show, got, c.want)
			}
		})
	}
}

func TestCompositeFontsSayTheirText(t *testing.T) {
	cid := "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Some /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) >> >>"
	type0 := func(enc, rest string) string {
		return "<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Some /Encoding " + enc + " /DescendantFonts [6 0 R] " + rest + ">>"
	}
	for _, c := range []struct {
		name, dict, show, want string
		more                   map[int]string
	}{
		{
			"identity with to unicode", type0("/Identity-H", "/ToUnicode 8 0 R"), "<00010002>", "Ab",
			map[int]string{8: streamBody("", "1 beginbfchar <0001> <0041> endbfchar 1 beginbfrange <0002> <0003> [<0062> <0063>] endbfrange")},
		},
		{"identity that says nothing is marked", type0("/Identity-H", ""), "<0001>", "\uFFFD", nil},
		{"unicode codes", type0("/UniJIS-UCS2-H", ""), "<65E5672C>", "日本", nil},
		{"unicode codes outside the first plane", type0("/UniGB-UTF16-H", ""), "<D840DC0B>", "𠀋", nil},
		{"gbk", type0("/GBK-EUC-H", ""), "<D6D0CEC441>", "中文A", nil},
		{"shift jis", type0("/90ms-RKSJ-H", ""), "<93FA967B>", "日本", nil},
		{"big five", type0("/ETen-B5-H", ""), "<A4A4A4E5>", "中文", nil},
		{
			"an embedded cmap", type0("9 0 R", "/ToUnicode 8 0 R"), "<41>", "z",
			map[int]string{
				8: streamBody("", "1 beginbfchar <41> <007A> endbfchar"),
				9: streamBody("/Type /CMap", "1 begincodespacerange <00> <FF> endcodespacerange 1 begincidrange <00> <FF> 0 endcidrange"),
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			more := map[int]string{6: cid}
			for k, v := range c.more {
				more[k] = v
			}
			if got := shows(t, c.dict, c.show, more); got != c.want {
				t.Errorf("%s\nshows %s\n got %q\nwant %q", c.dict, c.show, got, c.want)
			}
		})
	}
}

func TestWidthArraysOfCompositeFonts(t *testing.T) {
	for _, c := range []struct {
		w    string
		cid  uint32
		want float64
	}{
		{"[1 [500 600]]", 1, 500},
		{"[1 [500 600]]", 2, 600},
		{"[1 [500 600]]", 3, 777},
		{"[5 9 250]", 5, 250},
		{"[5 9 250]", 9, 250},
		{"[5 9 250]", 10, 777},
		{"[1 [500] 5 9 250 20 [1 2]]", 21, 2},
		{"[1 [500] 5 9 250 20 [1 2]]", 7, 250},
		{"[9 5 250]", 7, 777},
		{"[5]", 5, 777},
		{"[5 9]", 5, 777},
		{"[]", 1, 777},
		{"[1 2 [3] /x (y) [4 [5]] -7 [500] 3]", 40, 777},
	} {
		src := sourceOf(t, onePage("", map[int]string{6: "<< /DW 777 /W " + c.w + " >>", 1: "<< /Type /Catalog /Pages 2 0 R /Font 6 0 R >>"}))
		w := readCIDWidths(src.Trailer().Key("Root").Key("Font"))
		if got := w.width(c.cid); got != c.want {
			t.Errorf("%s: width of %d is %v, want %v", c.w, c.cid, got, c.want)
		}
	}
}

func TestWidthsOfSimpleFonts(t *testing.T) {
	for _, c := range []struct {
		dict string
		want float64 // of "A" at 10 points
	}{
		{"/BaseFont /Custom /FirstChar 65 /Widths [400]", 4},
		{"/BaseFont /Custom /FirstChar 60 /Widths [1 2 3 4 5 640]", 6.4},
		{"/BaseFont /Helvetica", 6.67},
		{"/BaseFont /Times-Bold", 7.22},
		{"/BaseFont /Courier", 6},
		{"/BaseFont /Custom /FirstChar 66 /Widths [400] /FontDescriptor << /MissingWidth 333 >>", 3.33},
		{"/BaseFont /Helvetica /FirstChar -5 /Widths [400]", 6.67},
	} {
		g := glyphsOf(t, onePage("BT /F1 10 Tf 50 700 Td (A) Tj ET", map[int]string{5: "<< /Type /Font /Subtype /Type1 " + c.dict + " >>"}))
		if len(g) != 1 || fmt.Sprintf("%.3f", g[0].DX) != fmt.Sprintf("%.3f", c.want) {
			t.Errorf("%s: got %+v, want one glyph %.3f wide", c.dict, g, c.want)
		}
	}
}

func TestFontNamesTellWeightAndSlope(t *testing.T) {
	for name, want := range map[string]string{
		"ABCDEF+CMBX10": "CMBX10 bold", "Times-Italic": "Times-Italic italic", "Arial,BoldItalic": "Arial,BoldItalic bold italic",
		"NimbusRomNo9L-Medi": "NimbusRomNo9L-Medi bold", "CMR10": "CMR10", "CMTT9": "CMTT9 fixed", "CMMI10": "CMMI10 italic", "": "",
	} {
		f := &font{}
		f.setName(name)
		got := f.name
		for _, p := range []struct {
			on   bool
			word string
		}{{f.bold, " bold"}, {f.italic, " italic"}, {f.fixed, " fixed"}} {
			if p.on {
				got += p.word
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

// A composite font without ToUnicode whose glyph numbers are those of one of Adobe's collections, and the predefined CMaps of the
// standards behind them.
func TestGlyphNumbersOfTheStandardsSayTheirText(t *testing.T) {
	for _, c := range []struct{ ordering, encoding, show, want string }{
		{"Japan1", "Identity-H", "<034B 034C 03A5 0465 0022 0148>", "あぃォ亜A｢"},
		{"Japan1", "Identity-V", "<0465 0466>", "亜唖"},
		{"Japan1", "H", "<467C 4B5C>", "日本"},
		{"Japan1", "V", "<467C 4B5C>", "日本"},
		{"Japan1", "EUC-H", "<C6FC CBDC 41>", "日本A"},
		{"GB1", "Identity-H", "<03AC 1257 0022>", "啊亍A"},
		{"GB1", "GBK2K-H", "<D6D0 8139EF30 41>", "中㐁A"},
		{"Korea1", "Identity-H", "<043E 043F 0D6C 0022>", "가각伽A"},
		{"CNS1", "Identity-H", "<0253 0254 176C 0022>", "一乙乂A"},
		{"CNS1", "CNS-EUC-H", "<C4A1 C4A2 8EA2A1A1 41>", "一乙乂A"},
		{"Identity", "Identity-H", "<034B>", "\uFFFD"},
	} {
		dict := "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /" + c.encoding + " /DescendantFonts [6 0 R] >>"
		cid := "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (" + c.ordering + ") /Supplement 2 >> >>"
		if got := shows(t, dict, c.show, map[int]string{6: cid}); got != c.want {
			t.Errorf("%s %s %s: got %q, want %q", c.ordering, c.encoding, c.show, got, c.want)
		}
	}
}

// Latin letters of an East Asian font have their own widths, by the glyph numbers that the CMap gives them.
func TestLatinLettersOfAnEastAsianFontAreNarrow(t *testing.T) {
	for encoding, w := range map[string]string{"90ms-RKSJ-H": "[231 325 500]", "90msp-RKSJ-H": "[1 95 500]", "UniJIS-UCS2-HW-H": "[231 325 500]"} {
		code := "<41>"
		if encoding == "UniJIS-UCS2-HW-H" {
			code = "<0041>"
		}
		g := glyphsOf(t, onePage("BT /F1 10 Tf 72 700 Td "+code+" Tj ET", map[int]string{
			5: "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /" + encoding + " /DescendantFonts [6 0 R] >>",
			6: "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /W " + w + " >>",
		}))
		if len(g) != 1 || g[0].Text != "A" || g[0].DX != 5 {
			t.Errorf("%s: got %+v, want an A half as wide as high", encoding, g)
		}
	}
}
