package papers

import (
	"slices"
	"sort"
	"unicode/utf16"
)

// A cmap maps character codes: to text (ToUnicode) or to glyph numbers (the
// Encoding of a Type 0 font), and says how many bytes a code has. Reading is
// tolerant: ranges that run backwards or over the limits are dropped.
type cmap struct {
	spaces   []codeSpace
	text     map[uint32]string
	ranges   []cmapRange // sorted by lo once read
	vertical bool
	use      string // name of the CMap this one builds on
}

type codeSpace struct {
	bytes  int
	lo, hi uint32
}

// A cmapRange maps codes lo to hi onto consecutive values: code points whose
// first is dst (text before it stays fixed), or glyph numbers from cid.
type cmapRange struct {
	lo, hi uint32
	head   string
	dst    rune
	cid    uint32
	isCID  bool
}

// maxCmapEntries bounds one CMap: Unicode has fewer assigned characters.
const maxCmapEntries = 200_000

// parseCMap reads a CMap program. It looks only at the operators that define
// mappings and ignores the rest of the PostScript around them.
func parseCMap(b []byte) *cmap {
	m := &cmap{text: map[uint32]string{}}
	lex := lexer{b: b}
	var prev token
	for {
		t := lex.next()
		if t.kind == tokEOF {
			break
		}
		if t.kind == tokWord {
			switch string(t.s) {
			case "begincodespacerange":
				m.codeSpaces(&lex)
			case "beginbfchar":
				m.chars(&lex, false)
			case "begincidchar":
				m.chars(&lex, true)
			case "beginbfrange":
				m.rangesFrom(&lex, false)
			case "begincidrange":
				m.rangesFrom(&lex, true)
			case "usecmap":
				if prev.kind == tokName {
					m.use = string(prev.s)
				}
			case "def":
			}
		}
		if t.kind == tokInt && prev.kind == tokName && string(prev.s) == "WMode" {
			m.vertical = t.num == 1
		}
		prev = t
	}
	slices.SortStableFunc(m.ranges, func(a, b cmapRange) int {
		if a.lo != b.lo {
			if a.lo < b.lo {
				return -1
			}
			return 1
		}
		return 0
	})
	return m
}

func charCode(s []byte) uint32 {
	var v uint32
	for _, c := range s[:min(len(s), 4)] {
		v = v<<8 | uint32(c)
	}
	return v
}

func (m *cmap) full() bool { return len(m.text)+len(m.ranges) > maxCmapEntries }

func (m *cmap) codeSpaces(lex *lexer) {
	for {
		lo := lex.next()
		if lo.kind != tokString {
			return
		}
		hi := lex.next()
		if hi.kind != tokString {
			return
		}
		if n := len(lo.s); n >= 1 && n <= 4 && len(m.spaces) < 1000 {
			m.spaces = append(m.spaces, codeSpace{n, charCode(lo.s), charCode(hi.s)})
		}
	}
}

func (m *cmap) chars(lex *lexer, cid bool) {
	for {
		src := lex.next()
		if src.kind != tokString {
			return
		}
		dst := lex.next()
		if m.full() {
			continue
		}
		code := charCode(src.s)
		switch {
		case cid && dst.kind == tokInt:
			m.ranges = append(m.ranges, cmapRange{lo: code, hi: code, cid: uint32(dst.num), isCID: true})
		case !cid && dst.kind == tokString:
			m.text[code] = utf16Text(dst.s)
		case !cid && dst.kind == tokName:
			m.text[code] = glyphText(string(dst.s))
		case dst.kind == tokWord || dst.kind == tokEOF:
			return
		}
	}
}

func (m *cmap) rangesFrom(lex *lexer, cid bool) {
	for {
		loTok := lex.next()
		if loTok.kind != tokString {
			return
		}
		hiTok := lex.next()
		dst := lex.next()
		if hiTok.kind != tokString || dst.kind == tokEOF {
			return
		}
		lo, hi := charCode(loTok.s), charCode(hiTok.s)
		if dst.kind == tokArrayOpen {
			m.rangeArray(lex, lo, hi)
			continue
		}
		if hi < lo || m.full() {
			continue
		}
		switch {
		case cid && dst.kind == tokInt:
			m.ranges = append(m.ranges, cmapRange{lo: lo, hi: hi, cid: uint32(dst.num), isCID: true})
		case !cid && dst.kind == tokString:
			r := []rune(utf16Text(dst.s))
			if len(r) > 0 {
				m.ranges = append(m.ranges, cmapRange{lo: lo, hi: hi, head: string(r[:len(r)-1]), dst: r[len(r)-1]})
			}
		}
	}
}

func (m *cmap) rangeArray(lex *lexer, lo, hi uint32) {
	for code := lo; ; code++ {
		t := lex.next()
		if t.kind == tokArrayClose || t.kind == tokEOF {
			return
		}
		if code > hi || code < lo || m.full() {
			continue
		}
		switch t.kind {
		case tokString:
			m.text[code] = utf16Text(t.s)
		case tokName:
			m.text[code] = glyphText(string(t.s))
		}
	}
}

// utf16Text decodes big-endian UTF-16, surrogate pairs included; a single byte
// is taken as it is.
func utf16Text(s []byte) string {
	if len(s) == 1 {
		return string(rune(s[0]))
	}
	units := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}

// lookup gives the text of a code.
func (m *cmap) lookup(code uint32) (string, bool) {
	if s, ok := m.text[code]; ok {
		return s, true
	}
	if r := m.find(code); r != nil && !r.isCID {
		return r.head + string(r.dst+rune(code-r.lo)), true
	}
	return "", false
}

// cid gives the glyph number of a code.
func (m *cmap) cid(code uint32) (uint32, bool) {
	if r := m.find(code); r != nil && r.isCID {
		return r.cid + code - r.lo, true
	}
	return 0, false
}

// find returns the last range that starts at or before code and holds it. Ranges
// rarely overlap, so a few steps back are enough.
func (m *cmap) find(code uint32) *cmapRange {
	i := sort.Search(len(m.ranges), func(i int) bool { return m.ranges[i].lo > code })
	for k := i - 1; k >= 0 && k >= i-8; k-- {
		if m.ranges[k].hi >= code {
			return &m.ranges[k]
		}
	}
	return nil
}

// next cuts the next code off s by the code space ranges; without any, codes
// have two bytes. A code outside every range has the length of the shortest.
func (m *cmap) next(s []byte) (code uint32, n int) {
	if len(m.spaces) == 0 {
		n = min(2, len(s))
		return charCode(s[:n]), n
	}
	shortest := 4
	var v uint32
	for n = 1; n <= 4 && n <= len(s); n++ {
		v = v<<8 | uint32(s[n-1])
		for _, sp := range m.spaces {
			if sp.bytes == n && inSpace(v, sp) {
				return v, n
			}
			shortest = min(shortest, sp.bytes)
		}
	}
	n = min(shortest, len(s))
	return charCode(s[:n]), n
}

// inSpace compares byte by byte, as code spaces are rectangles.
func inSpace(v uint32, sp codeSpace) bool {
	for shift := 0; shift < 8*sp.bytes; shift += 8 {
		b, lo, hi := v>>shift&255, sp.lo>>shift&255, sp.hi>>shift&255
		if b < lo || b > hi {
			return false
		}
	}
	return true
}
