package papers

import (
	"slices"
	"strings"
	"testing"

	"tenet/papers/pdfwrite"
	"tenet/papers/refs"
)

// cited gives the words of each citation with the entries it names, as “[2, 4] → 1 3”.
func citedIn(text string, raw ...string) (words []string, entries [][]int) {
	d := bodyDocument(text)
	for _, r := range raw {
		d.References = append(d.References, refs.Parse(r))
	}
	for _, c := range citations(d) {
		words = append(words, substring(text, c.Start, c.End))
		entries = append(entries, c.Entries)
	}
	return words, entries
}

func TestNumbersInBracketsLeadToTheirEntries(t *testing.T) {
	var raw []string
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		raw = append(raw, "["+n+"] A. Author. A work of some length. In CVPR, 2016.")
	}
	text := "Ünder [1] it holds, as in [2, 4] and [3–5]; see [2, Sec. 3]. The interval [0, 1] and [7] are none, nor [1–99] or [a]."
	words, entries := citedIn(text, raw...)
	if want := []string{"[1]", "[2, 4]", "[3–5]", "[2, Sec. 3]"}; !slices.Equal(words, want) {
		t.Fatalf("got %q, want %q", words, want)
	}
	for i, want := range [][]int{{0}, {1, 3}, {2, 3, 4}, {1}} {
		if !slices.Equal(entries[i], want) {
			t.Errorf("%s: got entries %v, want %v", words[i], entries[i], want)
		}
	}
}

func TestNamesAndYearsLeadToTheirEntries(t *testing.T) {
	raw := []string{
		"Kaiming He, Xiangyu Zhang, and Jian Sun. 2016. Deep residual learning for recognition. In CVPR.",
		"Kaiming He and Jian Sun. 2015a. Convolutional networks at constrained cost. In CVPR.",
		"Kaiming He and Jian Sun. 2015b. Delving deep into the rectifiers. In ICCV.",
		"Christopher Bishop. 1995. Neural networks for pattern recognition. Oxford.",
		"Jürgen Schmidhuber. 2015. Deep learning in neural networks. Neural Networks.",
		"Andrew Ng and Michael Jordan. 2002. On discriminative and generative classifiers. In NIPS.",
		"Andrew Ng, Michael Jordan, and Yair Weiss. 2002. On spectral clustering. In NIPS.",
	}
	for _, c := range []struct {
		text, words string
		entry       int
	}{
		{"It works (He et al., 2016).", "He et al., 2016", 0},
		{"He and Sun (2015a) say so.", "He and Sun (2015a", 1},
		{"As before (He & Sun, 2015b).", "He & Sun, 2015b", 2},
		{"See [Bishop, 1995] for more.", "Bishop, 1995", 3},
		{"SCHMIDHUBER aside, Schmidhuber’s work (2015) counts.", "Schmidhuber’s work (2015", 4},
		{"Two of a year (Ng and Jordan, 2002).", "Ng and Jordan, 2002", 5},
		{"Three of a year (Ng et al., 2002).", "Ng et al., 2002", 6},
	} {
		words, entries := citedIn(c.text, raw...)
		if len(words) != 1 || words[0] != c.words || !slices.Equal(entries[0], []int{c.entry}) {
			t.Errorf("%q: got %q %v, want %q leading to %d", c.text, words, entries, c.words, c.entry)
		}
	}
	for _, none := range []string{"In 2016 it was so.", "He said so in 2011.", "Ng wrote two works (2002).", "Nobody et al. (2016)."} {
		if words, _ := citedIn(none, raw...); len(words) != 0 {
			t.Errorf("%q: got %q, want no citation", none, words)
		}
	}
}

func TestTheBibliographyItselfCitesNothing(t *testing.T) {
	d := article(pdfwrite.Info{})
	d.Paragraph("As was shown before [1], and again [2].")
	d.Heading(1, "References")
	for _, n := range []string{"[1]", "[2]", "[3]"} {
		d.Reference(n, "K. He, X. Zhang, S. Ren, and J. Sun. Deep residual learning, a sequel to [1]. In CVPR, 2016.")
	}
	got := opened(t, d.Bytes(pdfwrite.Form{}))
	if len(got.References) != 3 || len(got.Citations) != 2 {
		t.Fatalf("got %d references and citations %+v, want 3 and 2", len(got.References), got.Citations)
	}
}

func TestAHeadingSetCloseToTheFirstEntryOpensTheBibliography(t *testing.T) {
	text := "REFERENCES\nJimmy Ba. Do deep nets really need to be deep? NIPS, 2014.\nLei Xu. Another work on nets. ICLR, 2016."
	d := bodyDocument(text)
	b := &d.Pages[0].Blocks[0]
	at := 0
	for l := range strings.Lines(text) {
		n := len([]rune(strings.TrimSuffix(l, "\n")))
		b.Lines = append(b.Lines, Line{Start: at, End: at + n})
		at += n + 1
	}
	if got := bibliography(d); len(got) != 2 || !strings.HasPrefix(got[0].Text, "Jimmy Ba") {
		t.Errorf("got %+v, want the two lines below the heading", got)
	}
}

// Of the 1,273 entries of the corpus 1,247 are cited in the text; the others mostly are not cited by their papers.
func TestNearlyEveryEntryOfTheCorpusIsCited(t *testing.T) {
	entries, cited := 0, 0
	for _, r := range rows(t, "corpus", "index.tsv") {
		d := paper(t, r[0])
		seen := map[int]bool{}
		for _, c := range d.Citations {
			p := d.Pages[c.Page-1]
			if c.Start < 0 || c.End <= c.Start || c.End > len([]rune(p.Text)) {
				t.Fatalf("%s: citation %+v lies outside its page", r[0], c)
			}
			for _, e := range c.Entries {
				seen[e] = true
			}
		}
		entries, cited = entries+len(d.References), cited+len(seen)
		if len(d.References) == 0 {
			t.Errorf("%s: no bibliography", r[0])
		}
	}
	t.Logf("%d of %d entries are cited", cited, entries)
	if cited*100 < entries*96 {
		t.Errorf("got %d of %d entries cited, want 96 of 100", cited, entries)
	}
}
