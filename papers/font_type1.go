package papers

import (
	"bytes"
	"strconv"
)

// type1Encoding reads the built-in encoding of a Type 1 font program: the plain
// text before eexec says either "StandardEncoding def" or lists
// "dup 65 /A put". The result has a name per code; nil means the standard one.
func type1Encoding(program []byte) map[byte]string {
	if i := bytes.Index(program, []byte("eexec")); i >= 0 {
		program = program[:i]
	}
	i := bytes.Index(program, []byte("/Encoding"))
	if i < 0 {
		return nil
	}
	lex := lexer{b: program, pos: i + len("/Encoding")}
	out := map[byte]string{}
	for range 4096 {
		t := lex.next()
		if t.kind == tokEOF {
			break
		}
		if t.kind != tokWord {
			continue
		}
		switch string(t.s) {
		case "StandardEncoding":
			return nil
		case "def", "readonly":
			if len(out) > 0 {
				return out
			}
		case "dup":
			code, name := lex.next(), lex.next()
			if name.kind != tokName {
				continue
			}
			if code.kind == tokInt && code.num >= 0 && code.num < 256 {
				out[byte(code.num)] = string(name.s)
			} else if c, ok := radixNumber(code.s); ok {
				out[c] = string(name.s)
			}
		}
	}
	return out
}

// radixNumber reads PostScript's 8#101 form.
func radixNumber(s []byte) (byte, bool) {
	base, digits, ok := bytes.Cut(s, []byte("#"))
	if !ok {
		return 0, false
	}
	b, err := strconv.Atoi(string(base))
	if err != nil || b < 2 || b > 36 {
		return 0, false
	}
	v, err := strconv.ParseUint(string(digits), b, 8)
	return byte(v), err == nil
}
