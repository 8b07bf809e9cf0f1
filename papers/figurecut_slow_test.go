//go:build slow

package papers

import "testing"

// Of the 349 captions of the corpus all but two lead to the ink of a picture. Whether it is the whole picture and nothing else was looked
// at by eye (docs/paper-figures.md).
func TestNearlyAllPicturesOfTheCorpusAreCutToTheirInk(t *testing.T) {
	all, guessed := 0, 0
	for _, r := range rows(t, "corpus", "index.tsv") {
		cutPaper(t, r[0], func(f FigurePicture) {
			if all++; f.Guessed {
				guessed++
				t.Logf("%s, %s on page %d: guessed", r[0], f.Label, f.Page)
			}
		})
	}
	if all < 340 || guessed > 5 {
		t.Errorf("got %d captions, %d of them without ink; want at least 340, at most 5 without", all, guessed)
	}
}
