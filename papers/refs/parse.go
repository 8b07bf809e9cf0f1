package refs

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

var (
	label   = regexp.MustCompile(`^\s*(?:\[([^\]]{1,12})\]|(\d{1,3})\.)\s*`)
	doi     = regexp.MustCompile(`(?i)\b10\.\d{4,9}/[^\s"<>]+`)
	arxiv   = regexp.MustCompile(`(?i)(?:arxiv[:\s.]*(?:preprint\s*)?(?:arxiv[:\s]*)?|abs/)(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})`)
	year    = regexp.MustCompile(`\b(19[3-9]\d|20[0-4]\d)[a-z]?\b`)
	quote   = regexp.MustCompile(`[“"]([^”"]{8,300}?)[,.]?[”"]`)
	paren   = regexp.MustCompile(`^\s*\(?((?:19|20)\d\d)[a-z]?\)?[.,:]?\s+`)
	initial = regexp.MustCompile(`^(?:\p{Lu}\.?-?)+\.?$`)
)

// Parse reads one entry as far as it can: what it is not sure of stays empty, and Raw always holds the whole.
func Parse(raw string) Entry {
	e := Entry{Raw: raw}
	s := raw
	if m := label.FindStringSubmatch(raw); m != nil {
		e.Label = strings.Join(strings.Fields(m[1]+m[2]), "")
		s = raw[len(m[0]):]
	}
	if m := doi.FindString(s); m != "" {
		e.DOI = strings.TrimRight(m, ".,;)]")
	}
	if m := arxiv.FindStringSubmatch(s); m != nil {
		e.ArXiv = m[1]
	}
	e.Year = entryYear(s, e.ArXiv)
	if m := quote.FindStringSubmatchIndex(s); m != nil {
		e.Title = strings.TrimRight(strings.TrimSpace(s[m[2]:m[3]]), ",.")
		e.Authors = authors(s[:m[0]])
		return e
	}
	names, rest := cutAuthors(s)
	e.Authors = authors(names)
	if m := paren.FindStringSubmatch(rest); m != nil {
		rest = rest[len(m[0]):]
		if e.Year == 0 {
			e.Year, _ = strconv.Atoi(m[1])
		}
	}
	e.Title = cutTitle(rest)
	if m := regexpYearInBrackets.FindStringIndex(e.Title); m != nil && m[0] > 8 {
		e.Title = strings.TrimRight(e.Title[:m[0]], " ,.") // “title (2014), arXiv:…” in the style of Springer
	}
	return e
}

// entryYear takes the last year that is not part of an arXiv number or a range of pages.
func entryYear(s, id string) int {
	if id != "" {
		s = strings.ReplaceAll(s, id, " ")
	}
	s = doi.ReplaceAllString(s, " ")
	y := 0
	for _, m := range year.FindAllStringSubmatchIndex(s, -1) {
		before := strings.TrimRight(s[:m[0]], " ")
		after := s[m[1]:]
		page := strings.HasSuffix(before, "–") || strings.HasSuffix(before, "-") || strings.HasSuffix(before, "pp.") || strings.HasPrefix(after, "–") || strings.HasPrefix(after, "-") || strings.HasSuffix(before, ":")
		if page && y != 0 {
			continue
		}
		if n, _ := strconv.Atoi(s[m[2]:m[3]]); !page || y == 0 {
			y = n
		}
	}
	return y
}

