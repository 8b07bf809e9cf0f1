package index

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenet/papers"
)

// page puts blocks below each other and keeps their places.
func page(number int, blocks ...papers.Block) (*papers.Page, func(kind papers.BlockKind, sentences ...string)) {
	p := &papers.Page{Number: number, Blocks: blocks}
	return p, func(kind papers.BlockKind, sentences ...string) {
		if p.Text != "" {
			p.Text += "\n\n"
		}
		start := len([]rune(p.Text))
		for i, s := range sentences {
			if i > 0 {
				p.Text += " "
			}
			from := len([]rune(p.Text))
			p.Text += s
			p.Sentences = append(p.Sentences, papers.Sentence{Start: from, End: len([]rune(p.Text)), Kind: kind})
		}
		p.Blocks = append(p.Blocks, papers.Block{Start: start, End: len([]rune(p.Text)), Kind: kind})
	}
}

func texts(p *papers.Page) []string {
	var out []string
	for _, a := range passages(p) {
		out = append(out, a.text([]rune(p.Text)))
	}
	return out
}

func TestAHeadingStandsWithItsTextAndRunningHeadsAreLeftOut(t *testing.T) {
	long := strings.Repeat("word ", 99) + "end."
	p, add := page(3)
	add(papers.Header, "A running head")
	add(papers.Heading, "2 Méthode")
	add(papers.Body, long)
	add(papers.Body, "Short one.")
	add(papers.Body, "Short two.")
	add(papers.Caption, "Figure 1: a picture.")
	add(papers.PageNo, "3")
	got := texts(p)
	want := []string{"2 Méthode\n\n" + long, "Short one.\n\nShort two.", "Figure 1: a picture."}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestALongParagraphIsCutBetweenSentences(t *testing.T) {
	s := strings.Repeat("word ", 89) + "end."
	p, add := page(1)
	add(papers.Body, s, s, s, s, s)
	got := texts(p)
	if len(got) != 3 {
		t.Fatalf("%d passages", len(got))
	}
	for i, g := range got {
		if !strings.HasSuffix(strings.TrimSpace(g), "end.") {
			t.Errorf("passage %d ends in the middle of a sentence: …%q", i, g[len(g)-20:])
		}
	}
}

// Passages cover each word of a page that is not a running head once, in order.
func TestPassagesCoverThePageOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, add := page(1)
		kinds := []papers.BlockKind{papers.Body, papers.Body, papers.Heading, papers.Caption, papers.Header, papers.PageNo, papers.Formula, papers.Reference}
		var want []string
		for range rapid.IntRange(0, 8).Draw(t, "blocks") {
			kind := rapid.SampledFrom(kinds).Draw(t, "kind")
			var sentences []string
			for range rapid.IntRange(1, 12).Draw(t, "sentences") {
				sentences = append(sentences, strings.TrimSpace(strings.Repeat("wörd ", rapid.IntRange(1, 60).Draw(t, "words"))))
			}
			add(kind, sentences...)
			if kind != papers.Header && kind != papers.PageNo {
				want = append(want, strings.Fields(strings.Join(sentences, " "))...)
			}
		}
		var got []string
		last := 0
		for _, a := range passages(p) {
			if a.start < last || a.end <= a.start {
				t.Fatalf("passage %d to %d after %d", a.start, a.end, last)
			}
			last = a.end
			for _, part := range strings.Split(a.text([]rune(p.Text)), "\n\n") {
				got = append(got, strings.Fields(part)...)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("%d words, want %d", len(got), len(want))
		}
	})
}

func TestAPageNobodyAnalysedIsCutAtItsEmptyLines(t *testing.T) {
	p := &papers.Page{Number: 1, Text: strings.Repeat("a ", 100) + "\n\n" + strings.Repeat("b ", 100)}
	if got := texts(p); len(got) != 2 || !strings.HasPrefix(got[1], "b") {
		t.Errorf("got %q", got)
	}
}
