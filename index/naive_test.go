package index

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// small is a document as the naive matcher sees it: words of each field.
type small struct {
	id     string
	text   string
	tags   []string
	author string
	year   int
	page   int
	stance []string
}

func (s small) doc() *doc {
	d := &doc{values: map[string][]string{"tag": s.tags, "author": {s.author}, "stance": s.stance}}
	d.hit = hit{Kind: "claim", ID: s.id, Year: s.year, Page: s.page}
	d.Text = s.text
	return d
}

// words gives a field's words with their places, written without the index's tokenizer:
// the alphabet of the test has only plain words, spaces and line breaks.
func (s small) words(field string) map[int]string {
	var parts []string
	switch field {
	case textField:
		parts = strings.Split(s.text, "\n")
	case "tag":
		parts = s.tags
	case "author":
		parts = []string{s.author}
	}
	out := map[int]string{}
	pos := 0
	for _, p := range parts {
		for _, w := range strings.Fields(p) {
			out[pos] = strings.ToLower(w)
			pos++
		}
		pos += 10_000
	}
	return out
}

// holds is the plain reading of a query.
func (s small) holds(e expr) bool {
	switch e := e.(type) {
	case and:
		return !slices.ContainsFunc(e, func(p expr) bool { return !s.holds(p) })
	case or:
		return slices.ContainsFunc(e, s.holds)
	case not:
		return !s.holds(e.of)
	case sign:
		return slices.Contains(s.stance, e.value)
	case span:
		n := s.year
		if e.field == "page" {
			n = s.page
		}
		return n != 0 && e.lo <= n && n <= e.hi
	case term:
		return len(s.spots(e)) > 0
	case near:
		return s.fits(e, nil)
	}
	panic(fmt.Sprintf("%T", e))
}

// spots lists where the words of t begin.
func (s small) spots(t term) []int {
	words := s.words(t.field)
	var out []int
	for at := range words {
		ok := true
		for i, w := range t.words {
			got, there := words[at+i]
			last := i == len(t.words)-1
			switch {
			case !there:
				ok = false
			case last && t.prefix:
				ok = ok && strings.HasPrefix(got, w)
			case last && t.fuzzy > 0:
				ok = ok && distance(got, w) <= t.fuzzy
			default:
				ok = ok && got == w
			}
		}
		if ok {
			out = append(out, at)
		}
	}
	return out
}

// fits tries every choice of one occurrence per item.
func (s small) fits(e near, chosen [][2]int) bool {
	if len(chosen) == len(e.items) {
		lo, hi := chosen[0][0], chosen[0][1]
		for _, c := range chosen {
			lo, hi = min(lo, c[0]), max(hi, c[1])
		}
		return hi-lo <= e.n
	}
	t := e.items[len(chosen)]
	for _, at := range s.spots(t) {
		if s.fits(e, append(slices.Clone(chosen), [2]int{at, at + len(t.words) - 1})) {
			return true
		}
	}
	return false
}

// distance is the least number of single edits, a swap of neighbours being one,
// by its definition.
func distance(a, b string) int {
	if a == "" || b == "" {
		return len(a) + len(b)
	}
	if a[0] == b[0] {
		return distance(a[1:], b[1:])
	}
	d := 1 + min(distance(a[1:], b), distance(a, b[1:]), distance(a[1:], b[1:]))
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		d = min(d, 1+distance(a[2:], b[2:]))
	}
	return d
}

var vocabulary = []string{"skip", "skips", "skim", "ship", "depth", "deep", "path", "a", "ab", "net", "ksip", "dpeht", "ba"}

func someWord(t *rapid.T) string { return rapid.SampledFrom(vocabulary).Draw(t, "word") }

func someText(t *rapid.T, most int) string {
	ws := rapid.SliceOfN(rapid.Custom(someWord), 0, most).Draw(t, "words")
	seps := []string{" ", " ", " ", "\n", ", "}
	var b strings.Builder
	for _, w := range ws {
		b.WriteString(w)
		b.WriteString(rapid.SampledFrom(seps[:4]).Draw(t, "sep"))
	}
	return b.String()
}

