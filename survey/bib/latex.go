package bib

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Unicode turns TeX into text for people on one line: accents and symbols
// become letters, fonts and braces go, a command that is not known keeps its
// argument, or its own name when it has none. The result is NFC.
func Unicode(tex string) string {
	if !strings.ContainsAny(tex, "\\{}$~-`'\"\n\t") {
		return norm.NFC.String(strings.Join(strings.Fields(tex), " "))
	}
	t := &texReader{in: tex}
	t.read(0, false)
	return norm.NFC.String(tidy(t.out.String()))
}

// Verbatim is for URLs, DOIs and file names: only escapes and outer braces go.
func Verbatim(tex string) string {
	s := strings.TrimSpace(tex)
	if in, ok := wholeGroup(s); ok {
		s = in
	}
	if strings.HasPrefix(s, `\url{`) && strings.HasSuffix(s, "}") {
		s = s[5 : len(s)-1]
	}
	return strings.TrimSpace(strings.NewReplacer(
		`\_`, "_", `\%`, "%", `\&`, "&", `\#`, "#", `\~{}`, "~", `\~`, "~", `\textasciitilde{}`, "~", `{\textasciitilde}`, "~",
		`\textless{}`, "<", `\textgreater{}`, ">", `{\textless}`, "<", `{\textgreater}`, ">", `$<$`, "<", `$>$`, ">", `{\_}`, "_", `{\&}`, "&",
	).Replace(s))
}

// tidy joins white space (but keeps no-break spaces) and trims.
func tidy(s string) string {
	f := func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
	return strings.Join(strings.FieldsFunc(s, f), " ")
}

type texReader struct {
	in  string
	at  int
	out strings.Builder
}

// maxDepth bounds recursion; deeper groups are read flat.
const maxDepth = 100

// read translates until the end, or until the brace that closes the group.
func (t *texReader) read(depth int, group bool) {
	for t.at < len(t.in) {
		c := t.in[t.at]
		switch {
		case c == '\\':
			t.command(depth)
		case c == '{':
			t.at++
			if depth < maxDepth {
				t.read(depth+1, true)
			}
		case c == '}':
			t.at++
			if group {
				return
			}
		case c == '$':
			t.math(depth)
		case c == '~':
			t.at++
			t.out.WriteRune('\u00a0')
		case t.ligature():
		default:
			_, n := utf8.DecodeRuneInString(t.in[t.at:])
			t.out.WriteString(t.in[t.at : t.at+n])
			t.at += n
		}
	}
}

var ligatures = []struct{ tex, text string }{
	{"---", "—"}, {"--", "–"}, {"``", "“"}, {"''", "”"},
}

func (t *texReader) ligature() bool {
	for _, l := range ligatures {
		if strings.HasPrefix(t.in[t.at:], l.tex) {
			t.at += len(l.tex)
			t.out.WriteString(l.text)
			return true
		}
	}
	return false
}

