package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

func TestANewerSchemaIsRefusedUntouched(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "a"})
	if err := l.db.Update(func(btx *bbolt.Tx) error {
		return btx.Bucket([]byte(bucketMeta)).Put([]byte(metaSchema), []byte("2"))
	}); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(l.Dir(), ledgerName)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	names := listing(t, l.Dir())
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{}, {ReadOnly: true}} {
		_, err := Open(t.Context(), l.Dir(), o)
		is(t, err, ErrSchemaTooNew)
		if !strings.Contains(err.Error(), "has schema 2, this program knows up to 1") {
			t.Errorf("got %v", err)
		}
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("library.db was written (%v)", err)
	}
	if now, err := os.Stat(path); err != nil || !now.ModTime().Equal(info.ModTime()) || listing(t, l.Dir()) != names {
		t.Errorf("the folder was touched: %s, was %s", listing(t, l.Dir()), names)
	}
}

func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// Three steps of which the last fails: those before stay, the copy is of the beginning, the next opening goes on.
func TestMigrationsGoInOrderAfterACopy(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "a", Text: "old form"})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var ran []string
	step := func(to int, name string, err error) migration {
		return migration{to: to, run: func(btx *bbolt.Tx) error {
			ran = append(ran, name)
			_, made := btx.CreateBucket([]byte(name))
			return errors.Join(made, err)
		}}
	}
	_, err := Open(t.Context(), l.Dir(), Options{ReadOnly: true, migrations: []migration{step(2, "two", nil)}})
	is(t, err, ErrReadOnly)
	_, err = Open(t.Context(), l.Dir(), Options{migrations: []migration{step(2, "two", nil), step(3, "three", nil), step(4, "four", errRefused)}})
	is(t, err, errRefused)
	next, err := Open(t.Context(), l.Dir(), Options{migrations: []migration{step(2, "two", nil), step(3, "three", nil), step(4, "four", nil)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ran, " "); got != "two three four four" {
		t.Errorf("ran %s", got)
	}
	if n, err := next.schema(); err != nil || n != 4 {
		t.Errorf("schema %d %v, want 4", n, err)
	}
	sound(t, next)
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), l.Dir(), Options{})
	is(t, err, ErrSchemaTooNew)
	dir := t.TempDir()
	for copied, schema := range map[string]int{"library.db.schema-1": 1, "library.db.schema-3": 3} {
		b, err := os.ReadFile(filepath.Join(l.Dir(), copied))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, ledgerName), b, 0o644); err != nil {
			t.Fatal(err)
		}
		old, err := Open(t.Context(), dir, Options{migrations: []migration{{to: schema}}})
		if err != nil {
			t.Fatalf("%s: %v", copied, err)
		}
		if n, err := old.schema(); err != nil || n != schema || old.Seq() != 1 {
			t.Errorf("%s: schema %d %v, seq %d", copied, n, err, old.Seq())
		}
		sound(t, old)
		_ = old.Close()
	}
}
