package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

// damaged makes a library with some changes, lets fn write to its database behind the store's back, and verifies.
func damaged(t *testing.T, fn func(*bbolt.Tx) error) []Finding {
	t.Helper()
	l := newLibrary(t, Options{})
	for i := range 20 {
		put(t, l, "ann", thing{ID: fmt.Sprint(10 + i), Alias: fmt.Sprint("T", i), Text: "some words here", OwnerID: "o"})
	}
	if err := l.db.Update(fn); err != nil {
		t.Fatal(err)
	}
	var streamed []Finding
	if err := l.VerifyEach(t.Context(), nil, func(f Finding) { streamed = append(streamed, f) }); err != nil {
		t.Fatal(err)
	}
	found, err := l.Verify(t.Context(), nil)
	if err != nil || !slices.Equal(found, streamed) {
		t.Fatalf("collected %v %v, streamed %v", found, err, streamed)
	}
	if len(found) == 0 {
		t.Error("nothing found")
	}
	return found
}

// edited replaces a value of a bucket.
func edited(bucket string, key []byte, fn func([]byte) []byte) func(*bbolt.Tx) error {
	return func(btx *bbolt.Tx) error {
		b := btx.Bucket([]byte(bucket))
		v := bytes.Clone(b.Get(key))
		if v == nil {
			return errors.New("no such key")
		}
		return b.Put(key, fn(v))
	}
}

func TestEveryFlippedBitOfARecordNamesItsChange(t *testing.T) {
	l := newLibrary(t, Options{})
	for i := range 9 {
		put(t, l, "ann", thing{ID: "a", Text: fmt.Sprint(i)})
	}
	l.db.NoSync = true
	b := viewEntry(t, l, 6)
	for bit := range 8 * (len(b) - 8) { // the link before it is checked too, below
		at := 8 + bit/8
		flip := func(v []byte) []byte { v[at] ^= 1 << (bit % 8); return v }
		if err := l.db.Update(edited(bucketChanges, be64(6), flip)); err != nil {
			t.Fatal(err)
		}
		if bit%37 == 0 { // the whole Verify for a sample, the rehash before signing for each
			found, err := l.Verify(t.Context(), nil)
			if err != nil || !slices.ContainsFunc(found, func(f Finding) bool { return f.Seq == 6 || f.Seq == 8 && at < 9+64 }) {
				t.Fatalf("bit %d: %v %v", bit, found, err)
			}
		}
		if _, _, err := l.SignedHead(); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "change 6") {
			t.Fatalf("bit %d: signed, or %v", bit, err)
		}
		if err := l.db.Update(edited(bucketChanges, be64(6), flip)); err != nil {
			t.Fatal(err)
		}
	}
	sound(t, l)
}

func viewEntry(t *testing.T, l *Library, seq uint64) (e entry) {
	view(t, l, func(tx *Tx) error {
		stored, err := tx.b.entry(seq)
		e = bytes.Clone(stored)
		return err
	})
	return e
}

func TestOneFaultHidesNoOther(t *testing.T) {
	found := damaged(t, func(btx *bbolt.Tx) error {
		swap := func(v []byte) []byte { return bytes.Replace(v, []byte("some words"), []byte("some sword"), 1) }
		return errors.Join(
			edited(bucketChanges, be64(3), swap)(btx),
			edited(bucketChanges, be64(17), swap)(btx),
			edited(bucketState, stateKey("thing", "20"), swap)(btx),
			btx.Bucket([]byte(bucketIndex)).Delete(indexKey("thing", "owner_id", "o", "21")),
			btx.Bucket([]byte(bucketAlias)).Delete([]byte("t12")))
	})
	var all []string
	for _, f := range found {
		all = append(all, f.String())
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{
		"change 3: the record does not match its leaf", "change 17: the record does not match its leaf",
		"thing 20: its state is not what change 11 made it", "thing 21: it is missing in the index", "alias of t12 is ,",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not among\n%s", want, text)
		}
	}
}

func TestEachKindOfDamageIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*bbolt.Tx) error
		want string
	}{
		"change missing":   {func(b *bbolt.Tx) error { return b.Bucket([]byte(bucketChanges)).Delete(be64(5)) }, "change 5: missing, 6 follows"},
		"change cut short": {edited(bucketChanges, be64(5), func(v []byte) []byte { return v[:12] }), "change 5: cut short"},
		"node hash":        {edited(bucketChanges, be64(4), func(v []byte) []byte { v[9+40] ^= 1; return v }), "change 4: the Merkle hash of level 1"},
		"state without cause": {func(b *bbolt.Tx) error {
			return b.Bucket([]byte(bucketState)).Put(stateKey("thing", "zz"), append(be64(3), "{}"...))
		}, "thing zz: it is in the state but not in the changes"},
		"state lost":         {func(b *bbolt.Tx) error { return b.Bucket([]byte(bucketState)).Delete(stateKey("thing", "12")) }, "thing 12: it is in the changes but not in the state"},
		"state of other seq": {edited(bucketState, stateKey("thing", "12"), func(v []byte) []byte { v[7]++; return v }), "thing 12: its state is of change 4, its last change is 3"},
		"count":              {edited(bucketCounts, []byte("thing"), func(v []byte) []byte { v[7]++; return v }), "count of thing is 21, the changes say 20"},
		"number":             {edited(bucketNumbers, []byte("t"), func(v []byte) []byte { v[7]--; return v }), "highest number of t is 18"},
		"stacks":             {edited(bucketActors, []byte("ann\x00"), func(v []byte) []byte { v[7]--; return v }), "undo and redo of ann is {19 0}, the changes say {20 0}"},
		"extra index": {func(b *bbolt.Tx) error {
			return b.Bucket([]byte(bucketIndex)).Put([]byte("thing\x00owner_id\x00p\x0010"), nil)
		}, "the index has 21 entries"},
		"extra alias": {func(b *bbolt.Tx) error {
			return b.Bucket([]byte(bucketAlias)).Put([]byte("t99"), []byte("thing\x0010"))
		}, "alias has 21 entries"},
		"bucket missing": {func(b *bbolt.Tx) error { return b.DeleteBucket([]byte(bucketIndex)) }, "bucket index is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			found := damaged(t, c.do)
			if !slices.ContainsFunc(found, func(f Finding) bool { return strings.Contains(f.String(), c.want) }) {
				t.Errorf("got %v, want %q", found, c.want)
			}
		})
	}
}

