package papers

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// bodyPage makes a page whose paragraphs are body blocks.
func bodyPage(paragraphs ...string) *Page {
	p := &Page{Number: 4}
	at := 0
	for i, s := range paragraphs {
		if i > 0 {
			p.Text += "\n\n"
			at += 2
		}
		n := utf8.RuneCountInString(s)
		p.Text += s
		p.Blocks = append(p.Blocks, Block{Start: at, End: at + n, Kind: Body})
		at += n
	}
	return p
}

func sentencesOf(p *Page) []string {
	text := []rune(p.Text)
	var out []string
	for _, s := range Segment(p) {
		out = append(out, string(text[s.Start:s.End]))
	}
	return out
}

// In the texts, | stands where one sentence ends and the next begins.
func TestSentencesEndWhereAReaderWouldEndThem(t *testing.T) {
	for _, marked := range []string{
		"Deeper networks are harder to train. |We present a framework.",
		"As He et al. (2015) show, depth helps. |It does not always.",
		"This was found by Srivastava et al. |The gate matters.",
		"This was found by He et al. [3] and others. |The gate matters.",
		"See Fig. 2 and Eq. (3) for details. |The rest follows.",
		"In Figs. 2, 3 and Sec. 4.1 we compare. |Tab. 5 lists all.",
		"The error is 3.57 % on average. |A net with 1.7M parameters wins.",
		"Nets, e.g. ResNet, i.e. those with skips, learn. |Others, cf. VGG, do not.",
		"J. Schmidhuber and K. Q. Weinberger wrote it. |They agree.",
		"Is it so? |Yes! |It is.",
		"They call it “easy.” |We do not.",
		"They call it easy.[12] |We do not.",
		"They call it easy. [12, 13] |We do not.",
		"They call it easy. |[12] shows the contrary.",
		"Use one layer.1 |The rest follows.",
		"It works (see the appendix. There is more) and ends here. |Next one.",
		"(This is so. And it is not.) |Next one.",
		"We use 34 layers vs. 18 layers. |34 layers win.",
		"3.2. Implementation of the method. |We follow the practice.",
		"It was in the U.S. market. |That is all.",
		"It uses skips, gates, etc. |However, it fails.",
		"It uses skips, gates, etc. and works.",
		"The class A. |In it we see more.",
		"Visit www.example.org/a.html today. |Then return.",
		"Version 2.0 is out … and works. |Good.",
		"Dr. Smith met Prof. Jones at approx. 5 p.m. |They left.",
	} {
		want := strings.Split(marked, "|")
		for i := range want {
			want[i] = strings.TrimSpace(want[i])
		}
		in := strings.ReplaceAll(marked, "|", "")
		if got := sentencesOf(bodyPage(in)); !slices.Equal(got, want) {
			t.Errorf("%q:\ngot  %q\nwant %q", in, got, want)
		}
	}
}

func TestASentenceRunsOnOverAColumn(t *testing.T) {
	p := bodyPage("It ends. This sentence goes on", "over the column. Another one.", "New paragraph here")
	want := []string{"It ends.", "This sentence goes on\n\nover the column.", "Another one.", "New paragraph here"}
	if got := sentencesOf(p); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAFigureDividesASentenceIntoTwoParts(t *testing.T) {
	p := bodyPage("This sentence goes on", "Figure 1: A plot. It shows much.", "below the figure. Another one.")
	p.Blocks[1].Kind = Caption
	want := []string{"This sentence goes on", "Figure 1: A plot.", "It shows much.", "below the figure.", "Another one."}
	if got := sentencesOf(p); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFurnitureHasNoSentencesAndAHeadingIsOne(t *testing.T) {
	p := bodyPage("A running head. Indeed.", "2. Related work. In short", "The text.", "17")
	p.Blocks[0].Kind, p.Blocks[1].Kind, p.Blocks[3].Kind = Header, Heading, PageNo
	want := []string{"2. Related work. In short", "The text."}
	if got := sentencesOf(p); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	s := Segment(p)
	if s[0].ID != "p4s1" || s[1].ID != "p4s2" || s[0].Kind != Heading {
		t.Errorf("got %+v, want ids p4s1, p4s2 and a heading first", s)
	}
}

func TestAPageWithoutBlocksIsCutByItsParagraphs(t *testing.T) {
	p := &Page{Number: 1, Text: "One here. Two here.\n\nThree here"}
	if got, want := sentencesOf(p), []string{"One here.", "Two here.", "Three here"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// checkSentences holds what must be true of any segmentation: order, no overlap, no letter outside, no white space at the ends.
func checkSentences(t *testing.T, p *Page) {
	t.Helper()
	text := []rune(p.Text)
	last := 0
	for i, s := range Segment(p) {
		if s.Start < last || s.End <= s.Start || s.End > len(text) {
			t.Fatalf("%q: sentence %d is [%d,%d) after %d", p.Text, i, s.Start, s.End, last)
		}
		if gap := strings.TrimSpace(string(text[last:s.Start])); gap != "" {
			t.Fatalf("%q: %q lies in no sentence", p.Text, gap)
		}
		if q := string(text[s.Start:s.End]); strings.TrimSpace(q) != q {
			t.Fatalf("%q: sentence %q has white space at its ends", p.Text, q)
		}
		last = s.End
	}
	if rest := strings.TrimSpace(string(text[last:])); rest != "" {
		t.Fatalf("%q: %q lies in no sentence", p.Text, rest)
	}
}

func FuzzSegment(f *testing.F) {
	for _, s := range []string{"", ".", "A. B. C.", "He et al. (2015) show. It", "(((. a. B", "a.[1] B.[2", "“x.” Y", "。。", "x\n\ny. Z\n\n", "1.1. 2.2. A", "\u00ad.\u200b A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip()
		}
		checkSentences(t, &Page{Number: 1, Text: s})
		checkSentences(t, bodyPage(strings.Split(s, "\n\n")...))
	})
}

func BenchmarkSegment(b *testing.B) {
	p := bodyPage(strings.Repeat("As He et al. (2015) show in Fig. 2, networks with 3.5 million weights learn. It is so. ", 60))
	b.ReportAllocs()
	for b.Loop() {
		Segment(p)
	}
}
