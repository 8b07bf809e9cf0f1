package bib

import (
	"regexp"
	"strings"
)

var (
	keyPart  = regexp.MustCompile(`^\s*([^,={}"]*?)\s*(,|$)`)
	nameEq   = regexp.MustCompile(`^([^\s={},#"%@]+)\s*=`)
	bareWord = regexp.MustCompile(`^[^\s,#{}"=]+`)
	afterOK  = regexp.MustCompile(`^\s*(?:[,#]|$|[A-Za-z][\w\-]*\s*=)`)
)

// months are macros that every BibTeX style has; their names are kept as value.
var months = map[string]bool{
	"jan": true, "feb": true, "mar": true, "apr": true, "may": true, "jun": true,
	"jul": true, "aug": true, "sep": true, "oct": true, "nov": true, "dec": true,
}

// fields reads key and fields of an entry whose inside is text[from:end].
func (p *parser) fields(e *Entry, from, end int) {
	if m := keyPart.FindStringSubmatchIndex(p.text[from:end]); m != nil {
		e.Key = p.text[from+m[2] : from+m[3]]
		from += m[1]
	}
	for at := from; ; {
		at = p.skip(at, end)
		if at >= end {
			return
		}
		m := nameEq.FindStringSubmatchIndex(p.text[at:end])
		if m == nil {
			next := p.junk(at, end)
			if e.Broken == "" {
				e.Broken = "text that is no field: " + short(p.text[at:next])
				p.warn(at, "in %s: %s", e.Key, e.Broken)
			}
			at = next
			continue
		}
		f := Field{Name: p.text[at+m[2] : at+m[3]], Line: p.line(at)}
		var missing bool
		f.Value, at, missing = p.value(at+m[1], end, f.Name)
		e.Fields = append(e.Fields, f)
		if missing {
			p.warn(at, "a comma is missing after field %s of %s", f.Name, e.Key)
		}
		if !balanced(f.Value) {
			e.Broken = "the braces of field " + f.Name + " do not match"
		}
	}
}

// skip passes white space, commas and, where a field should start, comments.
func (p *parser) skip(at, end int) int {
	for at < end {
		switch c := p.text[at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == ',':
			at++
		case c == '%':
			i := strings.IndexByte(p.text[at:end], '\n')
			if i < 0 {
				return end
			}
			at += i
		default:
			return at
		}
	}
	return at
}

// junk passes what is no field, up to the next comma outside braces.
func (p *parser) junk(at, end int) int {
	for i := at; i < end; i++ {
		switch p.text[i] {
		case '{':
			if j, ok := p.closer[i]; ok && j < end {
				i = j
			}
		case ',':
			return i + 1
		case '\n':
			i = p.space(i, end)
			if nameEq.MatchString(p.text[i:min(end, i+200)]) {
				return i
			}
			i--
		}
	}
	return end
}

// value reads "piece # piece ..." and the comma behind it; missing says that
// something else follows instead.
func (p *parser) value(at, end int, field string) (value string, next int, missing bool) {
	var b strings.Builder
	for {
		at = p.space(at, end)
		if at >= end {
			return b.String(), end, false
		}
		switch p.text[at] {
		case '{':
			stop, ok := p.closer[at]
			if !ok || stop > end {
				b.WriteString(p.text[at:end]) // only in an entry that is cut off
				return b.String(), end, false
			}
			b.WriteString(p.text[at+1 : stop])
			at = stop + 1
		case '"':
			stop := p.endQuote(at+1, end)
			b.WriteString(p.text[at+1 : stop])
			at = min(stop+1, end)
		case ',':
			p.warn(at, "field %s has no value", field)
			return b.String(), at + 1, false
		default:
			word := bareWord.FindString(p.text[at:end])
			if word == "" {
				return b.String(), at + 1, true
			}
			b.WriteString(p.expand(at, word))
			at += len(word)
		}
		at = p.space(at, end)
		switch {
		case at >= end:
			return b.String(), end, false
		case p.text[at] == '#':
			at++
		case p.text[at] == ',':
			return b.String(), at + 1, false
		default:
			return b.String(), at, true
		}
	}
}

func (p *parser) space(at, end int) int {
	for at < end && strings.IndexByte(" \t\n", p.text[at]) >= 0 {
		at++
	}
	return at
}

// endQuote finds the quote that ends a value. BibTeX takes the first one
// outside braces; people also write \"o and "so called" inside, so a quote
// counts only if what follows can follow a value.
func (p *parser) endQuote(at, end int) int {
	first := -1
	tries := 0
	for i := at; i < end; i++ {
		switch p.text[i] {
		case '{':
			if j, ok := p.closer[i]; ok && j < end {
				i = j
			}
		case '"':
			if first < 0 {
				first = i
			}
			if afterOK.MatchString(p.text[i+1 : min(end, i+80)]) {
				return i
			}
			if tries++; tries > 12 {
				return first
			}
		}
	}
	if first >= 0 {
		return first
	}
	return end
}

// maxExpanded bounds what macros may add to a file: @string{a = a # a} doubles.
const maxExpanded = 64 << 20

// expand gives the value of a bare word: a number, a macro, or itself.
func (p *parser) expand(at int, word string) string {
	lower := strings.ToLower(word)
	if v, ok := p.macros[lower]; ok {
		if p.expanded += len(v); p.expanded > maxExpanded {
			p.warn(at, "macro %s would make the file too large; its name is kept", word)
			return word
		}
		return v
	}
	if months[lower] || strings.Trim(word, "0123456789-./") == "" {
		return word
	}
	p.warn(at, "macro %s is not defined; its name is kept", word)
	return word
}

// macro reads the inside of @string.
func (p *parser) macro(from, end int) {
	at := p.skip(from, end)
	m := nameEq.FindStringSubmatchIndex(p.text[at:end])
	if m == nil {
		p.warn(from, "@string without a name")
		return
	}
	name := strings.ToLower(p.text[at+m[2] : at+m[3]])
	value, _, _ := p.value(at+m[1], end, name)
	p.macros[name] = value
}

func balanced(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
