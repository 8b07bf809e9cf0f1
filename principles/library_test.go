package principles

import (
	"bytes"
	"io/fs"
	"testing"

	"tenet/internal/store"
	"tenet/studies"
	"tenet/survey"
	"tenet/survey/bib"
)

func library(t testing.TB) *store.Library {
	t.Helper()
	lib, err := store.Init(t.Context(), t.TempDir()+"/lib", store.Options{})
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

func update(t testing.TB, lib *store.Library, fn func(*store.Tx) error) {
	t.Helper()
	if _, err := lib.Update(t.Context(), "ada", fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, lib *store.Library, fn func(*store.Tx) error) {
	t.Helper()
	if err := lib.View(fn); err != nil {
		t.Fatal(err)
	}
}

func studyFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(studies.Skip(), name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// storeClaims brings the papers and claims of the built-in study in.
func storeClaims(t testing.TB, tx *store.Tx) {
	t.Helper()
	entries, _ := bib.Parse("references.bib", bytes.NewReader(studyFile(t, "references.bib")))
	if _, err := survey.StoreBib(tx, "references.bib", entries, true); err != nil {
		t.Fatal(err)
	}
	f, err := survey.ReadFile(survey.FileName, studyFile(t, survey.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := survey.Store(tx, f, "skip"); err != nil {
		t.Fatal(err)
	}
}

// twoClaims makes a paper with two claims, C1 and C2, and a principle P1.
func twoClaims(t testing.TB, tx *store.Tx) {
	t.Helper()
	entries, _ := bib.Parse("a.bib", bytes.NewReader([]byte("@article{he2015, title={Deep}, year=2015}")))
	if _, err := survey.StoreBib(tx, "a.bib", entries, true); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"depth helps", "depth hurts"} {
		if _, err := survey.Tag(tx, survey.NewClaim{PaperID: "he2015", Text: text, Kind: survey.EmpiricalResult}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Add(tx, Principle{Name: "Identity", Statement: "Keep a path."}); err != nil {
		t.Fatal(err)
	}
}
