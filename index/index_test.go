package index

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

func TestWaitMakesAWriteVisible(t *testing.T) {
	lib := newLibrary(t)
	x := openIndex(t, lib)
	p := somePaper(t, lib, "he2016identity", "Identity Mappings", 2016)
	for i, word := range []string{"unscaled", "gated", "orthogonal", "lesioned"} {
		someClaim(t, lib, p, "The "+word+" stack is lost.", nil)
		wait(t, x, lib)
		if got := found(t, x, word, SearchOptions{}); len(got) != 1 {
			t.Errorf("claim %d: found %v", i, got)
		}
		applied, head, rebuilding := x.State()
		if applied != head || rebuilding {
			t.Errorf("state %d of %d, rebuilding %t", applied, head, rebuilding)
		}
	}
}

func TestWaitEndsWithItsContextAndWithTheIndex(t *testing.T) {
	lib := newLibrary(t)
	x := openIndex(t, lib)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := x.Wait(ctx, lib.Seq()+1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for a change that never comes: %v", err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if err := x.Wait(t.Context(), lib.Seq()+1); !errors.Is(err, ErrClosed) {
		t.Errorf("waiting on a closed index: %v", err)
	}
	if _, err := x.Search(t.Context(), "a", SearchOptions{}); !errors.Is(err, ErrClosed) {
		t.Errorf("searching a closed index: %v", err)
	}
}

func TestEverythingThatAClaimShowsFollowsItsSources(t *testing.T) {
	lib := smallLibrary(t)
	x := openIndex(t, lib)
	check := func(what, q string, want ...string) {
		t.Helper()
		wait(t, x, lib)
		got := found(t, x, q, SearchOptions{Kinds: []string{"claim"}, Sort: "newest"})
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %s finds %v, want %v", what, q, got, want)
		}
		same(t, contents(t, x), expected(t, lib))
	}
	check("at first", "principle:P1", "C1", "C2")
	check("at first", "stance:-", "C2")
	update(t, lib, func(tx *store.Tx) {
		if err := principles.Unlink(tx, "C2", "P2", "no"); err != nil {
			t.Fatal(err)
		}
	})
	check("unlinked", "stance:-")
	update(t, lib, func(tx *store.Tx) {
		p, err := survey.FindPaper(tx, "he2016identity")
		if err != nil {
			t.Fatal(err)
		}
		p.Year, p.Authors, p.TextSHA = 2017, []string{"Li, Hao"}, ""
		put(t, tx, survey.KindPaper, p.ID, p)
	})
	check("another year", "year:2016")
	check("another year", "year:2017 author:li", "C1", "C2")
	update(t, lib, func(tx *store.Tx) {
		if err := survey.Drop(tx, "C1", "wrong"); err != nil {
			t.Fatal(err)
		}
	})
	check("dropped", "author:li", "C2")
	if _, err := lib.Undo(t.Context(), "ben"); err != nil {
		t.Fatal(err)
	}
	check("undone", "author:li", "C1", "C2")
	if _, err := lib.Undo(t.Context(), "ben"); err != nil {
		t.Fatal(err)
	}
	check("undone twice", "year:2016", "C1", "C2")
}

func TestANewTextReplacesThePassagesOfTheOldOne(t *testing.T) {
	lib := newLibrary(t)
	x := openIndex(t, lib)
	p := somePaper(t, lib, "he2016identity", "Identity Mappings", 2016, "the old reading", "a second page", "a third page")
	for _, pages := range [][]string{{"the new reading", "of two pages"}, nil, {"once more"}} {
		p.TextSHA = ""
		if pages != nil {
			p.TextSHA = keepText(t, lib, pages...)
		}
		update(t, lib, func(tx *store.Tx) { put(t, tx, survey.KindPaper, p.ID, p) })
		wait(t, x, lib)
		same(t, contents(t, x), expected(t, lib))
		if got := found(t, x, "type:passage", SearchOptions{}); len(got) != len(pages) {
			t.Errorf("%d pages: passages %v", len(pages), got)
		}
	}
}

func TestADeletedIndexComesBackTheSame(t *testing.T) {
	lib := smallLibrary(t)
	x := openIndex(t, lib)
	want := contents(t, x)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(lib.Dir(), "index")); err != nil {
		t.Fatal(err)
	}
	y := openIndex(t, lib)
	same(t, contents(t, y), want)
	same(t, want, expected(t, lib))
	if why := y.Status().Why; why != "there was none" {
		t.Errorf("why: %q", why)
	}
	if len(want) != 9 { // 2 papers, 2 passages, 3 claims, 2 principles
		t.Errorf("%d documents", len(want))
	}
}

func TestAnIndexFromBeforeIsTakenUpWhereItStood(t *testing.T) {
	lib := smallLibrary(t)
	x := openIndex(t, lib)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	p := somePaper(t, lib, "late2020", "A late paper", 2020)
	y := openIndex(t, lib)
	if why := y.Status().Why; why != "" {
		t.Errorf("rebuilt because %s", why)
	}
	if got := found(t, y, "late", SearchOptions{}); !slices.Equal(got, []string{p.Alias}) {
		t.Errorf("found %v", got)
	}
}

