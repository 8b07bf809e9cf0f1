package papers

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tenet/papers/refs"
)

// A Citation is a place in the text that refers to works of the bibliography:
// “[3, 7–9]” or “He et al., 2016”. Start and End are runes of the page's text.
type Citation struct {
	Page    int   `json:"page"`
	Start   int   `json:"start"`
	End     int   `json:"end"`
	Entries []int `json:"entries"` // indexes into the document's References
}

// citations links the text to the bibliography: by the labels of its entries
// where they have any, else by first author and year. What fits no entry, or
// two, is no citation.
func citations(d *Document) []Citation {
	if len(d.References) == 0 {
		return nil
	}
	endPage, endBlock, _ := bibliographyStart(d)
	byLabel := labels(d.References)
	var names map[string][]int
	if len(byLabel)*2 < len(d.References) {
		names = families(d.References)
	}
	var out []Citation
	for i := range d.Pages {
		p := &d.Pages[i]
		text := []rune(p.Text)
		for k, b := range p.Blocks {
			if furniture(b.Kind) || b.Kind == Reference || i == endPage && k >= endBlock || b.Start < 0 || b.End > len(text) || b.Start >= b.End {
				continue
			}
			if endPage >= 0 && i > endPage && b.Kind != Body && b.Kind != Caption {
				continue // pages after the bibliography hold appendices, and entries that were not marked
			}
			at := text[b.Start:b.End]
			if names == nil {
				out = append(out, labelled(at, byLabel, p.Number, b.Start)...)
			} else {
				out = append(out, named(at, d.References, names, p.Number, b.Start)...)
			}
		}
	}
	return out
}

// labels maps “16” or “HZRS16” to its entry; a label that occurs twice counts for none.
func labels(entries []refs.Entry) map[string]int {
	out := map[string]int{}
	for i, e := range entries {
		if e.Label == "" {
			continue
		}
		if _, twice := out[e.Label]; twice {
			out[e.Label] = -1
			continue
		}
		out[e.Label] = i
	}
	return out
}

// mostCited bounds one bracket; “[1–99]” is a range of numbers and no citation.
const mostCited = 40

// labelled finds brackets in which every part is a label.
func labelled(text []rune, known map[string]int, page, offset int) []Citation {
	var out []Citation
	for i := 0; i < len(text); i++ {
		if text[i] != '[' {
			continue
		}
		end := i + 1
		for end < len(text) && end-i < 200 && text[end] != ']' && text[end] != '[' {
			end++
		}
		if end >= len(text) || text[end] != ']' {
			continue
		}
		if found := bracket(string(text[i+1:end]), known); len(found) > 0 {
			out = append(out, Citation{Page: page, Start: offset + i, End: offset + end + 1, Entries: found})
		}
		i = end
	}
	return out
}

var (
	betweenLabels = regexp.MustCompile(`[,;]`)
	labelRange    = regexp.MustCompile(`^(\d{1,3})\s*[-–—−]\s*(\d{1,3})$`)
	whereInWork   = regexp.MustCompile(`^(?i:sec(?:tion|\.)?|ch(?:apter|\.)?|pp?\.|fig\.|th(?:eorem|m\.)|app(?:endix|\.)|eq\.|table|e\.g\.|see|cf\.)`)
)

// bracket reads the inside of “[1, 4–6, Sec. 2]”.
func bracket(s string, known map[string]int) []int {
	var out []int
	for i, part := range betweenLabels.Split(s, -1) {
		part = strings.TrimSpace(part)
		if i > 0 && len(out) > 0 && whereInWork.MatchString(part) {
			continue
		}
		if m := labelRange.FindStringSubmatch(part); m != nil {
			from, _ := strconv.Atoi(m[1])
			to, _ := strconv.Atoi(m[2])
			if to < from || to-from > mostCited {
				return nil
			}
			for n := from; n <= to; n++ {
				at, ok := known[strconv.Itoa(n)]
				if !ok || at < 0 {
					return nil
				}
				out = append(out, at)
			}
			continue
		}
		at, ok := known[strings.Join(strings.Fields(part), "")]
		if !ok || at < 0 {
			return nil
		}
		out = append(out, at)
	}
	return out
}

