package papers

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenet/papers/pdfwrite"
	"tenet/papers/refs"
)

// fuzzOptions keep one input below a tenth of a second.
var fuzzOptions = Options{MaxPages: 20, MaxGlyphs: 5000, MaxOps: 50_000}

func FuzzContent(f *testing.F) {
	for _, s := range []string{
		saying, "BT /F1 10 Tf [(a) -200 (b)] TJ T* (c) ' 1 2 (d) \" ET", "q 1 0 0 1 10 20 cm /X Do Q", "/Span << /ActualText (x) >> BDC (y) Tj EMC",
		"BI /W 1 ID xx EI", "BT /F2 1e9 Tf 0 0 0 0 0 0 Tm <0041> Tj", "[[[[(", "<< << >> (", "/GS gs 99999999999 Tz", "BT /F1 0 Tf (a) Tj -1 Tr ET",
		"/OC /L BDC (a) Tj /X Do EMC", "BT 3 Tc /F1 10 Tf (SPREAD OUT) Tj ET",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		b := onePage(string(content), map[int]string{
			3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 8 0 R >> /XObject << /X 6 0 R >> /Properties << /L 7 0 R >> >> >>",
			1: "<< /Type /Catalog /Pages 2 0 R /OCProperties << /D << /OFF [7 0 R] >> >> >>",
			7: "<< /Type /OCG /Name (L) >>",
			6: form("BT /F1 5 Tf (form) Tj ET /X Do", ""),
			8: "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [9 0 R] >>",
			9: "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A >>",
		})
		d, err := read(t.Context(), b, fuzzOptions.withDefaults())
		if err == nil {
			checkOffsets(t, d)
		}
	})
}

func FuzzLexer(f *testing.F) {
	for _, s := range []string{"<< /A#20B [1 -2.5 (x\\)y) <4g> true] >> % end", "(((", "<", ">>", "/", "1.2.3--4", "\x00(\\777\\\n)"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l := lexer{b: b}
		for at := -1; ; at = l.pos {
			tok := l.next()
			if l.pos < 0 || l.pos > len(b) {
				t.Fatalf("position %d of %d", l.pos, len(b))
			}
			if tok.kind == tokEOF {
				return
			}
			if l.pos <= at {
				t.Fatalf("a token at %d takes nothing", at)
			}
		}
	})
}

func FuzzCitations(f *testing.F) {
	f.Add("As in [1, 3–5] and [2, Sec. 1].", "[1] A. Author. A work. 2016.\n[2] B. Author. Another work. 2017.")
	f.Add("He et al. (2016) and Ng and Jordan, 2002a; 2003.", "Kaiming He, Jian Sun. 2016. Deep nets.\nNg, A. and Jordan, M. 2002a. Two models.")
	f.Add("ﬁ [ﬁ] Ünder 1999", "[ﬁ] x\n\nÜnder. 1999.")
	f.Fuzz(func(t *testing.T, text, entries string) {
		d := bodyDocument(text)
		for l := range strings.Lines(entries) {
			d.References = append(d.References, refs.Parse(strings.TrimSpace(l)))
		}
		for _, c := range citations(d) {
			if c.Start < 0 || c.End <= c.Start || c.End > len([]rune(d.Pages[0].Text)) || len(c.Entries) == 0 {
				t.Fatalf("%q: citation %+v", text, c)
			}
			for _, e := range c.Entries {
				if e < 0 || e >= len(d.References) {
					t.Fatalf("%q: citation %+v names no entry", text, c)
				}
			}
		}
	})
}

func FuzzCMap(f *testing.F) {
	for _, s := range []string{
		"1 begincodespacerange <00> <FF> endcodespacerange", "1 beginbfchar <01> <0041> endbfchar", "1 beginbfrange <01> <05> [<41> /B] endbfrange",
		"1 begincidrange <0000> <FFFF> 0 endcidrange /WMode 1 def", "1 beginbfrange <00000000> <FFFFFFFF> <D83DDE00> endbfrange", "beginbfchar <", "/Identity-H usecmap",
	} {
		f.Add([]byte(s), []byte("\x00\x01AB"))
	}
	f.Fuzz(func(t *testing.T, program, shown []byte) {
		m := parseCMap(program)
		for left := len(shown); len(shown) > 0; left = len(shown) {
			code, n := m.next(shown)
			m.lookup(code)
			m.cid(code)
			if n < 1 || n > left {
				t.Fatalf("a code of %d bytes out of %d", n, left)
			}
			shown = shown[n:]
		}
	})
}

