package papers

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"tenet/papers/pdfwrite"
)

// tally counts as shared/peers/pdf/score.py does, but against the text that was written, so that the answer is exact.
type tally struct {
	want, got, hit    int // words
	pairs, kept       int // words that follow each other in running text
	joins, joined     int // of them, over the end of a line
	glued, split      int
	signs, signsFound int // of mathematics
}

func (s tally) f1() float64 { return 2 * float64(s.hit) / float64(s.want+s.got) }

func (s *tally) add(o tally) {
	s.want, s.got, s.hit = s.want+o.want, s.got+o.got, s.hit+o.hit
	s.pairs, s.kept, s.joins, s.joined = s.pairs+o.pairs, s.kept+o.kept, s.joins+o.joins, s.joined+o.joined
	s.glued, s.split = s.glued+o.glued, s.split+o.split
	s.signs, s.signsFound = s.signs+o.signs, s.signsFound+o.signsFound
}

func (s tally) String() string {
	per := func(n, of int) float64 { return float64(n) / float64(max(1, of)) }
	return fmt.Sprintf("f1 %.4f order %.4f join %.4f glued %.2f split %.2f math %.3f (%d words, %d pairs, %d over line ends, %d signs)",
		s.f1(), per(s.kept, s.pairs), per(s.joined, s.joins), 1000*per(s.glued, s.got), 1000*per(s.split, s.want), per(s.signsFound, s.signs), s.want, s.pairs, s.joins, s.signs)
}

// brokenLine is a hyphen at a line end with the line end.
var brokenLine = regexp.MustCompile(`(\pL)[-\x{2010}\x{ad}][ \t]*[\r\n\f]+\s*`)

// scoreWord is a word as the scorer compares it; "" for what is no word.
func scoreWord(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, string(fold(s)))
}

// writtenWords gives the words that a document was made of in the order of writing, halves of broken words joined, and whether a line ends
// after each; and the signs of mathematics in it.
func writtenWords(places []pdfwrite.Place) (words []string, ends []bool, flow []bool, signs map[rune]int) {
	signs = map[rune]int{}
	half := ""
	for i, p := range places {
		for _, r := range p.Text {
			if mathSign(r) {
				signs[r]++
			}
		}
		if p.Hyphen {
			half += strings.TrimSuffix(p.Text, "-")
			continue
		}
		for part := range strings.FieldsSeq(half + p.Text) {
			w := scoreWord(part)
			if w == "" {
				continue
			}
			words = append(words, w)
			ends = append(ends, half != "" || i+1 < len(places) && places[i+1].Box.Y0 > p.Box.Y1-1)
			flow = append(flow, p.Kind == "body" || p.Kind == "reference")
		}
		half = ""
	}
	return words, ends, flow, signs
}

func mathSign(r rune) bool {
	return r >= 0x370 && r <= 0x3ff || r >= 0x2190 && r <= 0x22ff
}

// scoreOf compares the document's plain text with what was written.
func scoreOf(t *testing.T, places []pdfwrite.Place, d *Document) tally {
	t.Helper()
	want, ends, flow, signs := writtenWords(places)
	var b bytes.Buffer
	if err := WriteText(&b, d); err != nil {
		t.Fatal(err)
	}
	text := brokenLine.ReplaceAllString(b.String(), "$1")
	var got []string
	for w := range strings.FieldsSeq(text) {
		if w = scoreWord(w); w != "" {
			got = append(got, w)
		}
	}
	s := tally{want: len(want), got: len(got)}
	have, follow, written := map[string]int{}, map[string]int{}, map[string]int{}
	for i, w := range got {
		have[w]++
		if i+1 < len(got) {
			follow[w+" "+got[i+1]]++
		}
	}
	glueable := map[string]bool{}
	for i, w := range want {
		written[w]++
		if have[w] > 0 {
			have[w]--
			s.hit++
		} else if len(w) > 2 {
			s.split++ // lost or in pieces
		}
		if i+1 == len(want) {
			break
		}
		glueable[w+want[i+1]] = true
		if !flow[i] || !flow[i+1] {
			continue
		}
		s.pairs++
		pair := w + " " + want[i+1]
		kept := follow[pair] > 0
		if kept {
			follow[pair]--
			s.kept++
		}
		if ends[i] {
			s.joins++
			if kept {
				s.joined++
			}
		}
	}
	for w, n := range have {
		if written[w] == 0 && glueable[w] {
			s.glued += n
		}
	}
	found := map[rune]int{}
	for _, r := range b.String() {
		found[r]++
	}
	for r, n := range signs {
		s.signs += n
		s.signsFound += min(n, found[r])
	}
	return s
}

// designs are the looks in which the same paper is written.
func designs() map[string]pdfwrite.Options {
	full := pdfwrite.Options{Columns: 2, Justify: true, Hyphenate: true, Ligatures: true, RunningHead: "A running head of the journal", PageNumbers: true}
	return map[string]pdfwrite.Options{
		"one column":                {},
		"two columns":               {Columns: 2},
		"justified, broken":         full,
		"no space glyphs":           {Columns: 2, Justify: true, Hyphenate: true, Ligatures: true, Moves: true},
		"Helvetica":                 {Columns: 2, Justify: true, Font: pdfwrite.Helvetica},
		"two-byte codes":            {Columns: 2, Justify: true, Ligatures: true, Font: pdfwrite.Unicode},
		"Type 3":                    {Justify: true, Hyphenate: true, Font: pdfwrite.Type3},
		"small print":               {Columns: 2, Justify: true, Hyphenate: true, Size: 7.5},
		"a draft with line numbers": {LineNumbers: true, Justify: true, PageNumbers: true},
	}
}

