package papers

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// authors reads the names between title and abstract; where none can be read, what the file states.
func (f front) authors(s stated) []string {
	given := splitNames(s.authors)
	printed := f.names()
	if len(printed) == 0 {
		return given
	}
	if len(given) > len(printed) && !slices.ContainsFunc(given, func(n string) bool { return !f.prints(n) }) {
		return given // all of them stand on the page, where some were not recognised
	}
	return printed
}

// names reads the lines between title and abstract.
func (f front) names() []string {
	title := string(fold(f.largest()))
	seen := map[string]int{}
	var out []string
	for _, l := range f.lines[:f.top] {
		w := string(fold(l.text))
		if w == "" || strings.Contains(title, w) || affiliation(l.text) {
			continue
		}
		for _, cell := range l.cells {
			for _, n := range splitNames(cell) {
				if seen[n]++; seen[n] == 1 {
					out = append(out, n)
				}
			}
		}
	}
	// What stands under more than one name is where they work.
	return slices.DeleteFunc(out, func(n string) bool { return seen[n] > 1 })
}

// affiliation says whether a line tells where people work and not what they are called.
func affiliation(s string) bool {
	l := strings.ToLower(s)
	if strings.ContainsAny(l, "@{}") || strings.Contains(l, "http") || strings.Contains(l, "arxiv") {
		return true
	}
	if address.MatchString(s) {
		return true
	}
	for _, w := range affiliations {
		if strings.Contains(l, w) {
			return true
		}
	}
	return false
}

// address is a house number or a postal code.
var address = regexp.MustCompile(`\d{3}`)

var affiliations = []string{
	"universit", "institute", "institut ", "research", "department", "dept", "laborator", " lab", "labs", "school", "college", "faculty", "academy", "google", "facebook", "microsoft",
	"amazon", "openai", "deepmind", "nvidia", " inc", "corporation", "center", "centre", "abstract", "conference", "proceedings", "workshop", "journal", "street", "avenue", "technolog",
	"ecole", "école", "inria", "cnrs", "brain", " ai", "group", "press", "preprint", "published", "submitted", "copyright", "permission", "version", "hal ", "to cite", "this cite", "see discussions", "publication", "authors", "switzerland", "germany", "china", "u.s.a", "usa", "canada", "france", "italy", "korea", "san diego", "mountain view", "berkeley", "stanford", "asia",
}

// splitNames takes a line of names apart. What does not look like a person's name is left out.
func splitNames(s string) []string {
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("∗*†‡§¶‖⋆♯♮♭#⁎★☆✉¹²³⁴⁵⁶⁷⁸⁹⁰", r):
			return ',' // a mark behind a name ends it
		case r >= '0' && r <= '9':
			return ','
		case r == ';' || r == '·' || r == '•' || r == '|' || r == '\n':
			return ','
		}
		return r
	}, s)
	s = " " + strings.Join(strings.Fields(s), " ") + " "
	s = strings.NewReplacer(" and ", ",", " And ", ",", " & ", ",", " AND ", ",").Replace(s)
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		part = strings.Join(strings.Fields(part), " ")
		if personName(part) {
			out = append(out, part)
		}
	}
	return out
}

// personName accepts two to five words that begin with a capital, particles aside.
func personName(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 5 {
		return false
	}
	capitals := 0
	for _, w := range words {
		r := []rune(w)
		for _, c := range r {
			if !unicode.IsLetter(c) && !strings.ContainsRune(".-'’‐`´¨ˇ˘¸", c) && !unicode.Is(unicode.Mn, c) {
				return false
			}
		}
		if unicode.IsUpper(r[0]) {
			capitals++
			continue
		}
		switch strings.ToLower(w) {
		case "van", "von", "de", "der", "den", "la", "le", "di", "da", "dos", "del", "el", "al", "bin", "ten", "ter", "y", "e":
		default:
			return false
		}
	}
	last := []rune(words[len(words)-1])
	return capitals >= 2 && len(last) > 1
}
