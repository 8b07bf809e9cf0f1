package papers

import (
	"slices"
	"unicode"
)

// An Outcome says how a quote was found again. Only the first two are silent: what is ambiguous or lost goes to a person.
type Outcome string

// Found: the words stand on the page named. Moved: they stand elsewhere, or nearly the same words stand in their place, and nothing
// competes with them. Ambiguous: there are candidates, but no safe choice. Lost: there is no candidate.
const (
	Found     Outcome = "found"
	Moved     Outcome = "moved"
	Ambiguous Outcome = "ambiguous"
	Lost      Outcome = "lost"
)

// Located is where a quote stands now. Of an ambiguous quote it is the best candidate; of a lost one it is empty.
type Located struct {
	Outcome    Outcome `json:"outcome"`
	Page       int     `json:"page,omitempty"`
	Start      int     `json:"start,omitempty"` // runes of the page's Text
	End        int     `json:"end,omitempty"`
	EndPage    int     `json:"end_page,omitempty"` // set where the quote runs on to that page; End is then the end of its part on Page
	Distance   int     `json:"distance,omitempty"` // letters that differ, after folding
	Candidates int     `json:"candidates,omitempty"`
}

// Locate finds an anchor's quote in a document: by position, by its exact words with their context, and by words that differ in at
// most a tenth of their letters. Use a Finder for many quotes of one document.
func Locate(d *Document, a Anchor) Located { return NewFinder(d).Locate(a) }

// A Finder locates quotes in one document, which it has folded once. It may be used from many goroutines.
type Finder struct {
	d     *Document
	runes [][]rune // of each page
	all   *folded  // everything but the page's furniture
	body  *folded  // without what floats, so that a sentence is whole that runs around a figure; nil where nothing floats
}

// NewFinder prepares a document, which must not change while the finder is used.
func NewFinder(d *Document) *Finder {
	f := &Finder{d: d, runes: make([][]rune, len(d.Pages))}
	floats := false
	for i, p := range d.Pages {
		f.runes[i] = []rune(p.Text)
		for _, b := range p.Blocks {
			floats = floats || b.Kind != Body && !furniture(b.Kind)
		}
	}
	f.all = foldDocument(d, f.runes, func(k BlockKind) bool { return !furniture(k) })
	if floats {
		f.body = foldDocument(d, f.runes, func(k BlockKind) bool { return k == Body || k == Reference })
	}
	return f
}

// candidate is a range of folded text that may be the quote.
type candidate struct {
	in         *folded
	start, end int
	distance   int
	context    int // runes of the kept context that agree
}

// Locate is as the function Locate.
func (f *Finder) Locate(a Anchor) Located {
	want := fold(a.Exact)
	if len(want) == 0 {
		return Located{Outcome: Lost}
	}
	if l, ok := f.atPosition(a, want); ok {
		return l
	}
	prefix, suffix := fold(a.Prefix), fold(a.Suffix)
	found := f.exact(want)
	if len(found) == 0 {
		found = f.approximate(want)
	}
	found = slices.DeleteFunc(found, func(c candidate) bool { return c.whole().distance*10 > len(want) })
	for i := range found {
		found[i] = found[i].whole()
		found[i].context = found[i].agree(prefix, suffix)
	}
	return f.choose(a, want, len(prefix)+len(suffix), found)
}

// atPosition trusts the stored offsets only for the same reading of the same file, and then still compares the words.
func (f *Finder) atPosition(a Anchor, want []rune) (Located, bool) {
	if a.RuneEnd <= a.RuneStart || a.File != f.d.SHA256 || a.Version != f.d.Version {
		return Located{}, false
	}
	for i := range f.d.Pages {
		if f.d.Pages[i].Number != a.Page || a.RuneStart < 0 || a.RuneEnd > len(f.runes[i]) {
			continue
		}
		if slices.Equal(fold(string(f.runes[i][a.RuneStart:a.RuneEnd])), want) {
			return Located{Outcome: Found, Page: a.Page, Start: a.RuneStart, End: a.RuneEnd, Candidates: 1}, true
		}
	}
	return Located{}, false
}

// exact finds all places of the folded words.
func (f *Finder) exact(want []rune) []candidate {
	found := occurrences(f.all, want)
	if len(found) == 0 && f.body != nil {
		found = occurrences(f.body, want)
	}
	return found
}

// mostCandidates bounds the work on a quote such as “the”; past it the quote is ambiguous in any case.
const mostCandidates = 1000

