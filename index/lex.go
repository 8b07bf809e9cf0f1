package index

import (
	"strconv"
	"strings"
	"unicode"
)

// lexKind names a piece of a query.
type lexKind int

const (
	lexEnd    lexKind = iota
	lexWord           // skip, unscal*, residul~, 2019..2023
	lexPhrase         // "identity path"
	lexField          // year:
	lexMinus          // - before something
	lexOpen           // (
	lexClose          // )
	lexOr             // or
	lexAnd            // AND
	lexNear           // NEAR/5(
)

// lexeme is one piece with the rune it starts at.
type lexeme struct {
	kind  lexKind
	text  string // as written
	value string // the word, the words of a phrase, the field's name
	pos   int
	n     int  // words of a NEAR
	open  bool // a phrase without its closing quote
}

// lexer cuts a query into pieces. It never fails: what makes no sense is left to the parser.
type lexer struct {
	in  []rune
	at  int
	was lexKind
}

func (l *lexer) next() lexeme {
	if l.was != lexField { // a value follows its field without a gap
		for l.at < len(l.in) && unicode.IsSpace(l.in[l.at]) {
			l.at++
		}
	}
	x := l.piece()
	l.was = x.kind
	return x
}

func (l *lexer) piece() lexeme {
	start := l.at
	if start >= len(l.in) || unicode.IsSpace(l.in[start]) {
		return lexeme{kind: lexEnd, pos: start}
	}
	value := l.was == lexField
	switch r := l.in[start]; {
	case r == '(':
		l.at++
		return l.made(lexOpen, start, "")
	case r == ')':
		l.at++
		return l.made(lexClose, start, "")
	case isQuote(r):
		return l.phrase(start)
	case !value && isMinus(r) && start+1 < len(l.in) && startsUnit(l.in[start+1]):
		l.at++
		return l.made(lexMinus, start, "")
	}
	return l.word(start, value)
}

func (l *lexer) word(start int, value bool) lexeme {
	for l.at < len(l.in) {
		r := l.in[l.at]
		if unicode.IsSpace(r) || r == '(' || r == ')' || isQuote(r) {
			break
		}
		l.at++
		if r == ':' && !value && isName(l.in[start:l.at-1]) {
			return l.made(lexField, start, strings.ToLower(string(l.in[start:l.at-1])))
		}
	}
	w := string(l.in[start:l.at])
	if n, ok := nearWords(w); ok && l.at < len(l.in) && l.in[l.at] == '(' {
		l.at++
		x := l.made(lexNear, start, "")
		x.n = n
		return x
	}
	if !value {
		switch w {
		case "or", "OR":
			return l.made(lexOr, start, w)
		case "AND":
			return l.made(lexAnd, start, w)
		case "NOT":
			return l.made(lexMinus, start, w)
		}
	}
	return l.made(lexWord, start, w)
}

func (l *lexer) phrase(start int) lexeme {
	l.at++
	for l.at < len(l.in) && !isQuote(l.in[l.at]) {
		l.at++
	}
	inner := string(l.in[start+1 : l.at])
	open := l.at >= len(l.in)
	if !open {
		l.at++
	}
	x := l.made(lexPhrase, start, inner)
	x.open = open
	return x
}

func (l *lexer) made(k lexKind, start int, value string) lexeme {
	return lexeme{kind: k, text: string(l.in[start:l.at]), value: value, pos: start}
}

// nearWords reads NEAR and NEAR/12.
func nearWords(w string) (int, bool) {
	if w == "NEAR" {
		return 10, true
	}
	n, err := strconv.Atoi(strings.TrimPrefix(w, "NEAR/"))
	return n, err == nil && strings.HasPrefix(w, "NEAR/") && n >= 0
}

func isQuote(r rune) bool { return r == '"' || r == '“' || r == '”' || r == '„' }
func isMinus(r rune) bool { return r == '-' || r == '−' }

func isName(rs []rune) bool {
	for _, r := range rs {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return len(rs) > 0
}

func startsUnit(r rune) bool {
	return isWordRune(r) || isQuote(r) || r == '('
}
