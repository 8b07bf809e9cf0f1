package papers

// A token of PDF syntax. s points into the input or into the lexer's scratch
// space and stays valid until the lexer's next reset.
type token struct {
	kind tokenKind
	num  float64
	s    []byte
}

type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokInt
	tokReal
	tokString
	tokName
	tokWord // operator or keyword
	tokArrayOpen
	tokArrayClose
	tokDictOpen
	tokDictClose
)

// A lexer reads PDF syntax from bytes in memory. It takes everything: what no
// rule of ISO 32000-1 §7.2–7.3 covers is read the way the common viewers read
// it (an unknown escape stands for its character, an odd hex string gets a 0).
type lexer struct {
	b       []byte
	pos     int
	scratch []byte
}

// Character classes of ISO 32000-1 table 1 and 2.
const (
	classRegular = iota
	classSpace
	classDelimiter
)

var charClass = [256]uint8{
	0: classSpace, '\t': classSpace, '\n': classSpace, '\f': classSpace, '\r': classSpace, ' ': classSpace,
	'(': classDelimiter, ')': classDelimiter, '<': classDelimiter, '>': classDelimiter, '[': classDelimiter,
	']': classDelimiter, '{': classDelimiter, '}': classDelimiter, '/': classDelimiter, '%': classDelimiter,
}

func isSpaceByte(c byte) bool { return charClass[c] == classSpace }

// release forgets the scratch strings of earlier tokens.
func (l *lexer) release() { l.scratch = l.scratch[:0] }

