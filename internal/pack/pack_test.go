package pack_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"tenet/internal/pack"
	"tenet/internal/store"
	"tenet/internal/yamlfile"
	"tenet/principles"
	"tenet/studies"
	"tenet/survey"
	"tenet/survey/bib"
)

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

func importPack(t *testing.T, lib *store.Library, fsys fs.FS, name string) pack.Report {
	t.Helper()
	rep, err := pack.Import(t.Context(), lib, actor, fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// same compares two packs file by file: YAML as trees, the bibliography as
// entries, everything else byte by byte.
func same(t testing.TB, got, want map[string][]byte) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
			continue
		}
		if d := difference(name, want[name], got[name]); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func difference(name string, want, got []byte) string {
	switch filepath.Ext(name) {
	case ".yaml":
		d, err := yamlfile.Difference(want, got)
		if err != nil {
			return err.Error()
		}
		return d
	case ".bib":
		a, _ := bib.Parse(name, strings.NewReader(string(want)))
		b, _ := bib.Parse(name, strings.NewReader(string(got)))
		if len(a) != len(b) {
			return fmt.Sprintf("%d entries, want %d", len(b), len(a))
		}
		for i := range a {
			if d := entryDifference(a[i], b[i]); d != "" {
				return d
			}
		}
		return ""
	}
	if string(want) != string(got) {
		return fmt.Sprintf("%d bytes differ from the %d wanted", len(got), len(want))
	}
	return ""
}

func entryDifference(want, got bib.Entry) string {
	pairs := func(e bib.Entry) string {
		var b strings.Builder
		fmt.Fprintf(&b, "@%s{%s", e.Type, e.Key)
		for _, f := range e.Fields {
			fmt.Fprintf(&b, ", %s = {%s}", f.Name, f.Value)
		}
		return b.String()
	}
	if pairs(want) != pairs(got) {
		return fmt.Sprintf("entry %s:\n got %s\nwant %s", want.Key, pairs(got), pairs(want))
	}
	return ""
}

func filesOf(t testing.TB, fsys fs.FS) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			if out[e.Name()], err = fs.ReadFile(fsys, e.Name()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

func TestTheSkipStudySurvivesTheRoundTrip(t *testing.T) {
	lib := newLibrary(t)
	start := time.Now()
	importPack(t, lib, studies.Skip(), "skip")
	t.Logf("imported in %v", time.Since(start))
	dir := filepath.Join(t.TempDir(), "out")
	if err := pack.Export(t.Context(), lib, dir); err != nil {
		t.Fatal(err)
	}
	want := filesOf(t, studies.Skip())
	same(t, filesOf(t, os.DirFS(dir)), want)

	second := newLibrary(t)
	importPack(t, second, os.DirFS(dir), "skip")
	files, err := pack.Files(second)
	if err != nil {
		t.Fatal(err)
	}
	same(t, files, want)
}

func TestTheSkipStudyComesInWhole(t *testing.T) {
	lib := newLibrary(t)
	importPack(t, lib, studies.Skip(), "skip")
	err := lib.View(func(tx *store.Tx) error {
		for kind, want := range map[string]int{survey.KindPaper: 93, survey.KindClaim: 138, principles.KindPrinciple: 9, principles.KindLink: 200} {
			if got := tx.Count(kind); got != want {
				t.Errorf("%s: got %d, want %d (counted in shared/study)", kind, got, want)
			}
		}
		c, err := survey.FindClaim(tx, "he2015resnet.c3")
		if err != nil {
			return err
		}
		if c.Kind != survey.Conjecture || c.Page != 5 || c.State != survey.Tagged || c.Located != "" || !c.Verified {
			t.Errorf("he2015resnet.c3: got %+v", c)
		}
		p, err := survey.FindPaper(tx, "he2015resnet")
		if err != nil {
			return err
		}
		if p.ArXiv != "1512.03385" || p.State != survey.Included || p.Authors[0] != "He, Kaiming" || p.Year != 2015 {
			t.Errorf("he2015resnet: got %+v", p)
		}
		p, err = survey.FindPaper(tx, "devlin2018bert")
		if err != nil {
			return err
		}
		if p.State != survey.Excluded || !strings.HasPrefix(p.Reason, "Uses the Transformer block unchanged") {
			t.Errorf("devlin2018bert: got state %s, reason %q", p.State, p.Reason)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheSamePackTwiceChangesNothing(t *testing.T) {
	lib := newLibrary(t)
	first := importPack(t, lib, studies.Skip(), "skip")
	if first.Unchanged() {
		t.Fatal("the first import changed nothing")
	}
	seq := lib.Seq()
	again := importPack(t, lib, studies.Skip(), "skip")
	if !again.Unchanged() || lib.Seq() != seq {
		var verbs []string
		for c, err := range lib.Changes(seq) {
			if err != nil {
				t.Fatal(err)
			}
			verbs = append(verbs, c.Verb+" "+c.ID+"\n  "+string(c.Before)+"\n  "+string(c.After))
		}
		t.Errorf("the second import made %d changes: %s", lib.Seq()-seq, strings.Join(verbs[:min(3, len(verbs))], "\n"))
	}
}

func TestTheWholeImportIsOneUndo(t *testing.T) {
	lib := newLibrary(t)
	importPack(t, lib, studies.Skip(), "skip")
	if _, err := lib.Undo(t.Context(), actor); err != nil {
		t.Fatal(err)
	}
	err := lib.View(func(tx *store.Tx) error {
		if n := tx.Count(survey.KindPaper) + tx.Count(survey.KindClaim); n != 0 {
			t.Errorf("after undo %d papers and claims are left", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAChangedPackUpdatesByKey(t *testing.T) {
	lib := newLibrary(t)
	files := filesOf(t, studies.Skip())
	importPack(t, lib, asFS(files), "skip")
	files["survey.yaml"] = []byte(strings.Replace(string(files["survey.yaml"]), "Deep plain nets may simply converge exponentially slowly.", "Deep plain nets may converge slowly.", 1))
	files["references.bib"] = []byte(strings.Replace(string(files["references.bib"]), "{Highway Networks}", "{Highway Nets}", 1))
	rep := importPack(t, lib, asFS(files), "skip")
	if rep.Changes != 2 {
		t.Errorf("got %d changes, want 2: one paper, one claim", rep.Changes)
	}
	err := lib.View(func(tx *store.Tx) error {
		c, err := survey.FindClaim(tx, "he2015resnet.c3")
		if err != nil {
			return err
		}
		p, err := survey.FindPaper(tx, "srivastava2015highway")
		if err != nil {
			return err
		}
		if c.Text != "Deep plain nets may converge slowly." || p.Title != "Highway Nets" {
			t.Errorf("got claim %q and title %q", c.Text, p.Title)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestImportKeepsWhatPeopleAdded(t *testing.T) {
	lib := newLibrary(t)
	importPack(t, lib, studies.Skip(), "skip")
	var alias string
	update(t, lib, func(tx *store.Tx) error {
		c, err := survey.Tag(tx, survey.NewClaim{PaperID: "he2015resnet", Quote: "our own words", Kind: survey.Conjecture})
		if err != nil {
			return err
		}
		alias = c.Alias
		if _, err := survey.SetState(tx, "he2015resnet", survey.Excluded, "a second look"); err != nil {
			return err
		}
		_, err = principles.LinkClaim(tx, c.ID, "P1", principles.Supports)
		return err
	})
	importPack(t, lib, studies.Skip(), "skip")
	err := lib.View(func(tx *store.Tx) error {
		c, err := survey.FindClaim(tx, alias)
		if err != nil {
			return err
		}
		p, err := survey.FindPaper(tx, "he2015resnet")
		if err != nil {
			return err
		}
		if p.State != survey.Excluded {
			t.Errorf("the paper went back to %s", p.State)
		}
		links := 0
		for range principles.LinksOfClaim(tx, c.ID) {
			links++
		}
		if links != 1 || c.State != survey.Tagged {
			t.Errorf("claim %s has %d links and is %s", alias, links, c.State)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	files, err := pack.Files(lib)
	if err != nil {
		t.Fatal(err)
	}
	second := newLibrary(t)
	importPack(t, second, asFS(files), "skip")
	got, err := pack.Files(second)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, files)
}

func update(t testing.TB, lib *store.Library, fn func(*store.Tx) error) {
	t.Helper()
	if _, err := lib.Update(context.WithoutCancel(t.Context()), actor, fn); err != nil {
		t.Fatal(err)
	}
}

func asFS(files map[string][]byte) fs.FS {
	m := fstest.MapFS{}
	for name, data := range files {
		m[name] = &fstest.MapFile{Data: data}
	}
	return m
}

func TestItsOwnExportChangesNothing(t *testing.T) {
	lib := newLibrary(t)
	importPack(t, lib, studies.Skip(), "skip")
	update(t, lib, func(tx *store.Tx) error { // a paper that no bibliography told of
		p := survey.Paper{ID: tx.NewID(), Alias: "D900", Key: "own2026", Title: "100% {Own} & Odd", Authors: []string{"Own, Ann", "Consortium"}, Year: 2026, State: survey.Identified}
		return tx.Put("paper.attached", survey.KindPaper, p.ID, p, "")
	})
	files, err := pack.Files(lib)
	if err != nil {
		t.Fatal(err)
	}
	if rep := importPack(t, lib, asFS(files), "skip"); !rep.Unchanged() {
		t.Errorf("got %d changes: %+v", rep.Changes, rep.Files)
	}
}
