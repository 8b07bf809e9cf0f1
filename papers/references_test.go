package papers

import (
	"fmt"
	"slices"
	"testing"

	"tenet/papers/pdfwrite"
)

func TestReferencesAreReadOverColumnsAndPages(t *testing.T) {
	d := article(pdfwrite.Info{})
	d.Heading(1, "References")
	for i := range 60 {
		d.Reference(fmt.Sprintf("[%d]", i+1), "K. He, X. Zhang, S. Ren, and J. Sun. Deep residual learning for image recognition. In CVPR, 2016.")
	}
	d.Heading(1, "A Appendix")
	d.Paragraph("Not a reference any more, though it names the year 2016 and He et al.")
	refs := opened(t, d.Bytes(pdfwrite.Form{})).References
	if len(refs) != 60 {
		t.Fatalf("got %d references, want 60; the last is %q", len(refs), refs[len(refs)-1].Raw)
	}
	for i, e := range refs {
		if e.Title != "Deep residual learning for image recognition" || e.Year != 2016 || !slices.Equal(e.Authors, []string{"K. He", "X. Zhang", "S. Ren", "J. Sun"}) {
			t.Errorf("reference %d: got %+v", i+1, e)
		}
	}
}

// Now 13 of 13 counts and 88 of 91 titles.
func TestTheBibliographiesOfTheYardstickAreSplit(t *testing.T) {
	counts, titles, all := 0, 0, 0
	for _, r := range rows(t, "corpus", "refs.tsv") {
		got := paper(t, r[0]).References
		n := number(t, r[2])
		if len(got) == n {
			counts++
		} else {
			t.Logf("%s: got %d references, want %d", r[0], len(got), n)
		}
		for k, want := range r[3:] {
			all++
			i := []int{0, 1, 2, 3, 4, len(got) - 2, len(got) - 1}[k]
			if i >= 0 && i < len(got) && slices.Equal(fold(got[i].Title), fold(want)) {
				titles++
			}
		}
	}
	t.Logf("%d of 13 counts, %d of %d titles", counts, titles, all)
	if counts < 13 || titles < 86 {
		t.Errorf("got %d counts and %d of %d titles, want 13 and 86", counts, titles, all)
	}
}
