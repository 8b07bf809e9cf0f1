package papers

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// bodyDocument makes a document of which each argument is a page, its paragraphs set apart by empty lines.
func bodyDocument(pages ...string) *Document {
	d := &Document{SHA256: "aa", Version: EngineVersion}
	for i, text := range pages {
		p := bodyPage(strings.Split(text, "\n\n")...)
		p.Number, p.Source = i+1, "test"
		d.Pages = append(d.Pages, *p)
	}
	return d
}

// cut gives the words that Located points at.
func cut(d *Document, l Located) string {
	p := d.page(l.Page)
	if p == nil {
		return ""
	}
	return string([]rune(p.Text)[l.Start:l.End])
}

// anchorOf anchors the first place of words in a document.
func anchorOf(t *testing.T, d *Document, words string) Anchor {
	t.Helper()
	for _, p := range d.Pages {
		if at := strings.Index(p.Text, words); at >= 0 {
			start := utf8.RuneCountInString(p.Text[:at])
			return MakeAnchor(d, p.Number, start, start+utf8.RuneCountInString(words))
		}
	}
	t.Fatalf("%q does not stand in the document", words)
	return Anchor{}
}

const (
	thesis = "Skips help because a part of the learning signal arrives unchanged at the early layers."
	filler = "Much has been written about the depth of networks and about the ways in which they are trained."
)

func TestAQuoteIsFoundWhereItsAnchorSays(t *testing.T) {
	d := bodyDocument(filler+" "+thesis+" "+filler, thesis)
	a := anchorOf(t, d, thesis)
	want := Located{Outcome: Found, Page: 1, Start: len(filler) + 1, End: len(filler) + 1 + len(thesis), Candidates: 1}
	if got := Locate(d, a); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if a.Prefix == "" || !strings.HasPrefix(a.Suffix, " Much") || utf8.RuneCountInString(a.Prefix) != 32 {
		t.Errorf("context: got %q and %q, want 32 runes on each side", a.Prefix, a.Suffix)
	}
}

// Two readings of one print differ in line ends, hyphens, ligatures, quotes and case of small capitals; none of that moves a quote.
func TestAnotherReadingOfTheSamePrintFindsTheQuote(t *testing.T) {
	const quote = `The “first” effect—a well-conditioned flow—is naïve.`
	for _, other := range []string{
		`The "first" effect - a well-conditioned flow - is naive.`,
		"The ``first'' eﬀect—a well-\nconditioned ﬂow—is naı\u0308ve.",
		"THE “ﬁrst” ef\u00adfect–a well conditioned\n\nflow–is nai\u0308ve.",
		"The“first”effect—awell-conditionedflow—isnaïve.",
	} {
		a := anchorOf(t, bodyDocument(filler+" "+quote), quote)
		d := bodyDocument(filler + " " + filler + " " + other)
		d.SHA256 = "bb"
		got := Locate(d, a)
		if got.Outcome != Found || got.Distance != 0 || cut(d, got) != other {
			t.Errorf("%q: got %+v, %q; want it found whole", other, got, cut(d, got))
		}
	}
}

func TestAQuoteOnAnotherPageHasMoved(t *testing.T) {
	a := anchorOf(t, bodyDocument(thesis+" "+filler), thesis)
	d := bodyDocument(filler, filler+" "+thesis+" "+filler)
	if got := Locate(d, a); got.Outcome != Moved || got.Page != 2 || cut(d, got) != thesis {
		t.Errorf("got %+v, want moved to page 2", got)
	}
}

func TestAQuoteKnownByItsWordsAndPageIsFound(t *testing.T) {
	d := bodyDocument(filler, thesis, filler)
	for page, want := range map[int]Outcome{2: Found, 0: Found, 1: Moved, 9: Moved} {
		if got := Locate(d, Anchor{Exact: thesis, Page: page}); got.Outcome != want || got.Page != 2 {
			t.Errorf("page %d: got %+v, want %s on page 2", page, got, want)
		}
	}
	a := AnchorForQuote(d, thesis, 2)
	if a.RuneEnd != len(thesis) || a.File != "aa" || Locate(d, a).Outcome != Found {
		t.Errorf("got %+v, want an anchor with its position", a)
	}
	if a = AnchorForQuote(d, "words that are nowhere in it", 2); a.RuneEnd != 0 || a.Exact == "" || a.Page != 2 {
		t.Errorf("got %+v, want the words kept and no position", a)
	}
}

func TestAQuoteRunsAroundAFigureAndOverAPage(t *testing.T) {
	d := bodyDocument("Skips help because a part of the\n\nFigure 1: a plot.\n\nlearning signal arrives", "unchanged at the early layers. "+filler)
	d.Pages[0].Blocks[1].Kind = Caption
	got := Locate(d, Anchor{Exact: thesis, Page: 1})
	if got.Outcome != Found || got.Page != 1 || got.EndPage != 2 || got.Start != 0 || got.End != utf8.RuneCountInString(d.Pages[0].Text) {
		t.Errorf("got %+v, want found from page 1 to page 2", got)
	}
}