// scoredPaper is a paper with all that makes reading hard, each word in its place known.
func scoredPaper(o pdfwrite.Options) *pdfwrite.Doc {
	d := pdfwrite.New(o)
	d.Front("The official definition of efficient connections", []string{"Ada Writer", "Ben Other"}, strings.Repeat("An abstract that says in a few lines what was found, and why it matters. ", 4))
	prose := "Residual connections carry the signal past the layers that would change it, so the gradient of the final loss flows back undiminished; nevertheless different nets find different configurations (He et al., 2016). "
	for i := range 5 {
		d.Heading(1, fmt.Sprintf("%d A section on flows", i+1))
		d.Paragraph(strings.Repeat(prose, 3))
		d.Paragraph("Let α ≤ β hold for all θ in the set, then ∑ over ∂ of the loss λ is at most ε, and ∇ stays bounded by σ.")
		d.Paragraph(strings.Repeat("Normalisation keeps the variance of every activation at one, whatever the depth, which a fluid initialisation alone does not. ", 3))
		d.Table([][]string{{"Net", "Depth", "Error"}, {"plain", "34", "28.5"}, {"residual", "34", "25.0"}, {"residual", "152", "21.4"}})
		d.Caption(fmt.Sprintf("Table %d: Errors of the nets that were trained for this section.", i+1))
		d.Footnote("1", "A footnote that stands at the foot of its column.")
	}
	d.Heading(1, "References")
	for i := range 12 {
		d.Reference(fmt.Sprintf("[%d]", i+1), "K. He, X. Zhang, S. Ren, and J. Sun. Deep residual learning for image recognition. In CVPR, 2016.")
	}
	return d
}

// What the scorer measures on other people's papers, measured where the answer is known: the documents are written here. The figures
// of docs/papers.md are this test's.
func TestTextIsExactWhereTheAnswerIsKnown(t *testing.T) {
	var all tally
	for name, o := range designs() {
		for kind, form := range map[string]pdfwrite.Form{"plain": {}, "packed": {Compress: true, XrefStream: true}} {
			doc := scoredPaper(o)
			b := doc.Bytes(form)
			begin := time.Now()
			d := opened(t, b)
			took := time.Since(begin)
			s := scoreOf(t, doc.Places, d)
			all.add(s)
			t.Logf("%-26s %-6s %v, %d pages in %.1f ms", name, kind, s, len(d.Pages), float64(took.Microseconds())/1000)
			if s.f1() < 0.999 || s.kept*1000 < s.pairs*985 || s.joined*1000 < s.joins*975 || s.glued*1000 > s.got || s.split*1000 > s.want*2 || s.signsFound*100 < s.signs*99 {
				t.Errorf("%s, %s: %v", name, kind, s)
			}
		}
	}
	t.Logf("pooled: %v", all)
}

// A measure that cannot fall measures nothing.
func TestTheScorerSeesWhatIsWrong(t *testing.T) {
	doc := scoredPaper(pdfwrite.Options{Columns: 2, Justify: true})
	b := doc.Bytes(pdfwrite.Form{})
	for name, c := range map[string]struct {
		spoil func(*Page)
		worse func(tally) bool
	}{
		"nothing":       {func(*Page) {}, func(s tally) bool { return s.f1() == 1 && s.kept == s.pairs && s.glued+s.split == 0 }},
		"lost blocks":   {func(p *Page) { p.Blocks = p.Blocks[:len(p.Blocks)/2] }, func(s tally) bool { return s.f1() < 0.9 && s.split > 0 }},
		"turned lines":  {func(p *Page) { reverseLines(p) }, func(s tally) bool { return s.joined*10 < s.joins*9 && s.kept*1000 < s.pairs*985 }},
		"glued words":   {func(p *Page) { p.Text = strings.ReplaceAll(p.Text, "the signal", "thesignal ") }, func(s tally) bool { return s.glued > 0 && s.f1() < 1 }},
		"pieces":        {func(p *Page) { p.Text = strings.ReplaceAll(p.Text, "residual ", "resid al ") }, func(s tally) bool { return s.split > 0 && s.f1() < 1 }},
		"lost formulas": {func(p *Page) { p.Text = strings.ReplaceAll(p.Text, "α", "a") }, func(s tally) bool { return s.signsFound < s.signs }},
	} {
		d := opened(t, b)
		for i := range d.Pages {
			c.spoil(&d.Pages[i])
		}
		if s := scoreOf(t, doc.Places, d); !c.worse(s) {
			t.Errorf("%s: got %v", name, s)
		}
	}
}

// reverseLines turns the lines of the page's text round, each with the runes it has, where they are equally long.
func reverseLines(p *Page) {
	for i := range p.Blocks {
		slices.Reverse(p.Blocks[i].Lines)
	}
	slices.Reverse(p.Blocks)
}
