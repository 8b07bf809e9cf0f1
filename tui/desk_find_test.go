package tui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"tenet/index"
	"tenet/papers"
	"tenet/papers/pdfwrite"
)

func TestAPathIsCompleted(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"paper-one.pdf", "paper-two.pdf", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := newStage(t, newFake(), 100, 30)
	s.keys("i")
	s.a.asking.box.set(filepath.Join(dir, "pa"))
	s.keys("tab")
	if got := s.a.asking.box.text(); got != filepath.Join(dir, "paper-") || len(s.a.asking.offers) != 2 {
		t.Errorf("completed to %q, offers %q", got, s.a.asking.offers)
	}
	s.typed("o")
	s.keys("tab")
	if got := s.a.asking.box.text(); got != filepath.Join(dir, "paper-one.pdf") {
		t.Errorf("completed to %q", got)
	}
}

// smallPDF writes a PDF of two paragraphs into a folder of its own.
func smallPDF(t *testing.T, title, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "small.pdf")
	if err := os.WriteFile(path, pdfwrite.Simple(title, text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (s *stage) add(path string) {
	s.t.Helper()
	s.keys("alt+1", "i")
	s.a.asking.box.set(path)
	s.keys("enter")
	if len(s.a.faults) > 0 {
		s.t.Fatalf("adding: status %q, faults %q", s.a.status, s.a.faults)
	}
}

func TestAFileThatIsHereIsNotReadAgain(t *testing.T) {
	d := bareDesk(t)
	var reads atomic.Int32
	read := d.parse
	d.parse = func(ctx context.Context, path string) (*papers.Document, error) {
		reads.Add(1)
		return read(ctx, path)
	}
	s := newStage(t, d, 100, 30)
	path := smallPDF(t, "Deep nets need a path", "A path helps because gradients arrive unchanged.")
	s.add(path)
	if !strings.Contains(s.a.status, "1 of 1 files added") || reads.Load() != 1 {
		t.Fatalf("status %q after %d readings", s.a.status, reads.Load())
	}
	before := d.Seq()
	s.add(path)
	if !strings.Contains(s.a.status, "1 already here") || reads.Load() != 1 || d.Seq() != before {
		t.Errorf("status %q after %d readings, %d changes", s.a.status, reads.Load(), d.Seq()-before)
	}
}

// searchable opens an index over the desk's library.
func searchable(t *testing.T, d *desk) *index.Index {
	t.Helper()
	idx, err := index.Open(t.Context(), d.lib, filepath.Join(d.lib.Dir(), "index"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { idx.Close() })
	d.setIndex(idx, nil)
	return idx
}

func TestAPassageOpensAtTheSentenceThatMatches(t *testing.T) {
	d := bareDesk(t)
	idx := searchable(t, d)
	s := newStage(t, d, 100, 30)
	s.add(smallPDF(t, "Deep nets need a path", "A path for the signal helps because gradients arrive unchanged at the first layer. The plain net fails at depth sixteen."))
	if err := idx.Wait(t.Context(), d.lib.Seq()); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"gradients unchanged":   "A path for the signal helps because gradients arrive unchanged at the first layer.",
		"plain depth sixteen":   "The plain net fails at depth sixteen.",
		`"signal helps" unchan`: "A path for the signal helps because gradients arrive unchanged at the first layer.",
	} {
		s.keys("alt+3")
		s.a.claims.box.set("")
		s.typed(query)
		if h := s.a.claims.current(); h == nil || h.Kind != "passage" {
			t.Fatalf("%q finds %+v", query, h)
		}
		s.keys("enter")
		start, end, ok := s.a.read.selection()
		if p := s.a.read.page(); !ok || string(p.text[start:end]) != want {
			t.Errorf("%q opens at %q", query, string(p.text[start:end]))
		}
	}
}

func TestWithoutAQueryTheClaimsLead(t *testing.T) {
	d := studyDesk(t)
	idx := searchable(t, d)
	s := newStage(t, d, 100, 30)
	addIntro(t, s)
	if err := idx.Wait(t.Context(), d.lib.Seq()); err != nil {
		t.Fatal(err)
	}
	kinds := []string{"claim", "passage"}
	all, err := d.Search(t.Context(), searchOrder{Kinds: kinds, Limit: 2000})
	if err != nil || len(all.Hits) != all.Total {
		t.Fatalf("%d of %d hits, %v", len(all.Hits), all.Total, err)
	}
	seen, passages := map[string]bool{}, 0
	for i, h := range all.Hits {
		if h.Kind == "passage" {
			passages++
		} else if passages > 0 {
			t.Fatalf("hit %d is a claim behind a passage", i)
		}
		if said := h.Standing != ""; said != (h.Kind == "claim") {
			t.Errorf("the %s %s stands as %q", h.Kind, h.Alias, h.Standing)
		}
		seen[h.ID] = true
	}
	if passages == 0 || passages == len(all.Hits) || len(seen) != all.Total {
		t.Errorf("%d passages among %d hits, %d of them different", passages, len(all.Hits), len(seen))
	}
	// A page that begins among the claims and ends among the passages.
	from := len(all.Hits) - passages - 3
	part, err := d.Search(t.Context(), searchOrder{Kinds: kinds, Limit: 6, Offset: from})
	if err != nil || len(part.Hits) != 6 {
		t.Fatalf("%d hits, %v", len(part.Hits), err)
	}
	for i, h := range part.Hits {
		if h.ID != all.Hits[from+i].ID {
			t.Errorf("hit %d of the page is %s %s, want %s", i, h.Kind, h.ID, all.Hits[from+i].ID)
		}
	}
}
