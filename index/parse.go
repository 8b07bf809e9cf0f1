package index

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of a query: what a person types stays far below, a pasted file does not.
const (
	maxQueryRunes = 4096
	maxDepth      = 40
	maxTerms      = 256
	maxNear       = 100
)

// ParseError says which part of a query could not be read.
type ParseError struct {
	Pos   int    // the rune of the query it starts at, from 0
	Token string // the part as written
	Msg   string
}

func (e *ParseError) Error() string {
	if e.Token == "" {
		return fmt.Sprintf("index: query, character %d: %s", e.Pos+1, e.Msg)
	}
	return fmt.Sprintf("index: query, character %d, %s: %s", e.Pos+1, e.Token, e.Msg)
}

// Reading returns the query as it was understood, for a reader who wonders.
func Reading(q string) (string, error) {
	e, err := parse(q, false)
	if err != nil {
		return "", err
	}
	return e.String(), nil
}

type parser struct {
	lex    lexer
	x      lexeme
	typing bool
	depth  int
	terms  int
}

// parse reads a query. With typing, what is unfinished at its end is forgiven.
func parse(q string, typing bool) (expr, error) {
	if n := utf8.RuneCountInString(q); n > maxQueryRunes {
		return nil, &ParseError{Pos: maxQueryRunes, Msg: fmt.Sprintf("a query has at most %d characters, this one has %d", maxQueryRunes, n)}
	}
	p := &parser{lex: lexer{in: []rune(q)}, typing: typing}
	p.step()
	e, err := p.either(textField)
	if err != nil {
		return nil, err
	}
	if p.x.kind == lexClose {
		return nil, p.bad("closes nothing")
	}
	return e, nil
}

func (p *parser) step() { p.x = p.lex.next() }

func (p *parser) bad(msg string, args ...any) error {
	return &ParseError{Pos: p.x.pos, Token: p.x.text, Msg: fmt.Sprintf(msg, args...)}
}

// either reads all, joined by or.
func (p *parser) either(field string) (expr, error) {
	var alts or
	for {
		e, n, err := p.all(field)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			alts = append(alts, e)
		}
		if p.x.kind != lexOr {
			break
		}
		if n == 0 && !p.typing {
			return nil, p.bad("nothing stands before it; write \"or\" in quotes for the word")
		}
		at := p.x
		p.step()
		if p.x.kind == lexEnd || p.x.kind == lexClose {
			if p.typing {
				break
			}
			p.x = at
			return nil, p.bad("nothing stands after it; write \"or\" in quotes for the word")
		}
	}
	switch len(alts) {
	case 0:
		return everything, nil
	case 1:
		return alts[0], nil
	}
	return alts, nil
}

// all reads units until something that is none; n counts those that say anything.
func (p *parser) all(field string) (e expr, n int, err error) {
	var parts and
	for {
		switch p.x.kind {
		case lexEnd, lexClose, lexOr:
			if len(parts) == 1 {
				return parts[0], 1, nil
			}
			return parts, len(parts), nil
		case lexAnd:
			p.step()
			continue
		}
		u, err := p.unit(field)
		if err != nil {
			return nil, 0, err
		}
		if u != nil {
			parts = append(parts, u)
		}
	}
}

// unit reads one word, phrase, field, group, NEAR, or the negation of one; nil
// when it says nothing, as a lone dash does.
func (p *parser) unit(field string) (expr, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.bad("nested deeper than %d", maxDepth)
	}
	defer func() { p.depth-- }()
	switch p.x.kind {
	case lexMinus:
		p.step()
		if p.x.kind == lexEnd || p.x.kind == lexClose || p.x.kind == lexOr || p.x.kind == lexAnd {
			return nil, nil
		}
		u, err := p.unit(field)
		if err != nil || u == nil {
			return nil, err
		}
		return not{u}, nil
	case lexOpen:
		return p.group(field)
	case lexField:
		return p.fielded(field)
	case lexNear:
		return p.near(field)
	case lexPhrase:
		return p.phrase(field)
	}
	return p.word(field)
}

func (p *parser) group(field string) (expr, error) {
	open := p.x
	p.step()
	e, err := p.either(field)
	if err != nil {
		return nil, err
	}
	if p.x.kind != lexClose {
		if p.typing {
			return e, nil
		}
		p.x = open
		return nil, p.bad("is never closed")
	}
	p.step()
	if a, ok := e.(and); ok && len(a) == 0 {
		return nil, nil
	}
	return e, nil
}

func (p *parser) fielded(outer string) (expr, error) {
	f, ok := fieldNamed(p.x.value)
	if !ok {
		return nil, p.bad("no such field; there are %s", strings.Join(FieldNames(), " "))
	}
	if outer != textField {
		return nil, p.bad("a field inside the value of %s", outer)
	}
	at := p.x
	p.step()
	if p.x.kind == lexEnd || p.x.kind == lexClose {
		if p.typing {
			p.resume()
			return nil, nil
		}
		p.x = at
		return nil, p.bad("needs a value right after the colon, such as %s", f.example)
	}
	switch {
	case f.kind != wordsField && p.x.kind == lexOpen, f.kind == wordsField && p.x.kind != lexWord:
		return p.unit(f.name)
	}
	return p.value(f)
}

