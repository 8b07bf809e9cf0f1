package papers

import (
	"strconv"
	"strings"
	"unicode"
)

// Segment cuts a page's Text into sentences with ids p<page>s<n>, in reading order. A heading, a table, a formula and a bibliography
// entry is one sentence each; headers, footers, page and line numbers have none. A sentence that runs on from one block to the next
// stays one; where a float or a page end comes between its parts, each part is a sentence of its own.
func Segment(p *Page) []Sentence {
	text := []rune(p.Text)
	var out []Sentence
	for _, s := range p.stretches(text) {
		for _, c := range cutStretch(text, s) {
			c.ID = "p" + strconv.Itoa(p.Number) + "s" + strconv.Itoa(len(out)+1)
			out = append(out, c)
		}
	}
	return out
}

// stretch is a run of text in which sentences are looked for.
type stretch struct {
	start, end int
	kind       BlockKind
}

// stretches lists the blocks, with body blocks joined where one plainly runs on into the next.
func (p *Page) stretches(text []rune) []stretch {
	var out []stretch
	for _, b := range p.blocksOrParagraphs(text) {
		if furniture(b.kind) {
			continue
		}
		b.start, b.end = trim(text, b.start, b.end)
		if b.start >= b.end {
			continue
		}
		if n := len(out); n > 0 && b.kind == Body && out[n-1].kind == Body && runsOn(text, out[n-1], b) {
			out[n-1].end = b.end
			continue
		}
		out = append(out, b)
	}
	return out
}

func (p *Page) blocksOrParagraphs(text []rune) []stretch {
	var out []stretch
	last := 0
	for _, b := range p.Blocks {
		if b.Start < last || b.End > len(text) || b.End < b.Start {
			continue // a block out of order would make sentences overlap
		}
		out = append(out, stretch{b.Start, b.End, b.Kind})
		last = b.End
	}
	if len(out) > 0 {
		return out
	}
	start := 0
	for i := 0; i <= len(text); i++ {
		if i == len(text) || text[i] == '\n' && i+1 < len(text) && text[i+1] == '\n' {
			out = append(out, stretch{start, i, Body})
			start = i
		}
	}
	return out
}

// furniture says whether a block belongs to the page rather than to the paper.
func furniture(k BlockKind) bool {
	return k == Header || k == Footer || k == PageNo || k == LineNo
}

func trim(text []rune, start, end int) (int, int) {
	for start < end && unicode.IsSpace(text[start]) {
		start++
	}
	for end > start && unicode.IsSpace(text[end-1]) {
		end--
	}
	return start, end
}

