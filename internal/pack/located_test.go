package pack_test

import (
	"os"
	"path/filepath"
	"testing"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/studies"
	"tenet/survey"
)

// quotedPDFs are the PDFs of the yardsticks that the built-in study quotes with a page.
var quotedPDFs = []string{
	"alexnet", "attention-is-all-you-need", "batchnorm", "deepnet-deepnorm", "densenet", "difficulty-training-deep", "fractalnet", "gan",
	"highway-networks", "identity-mappings", "inception-resnet", "repvgg", "resnet", "resnext", "rezero", "shattered-gradients",
	"stochastic-depth", "unet",
}

// TestTheQuotesOfTheStudyAreLocatedOnTheirPages lets a library find all 46 quotes of the built-in study that are said to stand on a
// page of a PDF: as PDFs come to the imported study, and as the study comes to a library that has the PDFs already.
func TestTheQuotesOfTheStudyAreLocatedOnTheirPages(t *testing.T) {
	type reading struct {
		path string
		doc  *papers.Document
	}
	var read []reading
	for _, name := range quotedPDFs {
		path := yardstick(t, "corpus", name+".pdf")
		d, err := papers.Open(t.Context(), path, papers.Options{})
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, reading{path, d})
	}
	for _, order := range []string{"the study first", "the PDFs first"} {
		lib := newLibrary(t)
		if order == "the study first" {
			importPack(t, lib, studies.Skip(), "skip")
		}
		for _, r := range read {
			a, err := survey.AddPDF(t.Context(), lib, actor, r.path, r.doc)
			if err != nil {
				t.Fatal(err)
			}
			if order == "the study first" && a.Matched == survey.MatchedNew {
				t.Errorf("%s: %s is not recognised", order, filepath.Base(r.path))
			}
		}
		if order == "the PDFs first" {
			if n := importPack(t, lib, studies.Skip(), "skip").Located; n != (survey.Counts{Found: 46}) {
				t.Errorf("%s: got %+v, want 46 found", order, n)
			}
		}
		checkQuotes(t, lib, order)
	}
}

func checkQuotes(t *testing.T, lib *store.Library, order string) {
	t.Helper()
	paged, papersHere := 0, 0
	err := lib.View(func(tx *store.Tx) error {
		for p, err := range survey.Papers(tx) {
			if err != nil {
				return err
			}
			if p.HasText() {
				papersHere++
			}
		}
		for c, err := range survey.Claims(tx) {
			if err != nil {
				return err
			}
			if c.Page == 0 {
				if c.Located != "" {
					t.Errorf("%s: %s has no page and is %s", order, c.Key, c.Located)
				}
				continue
			}
			paged++
			if c.Located != papers.Found || c.Anchor == nil || c.Anchor.Page != c.Page || len(c.Anchor.Quads) == 0 {
				t.Errorf("%s: %s, page %d, %q: %s, %+v", order, c.Key, c.Page, c.Quote, c.Located, c.Anchor)
			}
			if got := c.Standing(); got != "verified, found in the PDF" {
				t.Errorf("%s: %s is shown as %q", order, c.Key, got)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if paged != 46 || papersHere != len(quotedPDFs) {
		t.Errorf("%s: %d quotes with a page and %d papers with text, want 46 and %d", order, paged, papersHere, len(quotedPDFs))
	}
}

// yardstick gives a path below the yardsticks, which lie beside the repository; without them the test is skipped, loudly.
func yardstick(t *testing.T, parts ...string) string {
	t.Helper()
	dir := os.Getenv("TENET_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT CHECKED, needs ../shared/%s beside the module, or $TENET_SHARED", filepath.Join(parts...))
	}
	return path
}