func someDoc(t *rapid.T, n int) small {
	return small{
		id:     strconv.Itoa(n),
		text:   someText(t, 12),
		tags:   []string{someText(t, 1), strings.ReplaceAll(someText(t, 2), "\n", " ")},
		author: strings.ReplaceAll(someText(t, 2), "\n", " "),
		year:   rapid.IntRange(2010, 2016).Draw(t, "year"),
		page:   rapid.IntRange(0, 4).Draw(t, "page"),
		stance: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"+", "-", "*"}), 0, 2, rapid.ID[string]).Draw(t, "stance"),
	}
}

// someQuery writes a query as a person would.
func someQuery(t *rapid.T, depth int) string {
	kinds := 11
	if depth == 0 {
		kinds = 8
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "shape") {
	case 0:
		return someWord(t)
	case 1:
		return fmt.Sprintf(`"%s %s"`, someWord(t), someWord(t))
	case 2:
		w := someWord(t)
		return w[:rapid.IntRange(1, len(w)).Draw(t, "cut")] + "*"
	case 3:
		return someWord(t) + rapid.SampledFrom([]string{"~", "~2"}).Draw(t, "fuzzy")
	case 4:
		return rapid.SampledFrom([]string{"tag:", "author:"}).Draw(t, "field") + someWord(t) + rapid.SampledFrom([]string{"", "*", "~"}).Draw(t, "suffix")
	case 5:
		lo := rapid.IntRange(2009, 2017).Draw(t, "lo")
		return rapid.SampledFrom([]string{fmt.Sprintf("year:%d", lo), fmt.Sprintf("year:%d..%d", lo, lo+2), fmt.Sprintf("year:..%d", lo), fmt.Sprintf("page:%d..", lo-2010)}).Draw(t, "range")
	case 6:
		return "stance:" + rapid.SampledFrom([]string{"+", "-", "*"}).Draw(t, "sign")
	case 7:
		items := []string{someWord(t), someWord(t) + "*", fmt.Sprintf(`"%s %s"`, someWord(t), someWord(t)), someWord(t)}
		k := rapid.IntRange(2, 4).Draw(t, "items")
		return fmt.Sprintf("NEAR/%d(%s)", rapid.IntRange(0, 6).Draw(t, "n"), strings.Join(items[:k], " "))
	case 8:
		return "-(" + someQuery(t, depth-1) + ")"
	case 9:
		return "(" + someQuery(t, depth-1) + " or " + someQuery(t, depth-1) + ")"
	}
	return "(" + someQuery(t, depth-1) + " " + someQuery(t, depth-1) + ")"
}

func TestTheIndexAgreesWithANaiveMatcher(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, err := newWriter("", "")
		if err != nil {
			t.Fatal(err)
		}
		var docs []small
		for n := range rapid.IntRange(1, 12).Draw(t, "docs") {
			docs = append(docs, someDoc(t, n))
			if err := w.add(docs[n].doc()); err != nil {
				t.Fatal(err)
			}
		}
		g, err := w.finish(state{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer g.b.Close()
		for range 8 {
			q := someQuery(t, 3)
			e, err := parse(q, false)
			if err != nil {
				t.Fatalf("%s: %v", q, err)
			}
			var got, want []string
			for _, d := range docs {
				if d.holds(e) {
					want = append(want, d.id)
				}
			}
			var res Results
			sort := rapid.SampledFrom([]string{"score", "newest", "year"}).Draw(t, "sort")
			if err := g.search(t.Context(), e, SearchOptions{Limit: 100, Sort: sort}, &res); err != nil {
				t.Fatalf("%s: %v", q, err)
			}
			for _, h := range res.Hits {
				got = append(got, h.ID)
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) || int(res.Total) != len(want) {
				t.Fatalf("%s, read as %s, over\n%+v\n got %v (total %d)\nwant %v", q, e, docs, got, res.Total, want)
			}
		}
	})
}
