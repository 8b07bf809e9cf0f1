package bib

import (
	"regexp"
	"strings"
	"unicode"
)

// A Name is one person, or, with Literal, a body or a name not to be taken apart.
type Name struct {
	Family, Given  string
	Prefix, Suffix string // "van der", "Jr."
	Literal        string
}

// String gives "van Family, Given, Jr." or the literal name.
func (n Name) String() string {
	if n.Literal != "" {
		return n.Literal
	}
	s := strings.TrimSpace(n.Prefix + " " + n.Family)
	if n.Given != "" {
		s += ", " + n.Given
	}
	if n.Suffix != "" {
		s += ", " + n.Suffix
	}
	return s
}

// Names reads a name list as BibTeX does, and BibLaTeX's "family=…, given=…".
// others says that it ends in "and others" or "et al.".
func Names(value string) (names []Name, others bool) {
	for _, part := range splitAnd(value) {
		switch strings.ToLower(strings.Trim(part, " {}.")) {
		case "":
			continue
		case "others", "et al", "et. al":
			others = true
			continue
		}
		names = append(names, parseName(part))
	}
	return names, others
}

// splitAnd cuts at the word "and" outside braces.
func splitAnd(s string) []string {
	var parts []string
	words := splitTop(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' })
	var cur []string
	for _, w := range words {
		if strings.EqualFold(w, "and") {
			parts = append(parts, strings.Join(cur, " "))
			cur = nil
			continue
		}
		cur = append(cur, w)
	}
	return append(parts, strings.Join(cur, " "))
}

// splitTop cuts a value at separators outside braces and drops empty parts.
func splitTop(s string, sep func(rune) bool) []string {
	var parts []string
	depth, from := 0, 0
	escaped := false
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
			continue
		case r == '\\':
			escaped = true
		case r == '{':
			depth++
		case r == '}':
			depth = max(0, depth-1)
		case depth == 0 && sep(r):
			if i > from {
				parts = append(parts, s[from:i])
			}
			from = i + len(string(r))
		}
	}
	if from < len(s) {
		parts = append(parts, s[from:])
	}
	return parts
}

var extended = regexp.MustCompile(`(?i)^\s*"?\s*(family|given|prefix|suffix|useprefix|id|given-i|family-i|prefix-i|suffix-i)\s*=`)

func parseName(s string) Name {
	s = strings.TrimSpace(s)
	if inner, ok := wholeGroup(s); ok {
		return Name{Literal: Unicode(inner)}
	}
	parts := splitTop(s, func(r rune) bool { return r == ',' })
	if len(parts) > 0 && extended.MatchString(parts[0]) {
		return extendedName(parts)
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	switch len(parts) {
	case 0:
		return Name{Literal: Unicode(s)}
	case 1:
		return firstVonLast(words(parts[0]))
	case 2:
		n := vonLast(words(parts[0]))
		n.Given = Unicode(parts[1])
		return n
	}
	n := vonLast(words(parts[0]))
	n.Suffix, n.Given = Unicode(parts[1]), Unicode(strings.Join(parts[2:], ", "))
	return n
}

// wholeGroup says whether all of s is one brace group that is no accent.
func wholeGroup(s string) (string, bool) {
	if len(s) < 2 || s[0] != '{' || s[1] == '\\' {
		return "", false
	}
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[1:i], i == len(s)-1
			}
		}
	}
	return "", false
}

func extendedName(parts []string) Name {
	var n Name
	for _, p := range parts {
		k, v, _ := strings.Cut(strings.Trim(strings.TrimSpace(p), `"`), "=")
		v = Unicode(v)
		switch strings.ToLower(strings.TrimSpace(k)) {
		case "family":
			n.Family = v
		case "given":
			n.Given = v
		case "prefix":
			n.Prefix = v
		case "suffix":
			n.Suffix = v
		}
	}
	return n
}

func words(s string) []string {
	return splitTop(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '~' || r == '\u00a0' })
}

func join(ws []string) string { return Unicode(strings.Join(ws, " ")) }

// firstVonLast reads "Given von Family".
func firstVonLast(ws []string) Name {
	if len(ws) == 0 {
		return Name{}
	}
	last := len(ws) - 1
	from, to := -1, -1
	for i, w := range ws[:last] {
		if lower(w) {
			if from < 0 {
				from = i
			}
			to = i
		}
	}
	if from < 0 {
		return Name{Given: join(ws[:last]), Family: join(ws[last:])}
	}
	return Name{Given: join(ws[:from]), Prefix: join(ws[from : to+1]), Family: join(ws[to+1:])}
}

// vonLast reads "von Family".
func vonLast(ws []string) Name {
	for i := len(ws) - 2; i >= 0; i-- {
		if lower(ws[i]) {
			return Name{Prefix: join(ws[:i+1]), Family: join(ws[i+1:])}
		}
	}
	return Name{Family: join(ws)}
}

// lower says whether a word's first letter outside braces is a small one; an
// accent command in braces counts as a letter, another brace group as a capital.
func lower(w string) bool {
	if strings.HasPrefix(w, "{") && !strings.HasPrefix(w, `{\`) {
		return false
	}
	for _, r := range Unicode(w) {
		if unicode.IsLetter(r) {
			return unicode.IsLower(r)
		}
	}
	return false
}
