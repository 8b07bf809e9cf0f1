package papers

import "bytes"

// An operand is one argument of an operator. Arrays point into run.elems.
type operand struct {
	kind     tokenKind // tokInt, tokReal, tokString, tokName, tokArrayOpen, tokDictOpen, tokWord
	num      float64
	s        []byte // of a dictionary: its /ActualText
	hasText  bool
	from, to int
}

// maxOperands bounds the operand stack; the longest real operator takes 33.
const maxOperands = 128

// execute runs a content stream to its end or to the interpreter's limits.
func (r *run) execute(b []byte) {
	lex := lexer{b: b}
	for {
		t := lex.next()
		switch t.kind {
		case tokEOF:
			return
		case tokWord:
			if !r.in.step() {
				return
			}
			if len(t.s) == 2 && t.s[0] == 'B' && t.s[1] == 'I' {
				skipInlineImage(&lex)
			} else {
				r.operator(t.s)
			}
			r.args, r.elems = r.args[:0], r.elems[:0]
			lex.release()
		case tokArrayOpen:
			from := len(r.elems)
			r.array(&lex)
			r.push(operand{kind: tokArrayOpen, from: from, to: len(r.elems)})
		case tokDictOpen:
			r.push(readProperties(&lex))
		case tokArrayClose, tokDictClose:
		default:
			r.push(operand{kind: t.kind, num: t.num, s: t.s})
		}
	}
}

func (r *run) push(o operand) {
	if len(r.args) < maxOperands {
		r.args = append(r.args, o)
	}
}

// array reads the elements of an array, flat. An operator inside ends it: the
// bracket was forgotten.
func (r *run) array(lex *lexer) {
	for {
		pos := lex.pos
		t := lex.next()
		switch t.kind {
		case tokArrayClose, tokEOF:
			return
		case tokWord:
			if len(t.s) > 0 && t.s[0] >= 'A' {
				lex.pos = pos
				return
			}
		case tokInt, tokReal, tokString, tokName:
			r.elems = append(r.elems, operand{kind: t.kind, num: t.num, s: t.s})
		}
	}
}

// readProperties reads an inline property list for its /ActualText.
func readProperties(lex *lexer) operand {
	o := operand{kind: tokDictOpen}
	depth, wanted := 1, false
	for depth > 0 {
		t := lex.next()
		switch t.kind {
		case tokEOF:
			return o
		case tokDictOpen:
			depth++
		case tokDictClose:
			depth--
		case tokName:
			wanted = depth == 1 && string(t.s) == "ActualText"
			continue
		case tokString:
			if wanted {
				o.s, o.hasText = t.s, true
			}
		}
		wanted = false
	}
	return o
}

// skipInlineImage jumps to after the EI of an inline image. The data may hold
// the letters EI, so what follows has to look like content.
func skipInlineImage(lex *lexer) {
	for {
		t := lex.next()
		if t.kind == tokEOF {
			return
		}
		if t.kind == tokWord && string(t.s) == "ID" {
			break
		}
	}
	for lex.pos < len(lex.b) {
		i := bytes.Index(lex.b[lex.pos:], []byte("EI"))
		if i < 0 {
			lex.pos = len(lex.b)
			return
		}
		at := lex.pos + i
		lex.pos = at + 2
		before := at == 0 || isSpaceByte(lex.b[at-1])
		after := at+2 >= len(lex.b) || isSpaceByte(lex.b[at+2])
		if before && after && looksLikeContent(lex.b[at+2:min(len(lex.b), at+34)]) {
			return
		}
	}
}

func looksLikeContent(b []byte) bool {
	for _, c := range b {
		if c >= 0x7F || c < 0x20 && !isSpaceByte(c) || c == 0 {
			return false
		}
	}
	return true
}

func (r *run) num(i int) float64 {
	if i < len(r.args) {
		return r.args[i].num
	}
	return 0
}

// matrixArgs are the last six operands.
func (r *run) matrixArgs() (matrix, bool) {
	if len(r.args) < 6 {
		return identity, false
	}
	var m matrix
	for i := range m {
		m[i] = r.args[len(r.args)-6+i].num
	}
	return m, m.finite()
}

func (r *run) name(i int) string {
	if i < len(r.args) && r.args[i].kind == tokName {
		return string(r.args[i].s)
	}
	return ""
}

// operator runs one operator. Painting, colour and clipping say nothing about
// text and are passed over.
func (r *run) operator(op []byte) {
	switch string(op) {
	case "q":
		r.save()
	case "Q":
		r.restore()
	case "cm":
		if m, ok := r.matrixArgs(); ok {
			if c := m.mul(r.g.ctm); c.finite() {
				r.g.ctm = c
			}
		}
	case "Do":
		r.paintObject(r.name(0))
	case "gs":
		r.extendedState(r.name(0))
	case "BMC":
		r.beginMark(r.name(0), nil)
	case "BDC":
		var props *operand
		if len(r.args) > 1 {
			props = &r.args[len(r.args)-1]
		}
		r.beginMark(r.name(0), props)
	case "EMC":
		r.endMark()
	default:
		r.textOperator(op)
	}
}

// extendedState takes a font out of a graphics state dictionary.
func (r *run) extendedState(name string) {
	if r.res.dict == nil || name == "" {
		return
	}
	gs := r.res.dict.Key("ExtGState").Key(name)
	if gs.Kind() != dictKind {
		return
	}
	if f := gs.Key("Font"); f.Len() == 2 {
		ref := f.Refs()["0"]
		font := r.in.fonts[ref]
		if font == nil || ref == "" {
			font = r.in.loadFont(f.Index(0))
			r.in.fonts[ref] = font
		}
		r.g.font, r.g.size = font, f.Index(1).Float()
	}
}