// resume goes on after a space that ended an empty value.
func (p *parser) resume() {
	if p.x.kind == lexEnd {
		p.step()
	}
}

// value reads what follows the colon of f.
func (p *parser) value(f field) (expr, error) {
	switch f.kind {
	case signField:
		v, ok := signs[strings.ToLower(p.written())]
		if !ok {
			return nil, p.bad("a %s is + (supports), - (contradicts) or * (qualifies)", f.name)
		}
		p.step()
		return sign{f.name, v}, nil
	case numberField:
		lo, hi, ok := numbers(p.written())
		if !ok {
			if p.typing && partialNumber(p.written()) {
				p.step()
				return nil, nil
			}
			return nil, p.bad("%s takes a number or a range, such as %s", f.name, f.example)
		}
		p.step()
		return span{f.name, lo, hi}, nil
	}
	return p.word(f.name)
}

func (p *parser) written() string {
	if p.x.kind == lexPhrase || p.x.kind == lexWord {
		return p.x.value
	}
	return p.x.text
}

// numbers reads 2019, 2019..2023, 2019.., ..2023.
func numbers(s string) (lo, hi int, ok bool) {
	a, b, ranged := strings.Cut(s, "..")
	if !ranged {
		n, err := number(s)
		return n, n, err == nil
	}
	lo, hi = minInt, maxInt
	var err error
	if a != "" {
		if lo, err = number(a); err != nil {
			return 0, 0, false
		}
	}
	if b != "" {
		if hi, err = number(b); err != nil {
			return 0, 0, false
		}
	}
	return lo, hi, a != "" || b != ""
}

func number(s string) (int, error) {
	n, err := strconv.ParseInt(s, 10, 31)
	return int(n), err
}

func partialNumber(s string) bool { return s == "." || s == ".." || strings.HasSuffix(s, ".") }

func (p *parser) near(field string) (expr, error) {
	at := p.x
	if at.n > maxNear {
		return nil, p.bad("NEAR reaches at most %d words", maxNear)
	}
	p.step()
	var items []term
	for p.x.kind != lexClose {
		if p.x.kind == lexEnd {
			if p.typing {
				break
			}
			p.x = at
			return nil, p.bad("is never closed")
		}
		if p.x.kind != lexWord && p.x.kind != lexPhrase {
			return nil, p.bad("only words and phrases stand in NEAR")
		}
		open := p.x
		u, err := p.unit(field)
		if err != nil {
			return nil, err
		}
		switch t := u.(type) {
		case nil:
		case term:
			if t.fuzzy > 0 {
				p.x = open
				return nil, p.bad("NEAR cannot look for words that are only similar")
			}
			items = append(items, t)
		}
	}
	if p.x.kind == lexClose {
		p.step()
	}
	switch len(items) {
	case 0:
		if p.typing {
			return nil, nil
		}
		p.x = at
		return nil, p.bad("NEAR needs words, such as NEAR/5(skip depth)")
	case 1:
		return items[0], nil
	}
	return near{at.n, items}, nil
}

func (p *parser) phrase(field string) (expr, error) {
	if f, ok := fieldNamed(field); ok && f.kind != wordsField {
		return p.value(f)
	}
	if p.x.open && !p.typing {
		return nil, p.bad("the quote is never closed")
	}
	words := terms(p.x.value)
	if err := p.count(len(words)); err != nil {
		return nil, err
	}
	p.step()
	if len(words) == 0 {
		return nil, nil
	}
	return term{field: field, words: words}, nil
}

func (p *parser) word(field string) (expr, error) {
	if f, ok := fieldNamed(field); ok && f.kind != wordsField {
		return p.value(f)
	}
	w, fuzzy, prefix := suffixes(p.x.value)
	if fuzzy > 2 {
		return nil, p.bad("~1 and ~2 are possible")
	}
	words := terms(w)
	if fuzzy > 0 && len(words) > 1 {
		return nil, p.bad("~ follows a single word")
	}
	if err := p.count(len(words)); err != nil {
		return nil, err
	}
	end := p.x.pos + utf8.RuneCountInString(p.x.text)
	p.step()
	if len(words) == 0 {
		return nil, nil
	}
	if p.typing && fuzzy == 0 && p.x.kind == lexEnd && end == len(p.lex.in) {
		prefix = true
	}
	return term{field: field, words: words, prefix: prefix, fuzzy: fuzzy}, nil
}

func (p *parser) count(n int) error {
	if p.terms += n; p.terms > maxTerms {
		return p.bad("a query has at most %d words", maxTerms)
	}
	return nil
}

// suffixes takes * and ~ off a word.
func suffixes(w string) (word string, fuzzy int, prefix bool) {
	if i := strings.LastIndexByte(w, '~'); i > 0 {
		switch n, err := strconv.Atoi(w[i+1:]); {
		case w[i+1:] == "":
			return w[:i], 1, false
		case err == nil && n >= 0:
			return w[:i], n, false
		}
	}
	if t := strings.TrimSuffix(w, "*"); t != w {
		return t, 0, true
	}
	return w, 0, false
}
