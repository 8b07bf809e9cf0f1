package index

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"go.uber.org/goleak"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/principles"
	"tenet/survey"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		child(dir)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// newLibrary makes an empty library that closes with the test.
func newLibrary(t testing.TB) *store.Library {
	t.Helper()
	lib, err := store.Init(t.Context(), filepath.Join(t.TempDir(), "lib"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	return lib
}

// openIndex opens the library's index and waits until it is current.
func openIndex(t testing.TB, lib *store.Library) *Index {
	t.Helper()
	x, err := Open(t.Context(), lib, filepath.Join(lib.Dir(), "index"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	wait(t, x, lib)
	return x
}

func wait(t testing.TB, x *Index, lib *store.Library) {
	t.Helper()
	if err := x.Wait(t.Context(), lib.Seq()); err != nil {
		t.Fatal(err)
	}
}

func update(t testing.TB, lib *store.Library, fn func(*store.Tx)) {
	t.Helper()
	if _, err := lib.Update(t.Context(), "ben", func(tx *store.Tx) error { fn(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

func put(t testing.TB, tx *store.Tx, kind, id string, v any) {
	t.Helper()
	if err := tx.Put(kind+".put", kind, id, v, ""); err != nil {
		t.Fatal(err)
	}
}

// somePaper stores a paper with the given text, one page per text.
func somePaper(t testing.TB, lib *store.Library, key, title string, year int, pages ...string) survey.Paper {
	t.Helper()
	p := survey.Paper{Key: key, Title: title, Authors: []string{"He, Kaiming", "Zhang, Xiangyu"}, Year: year, State: survey.Included}
	if len(pages) > 0 {
		p.TextSHA = keepText(t, lib, pages...)
		p.Pages = len(pages)
	}
	update(t, lib, func(tx *store.Tx) {
		p.ID = tx.NewID()
		p.Alias, _ = tx.NewAlias("D")
		put(t, tx, survey.KindPaper, p.ID, p)
	})
	return p
}

func keepText(t testing.TB, lib *store.Library, pages ...string) string {
	t.Helper()
	d := papers.Document{Version: papers.EngineVersion}
	for i, text := range pages {
		d.Pages = append(d.Pages, papers.Page{Number: i + 1, Text: text})
	}
	return gzipped(t, lib, d)
}

func gzipped(t testing.TB, lib *store.Library, d papers.Document) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := errors.Join(json.NewEncoder(z).Encode(d), z.Close()); err != nil {
		t.Fatal(err)
	}
	sha, _, err := lib.Vault().Put(t.Context(), &b)
	if err != nil {
		t.Fatal(err)
	}
	return sha
}

func someClaim(t testing.TB, lib *store.Library, p survey.Paper, text string, edit func(*survey.Claim)) survey.Claim {
	t.Helper()
	c := survey.Claim{PaperID: p.ID, Text: text, Page: 3, Kind: survey.EmpiricalResult, Stance: "pro", State: survey.Tagged, Reviewer: "ben"}
	update(t, lib, func(tx *store.Tx) {
		c.ID = tx.NewID()
		c.Alias, _ = tx.NewAlias("C")
		if edit != nil {
			edit(&c)
		}
		put(t, tx, survey.KindClaim, c.ID, c)
	})
	return c
}

// smallLibrary has two papers, three claims, two principles and links.
func smallLibrary(t testing.TB) *store.Library {
	t.Helper()
	lib := newLibrary(t)
	he := somePaper(t, lib, "he2016identity", "Identity Mappings in Deep Residual Networks", 2016,
		"Identity mappings\n\nWe show that a clean identity path lets the signal propagate from any block to any other.",
		"Scaling the shortcut by one half makes the optimisation fail at great depth.\n\nDropout on the shortcut fails too.")
	huang := somePaper(t, lib, "huang2017densenet", "Densely Connected Convolutional Networks", 2017)
	a := someClaim(t, lib, he, "A clean identity path keeps gradients alive at any depth.", func(c *survey.Claim) {
		c.Quote, c.Verified, c.Located, c.Page = "lets the signal propagate from any block to any other", true, papers.Found, 1
	})
	b := someClaim(t, lib, he, "Scaling the skip by one half fails in deep stacks.", func(c *survey.Claim) { c.Stance = "con"; c.Tags = []string{"vision"} })
	someClaim(t, lib, huang, "Concatenation lets later layers reuse early features.", nil)
	update(t, lib, func(tx *store.Tx) {
		for _, p := range []principles.Principle{{Name: "Keep the path clean", Statement: "The identity path carries depth."}, {Name: "Write little", Statement: "Scale each branch down with depth."}} {
			if _, err := principles.Add(tx, p); err != nil {
				t.Fatal(err)
			}
		}
		for _, l := range [][3]string{{a.Alias, "P1", "supports"}, {b.Alias, "P1", "supports"}, {b.Alias, "P2", "contradicts"}} {
			if _, err := principles.LinkClaim(tx, l[0], l[1], principles.Relation(l[2])); err != nil {
				t.Fatal(err)
			}
		}
	})
	return lib
}

// found searches and lists kind and alias of the hits, passages by page.
func found(t testing.TB, x *Index, q string, o SearchOptions) []string {
	t.Helper()
	res, err := x.Search(t.Context(), q, o)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	out := []string{}
	for _, h := range res.Hits {
		name := h.Alias
		if h.Kind == "passage" {
			name = fmt.Sprintf("%s p%d", h.PaperKey, h.Page)
		}
		out = append(out, name)
	}
	return out
}

// contents dumps the whole index: every document's name and record.
func contents(t testing.TB, x *Index) map[string]string {
	t.Helper()
	x.mu.RLock()
	defer x.mu.RUnlock()
	out := map[string]string{}
	for from := 0; ; from += 1000 {
		req := bleve.NewSearchRequestOptions(bleve.NewMatchAllQuery(), 1000, from, false)
		req.Fields = []string{recordField}
		req.SortBy([]string{"_id"})
		res, err := x.gen.b.Search(req)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range res.Hits {
			if _, twice := out[h.ID]; twice {
				t.Errorf("%s is in the index twice", h.ID)
			}
			out[h.ID] = fmt.Sprint(h.Fields[recordField])
		}
		if len(res.Hits) < 1000 {
			return out
		}
	}
}

// expected is what the ledger asks the index to hold, drawn from nothing.
func expected(t testing.TB, lib *store.Library) map[string]string {
	t.Helper()
	x := &Index{lib: lib}
	var refs []ref
	if err := lib.View(func(tx *store.Tx) (err error) { refs, err = everyRef(tx); return err }); err != nil {
		t.Fatal(err)
	}
	drawn, err := x.read(refs)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, d := range drawn {
		err := d.each(lib, func(o *doc) error {
			if _, err := o.build(); err != nil {
				return err
			}
			raw, err := json.Marshal(o.record)
			out[docID(o.Kind, o.ID)] = string(raw)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// same compares two dumps and says what differs.
func same(t testing.TB, got, want map[string]string) {
	t.Helper()
	var diff []string
	for _, id := range slices.Sorted(maps.Keys(want)) {
		if got[id] != want[id] {
			diff = append(diff, fmt.Sprintf("%s\n got %s\nwant %s", id, got[id], want[id]))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[id]; !ok {
			diff = append(diff, id+" should not be there")
		}
	}
	if len(diff) > 0 {
		t.Errorf("%d documents, want %d:\n%s", len(got), len(want), strings.Join(diff[:min(5, len(diff))], "\n"))
	}
}
