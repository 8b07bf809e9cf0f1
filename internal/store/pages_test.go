package store

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// doctored makes a library with branch pages, closes it, lets fn change the bytes of library.db, and gives what Verify
// then says.
func doctored(t *testing.T, fn func(b []byte, m boltMeta)) string {
	t.Helper()
	l := newLibrary(t, Options{})
	seed(t, l, 400)
	put(t, l, "ann", thing{ID: "one more"}) // so that some pages are free
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(l.Dir(), ledgerName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := readMeta(strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	fn(b, m)
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), l.Dir(), Options{ReadOnly: true})
	if err != nil {
		return err.Error()
	}
	defer again.Close()
	found, err := again.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range found {
		out = append(out, f.String())
	}
	return strings.Join(out, "\n")
}

// stateRoot is the root page of the bucket state, a branch.
func stateRoot(t *testing.T, b []byte, m boltMeta) uint64 {
	t.Helper()
	entries, err := elements(leafPage, b[m.root*m.pageSize:(m.root+1)*m.pageSize])
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if string(e.key) == bucketState {
			return binary.NativeEndian.Uint64(e.value)
		}
	}
	t.Fatal("no bucket state")
	return 0
}

func TestAFaultOfThePagesIsNamed(t *testing.T) {
	n := binary.NativeEndian
	for name, c := range map[string]struct {
		do   func(b []byte, m boltMeta)
		want []string
	}{
		"none": {func([]byte, boltMeta) {}, nil},
		"leaked page": {func(b []byte, m boltMeta) {
			at := m.freelist*m.pageSize + 10
			n.PutUint16(b[at:], n.Uint16(b[at:])-1)
		}, []string{"it is neither free nor in use"}},
		"page free and in use": {func(b []byte, m boltMeta) {
			n.PutUint64(b[m.freelist*m.pageSize+pageHead:], stateRoot(t, b, m))
		}, []string{"it is free and in use", "it is neither free nor in use"}},
		"circle": {func(b []byte, m boltMeta) {
			root := stateRoot(t, b, m)
			n.PutUint64(b[root*m.pageSize+pageHead+8:], root)
		}, []string{"it is reached twice", "its pages lead in a circle"}},
		"page past the end": {func(b []byte, m boltMeta) {
			n.PutUint64(b[stateRoot(t, b, m)*m.pageSize+pageHead+8:], m.high+7)
		}, []string{"is named, the pages in use are"}},
		"keys out of order": {func(b []byte, m boltMeta) {
			root := stateRoot(t, b, m) * m.pageSize
			first, second := n.Uint64(b[root+pageHead+8:]), n.Uint64(b[root+pageHead+24:])
			n.PutUint64(b[root+pageHead+8:], second)
			n.PutUint64(b[root+pageHead+24:], first)
		}, []string{"its keys do not lie where the page above says"}},
		"entry outside": {func(b []byte, m boltMeta) {
			n.PutUint32(b[stateRoot(t, b, m)*m.pageSize+pageHead+4:], 1<<30)
		}, []string{"entry 0 lies outside"}},
		"no meta page": {func(b []byte, m boltMeta) { clear(b[:2*m.pageSize]) }, []string{"library.db is no ledger"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := doctored(t, c.do)
			if len(c.want) == 0 && got != "" {
				t.Errorf("got %s", got)
			}
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("got %s\nwant %s", got, want)
				}
			}
		})
	}
}