func TestADamagedIndexIsRebuilt(t *testing.T) {
	lib := smallLibrary(t)
	dir := filepath.Join(lib.Dir(), "index")
	garble := func(name string, keep int) func(t *testing.T) {
		return func(t *testing.T) {
			paths, err := filepath.Glob(filepath.Join(dir, name))
			if err != nil || len(paths) == 0 {
				t.Fatalf("%s: no such file (%v)", name, err)
			}
			for _, p := range paths {
				raw, err := os.ReadFile(p)
				if err != nil {
					t.Fatal(err)
				}
				raw = append(raw[:min(keep, len(raw))], "not what was here"...)
				if err := os.WriteFile(p, raw, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	remove := func(name string) func(t *testing.T) {
		return func(t *testing.T) {
			paths, _ := filepath.Glob(filepath.Join(dir, name))
			for _, p := range paths {
				if err := os.RemoveAll(p); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for name, harm := range map[string]func(t *testing.T){
		"CURRENT is empty":            garble("CURRENT", 0),
		"CURRENT names a path":        func(t *testing.T) { must(t, os.WriteFile(filepath.Join(dir, "CURRENT"), []byte("../../etc\n"), 0o600)) },
		"CURRENT is gone":             remove("CURRENT"),
		"the generation is gone":      remove("g0*"),
		"bleve's description is gone": remove("g0*/index_meta.json"),
		"bleve's description is torn": garble("g0*/index_meta.json", 10),
		"the root is gone":            remove("g0*/store/root.bolt"),
		"the root is torn":            garble("g0*/store/root.bolt", 100),
		"the segments are gone":       remove("g0*/store/*.zap"),
		"the segments are torn":       garble("g0*/store/*.zap", 64),
	} {
		t.Run(name, func(t *testing.T) {
			x := openIndex(t, lib)
			must(t, x.Close())
			harm(t)
			y := openIndex(t, lib)
			if y.Status().Why == "" {
				t.Error("taken for sound")
			}
			same(t, contents(t, y), expected(t, lib))
			must(t, y.Close())
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// restate rewrites the state that an index holds of itself.
func restate(t *testing.T, lib *store.Library, edit func(*state)) {
	t.Helper()
	g, err := current(filepath.Join(lib.Dir(), "index"))
	must(t, err)
	edit(&g.st)
	raw, err := json.Marshal(g.st)
	must(t, err)
	must(t, g.b.SetInternal(stateKey, raw))
	must(t, g.b.Close())
}

func TestAnotherMappingIsRebuilt(t *testing.T) {
	lib := smallLibrary(t)
	must(t, openIndex(t, lib).Close())
	restate(t, lib, func(st *state) { st.Mapping = "another" })
	y := openIndex(t, lib)
	if !strings.Contains(y.Status().Why, "reads texts in another way") {
		t.Errorf("why: %q", y.Status().Why)
	}
	same(t, contents(t, y), expected(t, lib))
}

func TestAnIndexOfOtherChangesIsRebuilt(t *testing.T) {
	for name, edit := range map[string]func(*state){
		"ahead of the ledger": func(st *state) { st.Applied += 1000 },
		"of another library":  func(st *state) { st.Leaf = strings.Repeat("0", 64) },
	} {
		t.Run(name, func(t *testing.T) {
			lib := smallLibrary(t)
			must(t, openIndex(t, lib).Close())
			restate(t, lib, edit)
			y := openIndex(t, lib)
			if !strings.Contains(y.Status().Why, "other changes") {
				t.Errorf("why: %q", y.Status().Why)
			}
			same(t, contents(t, y), expected(t, lib))
		})
	}
}

func TestOldGenerationsAreSweptAway(t *testing.T) {
	lib := smallLibrary(t)
	dir := filepath.Join(lib.Dir(), "index")
	must(t, os.MkdirAll(filepath.Join(dir, "g000001", "store"), 0o700)) // left by a crash
	must(t, openIndex(t, lib).Close())
	entries, err := os.ReadDir(dir)
	must(t, err)
	if len(entries) != 2 {
		t.Errorf("in the folder: %v", entries)
	}
}

func TestWhereNothingCanBeWrittenTheIndexLivesInMemory(t *testing.T) {
	lib := smallLibrary(t)
	blocked := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(blocked, nil, 0o600))
	x, err := Open(t.Context(), lib, filepath.Join(blocked, "index"))
	must(t, err)
	defer x.Close()
	wait(t, x, lib)
	somePaper(t, lib, "late2020", "A late paper", 2020)
	wait(t, x, lib)
	same(t, contents(t, x), expected(t, lib))
	if _, err := Open(t.Context(), lib, blocked); err == nil {
		t.Error("a file was taken for the index's folder")
	}
}

func TestWritesDuringARebuildAreNotLost(t *testing.T) {
	lib := smallLibrary(t)
	x, err := Open(t.Context(), lib, filepath.Join(lib.Dir(), "index"))
	must(t, err)
	defer x.Close()
	p := somePaper(t, lib, "late2020", "A late paper", 2020, "with text")
	for range 30 { // some fall into the rebuild, some after it
		someClaim(t, lib, p, "a late claim", nil)
	}
	wait(t, x, lib)
	same(t, contents(t, x), expected(t, lib))
}
