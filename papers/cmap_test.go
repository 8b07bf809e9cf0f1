package papers

import (
	"strings"
	"testing"
)

func TestToUnicodeFormsAreRead(t *testing.T) {
	for _, c := range []struct {
		name, src string
		code      uint32
		want      string
		ok        bool
	}{
		{"char", "1 beginbfchar <01> <0041> endbfchar", 1, "A", true},
		{"char to several", "1 beginbfchar <01> <006600660069> endbfchar", 1, "ffi", true},
		{"char to a surrogate pair", "1 beginbfchar <01> <D835DC65> endbfchar", 1, "𝑥", true},
		{"char to a name", "1 beginbfchar <01> /alpha endbfchar", 1, "α", true},
		{"char to one byte", "1 beginbfchar <01> <41> endbfchar", 1, "A", true},
		{"range", "1 beginbfrange <0010> <0020> <0041> endbfrange", 0x12, "C", true},
		{"range, last code", "1 beginbfrange <0010> <0012> <0041> endbfrange", 0x12, "C", true},
		{"range, outside", "1 beginbfrange <0010> <0012> <0041> endbfrange", 0x13, "", false},
		{"range with a head", "1 beginbfrange <01> <02> <00660061> endbfrange", 2, "fb", true},
		{"range of surrogate pairs", "1 beginbfrange <01> <05> <D835DC65> endbfrange", 2, "𝑦", true},
		{"range with an array", "1 beginbfrange <01> <03> [<0041> <00420043> /omega] endbfrange", 2, "BC", true},
		{"range with an array, name", "1 beginbfrange <01> <03> [<0041> <0042> /omega] endbfrange", 3, "ω", true},
		{"array too short", "1 beginbfrange <01> <03> [<0041>] endbfrange", 2, "", false},
		{"array too long", "1 beginbfrange <01> <01> [<0041> <0042>] endbfrange", 2, "", false},
		{"range backwards", "1 beginbfrange <05> <01> <0041> endbfrange", 3, "", false},
		{"two sections", "1 beginbfchar <01> <0041> endbfchar 1 beginbfchar <02> <0042> endbfchar", 2, "B", true},
		{"a wrong count", "100 beginbfchar <01> <0041> endbfchar 1 beginbfrange <02> <02> <0042> endbfrange", 2, "B", true},
		{"no end", "1 beginbfchar <01> <0041>", 1, "A", true},
		{"cut inside", "1 beginbfrange <01> <0", 1, "", false},
		{"after a broken range", "2 beginbfrange <01> <02> 5 <03> <03> <0043> endbfrange", 3, "C", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := parseCMap([]byte("/CIDInit /ProcSet findresource begin begincmap " + c.src)).lookup(c.code)
			if got != c.want || ok != c.ok {
				t.Errorf("%s\ncode %#x: got %q %v, want %q %v", c.src, c.code, got, ok, c.want, c.ok)
			}
		})
	}
}

func TestCodesHaveTheLengthsTheirSpacesSay(t *testing.T) {
	m := parseCMap([]byte("2 begincodespacerange <00> <7F> <8140> <FEFE> endcodespacerange 1 begincidrange <8140> <81FF> 500 endcidrange"))
	s := []byte("a\x81\x41b\xFF")
	var got []uint32
	for len(s) > 0 {
		code, n := m.next(s)
		got = append(got, code)
		s = s[n:]
	}
	want := []uint32{'a', 0x8141, 'b', 0xFF}
	if len(got) != len(want) {
		t.Fatalf("got %x, want %x", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("code %d: got %x, want %x", i, got[i], want[i])
		}
	}
	if cid, ok := m.cid(0x8141); !ok || cid != 501 {
		t.Errorf("glyph of 8141: got %d %v, want 501", cid, ok)
	}
}

func TestAHugeCMapIsCutOff(t *testing.T) {
	var b strings.Builder
	b.WriteString("1 beginbfrange <0000> <FFFF> [")
	for range 2 * maxCmapEntries {
		b.WriteString("<0041>")
	}
	b.WriteString("] endbfrange ")
	for range 2 * maxCmapEntries {
		b.WriteString("1 begincidrange <00> <01> 1 endcidrange ")
	}
	if m := parseCMap([]byte(b.String())); len(m.text)+len(m.ranges) > maxCmapEntries+1 {
		t.Errorf("%d entries kept, want at most %d", len(m.text)+len(m.ranges), maxCmapEntries)
	}
}

func TestGlyphNamesSayTheirText(t *testing.T) {
	for name, want := range map[string]string{
		"A": "A", "zero": "0", "alpha": "α", "fi": "ﬁ", "f_f_i": "ﬃ", "f_b": "fb", "ff": "ﬀ", "a.sc": "a", "uni03B1": "α",
		"uni00410042": "AB", "u1D465": "𝑥", "u03B1": "α", "summationdisplay": "∑", "arrowright": "→", "lessequal": "≤",
		"Asmall": "a", "zerooldstyle": "0", "parenleftbig": "(", ".notdef": "", "": "", "g123": "", "nosuchname": "",
		"uniD800": "", "uni12": "", "Scaron": "Š", "quotesingle": "'", "hyphen": "-", "minus": "−", "zcaron": "ž",
	} {
		if got := glyphText(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestTheGlyphListIsSorted(t *testing.T) {
	last := ""
	n := 0
	for line := range strings.Lines(glyphNames) {
		name, _, ok := strings.Cut(line, " ")
		if !ok || name <= last {
			t.Fatalf("line %d: %q after %q", n+1, name, last)
		}
		if glyphText(name) == "" {
			t.Errorf("%q is not found", name)
		}
		last = name
		n++
	}
	if n < 2000 {
		t.Errorf("%d names, want over 2000", n)
	}
}
