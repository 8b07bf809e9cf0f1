package store

import (
	"encoding/json"
	"unicode/utf8"
)

// topFields walks the members of a canonical JSON object without decoding their values.
// Canonical bytes have no white space and no escaped quote outside strings, so brackets can be counted.
func topFields(object []byte) func(yield func(key string, raw []byte) bool) {
	return func(yield func(key string, raw []byte) bool) {
		if len(object) < 2 || object[0] != '{' {
			return
		}
		for pos := 1; pos < len(object) && object[pos] == '"'; pos++ {
			keyEnd := valueEnd(object, pos)
			end := valueEnd(object, keyEnd+1)
			if !yield(decodeText(object[pos:keyEnd]), object[keyEnd+1:end]) {
				return
			}
			pos = end // at the comma or the closing brace
		}
	}
}

// valueEnd is the position just behind the value that starts at pos.
func valueEnd(b []byte, pos int) int {
	depth := 0
	for ; pos < len(b); pos++ {
		switch b[pos] {
		case '"':
			for pos++; pos < len(b) && b[pos] != '"'; pos++ {
				if b[pos] == '\\' {
					pos++
				}
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth < 0 {
				return pos
			}
		case ',', ':':
			if depth == 0 {
				return pos
			}
		}
	}
	return min(pos, len(b))
}

// decodeText reads a JSON string; anything else gives "".
func decodeText(raw []byte) string {
	if len(raw) < 2 || raw[0] != '"' {
		return ""
	}
	if plain(raw[1:len(raw)-1]) && raw[len(raw)-1] == '"' {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// plain says whether the inside of a JSON string stands for itself.
func plain(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' {
			return false
		}
	}
	return utf8.Valid(text)
}
