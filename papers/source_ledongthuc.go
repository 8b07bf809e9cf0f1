package papers

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ledongthuc/pdf"
)

// ledongthucSource reads objects through github.com/ledongthuc/pdf: its Reader
// and Value only, never its text functions, over an overlay that has been put in
// order before.
type ledongthucSource struct {
	reader   *pdf.Reader
	file     *overlay
	pages    []pageObject
	warnings []Warning
	stumbled int // panics of the library caught so far
}

func openLedongthuc(o *overlay) (s *ledongthucSource, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("ledongthuc: %v", r)
		}
	}()
	r, err := pdf.NewReader(o, o.size)
	if err != nil {
		return nil, fmt.Errorf("ledongthuc: %w", err)
	}
	return &ledongthucSource{reader: r, file: o}, nil
}

func (s *ledongthucSource) Name() string            { return "ledongthuc" }
func (s *ledongthucSource) Version() string         { return ledongthucVersion }
func (s *ledongthucSource) stumbles() int           { return s.stumbled }
func (s *ledongthucSource) Close() error            { return nil }
func (s *ledongthucSource) Warnings() []Warning     { return s.warnings }
func (s *ledongthucSource) Pages() []pageObject     { return s.pages }
func (s *ledongthucSource) wrap(v pdf.Value) lvalue { return lvalue{v, s} }

func (s *ledongthucSource) Trailer() value {
	return s.wrap(s.reader.Trailer())
}

func (s *ledongthucSource) load(o Options) {
	s.pages, s.warnings = walkPages(s.Trailer().Key("Root"), o.MaxPages)
}

// An lvalue is one object of the library.
type lvalue struct {
	v pdf.Value
	s *ledongthucSource
}

func (l lvalue) Kind() kind {
	switch l.v.Kind() {
	case pdf.Bool:
		return boolKind
	case pdf.Integer:
		return intKind
	case pdf.Real:
		return realKind
	case pdf.String:
		return stringKind
	case pdf.Name:
		return nameKind
	case pdf.Dict:
		return dictKind
	case pdf.Array:
		return arrayKind
	case pdf.Stream:
		return streamKind
	}
	return nullKind
}

func (l lvalue) Bool() bool     { return l.v.Bool() }
func (l lvalue) Int() int64     { return l.v.Int64() }
func (l lvalue) Float() float64 { return l.v.Float64() }
func (l lvalue) Name() string   { return l.v.Name() }
func (l lvalue) Raw() string    { return l.v.RawString() }
func (l lvalue) Keys() []string { return l.v.Keys() }
func (l lvalue) Len() int       { return l.v.Len() }

func (l lvalue) Key(key string) (out value) {
	defer func() {
		if recover() != nil {
			l.s.stumbled++
			out = lvalue{s: l.s}
		}
	}()
	return lvalue{l.v.Key(key), l.s}
}

func (l lvalue) Index(i int) (out value) {
	defer func() {
		if recover() != nil {
			l.s.stumbled++
			out = lvalue{s: l.s}
		}
	}()
	return lvalue{l.v.Index(i), l.s}
}

var errNoStream = errors.New("not a stream")

// Stream decodes a stream. The library knows two filters and stops at the first
// damage, so only its place is taken from the library: Value.String ends with
// "@" and the offset of the data.
func (l lvalue) Stream() ([]byte, error) {
	if l.v.Kind() != pdf.Stream {
		return nil, errNoStream
	}
	text := l.v.String()
	off, err := strconv.Atoi(text[strings.LastIndexByte(text, '@')+1:])
	if err != nil || off <= 0 {
		return nil, errNoStream
	}
	length := -1
	if n := l.Key("Length"); n.Kind() == intKind {
		length = int(n.Int())
	}
	return decodeStream(l, cutStream(l.s.file.bytesFrom(off), 0, length))
}

// decodeStream runs a stream's bytes through the filters its dictionary names.
func decodeStream(dict value, data []byte) ([]byte, error) {
	filter, parms := dict.Key("Filter"), dict.Key("DecodeParms")
	if filter.Kind() == nameKind {
		return decodeFilter(filter.Name(), data, parmsOf(first(parms)))
	}
	for i := range filter.Len() {
		p := parms
		if parms.Kind() == arrayKind {
			p = parms.Index(i)
		}
		out, err := decodeFilter(filter.Index(i).Name(), data, parmsOf(p))
		if err != nil {
			return out, err
		}
		data = out
	}
	return data, nil
}

func first(v value) value {
	if v.Kind() == arrayKind {
		return v.Index(0)
	}
	return v
}

// Refs reads the references out of the library's rendering of the object, the
// only place where it shows them.
func (l lvalue) Refs() map[string]string {
	k := l.v.Kind()
	if k != pdf.Dict && k != pdf.Array && k != pdf.Stream {
		return nil
	}
	out := map[string]string{}
	index := 0
	eachEntry(l.v.String(), k == pdf.Array, func(key, val string) {
		if k == pdf.Array {
			key = strconv.Itoa(index)
			index++
		}
		if strings.HasSuffix(val, " R") && val[0] >= '0' && val[0] <= '9' {
			out[key] = val
		}
	})
	return out
}

// eachEntry splits "<</A 1 0 R /B [1 2]>>" or "[1 0 R 2 0 R]" into its top-level
// entries.
func eachEntry(s string, array bool, do func(key, val string)) {
	i := 1
	if !array {
		i = 2
	}
	for i < len(s) && s[i] != ']' && s[i] != '>' {
		key := ""
		if !array {
			end := entryEnd(s, i)
			key = strings.TrimPrefix(s[i:end], "/")
			i = end + 1
		}
		end := entryEnd(s, i)
		if isDigits(s[min(i, len(s)):end]) { // may be the start of "12 0 R"
			if e2 := entryEnd(s, end+1); e2 < len(s) && isDigits(s[min(end+1, len(s)):e2]) && strings.HasPrefix(s[e2:], " R") {
				end = e2 + 2
			}
		}
		do(key, s[min(i, len(s)):end])
		i = end
		if i < len(s) && s[i] == ' ' {
			i++
		}
	}
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// entryEnd is the end of the entry that starts at i, brackets and Go-quoted
// strings taken as one.
func entryEnd(s string, i int) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '"':
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case '[', '<':
			depth++
		case ']', '>':
			if depth == 0 {
				return i
			}
			depth--
		case ' ':
			if depth == 0 {
				return i
			}
		}
	}
	return len(s)
}