// families maps the folded family name of the first author to the entries.
func families(entries []refs.Entry) map[string][]int {
	out := map[string][]int{}
	for i, e := range entries {
		if f := family(e); f != "" {
			out[f] = append(out[f], i)
		}
	}
	return out
}

func family(e refs.Entry) string {
	name := e.Raw
	if len(e.Authors) > 0 {
		name = e.Authors[0]
		words := strings.Fields(name)
		if len(words) == 0 {
			return ""
		}
		return string(fold(strings.Trim(words[len(words)-1], ".,;:")))
	}
	name, _, _ = strings.Cut(name, ",")
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	return string(fold(words[0]))
}

// lookBack is how many runes before a year the name of its work may begin.
const lookBack = 90

var (
	citedYear = regexp.MustCompile(`\b(1[89]\d\d|20[0-4]\d)([a-h])?\b`)
	nameWord  = regexp.MustCompile(`[\p{Lu}][\p{L}’'´\-]+`)
)

// named finds years with the name of a first author before them.
func named(text []rune, entries []refs.Entry, names map[string][]int, page, offset int) []Citation {
	s := string(text)
	var out []Citation
	runeAt := runeOffsets(s)
	for _, m := range citedYear.FindAllStringSubmatchIndex(s, -1) {
		letter := ""
		if m[4] >= 0 {
			letter = s[m[4]:m[5]]
		}
		from := windowStart(s, m[0])
		at, start := workOf(s[from:m[0]], s[m[2]:m[3]], letter, entries, names)
		if at < 0 {
			continue
		}
		begin, end := offset+runeAt(from+start), offset+runeAt(m[1])
		if n := len(out); n > 0 && begin < out[n-1].End { // “He et al., 2015; 2016”
			out[n-1].End = end
			if !slices.Contains(out[n-1].Entries, at) {
				out[n-1].Entries = append(out[n-1].Entries, at)
			}
			continue
		}
		out = append(out, Citation{Page: page, Start: begin, End: end, Entries: []int{at}})
	}
	return out
}

// runeOffsets gives the rune offset of rising byte offsets of s.
func runeOffsets(s string) func(int) int {
	at, n := 0, 0
	return func(to int) int {
		if to < at {
			at, n = 0, 0
		}
		for i := range s[at:to] {
			_ = i
			n++
		}
		at = to
		return n
	}
}

// windowStart is where the text before a year may begin that belongs to it.
func windowStart(s string, end int) int {
	from, n := end, 0
	for from > 0 && n < lookBack {
		from--
		for from > 0 && s[from]&0xC0 == 0x80 {
			from--
		}
		n++
	}
	return from
}

// workOf finds the entry whose first author stands nearest before the year. Of
// several works of an author and a year the letter decides, then the second author.
func workOf(before, year, letter string, entries []refs.Entry, names map[string][]int) (entry, start int) {
	words := nameWord.FindAllStringIndex(before, -1)
	for i := len(words) - 1; i >= 0; i-- {
		word := before[words[i][0]:words[i][1]]
		word = strings.TrimSuffix(strings.TrimSuffix(word, "’s"), "'s")
		var fit []int
		for _, at := range names[string(fold(word))] {
			if dated(entries[at], year, letter) {
				fit = append(fit, at)
			}
		}
		if len(fit) > 1 {
			fit = slices.DeleteFunc(fit, func(at int) bool { return !secondNamed(entries[at], before[words[i][1]:]) })
		}
		if len(fit) == 1 {
			return fit[0], words[i][0]
		}
	}
	return -1, 0
}

// dated says whether an entry is of that year; a letter must stand in the entry too.
func dated(e refs.Entry, year, letter string) bool {
	if letter != "" {
		return strings.Contains(e.Raw, year+letter)
	}
	return strconv.Itoa(e.Year) == year || strings.Contains(e.Raw, "("+year+")")
}

// secondNamed says whether what stands between a name and its year fits the
// entry's further authors: “and Sun”, “et al.”, or nothing for a single author.
func secondNamed(e refs.Entry, between string) bool {
	etal := strings.Contains(between, "et al")
	switch {
	case len(e.Authors) > 2:
		return etal
	case len(e.Authors) == 2:
		second := strings.Fields(e.Authors[1])
		return !etal && len(second) > 0 && strings.Contains(between, strings.Trim(second[len(second)-1], ".,"))
	}
	return !etal && strings.IndexFunc(between, unicode.IsLetter) < 0
}
