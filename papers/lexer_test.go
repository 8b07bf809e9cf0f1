package papers

import (
	"fmt"
	"strings"
	"testing"
)

// spell writes tokens in a form in which every difference shows.
func spell(src string) string {
	var out []string
	l := lexer{b: []byte(src)}
	for range 1000 {
		switch t := l.next(); t.kind {
		case tokEOF:
			return strings.Join(out, " ")
		case tokInt:
			out = append(out, fmt.Sprintf("i%v", t.num))
		case tokReal:
			out = append(out, fmt.Sprintf("r%.4g", t.num))
		case tokString:
			out = append(out, fmt.Sprintf("%q", t.s))
		case tokName:
			out = append(out, "/"+string(t.s))
		case tokWord:
			out = append(out, string(t.s))
		case tokArrayOpen:
			out = append(out, "[")
		case tokArrayClose:
			out = append(out, "]")
		case tokDictOpen:
			out = append(out, "<<")
		case tokDictClose:
			out = append(out, ">>")
		}
	}
	return "endless"
}

func TestTheLexerReadsWhatViewersRead(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"numbers", "1 -2 +3 .5 -.25 4. 0001", "i1 i-2 i3 r0.5 r-0.25 r4 i1"},
		{"two signs", "--5", "i-5"},
		{"a sign inside ends the number", "12-34 1.5-2", "i12 r1.5"},
		{"a word that starts like a number", "12abc 1e5", "12abc 1e5"},
		{"a plain string", "(abc)", `"abc"`},
		{"brackets in a string", "(a(b)c)", `"a(b)c"`},
		{"escapes", `(\n\t\(\)\\)`, `"\n\t()\\"`},
		{"octal, short and long", `(\101\7\0012)`, `"A\a\x012"`},
		{"octal above a byte", `(\777)`, `"\xff"`},
		{"an unknown escape is its character", `(\[\q)`, `"[q"`},
		{"a line end after a backslash is nothing", "(a\\\r\nb\\\nc)", `"abc"`},
		{"line ends in strings are \\n", "(a\r\nb\rc)", `"a\nb\nc"`},
		{"a string that never ends", "(abc", `"abc"`},
		{"hex", "<48 65 6C>", `"Hel"`},
		{"hex of odd length", "<486>", `"H` + "`" + `"`},
		{"hex with dirt", "<4x8>", `"H"`},
		{"names", "/A#20B /#zz /", "/A B /#zz /"},
		{"comments", "1 % two\n3", "i1 i3"},
		{"brackets", "[<</A[]>>]", "[ << /A [ ] >> ]"},
		{"a lone bracket is passed over", "> 1 ) 2", "i1 ) i2"},
		{"nothing", "", ""},
		{"glued operators", "(a)Tj[1]TJ", `"a" Tj [ i1 ] TJ`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := spell(c.src); got != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.src, got, c.want)
			}
		})
	}
}

func TestTokensStayValidUntilTheRelease(t *testing.T) {
	l := lexer{b: []byte(`(\101) (\102) <43>`)}
	a, b, c := l.next(), l.next(), l.next()
	if got := string(a.s) + string(b.s) + string(c.s); got != "ABC" {
		t.Errorf("three strings read one after the other: got %q, want ABC", got)
	}
}

func TestRawObjectsRoundTrip(t *testing.T) {
	for _, src := range []string{
		"<< /A 1 /B [ 1 2 R 3 0 R (x\\)y) ] /C << /D true /E null >> /F#20G -1.5 >>",
		"[ 1 2 3 4 0 R 5 ]", "[1 0 R 2 0 R]", "<48656c6c6f>", "/Name", "[[[[]]]]", "true",
	} {
		v, ok := newRawParser([]byte(src), 0).object(0)
		if !ok {
			t.Fatalf("%s: not read", src)
		}
		text := appendRaw(nil, v)
		again, ok := newRawParser(text, 0).object(0)
		if !ok || string(appendRaw(nil, again)) != string(text) {
			t.Errorf("%s\nwritten as %s\nread back as %s", src, text, appendRaw(nil, again))
		}
	}
}

func TestReferencesAreToldFromNumbers(t *testing.T) {
	v, _ := newRawParser([]byte("[1 2 3 0 R 4 5 0 R 6 7]"), 0).object(0)
	want := rawArray{int64(1), int64(2), rawRef{3, 0}, int64(4), rawRef{5, 0}, int64(6), int64(7)}
	if fmt.Sprint(v) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", v, want)
	}
}

func TestEndlessNestingIsCutOff(t *testing.T) {
	v, _ := newRawParser([]byte(strings.Repeat("[", 1_000_000)), 0).object(0)
	depth := 0
	for a, ok := v.(rawArray); ok && len(a) > 0; a, ok = a[0].(rawArray) {
		depth++
	}
	if depth > maxNesting {
		t.Errorf("nested %d deep, want at most %d", depth, maxNesting)
	}
}
