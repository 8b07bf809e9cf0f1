package papers

import (
	"bytes"
	"math"
	"slices"
	"strconv"
)

// Raw objects are what the repairer reads from a file by itself, before the
// object library sees it: nil, bool, float64, int64, rawName, rawString,
// rawArray, rawDict, rawRef, *rawStream.
type (
	rawName   string
	rawString string
	rawArray  []any
	rawDict   map[rawName]any
	rawRef    struct{ id, gen int }
	rawStream struct {
		dict rawDict
		off  int // of the first data byte
	}
)

// maxNesting bounds arrays and dictionaries within each other; real files stay
// below ten, hostile ones nest millions.
const maxNesting = 64

// A rawParser reads whole objects from a lexer.
type rawParser struct {
	lex    lexer
	held   [2]token // tokens read ahead while telling "1 0 R" from "1 0"
	nheld  int
	budget int // objects still allowed
}

func newRawParser(b []byte, pos int) *rawParser {
	return &rawParser{lex: lexer{b: b, pos: pos}, budget: 2_000_000}
}

func (p *rawParser) next() token {
	if p.nheld > 0 {
		t := p.held[0]
		p.held[0] = p.held[1]
		p.nheld--
		return t
	}
	return p.lex.next()
}

func (p *rawParser) hold(t token) { p.held[p.nheld] = t; p.nheld++ }

// object reads one object. ok is false at a closing bracket, a keyword that is
// no object, or the end of the input.
func (p *rawParser) object(depth int) (any, bool) {
	return p.objectFrom(p.next(), depth)
}

func (p *rawParser) objectFrom(t token, depth int) (any, bool) {
	if p.budget--; p.budget < 0 || depth > maxNesting {
		return nil, false
	}
	switch t.kind {
	case tokInt:
		return p.intOrRef(t), true
	case tokReal:
		return t.num, true
	case tokString:
		return rawString(t.s), true
	case tokName:
		return rawName(t.s), true
	case tokArrayOpen:
		return p.array(depth), true
	case tokDictOpen:
		return p.dict(depth), true
	case tokWord:
		switch string(t.s) {
		case "true":
			return true, true
		case "false":
			return false, true
		case "null":
			return nil, true
		}
	}
	return nil, false
}

func (p *rawParser) intOrRef(t token) any {
	if p.nheld == 0 && t.num >= 0 {
		t2 := p.next()
		if t2.kind != tokInt {
			p.hold(t2)
			return int64(whole(t.num))
		}
		t3 := p.next()
		if t3.kind == tokWord && len(t3.s) == 1 && t3.s[0] == 'R' {
			return rawRef{whole(t.num), whole(t2.num)}
		}
		p.hold(t2)
		p.hold(t3)
		return int64(whole(t.num))
	}
	if p.nheld == 2 && t.num >= 0 && p.held[0].kind == tokInt && p.held[1].kind == tokWord && string(p.held[1].s) == "R" {
		gen := whole(p.held[0].num)
		p.nheld = 0
		return rawRef{whole(t.num), gen}
	}
	if p.nheld == 1 && t.num >= 0 && p.held[0].kind == tokInt {
		t3 := p.lex.next()
		if t3.kind == tokWord && string(t3.s) == "R" {
			gen := whole(p.held[0].num)
			p.nheld = 0
			return rawRef{whole(t.num), gen}
		}
		p.hold(t3)
	}
	return int64(whole(t.num))
}

// whole makes an integer of a number as read; what no file needs is cut to a
// trillion, so that it neither overflows nor loses digits.
func whole(v float64) int {
	const most = 1 << 40
	return int(max(-most, min(most, v)))
}

func (p *rawParser) array(depth int) rawArray {
	a := rawArray{}
	for {
		t := p.next()
		if t.kind == tokArrayClose || t.kind == tokEOF || p.budget <= 0 {
			return a
		}
		if t.kind == tokDictClose || t.kind == tokWord && endsObject(t.s) {
			p.hold(t) // an unclosed array must not swallow what follows
			return a
		}
		if v, ok := p.objectFrom(t, depth+1); ok {
			a = append(a, v)
		}
	}
}

