package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestAPutComesBackAndLeavesOneChange(t *testing.T) {
	l := newLibrary(t, Options{Now: fixedClock()})
	want := thing{ID: "t1", Alias: "T1", Text: "naïve", Weight: 0.1, TagIDs: []string{"a", "b"}}
	if seq := put(t, l, "ann", want); seq != 1 || l.Seq() != 1 {
		t.Fatalf("seq %d and %d, want 1", seq, l.Seq())
	}
	view(t, l, func(tx *Tx) error {
		got, err := Get[thing](tx, "thing", "t1")
		if err != nil {
			return err
		}
		if got.Text != want.Text || got.Weight != want.Weight || !slices.Equal(got.TagIDs, want.TagIDs) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if tx.Count("thing") != 1 || tx.Count("other") != 0 || tx.Writable() || tx.Seq() != 1 {
			t.Errorf("count %d, writable %v, seq %d", tx.Count("thing"), tx.Writable(), tx.Seq())
		}
		return nil
	})
	for c, err := range l.Changes(0) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Seq != 1 || c.Actor != "ann" || c.Verb != "thing.set" || c.Before != nil || c.After == nil || c.Batch != 1 {
			t.Errorf("got %+v", c)
		}
	}
	sound(t, l)
}

func TestAFailedUpdateLeavesNothing(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "t1"})
	before := dump(t, l)
	_, err := l.Update(t.Context(), "ann", func(tx *Tx) error {
		if err := tx.Put("thing.set", "thing", "t2", thing{ID: "t2"}, ""); err != nil {
			return err
		}
		return errRefused
	})
	is(t, err, errRefused)
	ctx, cancel := context.WithCancel(t.Context())
	_, err = l.Update(ctx, "ann", func(tx *Tx) error {
		cancel()
		return tx.Put("thing.set", "thing", "t2", thing{ID: "t2"}, "")
	})
	is(t, err, context.Canceled)
	if after := dump(t, l); after != before || l.Seq() != 1 {
		t.Errorf("state changed:\n%s\nwas\n%s", after, before)
	}
}

func TestAPanicInAnUpdateLeavesTheLibraryUsable(t *testing.T) {
	l := newLibrary(t, Options{})
	func() {
		defer func() {
			if r := recover(); r != "mine" {
				t.Errorf("got panic %v, want mine", r)
			}
		}()
		_, _ = l.Update(t.Context(), "ann", func(*Tx) error { panic("mine") })
	}()
	put(t, l, "ann", thing{ID: "t1"})
}

func TestAnUnchangedPutLeavesNoChange(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "t1"})
	if seq := put(t, l, "ann", thing{ID: "t1"}); seq != 1 {
		t.Errorf("seq %d, want 1", seq)
	}
}

func TestAViewCannotWrite(t *testing.T) {
	l := newLibrary(t, Options{})
	err := l.View(func(tx *Tx) error { return tx.Put("thing.set", "thing", "t1", thing{ID: "t1"}, "") })
	is(t, err, ErrReadOnly)
}

