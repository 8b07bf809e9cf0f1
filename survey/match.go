package survey

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tenet/internal/store"
	"tenet/papers"
)

// How a PDF was recognised.
const (
	MatchedSameFile = "same-file"
	MatchedDOI      = "doi"
	MatchedArXiv    = "arxiv"
	MatchedTitle    = "title"
	MatchedNew      = "new"
)

// startLetters is how many letters of a title find it in running text; a
// shorter title is too common to be found so.
const startLetters = 12

// matchKeys lists what a paper can be recognised by.
func matchKeys(p Paper) []string {
	var keys []string
	add := func(prefix, v string) {
		if v != "" {
			keys = append(keys, prefix+v)
		}
	}
	add("sha:", p.FileSHA)
	for _, f := range p.OtherFiles {
		add("sha:", f.SHA)
	}
	add("doi:", p.DOI)
	add("arxiv:", p.ArXiv)
	title := squash(p.Title)
	add("title:", title)
	add("start:", titleStart(title))
	if family := squash(firstFamily(p.Authors)); family != "" {
		add("by:", family+":"+strconv.Itoa(p.Year))
	}
	return keys
}

// titleStart gives the first letters of a squashed title, "" when it is short.
func titleStart(title string) string {
	n := 0
	for i := range title {
		if n == startLetters {
			return title[:i]
		}
		n++
	}
	if n == startLetters {
		return title
	}
	return ""
}