// runsOn says whether the sentence at the end of a goes on at the start of b: nothing but white space lies between them, a does not
// end like a sentence and b does not start like one.
func runsOn(text []rune, a, b stretch) bool {
	for _, r := range text[a.end:b.start] {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	last := text[a.end-1]
	for i := a.end - 1; i > a.start && closing(text[i]); i-- {
		last = text[i-1]
	}
	return !strings.ContainsRune(".!?:…•", last) && unicode.IsLower(text[b.start])
}

// cutStretch finds the sentences of one stretch.
func cutStretch(text []rune, s stretch) []Sentence {
	if s.kind != Body && s.kind != Caption && s.kind != Footnote {
		return []Sentence{{Start: s.start, End: s.end, Kind: s.kind}}
	}
	var out []Sentence
	start := s.start
	depth := 0 // open round brackets since the sentence began
	opened := 0
	for i := s.start; i < s.end; i++ {
		switch r := text[i]; {
		case r == '(':
			if depth == 0 {
				opened = i
			}
			depth++
		case r == ')':
			depth = max(depth-1, 0)
		case r == '•' && i > start:
			out = appendSentence(out, text, start, i, s.kind)
			start, depth = i, 0
		case terminator(r):
			if depth > closedHere(text, i+1, s.end) && i-opened < longestAside && closesSoon(text, i, s.end) {
				continue
			}
			end, next, ok := boundary(text, start, i, s.end)
			if ok {
				out = appendSentence(out, text, start, end, s.kind)
				start, depth = next, 0
				i = next - 1
			}
		}
	}
	return appendSentence(out, text, start, s.end, s.kind)
}

func appendSentence(out []Sentence, text []rune, start, end int, kind BlockKind) []Sentence {
	start, end = trim(text, start, end)
	if start >= end {
		return out
	}
	return append(out, Sentence{Start: start, End: end, Kind: kind})
}

// longestAside bounds how far a bracket may reach and still hold a sentence together; more is a bracket that was never closed.
const longestAside = 400

// closedHere counts the round brackets that close right after a terminator.
func closedHere(text []rune, at, end int) int {
	n := 0
	for ; at < end && closing(text[at]); at++ {
		if text[at] == ')' {
			n++
		}
	}
	return n
}

func closesSoon(text []rune, i, end int) bool {
	for j := i + 1; j < min(end, i+longestAside); j++ {
		if text[j] == ')' {
			return true
		}
		if text[j] == '(' {
			return closesSoon2(text, j, end)
		}
	}
	return false
}

// closesSoon2 looks past one inner pair of brackets; deeper nesting does not occur in prose.
func closesSoon2(text []rune, i, end int) bool {
	n := 0
	for j := i + 1; j < min(end, i+longestAside); j++ {
		if text[j] == ')' {
			if n++; n == 2 {
				return true
			}
		}
	}
	return false
}

func terminator(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '。', '！', '？':
		return true
	}
	return false
}

func closing(r rune) bool { return strings.ContainsRune(`)]}"'”’»›`, r) }

func opening(r rune) bool { return strings.ContainsRune(`([{"'“‘«‹`, r) }

// boundary decides whether the terminator at i ends the sentence that began at start. It gives the end of the sentence, with closing
// marks and a citation that belongs to it, and where the next one starts.
func boundary(text []rune, start, i, limit int) (end, next int, ok bool) {
	end = i + 1
	for end < limit && (terminator(text[end]) || closing(text[end])) {
		end++
	}
	if wide := text[i]; wide == '。' || wide == '！' || wide == '？' {
		return end, end, true
	}
	// A superscript that came down as digits: “layers.1 The”.
	if d := digitsAt(text, end, limit); d > 0 && d <= 2 && i > start && unicode.IsLetter(text[i-1]) && end+d+1 < limit && unicode.IsSpace(text[end+d]) && unicode.IsUpper(text[end+d+1]) {
		end += d
	}
	// A citation set after the full stop: “deeper.[3] The”, “deeper. [3] The”.
	if c := citationAt(text, end, limit); c > end {
		if after := skipSpace(text, c, limit); after == limit || after > c && unicode.IsUpper(text[after]) {
			return c, c, true
		}
	}
	next = skipSpace(text, end, limit)
	if next == limit {
		return limit, limit, true
	}
	if next == end {
		return 0, 0, false // inside a number, a name, an address
	}
	if !startsSentence(text, next, limit) {
		return 0, 0, false
	}
	if text[i] == '.' && end == i+1 && abbreviated(text, start, i, next, limit) {
		return 0, 0, false
	}
	if text[i] == '…' && !unicode.IsUpper(text[next]) {
		return 0, 0, false
	}
	return end, next, true
}

func digitsAt(text []rune, at, limit int) int {
	n := 0
	for at+n < limit && text[at+n] >= '0' && text[at+n] <= '9' {
		n++
	}
	return n
}

// citationAt gives the end of a citation such as [3, 14] that starts at or one space after at; otherwise at.
func citationAt(text []rune, at, limit int) int {
	i := at
	if i < limit && text[i] == ' ' {
		i++
	}
	if i >= limit || text[i] != '[' {
		return at
	}
	for j := i + 1; j < min(limit, i+40); j++ {
		switch r := text[j]; {
		case r == ']' && j > i+1:
			return j + 1
		case r >= '0' && r <= '9', r == ',', r == ' ', r == '-', r == '–':
		default:
			return at
		}
	}
	return at
}