func occurrences(in *folded, want []rune) []candidate {
	var out []candidate
	text := in.text
	for i := 0; i+len(want) <= len(text); i++ {
		k := slices.Index(text[i:len(text)-len(want)+1], want[0])
		if k < 0 {
			break
		}
		i += k
		if slices.Equal(text[i:i+len(want)], want) {
			if out = append(out, candidate{in: in, start: i, end: i + len(want)}); len(out) == mostCandidates {
				break
			}
		}
	}
	return out
}

// whole takes in the rest of a rune of which only a part is in the candidate, as the f of “ﬁ”; what it takes in counts as a difference.
func (c candidate) whole() candidate {
	for c.start > 0 && c.in.oneRune(c.start-1) {
		c.start--
		c.distance++
	}
	for c.end < len(c.in.text) && c.end > 0 && c.in.oneRune(c.end-1) {
		c.end++
		c.distance++
	}
	return c
}

// oneRune says whether the folded runes at i and i+1 come from one rune of the page.
func (f *folded) oneRune(i int) bool {
	return f.at[i] == f.at[i+1] && f.pageAt(i) == f.pageAt(i+1)
}

// agree counts how many runes of the context stand beside the candidate, from the quote outwards.
func (c candidate) agree(prefix, suffix []rune) int {
	n := 0
	for i := 1; i <= len(prefix) && c.start-i >= 0 && c.in.text[c.start-i] == prefix[len(prefix)-i]; i++ {
		n++
	}
	for i := 0; i < len(suffix) && c.end+i < len(c.in.text) && c.in.text[c.end+i] == suffix[i]; i++ {
		n++
	}
	return n
}

const (
	// enoughContext is how many runes beside a quote must agree before context counts as evidence; about two words.
	enoughContext = 10
	// speaksForItself is the length from which the same words a second time, by chance, need not be feared.
	speaksForItself = 40
)

// choose picks the one candidate that is safe to take, or says that there is none.
func (f *Finder) choose(a Anchor, want []rune, kept int, found []candidate) Located {
	if len(found) == 0 {
		return Located{Outcome: Lost}
	}
	best := 0
	for i, c := range found {
		if c.context > found[best].context || c.context == found[best].context && f.near(a, c) < f.near(a, found[best]) {
			best = i
		}
	}
	c := found[best]
	l := c.in.span(c.start, c.end)
	l.Distance, l.Candidates = c.distance, len(found)
	l.Outcome = Ambiguous
	onPage := l.Page == a.Page || l.EndPage != 0 && l.EndPage == a.Page
	inContext := c.context >= min(enoughContext, kept) && kept > 0
	if len(found) > 1 && !f.distinct(a, found, best) {
		return l
	}
	if c.distance > 0 && (!sameSense(want, c.in.text[c.start:c.end]) || kept > 0 && !inContext && !onPage) {
		return l
	}
	if len(want) < speaksForItself && kept >= enoughContext && !inContext {
		return l // a few words, and nothing around them is as it was: a look-alike
	}
	if onPage && c.distance == 0 || a.Page == 0 && c.distance == 0 {
		l.Outcome = Found
		return l
	}
	l.Outcome = Moved
	return l
}

// distinct says whether one of several candidates stands out: by its context, or by being the only one on the page named.
func (f *Finder) distinct(a Anchor, found []candidate, best int) bool {
	rival, here := -1, 0
	for i, c := range found {
		if i != best {
			rival = max(rival, c.context)
		}
		if f.near(a, c) == 0 {
			here++
		}
	}
	if found[best].context >= enoughContext && rival <= found[best].context/2 {
		return true
	}
	return a.Page > 0 && here == 1 && f.near(a, found[best]) == 0 && rival <= found[best].context
}

// near is how many pages lie between the candidate and the page named.
func (f *Finder) near(a Anchor, c candidate) int {
	l := c.in.span(c.start, c.end)
	n := l.Page - a.Page
	if n < 0 {
		n = -n
	}
	if l.EndPage != 0 && l.EndPage == a.Page {
		return 0
	}
	return n
}

// sameSense refuses words that differ in what may turn a claim round: a number, or a negation.
func sameSense(a, b []rune) bool {
	return slices.Equal(digits(a), digits(b)) && negations(a) == negations(b)
}

func digits(s []rune) []rune {
	var out []rune
	for _, r := range s {
		if unicode.IsDigit(r) {
			out = append(out, r)
		}
	}
	return out
}

// negations counts the letters of no, not, n't, never, without and un in folded text, which has no word limits any more; both sides are
// counted alike, so a word that merely contains one counts on both.
func negations(s []rune) int {
	n := 0
	for _, w := range [...]string{"no", "n't", "never", "without", "un", "less", "hardly", "rarely"} {
		want := []rune(w)
		for i := 0; i+len(want) <= len(s); i++ {
			if slices.Equal(s[i:i+len(want)], want) {
				n++
			}
		}
	}
	return n
}
