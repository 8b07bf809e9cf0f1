package pack_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"tenet/internal/pack"
	"tenet/studies"
)

func TestAFaultyPackLeavesTheLibraryUntouched(t *testing.T) {
	cases := []struct {
		name, file string
		old, new   string
		want       []string
	}{
		{"unknown field", "hypotheses.yaml", "    delta: 0.05", "    detla: 0.05", []string{"hypotheses.yaml:", `hypotheses[0].decision.detla: unknown field "detla"`}},
		{"unknown principle of a claim", "survey.yaml", "principle: P1", "principle: P77", []string{"survey.yaml:", "papers[0].claims[0].bears_on[0].principle: there is no principle P77 in principles.yaml"}},
		{"unknown paper", "survey.yaml", "- key: gers2000forget", "- key: gers2000forgot", []string{"survey.yaml:", "papers[1].key: there is no entry gers2000forgot in references.bib"}},
		{"entry gone", "references.bib", "{hochreiter1997lstm,", "{hochreiter1997other,", []string{"survey.yaml:", "papers[0].key: there is no entry hochreiter1997lstm in references.bib"}},
		{"unknown claim of a principle", "principles.yaml", "- hochreiter1997lstm.c1", "- hochreiter1997lstm.c9", []string{"principles.yaml:", "principles[0].origin.supports[0]: survey.yaml has no claim hochreiter1997lstm.c9 that bears on P1"}},
		{"claim with another relation", "survey.yaml", "relation: supports", "relation: qualifies", []string{"principles.yaml:", "survey.yaml says that claim hochreiter1997lstm.c1 qualifies P1"}},
		{"unknown task", "hypotheses.yaml", "  task: D1\n", "  task: D77\n", []string{"hypotheses.yaml:", "hypotheses[0].task: no task D77"}},
		{"unknown hypothesis", "tasks.yaml", "  - H01\n", "  - H77\n", []string{"tasks.yaml:", "no hypothesis H77"}},
		{"wrong kind", "survey.yaml", "kind: explicit reasoning\n    stance", "kind: proof\n    stance", []string{"survey.yaml:", `"proof" is not a kind of claim`}},
		{"wrong type", "published.yaml", "value: 27.94", "value: [27.94]", []string{"published.yaml:"}},
		{"bad YAML", "principles.yaml", "unified:\n", "unified: [\n", []string{"principles.yaml:"}},
		{"another schema", "survey.yaml", "schema: 1", "schema: 9", []string{"survey.yaml:2:1: schema: is 9"}},
	}
	lib := newLibrary(t) // one for all: it must stay untouched
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			files := filesOf(t, studies.Skip())
			changed := strings.Replace(string(files[c.file]), c.old, c.new, 1)
			if changed == string(files[c.file]) {
				t.Fatal("the case changes nothing")
			}
			files[c.file] = []byte(changed)
			_, err := pack.Import(t.Context(), lib, actor, asFS(files), "skip")
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v\nwant %s", err, want)
				}
			}
			if lib.Seq() != 0 {
				t.Errorf("the library has %d changes", lib.Seq())
			}
		})
	}
}

func TestTheFaultsOfAllFilesComeBackAtOnce(t *testing.T) {
	files := filesOf(t, studies.Skip())
	files["survey.yaml"] = []byte("schema: 2\npapers: []\n")
	files["principles.yaml"] = []byte("schema: 1\nprincipels: []\n")
	files["tasks.yaml"] = []byte("schema: [\n")
	_, err := pack.Import(t.Context(), newLibrary(t), actor, asFS(files), "skip")
	for _, want := range []string{"survey.yaml:1:1", "principles.yaml:2:1: principels", "tasks.yaml:1:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}

func TestAFolderThatIsNoPackIsRefused(t *testing.T) {
	lib := newLibrary(t)
	for name, fsys := range map[string]fstest.MapFS{
		"empty": {}, "other things": {"notes.txt": {Data: []byte("hello")}},
	} {
		_, err := pack.Import(t.Context(), lib, actor, fsys, name)
		if err == nil || !strings.Contains(err.Error(), "is no study pack: it has none of references.bib") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := pack.Import(t.Context(), lib, actor, os.DirFS(filepath.Join(t.TempDir(), "gone")), "gone"); err == nil {
		t.Error("a folder that is not there was imported")
	}
}

func TestAPackMayBeOneFile(t *testing.T) {
	lib := newLibrary(t)
	importPack(t, lib, fstest.MapFS{"references.bib": {Data: []byte("@misc{a, title = {A Title}}")}}, "one")
	importPack(t, lib, fstest.MapFS{"survey.yaml": {Data: []byte("schema: 1\npapers:\n- key: a\n  include: core\n  criteria: []\n  claims: []\n")}}, "two")
}

func TestACancelledImportLeavesNothing(t *testing.T) {
	lib := newLibrary(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pack.Import(ctx, lib, actor, studies.Skip(), "skip"); err == nil || lib.Seq() != 0 {
		t.Errorf("got error %v and %d changes", err, lib.Seq())
	}
}

func TestExportRefusesAFolderThatIsNoPack(t *testing.T) {
	lib := newLibrary(t)
	importPack(t, lib, studies.Skip(), "skip")
	dir := t.TempDir()
	keep := filepath.Join(dir, "thesis.tex")
	if err := os.WriteFile(keep, []byte("ten years of work"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := pack.Export(t.Context(), lib, dir); err == nil || !strings.Contains(err.Error(), "nothing was overwritten") {
		t.Errorf("got %v", err)
	}
	if err := pack.Export(t.Context(), lib, keep); err == nil {
		t.Error("a file was overwritten")
	}
	if err := pack.Export(t.Context(), lib, lib.Dir()); err == nil || !strings.Contains(err.Error(), "is a library") {
		t.Errorf("into the library: got %v", err)
	}
	if got, err := os.ReadFile(keep); err != nil || string(got) != "ten years of work" {
		t.Errorf("got %q, error %v", got, err)
	}
}

func TestExportIntoAPackReplacesItsFilesAndKeepsTheRest(t *testing.T) {
	lib := newLibrary(t)
	importPack(t, lib, studies.Skip(), "skip")
	dir := filepath.Join(t.TempDir(), "deep", "out")
	for range 2 {
		if err := pack.Export(t.Context(), lib, dir); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "own.tex"), []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "survey.yaml"), []byte("schema: 1\npapers: []\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := pack.Export(t.Context(), lib, dir); err != nil {
		t.Fatal(err)
	}
	got := filesOf(t, os.DirFS(dir))
	same(t, got, filesOf(t, studies.Skip()))
	if string(got["own.tex"]) != "mine" {
		t.Errorf("a file beside the pack became %q", got["own.tex"])
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(left) != 1 {
		t.Errorf("beside the folder: %v, error %v", left, err)
	}
}

func TestAnEmptyLibraryExportsAPackThatImports(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if err := pack.Export(t.Context(), newLibrary(t), dir); err != nil {
		t.Fatal(err)
	}
	importPack(t, newLibrary(t), os.DirFS(dir), "empty")
}