func TestPutRefusesWhatCannotBeKept(t *testing.T) {
	l := newLibrary(t, Options{})
	for name, fn := range map[string]func(*Tx) error{
		"other id":    func(tx *Tx) error { return tx.Put("v", "thing", "a", thing{ID: "b"}, "") },
		"no object":   func(tx *Tx) error { return tx.Put("v", "thing", "a", []int{1}, "") },
		"real":        func(tx *Tx) error { return tx.Put("v", "thing", "a", map[string]any{"x": .5}, "") },
		"not NFC":     func(tx *Tx) error { return tx.Put("v", "thing", "a", map[string]any{"x": "e\u0301"}, "") },
		"empty id":    func(tx *Tx) error { return tx.Put("v", "thing", "", map[string]any{}, "") },
		"zero byte":   func(tx *Tx) error { return tx.Put("v", "thi\x00ng", "a", map[string]any{}, "") },
		"id too long": func(tx *Tx) error { return tx.Put("v", "thing", strings.Repeat("x", 300), map[string]any{}, "") },
		"not there":   func(tx *Tx) error { return tx.Delete("v", "thing", "a", "") },
	} {
		if _, err := l.Update(t.Context(), "ann", fn); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if l.Seq() != 0 {
		t.Errorf("seq %d, want 0", l.Seq())
	}
}

func TestAllComesInTheOrderOfIdsEvenWhileWriting(t *testing.T) {
	l := newLibrary(t, Options{})
	update(t, l, "ann", func(tx *Tx) error {
		for i := range 50 {
			id := strconv.Itoa(100 + i)
			if err := tx.Put("thing.set", "thing", id, thing{ID: id}, ""); err != nil {
				return err
			}
		}
		return tx.Put("thing.set", "thingy", "x", thing{ID: "x"}, "")
	})
	update(t, l, "ann", func(tx *Tx) error {
		n := 0
		for v, err := range All[thing](tx, "thing") {
			if err != nil {
				return err
			}
			if want := strconv.Itoa(100 + n); v.ID != want {
				t.Fatalf("got %s, want %s", v.ID, want)
			}
			n++
			if n%2 == 0 {
				err = tx.Delete("thing.gone", "thing", v.ID, "")
			} else {
				v.Text = strings.Repeat("longer ", 100)
				err = tx.Put("thing.set", "thing", v.ID, v, "")
			}
			if err != nil {
				return err
			}
		}
		if n != 50 || tx.Count("thing") != 25 {
			t.Errorf("walked %d and left %d, want 50 and 25", n, tx.Count("thing"))
		}
		return nil
	})
	sound(t, l)
}

func TestRefsFollowTheFields(t *testing.T) {
	l := newLibrary(t, Options{})
	long := strings.Repeat("long", 100)
	put(t, l, "ann", thing{ID: "a", Key: "k1", OwnerID: "o1", TagIDs: []string{"x", "y"}})
	put(t, l, "ann", thing{ID: "b", Key: long, OwnerID: "o1", TagIDs: []string{"y"}})
	put(t, l, "ann", thing{ID: "b2", OwnerID: "o11"})
	refs := func(field, value string) (ids []string) {
		view(t, l, func(tx *Tx) error {
			for v, err := range Refs[thing](tx, "thing", field, value) {
				if err != nil {
					return err
				}
				ids = append(ids, v.ID)
			}
			return nil
		})
		return ids
	}
	check := func(field, value string, want ...string) {
		t.Helper()
		if got := refs(field, value); !slices.Equal(got, want) {
			t.Errorf("%s=%.20s: got %v, want %v", field, value, got, want)
		}
	}
	check("owner_id", "o1", "a", "b")
	check("tag_ids", "y", "a", "b")
	check("key", long, "b")
	put(t, l, "ann", thing{ID: "a", Key: "k1", OwnerID: "o2", TagIDs: []string{"x"}})
	check("owner_id", "o1", "b")
	check("owner_id", "o2", "a")
	check("tag_ids", "y", "b")
	update(t, l, "ann", func(tx *Tx) error { return tx.Delete("thing.gone", "thing", "b", "") })
	check("owner_id", "o1")
	sound(t, l)
}

func TestAnAliasIsNeverUsedAgain(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "a", Alias: "C41"})
	update(t, l, "ann", func(tx *Tx) error {
		first, err := tx.NewAlias("C")
		if err != nil {
			return err
		}
		second, err := tx.NewAlias("C")
		if err != nil {
			return err
		}
		if first != "C42" || second != "C43" {
			t.Errorf("got %s and %s, want C42 and C43", first, second)
		}
		return tx.Put("thing.set", "thing", "b", thing{ID: "b", Alias: second}, "")
	})
	if _, err := l.Undo(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	update(t, l, "ann", func(tx *Tx) error {
		if got, err := tx.NewAlias("c"); err != nil || got != "c44" {
			t.Errorf("got %s %v, want c44", got, err)
		}
		err := tx.Put("thing.set", "thing", "c", thing{ID: "c", Alias: "c43"}, "")
		if !errors.Is(err, ErrConflict) {
			t.Errorf("got %v, want ErrConflict", err)
		}
		return nil
	})
}

func TestResolveKnowsAliasIdAndKey(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "01JAAA", Alias: "C1", Key: "he2015"})
	put(t, l, "ann", thing{ID: "01JBBB", Key: "twice"})
	put(t, l, "ann", thing{ID: "01JCCC", Key: "twice"})
	view(t, l, func(tx *Tx) error {
		for _, name := range []string{"C1", "c1", "01JAAA", "01jaaa", "he2015"} {
			if kind, id, err := tx.Resolve(name); err != nil || kind != "thing" || id != "01JAAA" {
				t.Errorf("%s: got %s %s %v", name, kind, id, err)
			}
		}
		for name, want := range map[string]error{"twice": ErrConflict, "": ErrNotFound, "nobody": ErrNotFound, strings.Repeat("x", 500): ErrNotFound} {
			if _, _, err := tx.Resolve(name); !errors.Is(err, want) {
				t.Errorf("%.20s: got %v, want %v", name, err, want)
			}
		}
		return nil
	})
}

func TestFindClimbsToTheNearestLibrary(t *testing.T) {
	l := newLibrary(t, Options{})
	got, err := Find(filepath.Join(l.Dir(), vaultName))
	if err != nil || got != l.Dir() {
		t.Errorf("got %s %v, want %s", got, err, l.Dir())
	}
	_, err = Find(t.TempDir())
	is(t, err, ErrNotFound)
}

func TestInitRefusesAFolderThatHoldsALibrary(t *testing.T) {
	l := newLibrary(t, Options{})
	_, err := Init(t.Context(), l.Dir(), Options{})
	is(t, err, ErrExists)
	_, err = Open(t.Context(), t.TempDir(), Options{})
	is(t, err, ErrNotFound)
}

func TestAClosedLibrarySaysSo(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "a"})
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Fatal(err)
	}
	_, err := l.Update(t.Context(), "ann", func(*Tx) error { return nil })
	is(t, err, ErrClosed)
	is(t, l.View(func(*Tx) error { return nil }), ErrClosed)
	again, err := Open(t.Context(), l.Dir(), Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if again.Seq() != 1 {
		t.Errorf("seq %d after reopening, want 1", again.Seq())
	}
	_, err = again.Update(t.Context(), "ann", func(*Tx) error { return nil })
	is(t, err, ErrReadOnly)
}

func TestWhatADeadInitLeftIsRemovedWhateverTheFolderIsCalled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a[b]")
	lib, err := Init(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := lib.Close(); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, initPattern+"1")
	if err := os.Mkdir(left, 0o755); err != nil {
		t.Fatal(err)
	}
	cleanInit(dir)
	if _, err := os.Stat(left); err == nil {
		t.Error("it is still there")
	}
}