// cutAuthors ends the names at the first full stop, or colon, that does not follow an initial; or before a year in brackets.
func cutAuthors(s string) (names, rest string) {
	if m := regexpYearInBrackets.FindStringIndex(s); m != nil && m[0] < 400 && m[0] > 2 {
		if head := s[:m[0]]; !strings.Contains(head, ": ") && (!strings.Contains(strings.TrimRight(head, ". "), ". ") || initialsOnly(head)) {
			return head, s[m[0]:]
		}
	}
	word := 0
	for i, r := range s {
		switch {
		case r == ' ':
			word = i + 1
		case r == ':' && i > 3 && i+1 < len(s) && s[i+1] == ' ':
			return s[:i], strings.TrimSpace(s[i+1:])
		case r == '.' && (i+1 == len(s) || s[i+1] == ' '):
			w := strings.Trim(s[word:i+1], "(,")
			if initial.MatchString(w) || strings.EqualFold(w, "Jr.") || strings.EqualFold(w, "St.") {
				// An initial may end the names too: “J. Sun. Deep residual …” ends at Sun, “Sun, J. Deep residual …” at J.
				if !endsNames(s, i) {
					continue
				}
			}
			return s[:i+1], strings.TrimSpace(s[i+1:])
		}
	}
	return "", s
}

var regexpYearInBrackets = regexp.MustCompile(`\((?:19|20)\d\d[a-z]?\)`)

// initialsOnly says whether every full stop in s follows an initial or “al”.
func initialsOnly(s string) bool {
	for w := range strings.FieldsSeq(s) {
		w = strings.Trim(w, ",;&()")
		if strings.HasSuffix(w, ".") && !initial.MatchString(w) && w != "al." && w != "Eds." && w != "eds." {
			return false
		}
	}
	return true
}

// endsNames says whether what follows an initial at i reads like a title: two words, the second of them not capitalised.
func endsNames(s string, i int) bool {
	rest := strings.Fields(s[min(i+1, len(s)):])
	if len(rest) < 3 || strings.HasSuffix(rest[0], ",") || strings.HasSuffix(rest[0], ".") || strings.EqualFold(rest[0], "and") || rest[0] == "&" {
		return false
	}
	low := func(w string) bool {
		r := []rune(w)
		return len(r) > 0 && unicode.IsLower(r[0])
	}
	particle := map[string]bool{"van": true, "von": true, "de": true, "der": true, "den": true, "la": true, "le": true, "and": true, "et": true, "al.": true, "al.,": true, "di": true, "da": true}
	return !low(rest[0]) && low(rest[1]) && !particle[rest[1]]
}

// cutTitle ends the title at the first full stop, question or exclamation mark before a space and a capital or “in”; not inside a number.
func cutTitle(s string) string {
	s = strings.TrimSpace(s)
	runes := []rune(s)
	for i, r := range runes {
		if r != '.' && r != '?' && r != '!' {
			continue
		}
		if i+1 < len(runes) && runes[i+1] != ' ' {
			continue
		}
		if i >= 2 && r == '.' && unicode.IsUpper(runes[i-1]) && runes[i-2] == ' ' {
			continue // an initial or a lone letter
		}
		if i < 6 {
			continue
		}
		if r == '?' || r == '!' {
			if i+2 < len(runes) && unicode.IsLower(runes[i+2]) {
				continue
			}
			return string(runes[:i+1])
		}
		return strings.TrimSpace(string(runes[:i]))
	}
	if i := strings.Index(s, ", "); i > 20 {
		return s[:i]
	}
	return strings.TrimRight(s, ".")
}

// authors splits names at commas, semicolons and “and”, keeping “Family, I.” together.
func authors(s string) []string {
	s = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(s), ".,:;("))
	if w := s[strings.LastIndexAny(s, " ,.")+1:]; len(w) == 1 && unicode.IsUpper(rune(w[0])) {
		s += "." // the stop belongs to an initial
	}
	if s == "" || len(s) > 1500 {
		return nil
	}
	s = strings.NewReplacer(" and ", ", ", " & ", ", ", ";", ",", " et al", "").Replace(s + " ")
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(part), "and "))
		switch {
		case part == "", part == "others":
		case len(out) > 0 && onlyInitials(part) && !strings.Contains(out[len(out)-1], "."):
			out[len(out)-1] = part + " " + out[len(out)-1]
		default:
			out = append(out, part)
		}
	}
	return out
}

func onlyInitials(s string) bool {
	for w := range strings.FieldsSeq(s) {
		if !initial.MatchString(w) {
			return false
		}
	}
	return true
}
