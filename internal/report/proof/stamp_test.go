package proof

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tenet/internal/store"
	"tenet/internal/store/stamp"
	"tenet/internal/store/stamptest"
)

var noon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

func authority(t testing.TB) stamptest.Authority {
	t.Helper()
	a, err := stamptest.New("A notary", noon)
	must(t, err)
	return a
}

func stamped(t testing.TB, a stamptest.Authority, data []byte, at time.Time) []byte {
	t.Helper()
	token, err := a.Stamp(data, at)
	must(t, err)
	return token
}

func stampOf(t testing.TB, lib *store.Library, seq uint64) (s Stamp, ok bool) {
	t.Helper()
	must(t, lib.View(func(tx *store.Tx) (err error) { s, ok, err = StampOf(tx, seq); return err }))
	return s, ok
}

// A receipt that somebody stamped ties the lock, and every change before it, to a date. Library and bundle check it again.
func TestAStampTiesALockToADate(t *testing.T) {
	l := newLab(t, "H01")
	l.lock("H01")
	a, receipt := authority(t), l.prove("H01")
	lockSeq := l.find("H01").Lock.Seq
	if _, ok := stampOf(t, l.lib, lockSeq); ok {
		t.Error("a stamp before there is one")
	}
	s, err := AttachStamp(t.Context(), l.lib, "ben", receipt, stamped(t, a, receipt, noon), a.Roots())
	must(t, err)
	if s.Size < lockSeq || !s.Trusted || s.Time != "2026-11-14T12:00:00Z" || !strings.Contains(s.String(), "in the ledger by 2026-11-14T12:00:00Z, says CN=A notary, whose certificate was checked") {
		t.Errorf("got %+v: %s", s, s)
	}
	l.run("H01", 0.1, 60)
	// A later stamp over more does not take the earlier one's place, but covers what the earlier does not.
	later := l.prove("H01")
	_, err = AttachStamp(t.Context(), l.lib, "ben", later, stamped(t, a, later, noon.Add(time.Hour)), nil)
	must(t, err)
	if got, ok := stampOf(t, l.lib, lockSeq); !ok || got.ID != s.ID {
		t.Errorf("the lock: %+v", got)
	}
	if got, ok := stampOf(t, l.lib, l.find("H01").Verdict.Seq); !ok || got.ID == s.ID || got.Trusted || !strings.Contains(got.String(), "nobody checked") {
		t.Errorf("the verdict: %+v", got)
	}
	// bundle.txt and a bare checkpoint can be stamped as well.
	dir := filepath.Join(t.TempDir(), "bundle")
	_, err = WriteBundle(t.Context(), l.lib, dir)
	must(t, err)
	text, err := os.ReadFile(filepath.Join(dir, BundleName))
	must(t, err)
	e, err := l.lib.Prove(nil)
	must(t, err)
	for _, data := range [][]byte{text, e.Checkpoint} {
		if _, err := AttachStamp(t.Context(), l.lib, "ben", data, stamped(t, a, data, noon.Add(2*time.Hour)), nil); err != nil {
			t.Error(err)
		}
	}
	if got := faults(t, l.lib); len(got) > 0 {
		t.Errorf("verify: %v", got)
	}
	dir = filepath.Join(t.TempDir(), "again")
	_, err = WriteBundle(t.Context(), l.lib, dir)
	must(t, err)
	b, err := AuditBundle(t.Context(), os.DirFS(dir), t.TempDir())
	must(t, err)
	if b.Stamps != 4 || len(b.Findings) > 0 {
		t.Errorf("the bundle: %+v", b)
	}
	// In a library made from it the stamps hold as well, under the key that it was signed with.
	e2, err := OpenEvidence(os.DirFS(dir))
	must(t, err)
	records, err := e2.Records()
	must(t, err)
	files, err := e2.Files()
	must(t, err)
	copied, err := store.RestoreSigned(t.Context(), filepath.Join(t.TempDir(), "copy"), records, e2.Origin(), store.Options{})
	must(t, err)
	defer copied.Close()
	must(t, copied.Vault().PutAll(t.Context(), slices.Collect(maps.Values(files))))
	if got := faults(t, copied); len(got) > 0 {
		t.Errorf("a library made from the bundle: %v", got)
	}
	python, script := reader(t)
	if out, err := command(t, python, script, dir); err != nil {
		t.Errorf("the second reader: %s", out)
	}
}

func TestAStampOfSomethingElseIsRefused(t *testing.T) {
	l, other := newLab(t, "H01"), newLab(t, "H01", "H02")
	l.lock("H01")
	other.lock("H01")
	a := authority(t)
	mine := l.prove("H01")
	foreign := bytes.ReplaceAll(mine, []byte("H01"), []byte("H02"))
	for want, x := range map[string]struct{ data, token []byte }{
		"it stamps other bytes":                              {mine, stamped(t, a, foreign, noon)},
		"neither a token nor a response":                     {mine, []byte("a token")},
		"the file carries no checkpoint of this library: st": {[]byte("any text"), stamped(t, a, []byte("any text"), noon)},
	} {
		seq := l.lib.Seq()
		if _, err := AttachStamp(t.Context(), l.lib, "ben", x.data, x.token, nil); err == nil || !strings.Contains(err.Error(), want) || l.lib.Seq() != seq {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	// Both labs have the same key, but another history.
	theirs := other.prove("H01")
	if _, err := AttachStamp(t.Context(), l.lib, "ben", theirs, stamped(t, a, theirs, noon), nil); err == nil {
		t.Error("a checkpoint of another history was taken")
	}
	if _, err := AttachStamp(t.Context(), l.lib, "ben", mine, stamped(t, a, mine, noon), authority(t).Roots()); !errors.Is(err, stamp.ErrBad) {
		t.Errorf("of an authority that is not trusted: %v", err)
	}
}

// Each part of a stamp on record is checked again.
func TestAForgedStampIsFound(t *testing.T) {
	for want, change := range map[string]func(*Stamp){
		"says other things than its stamp":        func(s *Stamp) { s.Time = "2020-01-01T00:00:00Z" },
		"says other things than its stamp (":      func(s *Stamp) { s.Authority = "CN=Somebody better known" },
		"says other things":                       func(s *Stamp) { s.Size++ },
		"names no file of the vault":              func(s *Stamp) { s.TokenSHA = "../../etc/passwd" },
		"is not there":                            func(s *Stamp) { s.TokenSHA = strings.Repeat("ab", 32) },
		"proof: stamp: neither a token nor a res": func(s *Stamp) { s.TokenSHA = s.FileSHA },
	} {
		l := newLab(t, "H01")
		l.lock("H01")
		a, receipt := authority(t), l.prove("H01")
		s, err := AttachStamp(t.Context(), l.lib, "ben", receipt, stamped(t, a, receipt, noon), nil)
		must(t, err)
		l.update(func(tx *store.Tx) error { return put(tx, KindStamp, s.ID, change) })
		if got := strings.Join(faults(t, l.lib), "\n"); !strings.Contains(got, want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}