// command translates what starts with a backslash.
func (t *texReader) command(depth int) {
	t.at++
	if t.at >= len(t.in) {
		t.out.WriteByte('\\')
		return
	}
	name := t.name()
	if mark, ok := accents[name]; ok {
		t.accent(name, mark, depth)
		return
	}
	if text, ok := symbols[name]; ok {
		t.out.WriteString(text)
		t.endName(name)
		return
	}
	switch {
	case name == "url" || name == "path" || name == "nolinkurl":
		t.out.WriteString(Verbatim(t.argument()))
	case name == "href":
		t.argument()
		t.out.WriteString(t.translated(depth))
	case name == "textsuperscript":
		t.out.WriteString(raise(t.translated(depth), superscripts))
	case name == "textsubscript":
		t.out.WriteString(raise(t.translated(depth), subscripts))
	case name == "mkbibquote" || name == "enquote":
		t.out.WriteString("“" + t.translated(depth) + "”")
	case name == "mkbibparens":
		t.out.WriteString("(" + t.translated(depth) + ")")
	case name == "frac":
		t.out.WriteString(t.translated(depth) + "/" + t.translated(depth))
	case silent[name]:
		t.endName(name)
	case isLetters(name):
		save := t.at
		t.skipSpace()
		if t.at < len(t.in) && t.in[t.at] == '{' {
			t.out.WriteString(t.translated(depth)) // unknown: its argument is text
			return
		}
		t.at = save
		t.out.WriteString(`\` + name)
	default:
		t.out.WriteString(name) // \& \% \{ and the like
	}
}

// name reads a command's name: letters, or one other rune.
func (t *texReader) name() string {
	i := t.at
	for i < len(t.in) && isLetter(t.in[i]) {
		i++
	}
	if i == t.at {
		_, n := utf8.DecodeRuneInString(t.in[i:])
		i += n
	}
	name := t.in[t.at:i]
	t.at = i
	return name
}

// endName passes the space or the {} that ends a command of letters.
func (t *texReader) endName(name string) {
	if !isLetters(name) {
		return
	}
	if strings.HasPrefix(t.in[t.at:], "{}") {
		t.at += 2
		return
	}
	t.skipSpace()
}

func (t *texReader) skipSpace() {
	for t.at < len(t.in) && (t.in[t.at] == ' ' || t.in[t.at] == '\n' || t.in[t.at] == '\t') {
		t.at++
	}
}

// accent puts a combining mark on the first letter of the argument.
func (t *texReader) accent(name, mark string, depth int) {
	if isLetters(name) && len(name) == 1 && t.at < len(t.in) && t.in[t.at] != '{' && t.in[t.at] != ' ' && t.in[t.at] != '\\' {
		t.out.WriteString(`\` + name) // \c1 is no accent
		return
	}
	base := t.translated(depth)
	base = strings.NewReplacer("ı", "i", "ȷ", "j").Replace(base)
	if base == "" {
		t.out.WriteString(map[string]string{"\u0303": "~", "\u0302": "^", "\u0301": "´", "\u0300": "`", "\u0308": "¨"}[mark])
		return
	}
	_, n := utf8.DecodeRuneInString(base)
	if mark == "\u0361" { // a tie stands between two letters
		t.out.WriteString(base[:n] + mark + base[n:])
		return
	}
	t.out.WriteString(base[:n] + mark + base[n:])
}

// argument gives a command's next argument as source: a group or one token.
func (t *texReader) argument() string { return t.argumentAt(0) }

// argumentAt is argument below as many accents that take one themselves.
func (t *texReader) argumentAt(accentsAbove int) string {
	t.skipSpace()
	if t.at >= len(t.in) {
		return ""
	}
	from := t.at
	switch t.in[t.at] {
	case '}':
		return ""
	case '{':
		depth := 0
		for ; t.at < len(t.in); t.at++ {
			switch t.in[t.at] {
			case '\\':
				t.at++
			case '{':
				depth++
			case '}':
				if depth--; depth == 0 {
					t.at++
					return t.in[from+1 : t.at-1]
				}
			}
		}
		t.at = len(t.in)
		return t.in[from+1:]
	case '\\':
		t.at++
		if t.at < len(t.in) {
			name := t.name()
			if _, ok := accents[name]; ok && accentsAbove < 4 {
				t.argumentAt(accentsAbove + 1)
			}
		}
	default:
		_, n := utf8.DecodeRuneInString(t.in[t.at:])
		t.at += n
	}
	return t.in[from:t.at]
}

// translated gives the next argument as text.
func (t *texReader) translated(depth int) string {
	arg := t.argument()
	if depth >= maxDepth {
		return arg
	}
	inner := &texReader{in: arg}
	inner.read(depth+1, false)
	return inner.out.String()
}

// math translates $...$: sub- and superscripts and symbols where Unicode has
// them; what it has not keeps its source.
func (t *texReader) math(depth int) {
	for t.at < len(t.in) && t.in[t.at] == '$' {
		t.at++
	}
	rest := t.in[t.at:]
	end := strings.IndexByte(rest, '$')
	if end < 0 || depth >= maxDepth {
		t.out.WriteByte('$')
		return
	}
	for end > 0 && rest[end-1] == '\\' {
		next := strings.IndexByte(rest[end+1:], '$')
		if next < 0 {
			break
		}
		end += 1 + next
	}
	m := &texReader{in: rest[:end]}
	for m.at < len(m.in) {
		c := m.in[m.at]
		switch {
		case c == '_' || c == '^':
			m.at++
			table := subscripts
			if c == '^' {
				table = superscripts
			}
			text := m.translated(depth + 1)
			if up := raise(text, table); up != text || text == "" {
				m.out.WriteString(up)
			} else {
				m.out.WriteString(string(c) + text)
			}
		case c == '\\':
			m.command(depth + 1)
		case c == '{' || c == '}':
			m.at++
		case c == ' ' || c == '~':
			m.at++
			m.out.WriteByte(' ')
		default:
			_, n := utf8.DecodeRuneInString(m.in[m.at:])
			m.out.WriteString(m.in[m.at : m.at+n])
			m.at += n
		}
	}
	t.out.WriteString(m.out.String())
	t.at += end
	for t.at < len(t.in) && t.in[t.at] == '$' {
		t.at++
	}
}

// raise maps every rune through a table, or gives s back when one is missing.
func raise(s string, table map[rune]rune) string {
	var b strings.Builder
	for _, r := range s {
		up, ok := table[r]
		if !ok {
			return s
		}
		b.WriteRune(up)
	}
	return b.String()
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isLetters(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !isLetter(byte(r)) }) < 0
}
