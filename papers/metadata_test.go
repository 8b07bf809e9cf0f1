package papers

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tenet/papers/pdfwrite"
	"tenet/papers/refs"
)

// opened writes a PDF and reads it back.
func opened(t testing.TB, pdf []byte) *Document {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const measured = "We measure how often a network with skips learns what a network without them does not, and give reasons for each of the cases that we found in the course of this work."

func article(info pdfwrite.Info) *pdfwrite.Doc {
	d := pdfwrite.New(pdfwrite.Options{Info: info, Columns: 2, Justify: true, Hyphenate: true, Ligatures: true, PageNumbers: true})
	d.Front("On the Efficient Flow of Signals: A Study of Skip Connections in Networks", []string{"Ada B. Löwe", "Ben van der Meer", "Chi-Wen Ng"}, measured)
	d.Heading(1, "1 Introduction")
	for range 8 {
		d.Paragraph("The official definition of efficient flow says that something different happens in the final layers of a network. Nevertheless the summary of it is normally connected with reasons.")
	}
	return d
}

func TestTheTitlePageIsReadFromItsPrint(t *testing.T) {
	for name, info := range map[string]pdfwrite.Info{
		"nothing stated":     {},
		"a file name":        {Title: "paper_final.dvi", Authors: []string{"root"}},
		"somebody else's":    {Title: "Formatting Instructions for Authors", Authors: []string{"John Q. Public"}},
		"the same":           {Title: "On the Efficient Flow of Signals: A Study of Skip Connections in Networks", Authors: []string{"Ada B. Löwe", "Ben van der Meer", "Chi-Wen Ng"}, XMP: true},
		"the same cut short": {Title: "On the Efficient Flow of Signals"},
	} {
		m := opened(t, article(info).Bytes(pdfwrite.Form{})).Meta
		if m.Title != "On the Efficient Flow of Signals: A Study of Skip Connections in Networks" {
			t.Errorf("%s: got title %q (%s)", name, m.Title, m.TitleSource)
		}
		if want := []string{"Ada B. Löwe", "Ben van der Meer", "Chi-Wen Ng"}; !slices.Equal(m.Authors, want) {
			t.Errorf("%s: got authors %q, want %q", name, m.Authors, want)
		}
		if m.Abstract != measured {
			t.Errorf("%s: got abstract %q, want %q", name, m.Abstract, measured)
		}
		if agree := name == "the same"; agree != (m.Confidence > 0.95) {
			t.Errorf("%s: got confidence %v", name, m.Confidence)
		}
	}
}

func TestNumbersAndYearAreRead(t *testing.T) {
	day := time.Date(2019, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, c := range []struct {
		name, line string
		info       pdfwrite.Info
		arxiv, doi string
		year       int
	}{
		{"the stamp of arXiv", "arXiv:1512.03385v1 [cs.CV] 10 Dec 2015", pdfwrite.Info{Created: day}, "1512.03385", "", 2015},
		{"a number of arXiv alone", "arXiv:1608.06993", pdfwrite.Info{}, "1608.06993", "", 2016},
		{"a line of a venue", "Proceedings of the Conference on Things, 2018. https://doi.org/10.1145/3292500.3330701.", pdfwrite.Info{Created: day}, "", "10.1145/3292500.3330701", 2018},
		{"the number of a template", "DOI: 10.475/123_4", pdfwrite.Info{}, "", "", 0},
		{"a DOI of arXiv in XMP", "", pdfwrite.Info{DOI: "10.48550/arXiv.2302.10322", XMP: true}, "2302.10322", "10.48550/arXiv.2302.10322", 2023},
		{"the day of the file", "", pdfwrite.Info{Created: day}, "", "", 2019},
	} {
		d := pdfwrite.New(pdfwrite.Options{Info: c.info})
		if c.line != "" {
			d.Caption(c.line)
		}
		d.Front("A Title That Is Long Enough", []string{"Ada B. Löwe"}, measured)
		d.Paragraph(strings.Repeat("Some words of the text of this paper that say nothing. ", 10))
		m := opened(t, d.Bytes(pdfwrite.Form{})).Meta
		if m.ArXiv != c.arxiv || m.DOI != c.doi || m.Year != c.year {
			t.Errorf("%s: got %q, %q, %d, want %q, %q, %d", c.name, m.ArXiv, m.DOI, m.Year, c.arxiv, c.doi, c.year)
		}
	}
}

// The floors are what is reached now (40, 40, 39 and 40 of 40); alexnet, bottom-up-top-down and similarity-metric do not state their
// year, and the youngest work they cite does.
func TestTheCorpusIsNamedRight(t *testing.T) {
	titles, first, authors, years := 0, 0, 0, 0
	same := func(a, b string) bool { return slices.Equal(fold(a), fold(b)) }
	index := rows(t, "corpus", "index.tsv")
	var misses []string
	for _, r := range index {
		m := paper(t, r[0]).Meta
		want := strings.Split(r[4], "; ")
		if same(m.Title, r[3]) {
			titles++
		} else {
			misses = append(misses, fmt.Sprintf("%s: title %q (%s), want %q", r[0], m.Title, m.TitleSource, r[3]))
		}
		if len(m.Authors) > 0 && same(m.Authors[0], want[0]) {
			first++
		} else {
			misses = append(misses, fmt.Sprintf("%s: authors %q, want %q", r[0], m.Authors, want))
		}
		if same(strings.Join(m.Authors, ";"), strings.Join(want, ";")) {
			authors++
		}
		if m.Year > 0 && strings.Contains(r[6], fmt.Sprint(m.Year)) {
			years++
		}
	}
	t.Logf("of %d: %d titles, %d first authors, %d author lists, %d years", len(index), titles, first, authors, years)
	if titles < 40 || first < 40 || authors < 38 || years < 40 {
		t.Errorf("got %d titles, %d first authors, %d author lists, %d years of %d\n%s", titles, first, authors, years, len(index), strings.Join(misses, "\n"))
	}
}

func TestTextStringsOfAFileAreDecoded(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "\xfe\xff\x03\xb8": "θ", "\xff\xfe\xb8\x03": "θ", "\xef\xbb\xbfθ": "θ", "a\x85b": "a–b", "line\rline\r\nline": "line\nline\nline",
		"bell\x07": "bell", "\xfe\xff\x03": "", "caf\xe9": "café", "na\xc3\xafve": "naïve",
	} {
		if got := decodeText(in); got != want {
			t.Errorf("decodeText(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestAYearThatNothingStatesIsGuessedAndSaysSo(t *testing.T) {
	cited := []refs.Entry{{Year: 1998}, {Year: 2012}, {}}
	var m Meta
	if m.estimateYear(cited); m.Year != 2012 || !m.YearGuessed {
		t.Errorf("got %d, guessed %v, want 2012, guessed", m.Year, m.YearGuessed)
	}
	m = Meta{Year: 2001}
	if m.estimateYear(cited); m.Year != 2001 || m.YearGuessed {
		t.Errorf("got %d, guessed %v, want the 2001 that is stated", m.Year, m.YearGuessed)
	}
	m = Meta{}
	if m.estimateYear(nil); m.Year != 0 || m.YearGuessed {
		t.Errorf("got %d, guessed %v, want nothing out of nothing", m.Year, m.YearGuessed)
	}
}