func TestContextDecidesBetweenTwoPlaces(t *testing.T) {
	twice := "In the first study this was so. It holds. In the other case the contrary was true. It holds. And more."
	d := bodyDocument(twice)
	a := anchorOf(t, d, "true. It holds.")
	a.Exact, a.Prefix, a.RuneStart = "It holds.", "other case the contrary was true.", 0
	d.SHA256 = "bb"
	got := Locate(d, a)
	if got.Outcome != Found || got.Start != strings.LastIndex(twice, "It holds.") {
		t.Errorf("got %+v, want the second place", got)
	}
}

// Never a silent jump to a look-alike: each of these has a candidate, and none of them is safe.
func TestALookAlikeIsNeverTakenSilently(t *testing.T) {
	long := "We find that skip connections are not harmful for networks of 110 layers when they are compared with care."
	for _, c := range []struct{ name, original, now, quote string }{
		{"the same words twice and no context", "x. " + thesis, thesis + " " + filler + " " + thesis, thesis},
		{"few words whose surroundings are gone", "Highway gates were measured first. It holds. They won by far.", "Diffusion models are different. It holds. Nothing follows from that.", "It holds."},
		{"a negation is gone", filler + " " + long, filler + " " + strings.Replace(long, "not harmful", "harmful", 1), long},
		{"a negation has come", filler + " " + strings.Replace(long, "not harmful", "harmful", 1), filler + " " + long, strings.Replace(long, "not harmful", "harmful", 1)},
		{"a number has changed", filler + " " + long, filler + " " + strings.Replace(long, "110", "101", 1), long},
		{"similar words on another page, in other surroundings", long + " More of it.", filler + "\n\nNothing like it before. " + strings.Replace(long, "with care", "with cars", 1) + " Other words.", long},
	} {
		a := anchorOf(t, bodyDocument(c.original), c.quote)
		if c.name == "the same words twice and no context" {
			a.Prefix, a.Suffix = "", ""
		}
		if strings.HasPrefix(c.name, "similar") {
			c.now = filler + "\f" + c.now
		}
		d := bodyDocument(strings.Split(c.now, "\f")...)
		d.SHA256 = "bb"
		if got := Locate(d, a); got.Outcome != Ambiguous || got.Candidates == 0 {
			t.Errorf("%s: got %+v %q, want ambiguous", c.name, got, cut(d, got))
		}
	}
}

func TestAQuoteWithSmallChangesHasMoved(t *testing.T) {
	now := "Skips help, because a part of the learning signal arrives unaltered at the early layers."
	d := bodyDocument(filler + " " + now + " " + filler)
	a := anchorOf(t, bodyDocument(filler+" "+thesis+" "+filler), thesis)
	d.SHA256 = "bb"
	got := Locate(d, a)
	if got.Outcome != Moved || got.Distance == 0 || got.Distance > len(thesis)/10 || cut(d, got) != now {
		t.Errorf("got %+v %q, want %q at a small distance", got, cut(d, got), now)
	}
}

func TestAQuoteThatIsGoneIsLost(t *testing.T) {
	d := bodyDocument(filler, filler)
	for _, exact := range []string{thesis, "", "-", " "} {
		if got := Locate(d, Anchor{Exact: exact, Page: 1}); got != (Located{Outcome: Lost}) {
			t.Errorf("%q: got %+v, want lost and nothing else", exact, got)
		}
	}
}

func TestTheSameFileInANewReadingIsComparedAnew(t *testing.T) {
	d := bodyDocument(filler + " " + thesis)
	a := anchorOf(t, d, thesis)
	d.Pages[0] = *bodyPage(thesis + " " + filler)
	d.Pages[0].Number = 1
	if got := Locate(d, a); got.Outcome != Found || got.Start != 0 {
		t.Errorf("got %+v, want the words at their new offset", got)
	}
}

func TestHalfALigatureIsADifference(t *testing.T) {
	for _, c := range []struct{ quote, text string }{{"'", "\""}, {"f", "ﬁ"}, {"of", "oﬁ"}} {
		if got := Locate(bodyDocument(c.text), Anchor{Exact: c.quote, Page: 1}); got.Outcome != Lost {
			t.Errorf("%q in %q: got %+v, want lost", c.quote, c.text, got)
		}
	}
	d := bodyDocument(filler + " a long enough run of words whose last letter is oﬁ")
	got := Locate(d, Anchor{Exact: "a long enough run of words whose last letter is of", Page: 1})
	if got.Outcome == Found || got.Distance != 1 || !strings.HasSuffix(cut(d, got), "oﬁ") {
		t.Errorf("got %+v %q, want the whole ligature at distance 1, and not called found", got, cut(d, got))
	}
}