func (p *rawParser) dict(depth int) rawDict {
	d := rawDict{}
	for {
		t := p.next()
		switch {
		case t.kind == tokDictClose || t.kind == tokEOF || p.budget <= 0:
			return d
		case t.kind == tokWord && endsObject(t.s):
			p.hold(t)
			return d
		case t.kind != tokName:
			continue
		}
		key := rawName(t.s)
		t = p.next()
		if t.kind == tokDictClose {
			return d
		}
		if v, ok := p.objectFrom(t, depth+1); ok && v != nil {
			d[key] = v
		}
	}
}

func endsObject(s []byte) bool {
	return string(s) == "endobj" || string(s) == "stream" || string(s) == "endstream" || string(s) == "obj"
}

// indirect reads "id gen obj … endobj" at the parser's place.
func (p *rawParser) indirect() (id, gen int, v any, ok bool) {
	t1, t2, t3 := p.next(), p.next(), p.next()
	if t1.kind != tokInt || t2.kind != tokInt || t3.kind != tokWord || !bytes.HasPrefix(t3.s, []byte("obj")) {
		return 0, 0, nil, false
	}
	if len(t3.s) > 3 { // "obj<<" cannot happen, "obj12" does
		p.lex.pos -= len(t3.s) - 3
	}
	v, _ = p.object(0)
	if d, isDict := v.(rawDict); isDict {
		t := p.next()
		if t.kind == tokWord && string(t.s) == "stream" {
			return whole(t1.num), whole(t2.num), &rawStream{d, p.dataStart()}, true
		}
	}
	return whole(t1.num), whole(t2.num), v, true
}

// dataStart is the offset after the line end that follows "stream".
func (p *rawParser) dataStart() int {
	b, i := p.lex.b, p.lex.pos
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	if i < len(b) && b[i] == '\r' {
		i++
	}
	if i < len(b) && b[i] == '\n' {
		i++
	}
	return i
}

// appendRaw writes v in the plainest syntax: what any reader takes. Law: parsing
// the result gives v again (TestRawObjectsRoundTrip).
func appendRaw(out []byte, v any) []byte {
	switch v := v.(type) {
	case bool:
		return strconv.AppendBool(out, v)
	case int64:
		return strconv.AppendInt(out, v, 10)
	case float64:
		return appendReal(out, v)
	case rawName:
		return appendRawName(out, v)
	case rawString:
		const digits = "0123456789abcdef"
		out = append(out, '<')
		for i := range len(v) {
			out = append(out, digits[v[i]>>4], digits[v[i]&15])
		}
		return append(out, '>')
	case rawRef:
		if v.id < 0 || v.id > maxObject || v.gen < 0 || v.gen > 65535 {
			return append(out, "null"...)
		}
		out = strconv.AppendInt(out, int64(v.id), 10)
		out = append(out, ' ')
		out = strconv.AppendInt(out, int64(v.gen), 10)
		return append(out, " R"...)
	case rawArray:
		out = append(out, '[')
		for i, e := range v {
			if i > 0 {
				out = append(out, ' ')
			}
			out = appendRaw(out, e)
		}
		return append(out, ']')
	case rawDict:
		keys := make([]rawName, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		out = append(out, "<<"...)
		for _, k := range keys {
			out = appendRawName(out, k)
			out = append(out, ' ')
			out = appendRaw(out, v[k])
			out = append(out, ' ')
		}
		return append(out, ">>"...)
	}
	return append(out, "null"...)
}

// appendReal writes six decimals, more than any page has use for, so that what
// is read back is written the same again.
func appendReal(out []byte, v float64) []byte {
	const most = 1 << 40
	v = math.Round(max(-most, min(most, v))*1e6) / 1e6
	if v == 0 {
		return append(out, '0') // not -0
	}
	return strconv.AppendFloat(out, v, 'f', -1, 64)
}

func appendRawName(out []byte, n rawName) []byte {
	const digits = "0123456789abcdef"
	out = append(out, '/')
	for i := range len(n) {
		if c := n[i]; charClass[c] != classRegular || c == '#' || c < '!' || c > '~' {
			out = append(out, '#', digits[c>>4], digits[c&15])
		} else {
			out = append(out, c)
		}
	}
	return out
}
