package papers

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestThePapersOfTheCorpusAreRead holds what any of the forty papers must give;
// how well they are read is what shared/peers/pdf/score.py measures.
func TestThePapersOfTheCorpusAreRead(t *testing.T) {
	index := rows(t, "corpus", "index.tsv")
	if len(index) < 40 {
		t.Fatalf("%d papers in the index, want 40", len(index))
	}
	pages := 0
	for _, row := range index {
		file := row[0]
		d := paper(t, file)
		pages += len(d.Pages)
		checkOffsets(t, d)
		words, empty := 0, 0
		for i := range d.Pages {
			n := len(strings.Fields(d.Pages[i].Text))
			words += n
			if n < 10 {
				empty++
			}
		}
		if words < 200*len(d.Pages) {
			t.Errorf("%s: %d words on %d pages, want at least 200 a page", file, words, len(d.Pages))
		}
		if empty > 0 {
			t.Errorf("%s: %d of %d pages came out empty", file, empty, len(d.Pages))
		}
		if i := slices.IndexFunc(d.Warnings, func(w Warning) bool { return w.Code == "page-failed" || w.Code == "limit" }); i >= 0 {
			t.Errorf("%s: %+v", file, d.Warnings[i])
		}
	}
	if pages != 424 {
		t.Errorf("%d pages, want 424", pages)
	}
}

// The order of a few known sentences across columns and pages, checked by eye on
// the printed page.
func TestColumnsOfKnownPapersAreReadDown(t *testing.T) {
	for _, c := range []struct {
		file  string
		page  int
		parts []string
	}{
		{"resnet.pdf", 1, []string{"Deep Residual Learning", "Abstract", "The depth of representations", "1. Introduction", "greatly benefited from very deep models", "The degradation (of training accuracy)"}},
		{"densenet.pdf", 1, []string{"Densely Connected", "Abstract", "1. Introduction"}},
		{"bert.pdf", 2, []string{"word based only on its context", "2 Related Work", "2.1 Unsupervised Feature-based Approaches"}},
	} {
		text := paper(t, c.file).Pages[c.page-1].Text
		at := 0
		for _, part := range c.parts {
			i := strings.Index(text[at:], part)
			if i < 0 {
				t.Errorf("%s page %d: %q does not follow %q", c.file, c.page, part, text[max(0, at-30):at])
				break
			}
			at += i + len(part)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	path := shared(b, "corpus", "resnet.pdf")
	b.ReportAllocs()
	pages := 0
	for b.Loop() {
		d, err := Open(b.Context(), path, Options{})
		if err != nil {
			b.Fatalf("%s: %v", filepath.Base(path), err)
		}
		pages += len(d.Pages)
	}
	b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
}
