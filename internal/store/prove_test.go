package store

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

type jotting struct {
	ID    string `json:"id"`
	Alias string `json:"alias,omitempty"`
	Text  string `json:"text"`
}

// travelled is a library with batches of several actors, undone and redone.
func travelled(t *testing.T) *Library {
	t.Helper()
	lib, err := Init(t.Context(), filepath.Join(t.TempDir(), "lib"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lib.Close() })
	put := func(actor, id, alias, text string) {
		if _, err := lib.Update(t.Context(), actor, func(tx *Tx) error {
			if err := tx.Put("note.put", "note", id, jotting{id, alias, text}, ""); err != nil {
				return err
			}
			return tx.Put("note.put", "note", id+"x", jotting{id + "x", "", text}, "why")
		}); err != nil {
			t.Fatal(err)
		}
	}
	put("ada", "a", "N1", "one")
	put("ben", "b", "N2", "two")
	put("ada", "c", "", "three")
	for _, step := range []func() error{
		func() error { _, err := lib.Undo(t.Context(), "ada"); return err },
		func() error { _, err := lib.Redo(t.Context(), "ada"); return err },
		func() error { _, err := lib.Undo(t.Context(), "ben"); return err },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return lib
}

func TestARecordWithItsProofNeedsNoLibrary(t *testing.T) {
	lib := travelled(t)
	e, err := lib.Prove([]uint64{1, 4, lib.Seq()})
	if err != nil {
		t.Fatal(err)
	}
	head, err := OpenCheckpoint(e.Checkpoint, e.Key)
	if err != nil || head != e.Head || head.Size != lib.Seq() {
		t.Fatalf("head %+v, %v", head, err)
	}
	for _, p := range e.Records {
		text := append(p.Text(), e.Checkpoint...)
		if !bytes.HasPrefix(text, []byte("c2sp.org/tlog-proof@v1\nindex ")) {
			t.Errorf("%s", text)
		}
		back, rest, err := ParseProof(text)
		if err != nil || back.Seq != p.Seq || !bytes.Equal(rest, e.Checkpoint) {
			t.Fatalf("%+v %v", back, err)
		}
		back.Record = p.Record
		if err := back.Included(head); err != nil {
			t.Error(err)
		}
		if c, err := back.Change(); err != nil || c.Seq != p.Seq {
			t.Errorf("%+v %v", c, err)
		}
		back.Seq = back.Seq%head.Size + 1
		if err := back.Included(head); !errors.Is(err, ErrCorrupt) {
			t.Errorf("another place in the tree: %v", err)
		}
	}
	if _, err := lib.Prove([]uint64{lib.Seq() + 1}); !errors.Is(err, ErrNotFound) {
		t.Errorf("a change that is not there: %v", err)
	}
	for i := range e.Checkpoint {
		bad := bytes.Clone(e.Checkpoint)
		bad[i] ^= 1
		if _, err := OpenCheckpoint(bad, e.Key); err == nil {
			t.Errorf("byte %d of the checkpoint may change", i)
		}
	}
	for i := range e.Key {
		bad := []byte(e.Key)
		bad[i] ^= 0x20
		if _, err := OpenCheckpoint(e.Checkpoint, string(bad)); err == nil {
			t.Errorf("byte %d of the key may change", i)
		}
	}
}

func TestARestoredLibraryIsTheSameLedger(t *testing.T) {
	lib := travelled(t)
	var buf bytes.Buffer
	e, err := lib.Records(t.Context(), &buf)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(buf.Bytes(), []byte("\n")), []byte("\n"))
	if Root(lines) != e.Head {
		t.Errorf("root %x of the records, %x signed", Root(lines).Root, e.Head.Root)
	}
	again, err := Restore(t.Context(), filepath.Join(t.TempDir(), "copy"), lines, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if head, err := again.Head(); err != nil || head != e.Head {
		t.Errorf("head %+v %v", head, err)
	}
	if found, err := again.Verify(t.Context(), nil); err != nil || len(found) > 0 {
		t.Errorf("%v %v", found, err)
	}
	if _, err := again.Redo(t.Context(), "ben"); err != nil {
		t.Errorf("what could be redone there can be redone here: %v", err)
	}
	for want, change := range map[string]func([][]byte) [][]byte{
		"change 2":                func(l [][]byte) [][]byte { return append(l[:1:1], l[2:]...) },
		"its record says it is":   func(l [][]byte) [][]byte { l[3], l[4] = l[4], l[3]; return l },
		"its state before is not": func(l [][]byte) [][]byte { l[4] = bytes.Replace(l[4], []byte("three"), []byte("thr33"), 1); return l },
		"is not canonical JSON":   func(l [][]byte) [][]byte { l[2] = append([]byte(" "), l[2]...); return l },
		"not of the batch 1": func(l [][]byte) [][]byte {
			l[1] = bytes.Replace(l[1], []byte(`"batch":1`), []byte(`"batch":0`), 1)
			return l
		},
	} {
		bad := change(bytes.Split(bytes.Clone(bytes.TrimSuffix(buf.Bytes(), []byte("\n"))), []byte("\n")))
		if _, err := Restore(t.Context(), filepath.Join(t.TempDir(), "copy"), bad, Options{}); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A signature vouches for the form of the records; that they are the signed ones, and follow one another, is checked.
func TestASignedLedgerIsRestoredAndItsOriginKept(t *testing.T) {
	lib := travelled(t)
	var buf bytes.Buffer
	e, err := lib.Records(t.Context(), &buf)
	if err != nil {
		t.Fatal(err)
	}
	split := func() [][]byte {
		return bytes.Split(bytes.TrimSuffix(bytes.Clone(buf.Bytes()), []byte("\n")), []byte("\n"))
	}
	from := Origin{Key: e.Key, Checkpoint: e.Checkpoint}
	dir := filepath.Join(t.TempDir(), "copy")
	again, err := RestoreSigned(t.Context(), dir, split(), from, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	sound(t, again)
	if head, err := again.Head(); err != nil || head != e.Head {
		t.Errorf("head %+v %v", head, err)
	}
	if got, want := dump(t, again), dump(t, lib); got != want {
		t.Errorf("it holds\n%s\nwant\n%s", got, want)
	}
	_ = again.View(func(tx *Tx) error {
		if got, ok := tx.Origin(); !ok || got.Key != from.Key || !bytes.Equal(got.Checkpoint, from.Checkpoint) {
			t.Errorf("origin %+v %v", got, ok)
		}
		return nil
	})
	_ = lib.View(func(tx *Tx) error {
		if got, ok := tx.Origin(); ok {
			t.Errorf("a library of its own comes from %+v", got)
		}
		return nil
	})
	if _, err := again.Redo(t.Context(), "ben"); err != nil {
		t.Errorf("what could be redone there can be redone here: %v", err)
	}
	if _, err := RestoreSigned(t.Context(), dir, split(), from, Options{}); !errors.Is(err, ErrExists) {
		t.Errorf("over a library: %v", err)
	}
	for want, change := range map[string]func([][]byte) [][]byte{
		"not the one that was signed": func(l [][]byte) [][]byte { return l[:len(l)-1] },
		"another root":                func(l [][]byte) [][]byte { l[2] = bytes.Replace(l[2], []byte("ben"), []byte("eve"), 1); return l },
		"change 5: its record is not": func(l [][]byte) [][]byte { l[4] = bytes.Replace(l[4], []byte(`"three"`), []byte(`"thr`), 1); return l },
		"change 4: its record says":   func(l [][]byte) [][]byte { l[3], l[4] = l[4], l[3]; return l },
	} {
		dir := filepath.Join(t.TempDir(), "copy")
		if _, err := RestoreSigned(t.Context(), dir, change(split()), from, Options{}); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
	}
	from.Checkpoint = bytes.Replace(from.Checkpoint, []byte("\n"), []byte("x\n"), 1)
	if _, err := RestoreSigned(t.Context(), filepath.Join(t.TempDir(), "copy"), split(), from, Options{}); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "checkpoint") {
		t.Errorf("a forged signature: %v", err)
	}
}
