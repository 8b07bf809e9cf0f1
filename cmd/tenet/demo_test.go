package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"tenet/hypotheses"
	"tenet/internal/pack"
	"tenet/internal/report"
	"tenet/internal/report/proof"
	"tenet/internal/store"
	"tenet/studies"
)

// builtIn is the finished study as it is in the program, each file in memory.
func builtIn(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	inside, err := fs.Sub(studies.Skip(), proof.EvidenceFolder)
	if err != nil {
		t.Fatal(err)
	}
	if err := fs.WalkDir(inside, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(inside, path)
		out[path] = &fstest.MapFile{Data: data}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheBuiltInEvidenceIsSoundAndSmall(t *testing.T) {
	files := builtIn(t)
	size := 0
	for _, f := range files {
		size += len(f.Data)
	}
	if size > 20<<20 {
		t.Errorf("%d bytes of evidence, want at most 20 MiB", size)
	}
	b, err := proof.AuditBundle(t.Context(), files, t.TempDir())
	if err != nil || len(b.Findings) > 0 || b.Verdicts < 42 || b.Trials < 1000 {
		t.Errorf("%d verdicts, %d trials, findings %q, %v", b.Verdicts, b.Trials, b.Findings, err)
	}
	t.Logf("%d bytes, %d records, %d verdicts, %d trials", size, b.Records, b.Verdicts, b.Trials)
}

// finishedStudy is the library that the demo opens.
func finishedStudy(t *testing.T) *store.Library {
	t.Helper()
	study, err := openFinished()
	if err != nil {
		t.Fatal(err)
	}
	lib, err := study.restore(t.Context(), t.TempDir(), store.Options{Doing: "a test", Spare: study.spare})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	return lib
}

// No number of the findings is typed: what the evidence gives is what stands there.
func TestTheFindingsAreWhatTheEvidenceSays(t *testing.T) {
	lib := finishedStudy(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "findings", "skip-connections.md"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := report.Fill(t.Context(), lib, text)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, text) {
		t.Errorf("docs/findings/skip-connections.md is not what the evidence says; tenet report --into writes its tables anew, in a library restored from studies/skip/evidence")
	}
}

func TestTheDemoOpensTheStudyAsItWasFinished(t *testing.T) {
	study, err := openFinished()
	if err != nil {
		t.Fatal(err)
	}
	a := &app{out: &bytes.Buffer{}, err: &bytes.Buffer{}, getenv: func(string) string { return "" }}
	dir := filepath.Join(t.TempDir(), "lib")
	s, err := a.demoLibrary(t.Context(), dir, demoFlags{}, study)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { a.close(s) }()
	if head, err := s.lib.Head(); err != nil || head != study.Signed {
		t.Errorf("head %+v %v, signed %+v", head, err, study.Signed)
	}
	g, order, err := readDemo(s.lib)
	if err != nil || !g.Done || g.First != "H01" || g.Decided < 42 || g.Hypotheses < g.Decided || len(order) < 2 {
		t.Errorf("guide %+v, order %v, %v", g, order, err)
	}
	if err := s.lib.View(func(tx *store.Tx) error {
		for h, err := range hypotheses.All(tx) {
			if err != nil {
				return err
			}
			if h.Lock == nil || h.Lock.Digest == "" {
				t.Errorf("%s is not locked", h.Alias)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	// Before its own are there the artefacts are lent, so nothing is missing; afterwards it has them all.
	missing := func() []store.Finding {
		found, err := s.lib.MissingFiles(t.Context(), "file_sha", "text_sha", "curve_sha", "log_sha", "token_sha")
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if found := missing(); len(found) > 0 {
		t.Errorf("at once: %d missing, %v", len(found), found[0])
	}
	r := a.rest(s, study, demoFlags{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.bringFiles(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
	if err := r.bringFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.close(s)
	lib, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s = &session{lib: lib}
	if found := missing(); len(found) > 0 {
		t.Errorf("of its own: %d missing, %v", len(found), found[0])
	}
	if found, err := lib.Verify(t.Context(), nil); err != nil || len(found) > 0 {
		t.Errorf("%v %v", found, err)
	}
}

func TestABrokenBuiltInStudyIsAClearErrorAndMakesNothing(t *testing.T) {
	for want, change := range map[string]func(fstest.MapFS){
		"ledger.jsonl.gz has the hash":   func(m fstest.MapFS) { m["ledger.jsonl.gz"].Data[1000] ^= 1 },
		"checkpoint":                     func(m fstest.MapFS) { d := m[proof.BundleName].Data; d[len(d)-9] ^= 1 },
		"ledger.jsonl.gz: file does not": func(m fstest.MapFS) { delete(m, "ledger.jsonl.gz") },
		"bundle.txt: file does not":      func(m fstest.MapFS) { delete(m, proof.BundleName) },
	} {
		files := builtIn(t)
		change(files)
		dir := filepath.Join(t.TempDir(), "lib")
		study, err := readFinished(files)
		if err == nil {
			_, err = study.restore(t.Context(), dir, store.Options{})
		}
		if err == nil || !strings.HasPrefix(err.Error(), "demo: the built-in study: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: a library was begun: %v", want, err)
		}
	}
}

// Plans that came later can be had as a pack, and are those that were locked.
func TestThePlansOfTheStudyAreThoseOfItsPacks(t *testing.T) {
	lib := finishedStudy(t)
	fresh, err := store.Init(t.Context(), t.TempDir()+"/lib", store.Options{Doing: "a test"})
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	for _, dir := range []string{"skip", "skip-later"} {
		pk := os.DirFS(filepath.Join("..", "..", "studies", dir))
		if r, err := pack.Import(t.Context(), fresh, "tester", pk, dir); err != nil || r.Unchanged() {
			t.Errorf("%s into an empty library: %+v, %v", dir, r.Files, err)
		}
		for _, into := range []*store.Library{fresh, lib} {
			r, err := pack.Import(t.Context(), into, "tester", pk, dir) // the log that travels along may have grown
			for _, f := range r.Files {
				if f.Added+f.Changed > 0 {
					t.Errorf("%s: %s is not what it was: %+v", dir, f.Name, f)
				}
			}
			if err != nil {
				t.Errorf("%s again: %v", dir, err)
			}
		}
	}
	count := func(l *store.Library) (n int) {
		if err := l.View(func(tx *store.Tx) error {
			for _, err := range hypotheses.All(tx) {
				if err != nil {
					return err
				}
				n++
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if a, b := count(fresh), count(lib); a != b {
		t.Errorf("the packs have %d plans, the study %d", a, b)
	}
}
