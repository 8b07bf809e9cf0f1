package principles

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"tenet/internal/store"
	"tenet/survey"
)

var errRolledBack = errors.New("rolled back")

// spoil makes every record of a kind unreadable: a member gets a value of a type that it never has.
func spoil(t *testing.T, tx *store.Tx, kind string) (n int) {
	t.Helper()
	bad := map[string]map[string]any{
		KindPrinciple: {"revision": "x"}, KindLink: {"relation": 5}, KindScore: {"points": "x"}, KindUnified: {"unified": 5}, survey.KindClaim: {"page": "x"},
	}[kind]
	for raw, err := range store.All[json.RawMessage](tx, kind) {
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&m); err != nil {
			t.Fatal(err)
		}
		maps.Copy(m, bad)
		if err := tx.PutFinal("spoilt", kind, m["id"].(string), m, ""); err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// A record that cannot be read is an error, or it did not matter: no answer changes in silence, and nothing panics.
func TestWhatCannotBeReadIsNeverPassedOverInSilence(t *testing.T) {
	lib := library(t)
	f, err := ReadFile(FileName, studyFile(t, FileName))
	if err != nil {
		t.Fatal(err)
	}
	update(t, lib, func(tx *store.Tx) error {
		storeClaims(t, tx)
		if _, err := Store(tx, f); err != nil {
			return err
		}
		_, err := SetScore(tx, "P1", Validity, 3, "so far")
		return err
	})
	var p Principle
	var claim string
	view(t, lib, func(tx *store.Tx) (err error) {
		if p, err = Find(tx, "P1"); err != nil {
			return err
		}
		for l, err := range Links(tx, p.ID) {
			claim = l.ClaimID
			return err
		}
		return nil
	})
	reads := map[string]func(tx *store.Tx) (any, error){
		"Find":       func(tx *store.Tx) (any, error) { return Find(tx, "p01") },
		"Support":    func(tx *store.Tx) (any, error) { return Support(tx, p.ID) },
		"Scorecard":  func(tx *store.Tx) (any, error) { return Scorecard(tx, p.ID) },
		"Cover":      func(tx *store.Tx) (any, error) { return Cover(tx) },
		"Collect":    func(tx *store.Tx) (any, error) { return Collect(tx) },
		"TheUnified": func(tx *store.Tx) (any, error) { u, c, ok, err := TheUnified(tx); return []any{u, c, ok}, err },
		"LinksOfClaim": func(tx *store.Tx) (any, error) {
			var out []Link
			for l, err := range LinksOfClaim(tx, claim) {
				if err != nil {
					return nil, err
				}
				out = append(out, l)
			}
			return out, nil
		},
	}
	acts := map[string]func(tx *store.Tx) error{
		"LinkClaim": func(tx *store.Tx) error { _, err := LinkClaim(tx, claim, "P1", Contradicts); return err },
		"Unlink":    func(tx *store.Tx) error { return Unlink(tx, claim, "P1", "") },
		"SetScore":  func(tx *store.Tx) error { _, err := SetScore(tx, "P1", Validity, 2, ""); return err },
		"Edit":      func(tx *store.Tx) error { _, err := Edit(tx, "P1", func(p *Principle) { p.Name = "x" }); return err },
		"Discard":   func(tx *store.Tx) error { _, err := Discard(tx, "P1", "because"); return err },
		"Refine": func(tx *store.Tx) error {
			_, err := Refine(tx, "P1", func(p *Principle) { p.Statement = "less" })
			return err
		},
		"Store": func(tx *store.Tx) error { _, err := Store(tx, f); return err },
	}
	sound, minded := map[string]any{}, map[string]bool{}
	view(t, lib, func(tx *store.Tx) error {
		for name, read := range reads {
			if sound[name], err = read(tx); err != nil {
				t.Fatalf("%s on a sound library: %v", name, err)
			}
		}
		return nil
	})
	rolledBack := func(fn func(tx *store.Tx)) {
		t.Helper()
		if _, err := lib.Update(t.Context(), "ada", func(tx *store.Tx) error { fn(tx); return errRolledBack }); !errors.Is(err, errRolledBack) {
			t.Fatal(err)
		}
	}
	for name, act := range acts {
		rolledBack(func(tx *store.Tx) {
			if err := act(tx); err != nil {
				t.Errorf("%s on a sound library: %v", name, err)
			}
		})
	}
	for _, kind := range []string{KindPrinciple, KindLink, KindScore, KindUnified, survey.KindClaim} {
		rolledBack(func(tx *store.Tx) {
			if spoil(t, tx, kind) == 0 {
				t.Errorf("no record of kind %s to spoil", kind)
			}
			for name, read := range reads {
				got, err := read(tx)
				if err == nil && !reflect.DeepEqual(got, sound[name]) {
					t.Errorf("%s with spoilt records of kind %s: no error and another answer", name, kind)
				}
				minded[name] = minded[name] || err != nil
			}
		})
		for name, act := range acts {
			rolledBack(func(tx *store.Tx) {
				spoil(t, tx, kind)
				minded[name] = act(tx) != nil || minded[name]
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(minded)) {
		if !minded[name] {
			t.Errorf("%s minded no spoilt record at all", name)
		}
	}
}

// Cover reads links of live claims and standing principles only.
func TestWhatWasDroppedExplainsNothing(t *testing.T) {
	lib := library(t)
	update(t, lib, func(tx *store.Tx) error {
		twoClaims(t, tx)
		if _, err := Add(tx, Principle{Name: "Other", Statement: "Another."}); err != nil {
			return err
		}
		for _, x := range [][2]string{{"C1", "P1"}, {"C2", "P1"}, {"C2", "P2"}} {
			if _, err := LinkClaim(tx, x[0], x[1], Supports); err != nil {
				return err
			}
		}
		return nil
	})
	covered := func() (c Coverage) {
		view(t, lib, func(tx *store.Tx) (err error) { c, err = Cover(tx); return err })
		return c
	}
	if c := covered(); c.Claims != 2 || c.All != 2 || !slices.Equal(c.Smallest, []string{"P1"}) || c.Only["P1"] != 1 {
		t.Errorf("got %+v", c)
	}
	update(t, lib, func(tx *store.Tx) error {
		c, err := survey.FindClaim(tx, "C1")
		if err != nil {
			return err
		}
		return survey.Drop(tx, c.ID, "not about it")
	})
	if c := covered(); c.Claims != 1 || c.All != 2 || c.Only["P1"] != 0 {
		t.Errorf("after a claim was dropped: %+v", c)
	}
	update(t, lib, func(tx *store.Tx) error { _, err := Discard(tx, "P1", "refuted twice"); return err })
	if c := covered(); c.All != 1 || !slices.Equal(c.Smallest, []string{"P2"}) || c.Only["P2"] != 1 {
		t.Errorf("after a principle was discarded: %+v", c)
	}
	// Beyond what a mask holds all are taken.
	many := map[string][]string{}
	for i := range 70 {
		many[string(rune('a'+i))] = []string{string(rune('A' + i))}
	}
	if c := cover(many); len(c.Smallest) != 70 || c.All != 70 {
		t.Errorf("of 70 principles: %+v", c)
	}
}

func TestTheUnifiedExplanationIsKept(t *testing.T) {
	lib := library(t)
	view(t, lib, func(tx *store.Tx) error {
		if _, _, ok, err := TheUnified(tx); ok || err != nil {
			t.Errorf("in an empty library: %v, %v", ok, err)
		}
		return nil
	})
	want := Unified{Line: "Keep a path, write little.", Terms: []Term{{Term: "path", Meaning: "what carries", Principles: []string{"P1"}}}}
	update(t, lib, func(tx *store.Tx) error {
		return SetUnified(tx, want, []CriterionMet{{Criterion: "unity", How: "one line"}})
	})
	view(t, lib, func(tx *store.Tx) error {
		u, c, ok, err := TheUnified(tx)
		if !ok || err != nil || u.Line != want.Line || len(u.Terms) != 1 || len(c) != 1 || c[0].How != "one line" {
			t.Errorf("got %+v, %+v, %v", u, c, err)
		}
		return nil
	})
}

// Each criterion asks the reader a question of its own; another one is none.
func TestEveryCriterionAsksAQuestion(t *testing.T) {
	asked := map[string]bool{"": true}
	for _, c := range ScoreCriteria() {
		if q := c.Question(); asked[q] {
			t.Errorf("%s asks %q", c, q)
		} else {
			asked[q] = true
		}
	}
	if Criterion("beauty").Question() != "" {
		t.Error("a question about what is no criterion")
	}
	update(t, library(t), func(tx *store.Tx) error {
		twoClaims(t, tx)
		for want, err := range map[string]error{
			"no criterion": second(SetScore(tx, "P1", "beauty", 1, "")), "too many points": second(SetScore(tx, "P1", Unity, 5, "")),
			"no principle": second(SetScore(tx, "P9", Unity, 1, "")),
		} {
			if err == nil {
				t.Errorf("%s: taken", want)
			}
		}
		return nil
	})
}

func second[T any](_ T, err error) error { return err }

// What stands in a pack keeps its place; what people added comes behind, by number.
func TestPrinciplesStandInTheOrderOfTheirPack(t *testing.T) {
	lib := library(t)
	update(t, lib, func(tx *store.Tx) error {
		for _, p := range []Principle{{Alias: "P10", Name: "c"}, {Alias: "P9", Name: "b"}, {Alias: "P2", Name: "a", Order: 2}, {Alias: "P3", Name: "z", Order: 1}, {Alias: "own", Name: "o"}} {
			if _, err := Add(tx, p); err != nil {
				return err
			}
		}
		_, err := Add(tx, Principle{Alias: "P99"})
		if err == nil {
			t.Error("a principle without name and statement was taken")
		}
		return nil
	})
	view(t, lib, func(tx *store.Tx) error {
		all, err := inOrder(tx)
		var got []string
		for _, p := range all {
			got = append(got, p.Alias)
		}
		if !slices.Equal(got, []string{"P3", "P2", "own", "P9", "P10"}) {
			t.Errorf("got %v", got)
		}
		return err
	})
}
