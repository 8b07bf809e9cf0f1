package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"golang.org/x/text/unicode/norm"
)

// partGap is how far apart the words of two parts of one text stand (a claim's
// wording and its quote, say), so that no phrase and no NEAR spans both.
const partGap = 1000

// maxTerm bounds one term in bytes; longer runs are nearly always debris of a PDF.
const maxTerm = 64

// token is one word of a text: the folded term, the bytes it covers and its place.
type token struct {
	term       string
	start, end int
	pos        int
}

// tokenize splits a text into its words: runs of letters and digits, folded to
// lower case without accents; each ideograph is a word by itself. A line break
// ends a part. Terms of texts, queries and snippets all come from here, which is
// what makes them meet.
func tokenize(s string) []token {
	var out []token
	pos := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\n':
			pos += partGap
			i += n
		case isIdeograph(r):
			pos++
			out = append(out, token{term: s[i : i+n], start: i, end: i + n, pos: pos})
			i += n
		case isWordRune(r):
			end, plain := wordEnd(s, i)
			term := s[i:end]
			if !plain {
				term = fold(term)
			}
			if term = cut(term); term != "" {
				pos++
				out = append(out, token{term: term, start: i, end: end, pos: pos})
			}
			i = end
		default:
			i += n
		}
	}
	return out
}

// terms is tokenize for whoever wants the words alone.
func terms(s string) []string {
	toks := tokenize(s)
	out := make([]string, len(toks))
	for i, t := range toks {
		out[i] = t.term
	}
	return out
}

// wordEnd returns where the word at i ends and whether it is lower-case ASCII already.
func wordEnd(s string, i int) (end int, plain bool) {
	plain = true
	for end = i; end < len(s); {
		c := s[end]
		if c < utf8.RuneSelf {
			switch {
			case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			case 'A' <= c && c <= 'Z':
				plain = false
			default:
				return end, plain
			}
			end++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[end:])
		if !isWordRune(r) && !isInner(r) || isIdeograph(r) {
			return end, plain
		}
		plain = false
		end += n
	}
	return end, plain
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Nd, r) }

// isInner are runes that do not end a word: combining marks, the soft hyphen, joiners.
func isInner(r rune) bool {
	return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) || r == '\u00ad' || r == '\u200c' || r == '\u200d'
}

func isIdeograph(r rune) bool {
	return r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// fold brings a word to the form that is compared: compatibility forms taken
// apart, marks dropped, lower case.
func fold(w string) string {
	if isASCII(w) {
		return strings.ToLower(w)
	}
	var b strings.Builder
	b.Grow(len(w))
	for _, r := range norm.NFKD.String(w) {
		if isWordRune(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cut shortens a term to maxTerm bytes at a rune's edge.
func cut(t string) string {
	if len(t) <= maxTerm {
		return t
	}
	n := maxTerm
	for n > 0 && !utf8.RuneStart(t[n]) {
		n--
	}
	return t[:n]
}

// wordAnalyzer and valueAnalyzer are handed to bleve field by field, so nothing
// needs its registry.
type wordAnalyzer struct{}

func (wordAnalyzer) Analyze(text []byte) analysis.TokenStream {
	toks := tokenize(string(text))
	all := make([]analysis.Token, len(toks))
	out := make(analysis.TokenStream, len(toks))
	for i, t := range toks {
		all[i] = analysis.Token{Start: t.start, End: t.end, Term: []byte(t.term), Position: t.pos, Type: analysis.AlphaNumeric}
		out[i] = &all[i]
	}
	return out
}

// valueAnalyzer keeps a value whole.
type valueAnalyzer struct{}

func (valueAnalyzer) Analyze(text []byte) analysis.TokenStream {
	return analysis.TokenStream{{Start: 0, End: len(text), Term: text, Position: 1, Type: analysis.AlphaNumeric}}
}
