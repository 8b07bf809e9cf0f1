package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestUndoTakesBackAWholeUpdate(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "a", Alias: "T1", Text: "old", OwnerID: "o"})
	before := dump(t, l)
	update(t, l, "ann", func(tx *Tx) error {
		return errors.Join(
			tx.Put("thing.set", "thing", "a", thing{ID: "a", Text: "new"}, ""),
			tx.Put("thing.set", "thing", "a", thing{ID: "a", Text: "newer"}, ""),
			tx.Delete("thing.gone", "thing", "a", ""),
			tx.Put("thing.set", "thing", "b", thing{ID: "b"}, ""))
	})
	after := dump(t, l)
	changes, err := l.Undo(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	if got := dump(t, l); got != before {
		t.Errorf("got\n%s\nwant\n%s", got, before)
	}
	if len(changes) != 4 || changes[0].Undoes != 2 || changes[3].Seq != 9 || changes[3].Why != "undoes thing.set" {
		t.Errorf("got %+v", changes)
	}
	if _, err := l.Redo(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	if got := dump(t, l); got != after {
		t.Errorf("redo: got\n%s\nwant\n%s", got, after)
	}
	view(t, l, func(tx *Tx) error {
		c, err := tx.Change(l.Seq())
		if c.Why != "does again thing.set" {
			t.Errorf("why: %q", c.Why)
		}
		return err
	})
	sound(t, l)
}

func TestANewChangeClearsRedo(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "a"})
	if _, err := l.Undo(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	put(t, l, "bob", thing{ID: "b"}) // somebody else's change does not
	if _, err := l.Redo(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Undo(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	put(t, l, "ann", thing{ID: "c"})
	_, err := l.Redo(t.Context(), "ann")
	is(t, err, ErrNothingToUndo)
}

func TestAFinalChangeStays(t *testing.T) {
	l := newLibrary(t, Options{})
	update(t, l, "ann", func(tx *Tx) error {
		return errors.Join(
			tx.Put("note", "thing", "n", thing{ID: "n"}, ""),
			tx.PutFinal("hypothesis.locked", "thing", "a", thing{ID: "a", Alias: "H1"}, ""))
	})
	before := dump(t, l)
	_, err := l.Undo(t.Context(), "ann")
	is(t, err, ErrFinal)
	if !strings.Contains(err.Error(), "thing H1") || !strings.Contains(err.Error(), "hypothesis.locked") {
		t.Errorf("text: %v", err)
	}
	if got := dump(t, l); got != before {
		t.Errorf("state changed to\n%s", got)
	}
}

func TestUndoRefusesWhatOthersHaveChanged(t *testing.T) {
	l := newLibrary(t, Options{Now: fixedClock()})
	put(t, l, "ann", thing{ID: "a", Alias: "C7", Text: "hers"})
	put(t, l, "bob", thing{ID: "a", Alias: "C7", Text: "his"})
	_, err := l.Undo(t.Context(), "ann")
	is(t, err, ErrConflict)
	want := "store: undo of thing C7 (change 1): bob changed it since (change 2, thing.set, "
	if !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got  %v\nwant %s…", err, want)
	}
	update(t, l, "bob", func(tx *Tx) error { return tx.Delete("thing.gone", "thing", "a", "") })
	_, err = l.Undo(t.Context(), "ann")
	is(t, err, ErrConflict)
	if !strings.Contains(err.Error(), "removed since") {
		t.Errorf("got %v", err)
	}
}

func TestUndoLeavesNothingDangling(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "a", Alias: "C7"})
	put(t, l, "bob", thing{ID: "link", Alias: "L1", OwnerID: "a"})
	_, err := l.Undo(t.Context(), "ann")
	is(t, err, ErrConflict)
	if !strings.Contains(err.Error(), "thing L1 names it since") {
		t.Errorf("got %v", err)
	}
	if _, err := l.Undo(t.Context(), "bob"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Undo(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	_, err = l.Undo(t.Context(), "ann")
	is(t, err, ErrNothingToUndo)
	sound(t, l)
}

// edit and model are the naive twin of the ledger: whole states and whole stacks.
type edit struct {
	id            string
	before, after string // "" is absent
	final         bool
}

type model struct {
	state      map[string]string
	undo, redo map[string][][]edit
}

// takeBack mirrors Undo and Redo; it says whether they must succeed.
func (m *model) takeBack(from map[string][][]edit, to map[string][][]edit, actor string) error {
	stack := from[actor]
	if len(stack) == 0 {
		return ErrNothingToUndo
	}
	batch := stack[len(stack)-1]
	next := maps.Clone(m.state)
	var inverse []edit
	for _, e := range slices.Backward(batch) {
		switch {
		case e.final:
			return ErrFinal
		case next[e.id] != e.after:
			return ErrConflict
		}
		next[e.id] = e.before
		inverse = append(inverse, edit{id: e.id, before: e.after, after: e.before})
	}
	m.state = next
	from[actor] = stack[:len(stack)-1]
	to[actor] = append(to[actor], inverse)
	return nil
}

func (m *model) text() string {
	var out []string
	for id, text := range m.state {
		if text != "" {
			out = append(out, id+"="+text)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func stateText(t *rapid.T, l *Library) string {
	var out []string
	err := l.View(func(tx *Tx) error {
		for v, err := range All[thing](tx, "thing") {
			if err != nil {
				return err
			}
			out = append(out, v.ID+"="+v.Text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}

func TestTheLedgerBehavesLikeItsModel(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		l, err := Init(ctxOf(t), fmt.Sprintf("%s/%d", base, n), Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		m := &model{state: map[string]string{}, undo: map[string][][]edit{}, redo: map[string][][]edit{}}
		actors := rapid.SampledFrom([]string{"ann", "bob", "cy"})
		t.Repeat(map[string]func(*rapid.T){
			"write": func(t *rapid.T) { writeBoth(t, l, m, actors.Draw(t, "actor")) },
			"undo": func(t *rapid.T) {
				actor := actors.Draw(t, "actor")
				_, got := l.Undo(ctxOf(t), actor)
				if want := m.takeBack(m.undo, m.redo, actor); !errors.Is(got, want) {
					t.Fatalf("undo by %s: got %v, want %v", actor, got, want)
				}
			},
			"redo": func(t *rapid.T) {
				actor := actors.Draw(t, "actor")
				_, got := l.Redo(ctxOf(t), actor)
				if want := m.takeBack(m.redo, m.undo, actor); !errors.Is(got, want) {
					t.Fatalf("redo by %s: got %v, want %v", actor, got, want)
				}
			},
			"": func(t *rapid.T) {
				if got, want := stateText(t, l), m.text(); got != want {
					t.Fatalf("got  %s\nwant %s", got, want)
				}
			},
		})
		found, err := l.Verify(ctxOf(t), nil)
		if err != nil || len(found) > 0 { // state, index, aliases and stacks are a fold of the changes
			t.Fatalf("verify: %v %v", found, err)
		}
	})
}

func writeBoth(t *rapid.T, l *Library, m *model, actor string) {
	var batch []edit
	next := maps.Clone(m.state)
	count := rapid.IntRange(1, 4).Draw(t, "puts")
	fail := rapid.IntRange(0, 9).Draw(t, "fail") == 0
	_, err := l.Update(ctxOf(t), actor, func(tx *Tx) error {
		for range count {
			id := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "id")
			text := rapid.SampledFrom([]string{"", "x", "y", "z"}).Draw(t, "text")
			e := edit{id: id, before: next[id], after: text, final: rapid.IntRange(0, 29).Draw(t, "final") == 0}
			var err error
			switch {
			case text == "" && next[id] == "":
				continue
			case text == "":
				e.final = false
				err = tx.Delete("thing.gone", "thing", id, "")
			case e.final:
				err = tx.PutFinal("thing.fixed", "thing", id, thing{ID: id, Text: text}, "")
			case text == next[id]:
				err = tx.Put("thing.set", "thing", id, thing{ID: id, Text: text}, "")
				if err == nil {
					continue // leaves no change
				}
			default:
				err = tx.Put("thing.set", "thing", id, thing{ID: id, Text: text}, "")
			}
			if err != nil {
				return err
			}
			next[id] = text
			batch = append(batch, e)
		}
		if fail {
			return errRefused
		}
		return nil
	})
	if fail {
		if !errors.Is(err, errRefused) {
			t.Fatalf("got %v, want errRefused", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(batch) > 0 {
		m.state, m.redo[actor] = next, nil
		m.undo[actor] = append(m.undo[actor], batch)
	}
}