func TestFoldingForgetsLineEnds(t *testing.T) {
	want := string(fold("well-conditioned “flow” of ﬁne naïve things"))
	for _, s := range []string{"well-\nconditioned \"ﬂow\" of fine nai\u0308ve\n\nthings", "wellconditioned ''flow'' of f\u00adine naïve things"} {
		if got := string(fold(s)); got != want {
			t.Errorf("fold(%q): got %q, want %q", s, got, want)
		}
	}
}

// distance is the edit distance by the book, to check the bit-parallel search.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// Sellers' recurrence (J. Algorithms 1, 1980) is the definition that the bit-parallel scan must agree with at each letter.
func checkScan(t *testing.T, want, text []rune) {
	t.Helper()
	row := make([]int, len(want)+1)
	for j := range row {
		row[j] = j
	}
	for end, got := range newMyers(want).scan(text) {
		diagonal := row[0]
		row[0] = 0
		for j := range want {
			cost := diagonal
			if text[end-1] != want[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
		if got != row[len(want)] {
			t.Fatalf("%q in %q, end %d: got distance %d, want %d", string(want), string(text), end, got, row[len(want)])
		}
	}
}

func TestTheBitParallelScanAgreesWithTheTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	letters := []rune("abcdθ")
	word := func(n int) []rune {
		out := make([]rune, n)
		for i := range out {
			out[i] = letters[rng.IntN(len(letters))]
		}
		return out
	}
	for _, m := range []int{1, 2, 63, 64, 65, 127, 128, 129, 200} {
		for range 20 {
			checkScan(t, word(m), word(300))
		}
	}
}

func FuzzLocate(f *testing.F) {
	f.Add(thesis, filler+" "+thesis, 3, 20)
	f.Add("a", "aaaa\n\naaa", 0, 1)
	f.Add("ﬁ “x” − y", "fi \"x\" - y\n\nz", 0, 5)
	f.Add("", "", 0, 0)
	f.Fuzz(func(t *testing.T, quote, text string, start, end int) {
		if !utf8.ValidString(text) || len(text) > 5000 || len(quote) > 2000 {
			t.Skip()
		}
		d := bodyDocument(strings.Split(text, "\f")...)
		l := Locate(d, Anchor{Exact: quote, Page: 1})
		words := fold(quote)
		switch l.Outcome {
		case Lost:
		case Found, Moved, Ambiguous:
			got := fold(cut(d, l))
			if l.EndPage == 0 && distance(got, words) > l.Distance {
				t.Fatalf("%q in %q: got %+v %q, further than it says", quote, text, l, string(got))
			}
			if l.Distance*10 > len(words) {
				t.Fatalf("%q: distance %d of %d letters", quote, l.Distance, len(words))
			}
		default:
			t.Fatalf("got outcome %q", l.Outcome)
		}
		a := MakeAnchor(d, 1, start, end)
		if again := Locate(d, a); len(fold(a.Exact)) > 0 && (again.Outcome != Found || again.Start != a.RuneStart || again.End != a.RuneEnd) {
			t.Fatalf("anchor %+v of %q: got %+v, want it where it was made", a, text, again)
		}
		if len(words) > 0 && len(words) < 200 {
			checkScan(t, words, fold(text))
		}
	})
}

func TestQuadsAreOneForEachLine(t *testing.T) {
	p := bodyPage("one two three four")
	p.Number = 1
	for i, w := range []struct {
		start, end int
		box        Box
	}{{0, 3, Box{10, 10, 30, 20}}, {4, 7, Box{35, 10, 55, 20}}, {8, 13, Box{10, 22, 40, 32}}, {14, 18, Box{45, 22, 70, 32}}} {
		_ = i
		p.Words = append(p.Words, Word{Start: w.start, End: w.end, Box: w.box})
	}
	d := &Document{Pages: []Page{*p}}
	want := []Quad{{3500, 1000, 5500, 2000}, {1000, 2200, 4000, 3200}}
	if got := MakeAnchor(d, 1, 4, 13).Quads; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func BenchmarkLocate(b *testing.B) {
	pages := make([]string, 15)
	for i := range pages {
		pages[i] = strings.Repeat(filler+" ", 45)
	}
	pages[9] += thesis
	d := bodyDocument(pages...)
	changed := strings.Replace(thesis, "unchanged", "unaltered", 1)
	for name, quote := range map[string]string{"exact": thesis, "approximate": changed} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Locate(d, Anchor{Exact: quote, Page: 10})
			}
		})
	}
}
