package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxInteger is 2⁵³: from here on not every integer survives a reader that holds numbers as doubles.
const maxInteger = 1 << 53

// Canonical gives the one byte string that stands for v: JSON without white space, keys in byte order, strings in NFC,
// integers below 2⁵³ in size, no reals (use [Real]). It refuses whatever has no such form, and struct fields of a
// floating type even where today's value is whole.
//
// Law: Canonical(json.RawMessage(Canonical(v))) == Canonical(v). (TestCanonicalIsIdempotent)
func Canonical(v any) ([]byte, error) {
	var e encoder
	return e.canonical(v)
}

func (e *encoder) canonical(v any) ([]byte, error) {
	if err := e.refuseFloats(reflect.TypeOf(v)); err != nil {
		return nil, fmt.Errorf("store: canonical: %w", err)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("store: canonical: %w", err)
	}
	out, err := canonicalJSON(raw)
	if err != nil {
		return nil, fmt.Errorf("store: canonical: %w", err)
	}
	return out, nil
}

// canonicalJSON brings one JSON text to canonical form.
func canonicalJSON(raw []byte) ([]byte, error) {
	if !json.Valid(raw) {
		return nil, errors.New("no JSON text")
	}
	p := reader{in: raw}
	return p.value(make([]byte, 0, len(raw)))
}

// reader walks a text that json.Valid has accepted, so it checks only what canonical form adds.
type reader struct {
	in  []byte
	pos int
}

func (p *reader) skip() {
	for p.pos < len(p.in) && bytes.IndexByte([]byte(" \t\r\n"), p.in[p.pos]) >= 0 {
		p.pos++
	}
}

// peek moves over white space and gives the byte that follows.
func (p *reader) peek() byte {
	p.skip()
	return p.in[p.pos]
}

func (p *reader) value(out []byte) ([]byte, error) {
	switch c := p.peek(); c {
	case '{':
		return p.object(out)
	case '[':
		return p.array(out)
	case '"':
		s, err := p.text()
		if err != nil {
			return nil, err
		}
		return appendText(out, s), nil
	case 't', 'n':
		p.pos += 4
		return append(out, p.in[p.pos-4:p.pos]...), nil
	case 'f':
		p.pos += 5
		return append(out, "false"...), nil
	default:
		return p.number(out)
	}
}

func (p *reader) array(out []byte) ([]byte, error) {
	p.pos++
	out = append(out, '[')
	for n := 0; p.peek() != ']'; n++ {
		if n > 0 {
			p.pos++ // the comma
			out = append(out, ',')
		}
		var err error
		if out, err = p.value(out); err != nil {
			return nil, fmt.Errorf("[%d]: %w", n, err)
		}
	}
	p.pos++
	return append(out, ']'), nil
}

func (p *reader) object(out []byte) ([]byte, error) {
	type member struct {
		key   string
		value []byte
	}
	p.pos++
	var members []member
	sorted := true
	for p.peek() != '}' {
		if len(members) > 0 {
			p.pos++ // the comma
			p.skip()
		}
		key, err := p.text()
		if err != nil {
			return nil, fmt.Errorf("key: %w", err)
		}
		p.skip()
		p.pos++ // the colon
		value, err := p.value(nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		sorted = sorted && (len(members) == 0 || members[len(members)-1].key < key)
		members = append(members, member{key, value})
	}
	p.pos++
	if !sorted {
		slices.SortFunc(members, func(a, b member) int { return bytes.Compare([]byte(a.key), []byte(b.key)) })
	}
	out = append(out, '{')
	for i, m := range members {
		if i > 0 {
			if members[i-1].key == m.key {
				return nil, fmt.Errorf("%s: key occurs twice", m.key)
			}
			out = append(out, ',')
		}
		out = append(appendText(out, m.key), ':')
		out = append(out, m.value...)
	}
	return append(out, '}'), nil
}

func (p *reader) number(out []byte) ([]byte, error) {
	start := p.pos
	for p.pos < len(p.in) && bytes.IndexByte([]byte("+-.eE0123456789"), p.in[p.pos]) >= 0 {
		p.pos++
	}
	text := string(p.in[start:p.pos])
	if bytes.ContainsAny(p.in[start:p.pos], ".eE") {
		return nil, fmt.Errorf("%s is a real number; canonical JSON holds reals as decimal strings", text)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n >= maxInteger || n <= -maxInteger {
		return nil, fmt.Errorf("%s is 2^53 or more in size", text)
	}
	return strconv.AppendInt(out, n, 10), nil
}

// text reads one JSON string and refuses what is not NFC or not Unicode.
func (p *reader) text() (string, error) {
	p.pos++
	start, plain := p.pos, true
	for p.in[p.pos] != '"' {
		if p.in[p.pos] == '\\' {
			plain = false
			p.pos++
		}
		p.pos++
	}
	raw := p.in[start:p.pos]
	p.pos++
	if !plain {
		var err error
		if raw, err = unescape(raw); err != nil {
			return "", err
		}
	}
	if !utf8.Valid(raw) {
		return "", fmt.Errorf("%q is not UTF-8", raw)
	}
	if !norm.NFC.IsNormal(raw) {
		return "", fmt.Errorf("%q is not in Unicode form NFC; see store.Text", raw)
	}
	return string(raw), nil
}

func unescape(raw []byte) ([]byte, error) {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			continue
		}
		i++
		switch raw[i] {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := hex4(raw[i+1:])
			i += 4
			if utf16.IsSurrogate(r) && i+6 < len(raw) && raw[i+1] == '\\' && raw[i+2] == 'u' {
				r = utf16.DecodeRune(r, hex4(raw[i+3:]))
				i += 6
			}
			// encoding/json writes bytes that are no UTF-8 as this escape, never the character itself.
			if r == utf8.RuneError || utf16.IsSurrogate(r) {
				return nil, fmt.Errorf("%q is not UTF-8; see store.Text", raw)
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, raw[i])
		}
	}
	return out, nil
}

func hex4(b []byte) rune {
	n, _ := strconv.ParseUint(string(b[:4]), 16, 16)
	return rune(n)
}

func appendText(out []byte, s string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c >= ' ':
			out = append(out, c)
		case bytes.IndexByte([]byte("\b\t\n\f\r"), c) >= 0:
			out = append(out, '\\', "btn-fr"[c-'\b'])
		default:
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(out, '"')
}