func FuzzStandardCodes(f *testing.F) {
	for _, name := range []string{"H", "GB-EUC-H", "GBK2K-V", "ETen-B5-H", "CNS-EUC-H", "90ms-RKSJ-H", "UniJIS-UTF16-H", "KSCms-UHC-HW-H"} {
		f.Add(name, "Japan1", []byte("\x8e\xa2\xa1\xa1\xc4\xa1\x81\x30\x81\x30A\xd8"), uint32(1125))
	}
	f.Fuzz(func(t *testing.T, name, ordering string, shown []byte, cid uint32) {
		of := collectionOf(ordering)
		if s := of.text(cid); len([]rune(s)) > 2 {
			t.Errorf("%s %d: %q", ordering, cid, s)
		}
		for c := cjkByName(name); c != nil && len(shown) > 0; {
			code, n := c.next(shown)
			if n < 1 || n > len(shown) {
				t.Fatalf("a code of %d bytes out of %d", n, len(shown))
			}
			c.text(code, n)
			c.latin(code, of)
			shown = shown[n:]
		}
	})
}

func FuzzRawObject(f *testing.F) {
	for _, s := range []string{"<< /A [1 0 R (x) <41> null true -1.5] >>", "1 0 obj << /Length 3 >> stream\nabc endstream endobj", "[ 1 2 3 R", "<< /A", "(\\"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		newRawParser(b, 0).indirect()
		v, ok := newRawParser(b, 0).object(0)
		if !ok {
			return
		}
		text := appendRaw(nil, v)
		again, ok := newRawParser(text, 0).object(0)
		if !ok || string(appendRaw(nil, again)) != string(text) {
			t.Errorf("%q is written as %q and read back as %q", b, text, appendRaw(nil, again))
		}
	})
}

func FuzzFontProgram(f *testing.F) {
	f.Add([]byte("%!PS /Encoding 256 array dup 1 /A put readonly def eexec"))
	f.Add([]byte("\x01\x00\x04\x01\x00\x01\x01\x01\x02A\x00\x00\x00\x00"))
	f.Add([]byte("\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00cmap\x00\x00\x00\x00\x00\x00\x00\x1c\x00\x00\x00\x20"))
	f.Fuzz(func(t *testing.T, b []byte) {
		type1Encoding(b)
		if c := parseCFF(b); c != nil {
			c.textOf(1)
		}
		if s := parseSFNT(b); s != nil {
			s.textOf(1)
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add(onePage(saying, nil))
	f.Add(manyPages(3, nil))
	f.Add(article(pdfwrite.Info{Title: "A title"}).Bytes(pdfwrite.Form{}))
	files, _ := filepath.Glob("testdata/encrypted/*.pdf")
	for _, p := range files {
		b, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		d, err := read(ctx, b, fuzzOptions.withDefaults())
		if ctx.Err() != nil {
			t.Fatal("did not end in 20 s")
		}
		if err == nil {
			checkOffsets(t, d)
		}
	})
}

// Every damage that the writer of test files knows, at many places: an error or
// a reading, never a panic.
func TestNoDamageEndsTheProgram(t *testing.T) {
	good := article(pdfwrite.Info{}).Bytes(pdfwrite.Form{})
	check := func(name string, b []byte) {
		t.Helper()
		defer func() {
			if e := recover(); e != nil {
				t.Errorf("%s: panic: %v", name, e)
			}
		}()
		if d, err := read(t.Context(), b, fuzzOptions.withDefaults()); err == nil {
			checkOffsets(t, d)
		}
	}
	for _, d := range pdfwrite.Damages() {
		check(d.Name, d.Apply(good))
	}
	for i := range 60 {
		check("truncated", pdfwrite.Truncate(good, float64(i)/60))
		b := append([]byte(nil), good...)
		for k := i; k < len(b); k += 97 {
			b[k] ^= byte(i + 1)
		}
		check("bytes changed", b)
	}
}