func skipSpace(text []rune, at, limit int) int {
	for at < limit && unicode.IsSpace(text[at]) {
		at++
	}
	return at
}

// startsSentence says whether a sentence may start here: a capital, a digit, a letter without case, a bullet or an opening mark.
func startsSentence(text []rune, at, limit int) bool {
	for at < limit && opening(text[at]) {
		at++
	}
	if at == limit {
		return false
	}
	r := text[at]
	return unicode.IsUpper(r) || unicode.IsDigit(r) || r == '•' || r == '†' || r == '∗' || unicode.IsLetter(r) && !unicode.IsLower(r)
}

// abbreviated says whether the full stop at i belongs to an abbreviation, an initial or an enumerator, so that the sentence goes on.
func abbreviated(text []rune, start, i, next, limit int) bool {
	from := i
	for from > start && !unicode.IsSpace(text[from-1]) && !opening(text[from-1]) && text[from-1] != '-' && text[from-1] != '–' && text[from-1] != '/' {
		from--
	}
	word := string(text[from:i])
	starter := starters[firstWord(text, next, limit)]
	if from == start && enumerator(word) {
		return true
	}
	if len(word) == 0 {
		return false
	}
	lower := strings.ToLower(word)
	if neverEnds[lower] {
		// “Fig. 2” goes on; so does anything before a digit, a bracket or a name.
		return !starter || lower == "e.g" || lower == "i.e"
	}
	if mayEnd[lower] {
		return !starter
	}
	runes := []rune(word)
	if len(runes) == 1 && unicode.IsUpper(runes[0]) {
		return !starter // an initial, unless what follows can only start a sentence
	}
	// Initials written together: “J.F. Kennedy”, “U.S. patent”.
	if strings.Contains(word, ".") && initials(runes) {
		return !starter
	}
	return false
}

func initials(w []rune) bool {
	for k, r := range w {
		if k%2 == 0 && !unicode.IsLetter(r) || k%2 == 1 && r != '.' && r != '-' {
			return false
		}
	}
	return true
}

// enumerator recognises the number of a heading or a list item: 3, 2.1, iv, a.
func enumerator(w string) bool {
	if w == "" {
		return false
	}
	digits, roman := true, len(w) <= 4
	for _, r := range w {
		digits = digits && (r >= '0' && r <= '9' || r == '.')
		roman = roman && strings.ContainsRune("ivxIVX", r)
	}
	return digits && len(w) <= 6 || roman || len(w) == 1
}

func firstWord(text []rune, at, limit int) string {
	for at < limit && opening(text[at]) {
		at++
	}
	end := at
	for end < limit && end-at < 16 && (unicode.IsLetter(text[end]) || text[end] == '’') {
		end++
	}
	return string(text[at:end])
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// neverEnds are abbreviations that something must follow; mayEnd are those that can close a sentence.
var (
	neverEnds = set("e.g i.e cf vs fig figs eq eqs eqn eqns sec secs sect tab tabs ref refs no nos vol vols pp ch chap alg algs thm lem prop def cor app appx dr prof mr mrs ms st mt gen eds ed trans proc conf int symp univ dept assoc viz w.l.o.g a.k.a approx esp jan feb mar apr jun jul aug sep sept oct nov dec supp suppl")
	mayEnd    = set("al etc inc ltd co corp jr sr resp i.i.d w.r.t ph.d b.sc m.sc u.s u.k e.u a.m p.m ca s.t et")
	// starters are words that, written with a capital in the middle of a text, almost always start a sentence.
	starters = set("The This That These Those There Then Thus Therefore Though Their They We Our It Its In If Is Instead Indeed In A An And As At Also Although After All Any Another Are Because Before Both But By Can Despite Do Does During Each Even Every Finally First For Further Furthermore From Given Hence Here How However Like Many More Moreover Most Nevertheless No Not Note Now On Once One Only Other Others Otherwise Over Please Recall Recent Recently Second Several Similarly Since So Some Such Specifically Third Through To Two Under Unlike Until Using What When Where Whereas Whether Which While With Without You Your")
)