// squash keeps the letters and digits of a text, without marks and case.
func squash(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func firstFamily(authors []string) string {
	if len(authors) == 0 {
		return ""
	}
	family, given, comma := strings.Cut(authors[0], ",")
	if comma || given != "" {
		return family
	}
	ws := strings.Fields(family)
	if len(ws) == 0 {
		return ""
	}
	return ws[len(ws)-1]
}

var (
	doiForm   = regexp.MustCompile(`(?i)10\.\d{4,9}/[^\s"<>{}]*[^\s"<>{}.,;]`)
	arxivNew  = regexp.MustCompile(`\b(\d{4}\.\d{4,5})(v\d+)?\b`)
	arxivOld  = regexp.MustCompile(`\b([a-z\-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?\b`)
	arxivDOI  = regexp.MustCompile(`(?i)10\.48550/arxiv\.(\S+)`)
	arxivNear = regexp.MustCompile(`(?i)arxiv`)
)

// NormalDOI gives a DOI as papers keep it, "" when s holds none.
func NormalDOI(s string) string { return strings.ToLower(doiForm.FindString(s)) }

// NormalArXiv gives an arXiv id without its version, "" when s holds none.
func NormalArXiv(s string) string {
	if m := arxivDOI.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if m := arxivNew.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	if m := arxivOld.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// match finds the paper that a document is, and by what; ok is false when the
// library does not know it. Only the index is used, so it stays quick in a
// library of any size.
func match(tx *store.Tx, sha string, d *papers.Document) (p Paper, by string, ok bool, err error) {
	m := d.Meta
	arxiv := NormalArXiv(m.ArXiv)
	if arxiv == "" && arxivNear.MatchString(m.DOI) {
		arxiv = NormalArXiv(m.DOI)
	}
	for _, try := range []struct{ key, by string }{
		{"sha:" + sha, MatchedSameFile},
		{"doi:" + NormalDOI(m.DOI), MatchedDOI},
		{"arxiv:" + arxiv, MatchedArXiv},
		{"title:" + squash(m.Title), MatchedTitle},
	} {
		if strings.HasSuffix(try.key, ":") || try.by == MatchedTitle && len(try.key) < len("title:")+startLetters {
			continue
		}
		for p, err := range store.Refs[Paper](tx, KindPaper, "match_ids", try.key) {
			if err != nil {
				return Paper{}, "", false, err
			}
			if try.by != MatchedSameFile && contradicts(p, m) {
				continue
			}
			p, err = original(tx, p)
			return p, try.by, err == nil, err
		}
	}
	if p, ok, err = similar(tx, m); err == nil && !ok {
		p, ok, err = titleOnFirstPage(tx, d)
	}
	return p, MatchedTitle, ok, err
}

// contradicts says that the document's own, surely read title is that of
// another work: an id picked up from a reference must not join two papers.
func contradicts(p Paper, m papers.Meta) bool {
	return m.Confidence >= 0.8 && p.Title != "" && len(squash(m.Title)) >= startLetters && alike(squash(p.Title), squash(m.Title)) < 0.3
}

// original follows duplicate-of to the paper that counts.
func original(tx *store.Tx, p Paper) (Paper, error) {
	for range 100 {
		if p.DuplicateOf == "" {
			return p, nil
		}
		next, err := store.Get[Paper](tx, KindPaper, p.DuplicateOf)
		if err != nil {
			return Paper{}, err
		}
		p = next
	}
	return Paper{}, fmt.Errorf("survey: %s: its duplicates go round in a circle", p.Alias)
}

// similar looks among papers of the same first author within two years for a
// title that differs little.
func similar(tx *store.Tx, m papers.Meta) (Paper, bool, error) {
	title, family := squash(m.Title), squash(firstFamily(m.Authors))
	if len(title) < startLetters || family == "" {
		return Paper{}, false, nil
	}
	years := []int{0}
	if m.Year != 0 {
		years = []int{m.Year, m.Year - 1, m.Year + 1, m.Year - 2, m.Year + 2, 0}
	}
	var best Paper
	score := 0.85 // below it, papers of one author in one year are often different works
	for _, y := range years {
		for p, err := range store.Refs[Paper](tx, KindPaper, "match_ids", "by:"+family+":"+strconv.Itoa(y)) {
			if err != nil {
				return Paper{}, false, err
			}
			if s := alike(title, squash(p.Title)); s > score {
				best, score = p, s
			}
		}
	}
	if best.ID == "" {
		return Paper{}, false, nil
	}
	best, err := original(tx, best)
	return best, err == nil, err
}

// titleOnFirstPage looks whether a known title starts one of the first lines,
// with its first author's name on the same page: metadata is often missing.
func titleOnFirstPage(tx *store.Tx, d *papers.Document) (Paper, bool, error) {
	if len(d.Pages) == 0 {
		return Paper{}, false, nil
	}
	text := []rune(d.Pages[0].Text)
	page := squash(d.Pages[0].Text)
	for _, at := range lineStarts(d.Pages[0]) {
		if at >= min(len(text), 1500) {
			break
		}
		rest := squash(string(text[at:min(len(text), at+600)]))
		begin := titleStart(rest)
		if begin == "" {
			continue
		}
		for p, err := range store.Refs[Paper](tx, KindPaper, "match_ids", "start:"+begin) {
			if err != nil {
				return Paper{}, false, err
			}
			title, family := squash(p.Title), squash(firstFamily(p.Authors))
			if strings.HasPrefix(rest, title) && family != "" && strings.Contains(page, family) {
				p, err = original(tx, p)
				return p, err == nil, err
			}
		}
	}
	return Paper{}, false, nil
}

func lineStarts(p papers.Page) []int {
	var at []int
	for _, b := range p.Blocks {
		if len(b.Lines) == 0 {
			at = append(at, b.Start)
		}
		for _, l := range b.Lines {
			at = append(at, l.Start)
		}
	}
	if len(at) == 0 {
		at = append(at, 0)
	}
	return at
}

// alike is the Dice coefficient of the letter triples of two squashed texts.
func alike(a, b string) float64 {
	ga, gb := triples(a), triples(b)
	if len(ga) == 0 || len(gb) == 0 {
		return 0
	}
	na, nb, both := 0, 0, 0
	for _, n := range ga {
		na += n
	}
	for g, n := range gb {
		nb += n
		both += min(n, ga[g])
	}
	return 2 * float64(both) / float64(na+nb)
}

func triples(s string) map[string]int {
	r := []rune(s)
	out := map[string]int{}
	for i := 0; i+3 <= len(r); i++ {
		out[string(r[i:i+3])]++
	}
	return out
}

// freeKey gives key, or key with a number behind it when it is taken.
func freeKey(tx *store.Tx, key string) (string, error) {
	for n := 1; ; n++ {
		try := key
		if n > 1 {
			try = key + "-" + strconv.Itoa(n)
		}
		_, taken, err := byKey[Paper](tx, KindPaper, try)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return "", err
		}
		if !taken {
			return try, nil
		}
	}
}

// makeKey builds a bibliography key from what is known: "he2015deep".
func makeKey(p Paper) string {
	family := ascii(squash(firstFamily(p.Authors)))
	year := ""
	if p.Year != 0 {
		year = strconv.Itoa(p.Year)
	}
	word := ""
	for w := range strings.FieldsSeq(p.Title) {
		if w = ascii(squash(w)); len(w) > 3 || w != "" && family == "" {
			word = w
			break
		}
	}
	if key := family + year + word; key != "" {
		return key
	}
	return "paper"
}

func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return -1
		}
		return r
	}, s)
}
