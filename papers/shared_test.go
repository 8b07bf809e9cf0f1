package papers

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// shared gives a path below the yardsticks, which lie beside the repository; without them the test is skipped, loudly.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("TENET_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("needs ../shared: %s", filepath.Join(parts...))
	}
	return path
}

// rows reads a table of tab-separated values without its head.
func rows(t testing.TB, parts ...string) [][]string {
	t.Helper()
	b, err := os.ReadFile(shared(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for i, l := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		if i > 0 {
			out = append(out, strings.Split(l, "\t"))
		}
	}
	return out
}

// corpus reads each paper once in a run of the tests.
type corpus struct {
	mu   sync.Mutex // guards docs
	docs map[string]*Document
}

var read40 = corpus{docs: map[string]*Document{}}

func paper(t testing.TB, file string) *Document {
	t.Helper()
	path := shared(t, "corpus", file)
	read40.mu.Lock()
	defer read40.mu.Unlock()
	if d := read40.docs[file]; d != nil {
		return d
	}
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	read40.docs[file] = d
	return d
}

func number(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheQuotationsOfTheYardstickAreFoundOnTheirPages(t *testing.T) {
	all := rows(t, "peers", "pdf", "anchors.tsv")
	if len(all) < 62 {
		t.Fatalf("got %d quotations, want 62", len(all))
	}
	for _, r := range all {
		page := number(t, r[1])
		d := paper(t, r[0])
		l := Locate(d, Anchor{Exact: r[6], Page: page})
		if l.Outcome != Found || l.Page != page {
			t.Errorf("%s page %d %q: got %+v", r[0], page, r[6], l)
			continue
		}
		// The anchor that is made there must be found again, and without its page number too.
		a := MakeAnchor(d, l.Page, l.Start, l.End)
		if l.EndPage == 0 && Locate(d, a) != (Located{Outcome: Found, Page: l.Page, Start: l.Start, End: l.End, Candidates: 1}) {
			t.Errorf("%s %q: anchor %+v is not found where it was made", r[0], r[6], a)
		}
		a.File, a.Page = "another copy", 0
		if got := Locate(d, a); got.Outcome != Found || got.Page != l.Page || got.Start != l.Start {
			t.Errorf("%s %q in another copy, page unknown: got %+v, want %+v", r[0], r[6], got, l)
		}
		if len(a.Quads) == 0 {
			t.Errorf("%s %q: the anchor has no quads", r[0], r[6])
		}
	}
}

var (
	claimBlock = regexp.MustCompile(`(?s)  - id: (\S+)\.(c\d+)\n(.*?)(?:\n  - id: |\n- key: |\z)`)
	quoteField = regexp.MustCompile(`(?s)\n    quote: (.*?)\n    \w+:`)
	pageField  = regexp.MustCompile(`\n    page: (\d+)`)
	titleField = regexp.MustCompile(`title = \{(.*)\},\n`)
)

// surveyQuotes reads the verified quotes with a page from the survey, as text: this package does not know the format of packs.
func surveyQuotes(t *testing.T) (key, quote []string, page []int) {
	t.Helper()
	b, err := os.ReadFile(shared(t, "study", "survey.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for s := string(b); ; {
		m := claimBlock.FindStringSubmatchIndex(s)
		if m == nil {
			return key, quote, page
		}
		body := s[m[6]:m[7]]
		q, p := quoteField.FindStringSubmatch(body), pageField.FindStringSubmatch(body)
		if q != nil && p != nil {
			text := strings.Join(strings.Fields(q[1]), " ")
			if strings.HasPrefix(text, "'") || strings.HasPrefix(text, `"`) {
				text = strings.ReplaceAll(text[1:len(text)-1], "''", "'")
			}
			key, quote, page = append(key, s[m[2]:m[3]]), append(quote, text), append(page, number(t, p[1]))
		}
		s = s[m[7]:]
	}
}

// Of the 46 quotes 45 stand on the page that the study names; one (ding2021repvgg.c1) stands on page 2 and the study says 4.
func TestTheVerifiedQuotesOfTheStudyAreFound(t *testing.T) {
	bib, err := os.ReadFile(shared(t, "study", "references.bib"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"generativeadversarialnetworks": "gan.pdf"} // the reference has the later title
	for _, r := range rows(t, "corpus", "index.tsv") {
		files[string(fold(strings.ReplaceAll(r[3], " ", "")))] = r[0]
	}
	keys, quotes, pages := surveyQuotes(t)
	if len(keys) != 46 {
		t.Fatalf("got %d quotes with a page, want 46", len(keys))
	}
	found := 0
	for i := range keys {
		_, entry, _ := strings.Cut(string(bib), "{"+keys[i]+",")
		title := strings.NewReplacer("{", "", "}", "").Replace(titleField.FindStringSubmatch(entry)[1])
		file := files[string(fold(title))]
		if file == "" {
			t.Errorf("%s: no PDF for %q", keys[i], title)
			continue
		}
		switch l := Locate(paper(t, file), Anchor{Exact: quotes[i], Page: pages[i]}); {
		case l.Outcome == Found && l.Page == pages[i]:
			found++
		case keys[i] == "ding2021repvgg" && l.Outcome == Moved && l.Page == 2:
		default:
			t.Errorf("%s page %d %q: got %+v", keys[i], pages[i], quotes[i], l)
		}
	}
	if found < 45 {
		t.Errorf("got %d quotes on their page, want 45", found)
	}
}

// fileBytes reads a file below the yardsticks.
func fileBytes(t testing.TB, parts ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(shared(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
