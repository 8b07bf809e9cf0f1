package pdfwrite

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Ref is the number of an indirect object; the generation is always 0.
type Ref int

// Name is a PDF name without its slash.
type Name string

// Str is a PDF string as raw bytes. It is the only value that encryption changes.
type Str string

// Dict is a PDF dictionary; it is written in the order of its sorted keys, so that equal input gives equal bytes.
type Dict map[Name]any

// Array is a PDF array.
type Array []any

// Raw is written as it stands.
type Raw string

// Text makes a PDF text string: Latin-1 as it is, anything else as UTF-16 with a byte order mark.
func Text(s string) Str {
	plain := true
	for _, r := range s {
		if r >= 0x7f || r < ' ' && r != '\n' {
			plain = false
			break
		}
	}
	if plain {
		return Str(s)
	}
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return Str(b)
}

// num writes a real number with at most three decimals and no exponent, as PDF wants it.
func num(x float64) string {
	s := strconv.FormatFloat(x, 'f', 3, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}

func nums(xs ...float64) Array {
	a := make(Array, len(xs))
	for i, x := range xs {
		a[i] = x
	}
	return a
}

// appendValue writes v; seal, when not nil, encrypts strings.
func appendValue(b []byte, v any, seal func([]byte) []byte) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		return append(b, num(v)...)
	case Ref:
		return fmt.Appendf(b, "%d 0 R", int(v))
	case Name:
		return appendName(b, v)
	case Raw:
		return append(b, v...)
	case Str:
		raw := []byte(v)
		if seal != nil {
			raw = seal(raw)
		}
		return appendString(b, raw)
	case Array:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendValue(b, x, seal)
		}
		return append(b, ']')
	case Dict:
		b = append(b, "<<"...)
		keys := make([]Name, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			b = appendName(b, k)
			b = append(b, ' ')
			b = appendValue(b, v[k], seal)
		}
		return append(b, ">>"...)
	}
	panic(fmt.Sprintf("pdfwrite: unreachable: value of type %T", v))
}

func appendName(b []byte, n Name) []byte {
	b = append(b, '/')
	for i := range len(n) {
		c := n[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("#()<>[]{}/%", c) >= 0 {
			b = fmt.Appendf(b, "#%02X", c)
		} else {
			b = append(b, c)
		}
	}
	return b
}

func appendString(b, s []byte) []byte {
	for _, c := range s {
		if c < ' ' || c >= 0x7f {
			return fmt.Appendf(b, "<%X>", s)
		}
	}
	b = append(b, '(')
	for _, c := range s {
		if c == '(' || c == ')' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return append(b, ')')
}
