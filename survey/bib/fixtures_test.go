package bib_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"tenet/survey/bib"
)

// fixtures gives the folder of real bibliographies, or skips.
func fixtures(t *testing.T) string {
	t.Helper()
	root := os.Getenv("TENET_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "fixtures", "bib")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("needs ../shared/fixtures/bib beside the module, or $TENET_SHARED: NOT CHECKED")
	}
	return dir
}

// Counts are those of index.tsv, which two counters and a person agreed on.
func TestTheFixturesAreReadWhole(t *testing.T) {
	dir := fixtures(t)
	index, err := os.ReadFile(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	files, exact, entries, read := 0, 0, 0, 0
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		col := strings.Split(line, "\t")
		if col[1] != "bibtex" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, col[0]))
		if err != nil {
			t.Fatal(err)
		}
		want, err := strconv.Atoi(col[2])
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		es, ws := bib.Parse(col[0], bytes.NewReader(data))
		if d := time.Since(start); d > 30*time.Second {
			t.Errorf("%s took %v", col[0], d)
		}
		files, entries, read = files+1, entries+want, read+min(want, len(es))
		if len(es) == want || strconv.Itoa(len(es)) == col[3] {
			exact++
		} else {
			t.Errorf("%s: got %d entries, want %d (%s)", col[0], len(es), want, col[8])
		}
		if len(es) == 0 && len(ws) == 0 {
			t.Errorf("%s: no entry and no word about it", col[0])
		}
	}
	t.Logf("%d of %d entries, %d of %d files exact", read, entries, exact, files)
}

// expected is a checked entry of expected.jsonl.
type expected struct {
	File, Key, Type                      string
	Record                               int
	Authors, Editors                     []person
	Title, Subtitle, DOI, Pages, Journal *string
	Year                                 *int
	TitleAlso                            []string `json:"title_also"`
	PagesAlso                            []string `json:"pages_also"`
	Others                               bool
}

type person struct{ Family, Given, Prefix, Suffix, Literal string }

func TestTheCheckedEntriesAreReadRight(t *testing.T) {
	dir := fixtures(t)
	f, err := os.Open(filepath.Join(dir, "expected.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	checked := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var x expected
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains([]string{".bib", ".bibtex", ".biblatex"}, filepath.Ext(x.File)) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, x.File))
		if err != nil {
			t.Fatal(err)
		}
		es, _ := bib.Parse(x.File, bytes.NewReader(data))
		i := slices.IndexFunc(es, func(e bib.Entry) bool { return e.Key == x.Key })
		if i < 0 {
			t.Errorf("%s: no entry %s", x.File, x.Key)
			continue
		}
		checked++
		x.compare(t, es.Resolved()[i])
	}
	if checked < 60 {
		t.Errorf("only %d entries were compared; the file has more than 60 of BibTeX", checked)
	}
	t.Logf("%d entries compared", checked)
}

func (x expected) compare(t *testing.T, e bib.Entry) {
	t.Helper()
	is := func(field, got string, want *string, also ...string) {
		if want == nil {
			return
		}
		for _, w := range append(also, *want) {
			if plain(got) == plain(w) {
				return
			}
		}
		t.Errorf("%s %s %s\n got %q\nwant %q", x.File, x.Key, field, got, *want)
	}
	title := x.Title
	also := slices.Clone(x.TitleAlso)
	if title != nil && x.Subtitle != nil {
		both := *title + ": " + *x.Subtitle
		also = append(also, both)
	}
	is("title", e.Title(), title, also...)
	is("pages", e.Text("pages"), x.Pages, x.PagesAlso...)
	is("journal", e.Text("journal", "journaltitle"), x.Journal)
	if x.DOI != nil {
		is("doi", bib.Verbatim(e.Get("doi")), x.DOI)
	}
	if x.Year != nil && e.Year() != *x.Year {
		t.Errorf("%s %s year: got %d, want %d", x.File, x.Key, e.Year(), *x.Year)
	}
	if e.Type != x.Type {
		t.Errorf("%s %s type: got %s, want %s", x.File, x.Key, e.Type, x.Type)
	}
	authors, others := e.Authors()
	if others != x.Others {
		t.Errorf("%s %s others: got %v, want %v", x.File, x.Key, others, x.Others)
	}
	x.people(t, "authors", authors, x.Authors)
	if x.Editors != nil {
		editors, _ := bib.Names(e.Get("editor"))
		x.people(t, "editors", editors, x.Editors)
	}
}

func (x expected) people(t *testing.T, field string, got []bib.Name, want []person) {
	t.Helper()
	if want == nil {
		return
	}
	show := func(family, given, prefix, suffix, literal string) string {
		given = strings.ReplaceAll(strings.ReplaceAll(norm.NFKC.String(given), ".", ""), " ", "")
		return plain(strings.TrimSpace(prefix+" "+family) + "|" + given + "|" + suffix + "|" + literal)
	}
	var g, w []string
	for _, n := range got {
		g = append(g, show(n.Family, n.Given, n.Prefix, n.Suffix, n.Literal))
	}
	for _, n := range want {
		w = append(w, show(n.Family, n.Given, n.Prefix, n.Suffix, n.Literal))
	}
	if !slices.Equal(g, w) {
		t.Errorf("%s %s %s\n got %q\nwant %q", x.File, x.Key, field, g, w)
	}
}

// plain brings text to the form in which the fixtures' README compares.
func plain(s string) string {
	s = norm.NFKC.String(s)
	s = strings.NewReplacer("–", "-", "—", "-", "−", "-", "‐", "-", "‑", "-", "“", `"`, "”", `"`, "‘", "'", "’", "'").Replace(s)
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "-")
	}
	return strings.TrimSuffix(strings.Join(strings.Fields(s), " "), ".")
}
