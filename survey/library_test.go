package survey_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/survey"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const actor = "Ada <ada@example.org>"

func newLibrary(t testing.TB) *store.Library {
	t.Helper()
	lib, err := store.Init(t.Context(), filepath.Join(t.TempDir(), "lib"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
	})
	return lib
}

func updateAs(t testing.TB, lib *store.Library, who string, fn func(*store.Tx) error) {
	t.Helper()
	if _, err := lib.Update(context.WithoutCancel(t.Context()), who, fn); err != nil {
		t.Fatal(err)
	}
}

func update(t testing.TB, lib *store.Library, fn func(*store.Tx) error) {
	t.Helper()
	updateAs(t, lib, actor, fn)
}

func view(t testing.TB, lib *store.Library, fn func(*store.Tx) error) {
	t.Helper()
	if err := lib.View(fn); err != nil {
		t.Fatal(err)
	}
}

func importBib(t testing.TB, lib *store.Library, text string) survey.ImportReport {
	t.Helper()
	rep, err := survey.ImportBib(t.Context(), lib, actor, "refs.bib", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// onePaper gives a library that knows one paper, with key "he2015".
func onePaper(t testing.TB) *store.Library {
	t.Helper()
	lib := newLibrary(t)
	importBib(t, lib, "@misc{he2015, title = {Deep Residual Learning for Image Recognition}, author = {He, Kaiming and Zhang, Xiangyu}, year = {2015}, eprint = {1512.03385}, archivePrefix = {arXiv}}")
	return lib
}

func paper(t testing.TB, lib *store.Library, name string) survey.Paper {
	t.Helper()
	var p survey.Paper
	view(t, lib, func(tx *store.Tx) (err error) {
		p, err = survey.FindPaper(tx, name)
		return err
	})
	return p
}

func claim(t testing.TB, lib *store.Library, name string) survey.Claim {
	t.Helper()
	var c survey.Claim
	view(t, lib, func(tx *store.Tx) (err error) {
		c, err = survey.FindClaim(tx, name)
		return err
	})
	return c
}

// pdf writes a file that stands for a PDF and gives the text read from it, one
// string a page. What is in the file does not matter here: papers reads PDFs.
func pdf(t testing.TB, name, version string, meta papers.Meta, pages ...string) (path string, d *papers.Document) {
	t.Helper()
	content := []byte("%PDF of " + name + strings.Join(pages, "\f"))
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	d = &papers.Document{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Version: version, Meta: meta}
	for i, text := range pages {
		p := papers.Page{Number: i + 1, Width: 612, Height: 792, Source: "test", Text: text}
		end := len([]rune(text))
		p.Blocks = []papers.Block{{Start: 0, End: end, Kind: papers.Body}}
		start := 0
		for j, s := range strings.SplitAfter(text, ". ") {
			n := len([]rune(s))
			p.Sentences = append(p.Sentences, papers.Sentence{ID: fmt.Sprintf("p%ds%d", i+1, j+1), Start: start, End: start + n, Kind: papers.Body})
			start += n
		}
		d.Pages = append(d.Pages, p)
	}
	return path, d
}

func add(t testing.TB, lib *store.Library, path string, d *papers.Document) survey.Added {
	t.Helper()
	a, err := survey.AddPDF(t.Context(), lib, actor, path, d)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