// TestAForgedHistoryHasAnotherHead forges a change with all hashes made anew: the tree no longer has the signed head.
func TestAForgedHistoryHasAnotherHead(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "a", Text: "true"})
	put(t, l, "ann", thing{ID: "b", Text: "more"})
	head, err := l.Head()
	if err != nil {
		t.Fatal(err)
	}
	update(t, l, "ann", func(tx *Tx) error { // what a forger would do
		e, err := tx.b.entry(1)
		if err != nil {
			return err
		}
		forged := bytes.Replace(e.record(), []byte("true"), []byte("fake"), 1)
		second, err := tx.b.entry(2)
		if err != nil {
			return err
		}
		keep := bytes.Clone(second.record())
		return errors.Join(tx.b.appendChange(1, forged), tx.b.appendChange(2, keep),
			tx.Put("thing.set", "thing", "c", thing{ID: "c"}, ""))
	})
	proof, err := l.ProveConsistency(head.Size, 3)
	if err != nil {
		t.Fatal(err)
	}
	now, err := l.Head()
	if err != nil {
		t.Fatal(err)
	}
	if consistent(proof, now, head) {
		t.Error("the forged tree continues the true one")
	}
}

// TestADamagedPageIsAnErrorNotAPanic writes noise over single pages of library.db: opening, reading and Verify must answer with
// errors or findings, never with a panic.
func TestADamagedPageIsAnErrorNotAPanic(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, Options{})
	seed(t, l, 150)
	var size int64
	if err := l.db.View(func(btx *bbolt.Tx) error { size = btx.Size(); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(filepath.Join(l.Dir(), ledgerName))
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(7, 7))
	noticed := 0
	for page := int64(0); page < size/pageSize; page++ {
		for way := range 3 {
			bad := slices.Clone(good[:size])
			body := bad[page*pageSize : (page+1)*pageSize]
			switch way {
			case 0: // noise
				for i := range body {
					body[i] = byte(chance.IntN(256))
				}
			case 1: // noise behind the page header
				for i := range body[16:] {
					body[16+i] = byte(chance.IntN(256))
				}
			case 2: // zeros
				clear(body)
			}
			if readsAll(t, bad) != nil {
				noticed++
			}
		}
	}
	if noticed < int(size/pageSize) {
		t.Errorf("%d of %d damaged pages were noticed", noticed, size/pageSize*3)
	}
}

// readsAll opens an image and reads all of it in every way there is.
func readsAll(t *testing.T, image []byte) error {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ledgerName), image, 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := Open(t.Context(), dir, Options{})
	if err != nil {
		return err
	}
	defer l.Close()
	var errs []error
	for _, err := range l.Changes(0) {
		errs = append(errs, err)
	}
	errs = append(errs, l.View(func(tx *Tx) error {
		for _, err := range All[thing](tx, "thing") {
			errs = append(errs, err)
		}
		for _, err := range Refs[thing](tx, "thing", "owner_id", "01JOWNER") {
			errs = append(errs, err)
		}
		return nil
	}))
	found, err := l.Verify(t.Context(), nil)
	if len(found) > 0 {
		err = errors.Join(err, errors.New(found[0].String()))
	}
	_, _, signErr := l.SignedHead()
	_, writeErr := l.Update(t.Context(), "ann", func(tx *Tx) error {
		return tx.Put("thing.set", "thing", "n", thing{ID: "n", Alias: "N1", OwnerID: "01JOWNER"}, "")
	})
	return errors.Join(append(errs, err, signErr, writeErr)...)
}

func TestAFileThatIsNoLedgerIsRefused(t *testing.T) {
	for name, content := range map[string][]byte{
		"text": []byte(strings.Repeat("this is a letter\n", 1000)), "zeros": make([]byte, 20_000), "short": []byte("x"), "empty": {},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, ledgerName)
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), dir, Options{}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: got %v, want ErrCorrupt", name, err)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, content) {
			t.Errorf("%s: the file was touched", name)
		}
	}
	dir := t.TempDir()
	db, err := bbolt.Open(filepath.Join(dir, ledgerName), 0o644, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	_, err = Open(t.Context(), dir, Options{})
	is(t, err, ErrCorrupt)
}