func (l *lexer) skipSpace() {
	for l.pos < len(l.b) {
		c := l.b[l.pos]
		switch {
		case charClass[c] == classSpace:
			l.pos++
		case c == '%':
			for l.pos < len(l.b) && l.b[l.pos] != '\n' && l.b[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// next returns the next token; at the end of the input it returns tokEOF for ever.
func (l *lexer) next() token {
	for {
		l.skipSpace()
		if l.pos >= len(l.b) {
			return token{kind: tokEOF}
		}
		c := l.b[l.pos]
		if charClass[c] == classRegular {
			return l.numberOrWord()
		}
		switch c {
		case '/':
			return l.name()
		case '(':
			return l.literal()
		case '[':
			l.pos++
			return token{kind: tokArrayOpen}
		case ']':
			l.pos++
			return token{kind: tokArrayClose}
		case '<':
			if l.pos+1 < len(l.b) && l.b[l.pos+1] == '<' {
				l.pos += 2
				return token{kind: tokDictOpen}
			}
			return l.hex()
		case '>':
			l.pos++
			if l.pos < len(l.b) && l.b[l.pos] == '>' {
				l.pos++
				return token{kind: tokDictClose}
			}
			// a lone ">" closes nothing: go on after it
		default: // ) { }
			l.pos++
			return token{kind: tokWord, s: l.b[l.pos-1 : l.pos]}
		}
	}
}

func (l *lexer) numberOrWord() token {
	start := l.pos
	for l.pos < len(l.b) && charClass[l.b[l.pos]] == classRegular {
		l.pos++
	}
	s := l.b[start:l.pos]
	if c := s[0]; c > '9' || c != '+' && c != '-' && c != '.' && c < '0' {
		return token{kind: tokWord, s: s}
	}
	if v, isInt, ok := parseNumber(s); ok {
		if isInt {
			return token{kind: tokInt, num: v, s: s}
		}
		return token{kind: tokReal, num: v, s: s}
	}
	return token{kind: tokWord, s: s}
}

// parseNumber reads a PDF number. Like viewers it takes repeated signs, and a
// minus sign inside ends the number ("12-34" is 12), as some writers print.
func parseNumber(s []byte) (v float64, isInt, ok bool) {
	i, neg := 0, false
	for i < len(s) && (s[i] == '-' || s[i] == '+') {
		neg = neg || s[i] == '-'
		i++
	}
	isInt = true
	digits := 0
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		v = v*10 + float64(s[i]-'0')
		digits++
	}
	if i < len(s) && s[i] == '.' {
		isInt = false
		i++
		scale := 0.1
		for ; i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '-'); i++ {
			if s[i] == '-' {
				i = len(s)
				break
			}
			v += float64(s[i]-'0') * scale
			scale /= 10
			digits++
		}
	}
	if i < len(s) && !(digits > 0 && (s[i] == '-' || s[i] == '.')) {
		return 0, false, false
	}
	if digits == 0 && len(s) > 1 && isInt {
		return 0, false, false
	}
	if neg {
		v = -v
	}
	return v, isInt, true
}

func (l *lexer) name() token {
	l.pos++
	start := l.pos
	escaped := false
	for l.pos < len(l.b) && charClass[l.b[l.pos]] == classRegular {
		escaped = escaped || l.b[l.pos] == '#'
		l.pos++
	}
	s := l.b[start:l.pos]
	if !escaped {
		return token{kind: tokName, s: s}
	}
	from := len(l.scratch)
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			l.scratch = append(l.scratch, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
			continue
		}
		l.scratch = append(l.scratch, s[i])
	}
	return token{kind: tokName, s: l.scratch[from:len(l.scratch):len(l.scratch)]}
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func (l *lexer) hex() token {
	l.pos++
	from := len(l.scratch)
	high := -1
	for l.pos < len(l.b) {
		c := l.b[l.pos]
		l.pos++
		if c == '>' {
			break
		}
		d := unhex(c)
		if d < 0 {
			continue
		}
		if high < 0 {
			high = d
			continue
		}
		l.scratch = append(l.scratch, byte(high<<4|d))
		high = -1
	}
	if high >= 0 {
		l.scratch = append(l.scratch, byte(high<<4))
	}
	return token{kind: tokString, s: l.scratch[from:len(l.scratch):len(l.scratch)]}
}

// literal reads a string in parentheses. Most have neither escape nor line end
// and are returned without a copy.
func (l *lexer) literal() token {
	l.pos++
	start, depth := l.pos, 1
	for l.pos < len(l.b) {
		switch l.b[l.pos] {
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				s := l.b[start:l.pos:l.pos]
				l.pos++
				return token{kind: tokString, s: s}
			}
		case '\\', '\r':
			return l.literalSlow(start, depth)
		}
		l.pos++
	}
	return token{kind: tokString, s: l.b[start:l.pos:l.pos]}
}

func (l *lexer) literalSlow(start, depth int) token {
	from := len(l.scratch)
	out := append(l.scratch, l.b[start:l.pos]...)
loop:
	for l.pos < len(l.b) {
		c := l.b[l.pos]
		l.pos++
		switch c {
		case '(':
			depth++
			out = append(out, c)
		case ')':
			if depth--; depth == 0 {
				break loop
			}
			out = append(out, c)
		case '\r': // a line end of any form reads as \n
			if l.pos < len(l.b) && l.b[l.pos] == '\n' {
				l.pos++
			}
			out = append(out, '\n')
		case '\\':
			out = l.escape(out)
		default:
			out = append(out, c)
		}
	}
	l.scratch = out
	return token{kind: tokString, s: out[from:len(out):len(out)]}
}

func (l *lexer) escape(out []byte) []byte {
	if l.pos >= len(l.b) {
		return out
	}
	c := l.b[l.pos]
	l.pos++
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\r':
		if l.pos < len(l.b) && l.b[l.pos] == '\n' {
			l.pos++
		}
		return out
	case '\n':
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	v := int(c - '0')
	for range 2 {
		if l.pos >= len(l.b) || l.b[l.pos] < '0' || l.b[l.pos] > '7' {
			break
		}
		v = v<<3 | int(l.b[l.pos]-'0')
		l.pos++
	}
	return append(out, byte(v))
}
