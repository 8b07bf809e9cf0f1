package survey_test

import (
	"os"
	"path/filepath"
	"testing"

	"tenet/papers"
	"tenet/survey"
)

// A file is known by its bytes, under any name; another file and one that is not there are nobody's.
func TestAFileIsKnownByItsBytes(t *testing.T) {
	lib := newLibrary(t)
	path, d := pdf(t, "a.pdf", "v1", papers.Meta{Title: "A New Thing Under the Sun"}, "Text.")
	first := add(t, lib, path, d)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	renamed, other := filepath.Join(t.TempDir(), "renamed.pdf"), filepath.Join(t.TempDir(), "other.pdf")
	for to, bytes := range map[string][]byte{renamed: data, other: append(data, '\n')} {
		if err := os.WriteFile(to, bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if p, ok, err := survey.PaperOfFile(lib, renamed); !ok || err != nil || p.ID != first.Paper.ID {
		t.Errorf("the same bytes: got %q, %v, %v; want %s", p.Alias, ok, err, first.Paper.Alias)
	}
	for _, path := range []string{other, t.TempDir(), filepath.Join(t.TempDir(), "nowhere.pdf")} {
		if p, ok, err := survey.PaperOfFile(lib, path); ok || err != nil {
			t.Errorf("%s: got %q, %v, %v; want no paper and no error", path, p.Alias, ok, err)
		}
	}
}

// What an older text engine read is read again when its file is added again; another program's reading is left alone.
func TestAnOlderReadingIsKnownAsOld(t *testing.T) {
	for engine, old := range map[string]bool{"tenet-text/1": true, papers.EngineVersion: false, "tenet-text/9999": false, "v1": false, "": false} {
		if got := (survey.Paper{Engine: engine}).TextIsOld(); got != old {
			t.Errorf("%q: old is %v, want %v", engine, got, old)
		}
	}
}
