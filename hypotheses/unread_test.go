package hypotheses

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"tenet/internal/store"
	"tenet/principles"
)

var errRolledBack = errors.New("rolled back")

// spoilt gives, by kind, a member and a value of a type that it never has.
func spoilt() map[string]struct {
	field string
	value any
} {
	type s = struct {
		field string
		value any
	}
	return map[string]s{
		KindHypothesis: {"version", "x"}, KindLock: {"version", "x"}, KindStart: {"seq", "x"}, KindBlock: {"b", "x"}, KindVerdict: {"stop", "x"},
		KindDeviation: {"class", 5}, KindControl: {"passed", "x"}, KindOverride: {"kinds", 5}, KindTask: {"name", 5}, KindTable: {"title", 5},
		KindFigure: {"id", 5}, KindFrame: {"id", 5}, KindModelFamily: {"id", 5},
		principles.KindPrinciple: {"revision", "x"}, principles.KindLink: {"relation", 5}, principles.KindScore: {"points", "x"},
	}
}

// spoil makes every record of a kind unreadable; its index entries stay.
func spoil(t *testing.T, tx *store.Tx, kind string) (n int) {
	t.Helper()
	bad := spoilt()[kind]
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
		id, ok := m["id"].(string)
		if !ok {
			t.Fatalf("%s without an id: %s", kind, raw)
		}
		if bad.field != "id" {
			m[bad.field] = bad.value
		} else {
			m["alias"], m["key"] = 5, 5
		}
		if err := tx.PutFinal("spoilt", kind, id, m, ""); err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// A record that cannot be read is an error, or it did not matter: no answer changes in silence, and nothing panics.
func TestWhatCannotBeReadIsNeverPassedOverInSilence(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	lock(t, lib, "H05")
	start(t, lib, "H01", "r1", false)
	feed(t, lib, "H01", "r1", 0, 60, 0.2)
	start(t, lib, "H05", "r3", false)
	feed(t, lib, "H05", "r3", 0, 2, 0.2)
	start(t, lib, "H08", "x2", true)
	feed(t, lib, "H08", "x2", 0, 3, 0.2)
	control(t, lib, "aa-exact", "v0.1.0", "aa", true)
	update(t, lib, func(tx *store.Tx) error {
		if err := Deviate(tx, Deviation{HypothesisID: "H01", RunID: "r1", Class: "minor", Text: "another room"}); err != nil {
			return err
		}
		_, err := principles.SetScore(tx, "P1", principles.Accessibility, 3, "")
		return err
	})
	control(t, lib, "known-effect", "v0.1.0", "", false)
	update(t, lib, func(tx *store.Tx) error {
		_, err := OverrideControls(tx, env().StudyID, env().EngineVersion, "for the test")
		return err
	})
	h := find(t, lib, "H01")
	e9 := env()
	e9.EngineVersion = "v9"

	reads := map[string]func(tx *store.Tx) (any, error){
		"Find":          func(tx *store.Tx) (any, error) { return Find(tx, "h1") },
		"Locks":         func(tx *store.Tx) (any, error) { return Locks(tx, h.ID) },
		"CheckLock":     func(tx *store.Tx) (any, error) { return nil, CheckLock(tx, h) },
		"Controls":      func(tx *store.Tx) (any, error) { return Controls(tx, "", "") },
		"ControlsFor":   func(tx *store.Tx) (any, error) { return ControlsFor(tx, env().StudyID, env().EngineVersion) },
		"Starts":        func(tx *store.Tx) (any, error) { return Starts(tx, h.ID) },
		"BlocksOf":      func(tx *store.Tx) (any, error) { return BlocksOf(tx, h.ID) },
		"BlocksAt":      func(tx *store.Tx) (any, error) { return BlocksAt(tx, StartRecord{HypothesisID: h.ID}, h.Verdict.Seq) },
		"NextBlock":     func(tx *store.Tx) (any, error) { return NextBlock(tx, "r3") },
		"MissingBlocks": func(tx *store.Tx) (any, error) { return MissingBlocks(tx, "r3") },
		"Replay": func(tx *store.Tx) (any, error) {
			n, wrong, err := Replay(tx)
			if len(wrong) > 0 { // it names what it finds, which is as good as an error
				return nil, errors.Join(err, store.ErrCorrupt)
			}
			return n, err
		},
		"CheckVerdict":  func(tx *store.Tx) (any, error) { return nil, CheckVerdict(tx, *h.Verdict) },
		"StatusOf":      func(tx *store.Tx) (any, error) { return StatusOf(tx, h.PrincipleID) },
		"Measured":      func(tx *store.Tx) (any, error) { return Measured(tx, h.PrincipleID) },
		"ExecutedScope": func(tx *store.Tx) (any, error) { return ExecutedScope(tx, h.PrincipleID) },
		"Thresholds": func(tx *store.Tx) (any, error) {
			tv, tr, err := Thresholds(tx, "H05")
			return [2]float64{tv, tr}, err
		},
		"ReadHistory": func(tx *store.Tx) (any, error) {
			hist, err := ReadHistory(tx)
			if err != nil {
				return nil, err
			}
			return hist.Moments(h), nil
		},
		"CaseOf":    func(tx *store.Tx) (any, error) { c, _, err := CaseOf(tx, "H01"); return c, err },
		"FindTask":  func(tx *store.Tx) (any, error) { return FindTask(tx, h.TaskID) },
		"FindTable": func(tx *store.Tx) (any, error) { return FindTable(tx, "T1") },
		"Collect":   func(tx *store.Tx) (any, error) { return Collect(tx) },
	}
	block := func(run string, b int) Block { return paired(find(t, lib, "H05"), run, b, 0.7, 0.5) }
	acts := map[string]func(tx *store.Tx) error{
		"Lock":        func(tx *store.Tx) error { _, err := Lock(tx, "H04", env()); return err },
		"Start":       func(tx *store.Tx) error { _, err := Start(tx, "H05", "r9", false, env()); return err },
		"StartAnyway": func(tx *store.Tx) error { _, err := StartAnyway(tx, "H05", "r9", e9, "why not"); return err },
		"PutBlock":    func(tx *store.Tx) error { _, err := PutBlock(tx, block("r3", 2)); return err },
		"Finish":      func(tx *store.Tx) error { _, err := Finish(tx, "r3"); return err },
		"Deviate": func(tx *store.Tx) error {
			return Deviate(tx, Deviation{HypothesisID: "H01", Class: "major", Text: "x"})
		},
		"Edit": func(tx *store.Tx) error { _, err := Edit(tx, "H06", func(h *Hypothesis) { h.Title = "x" }); return err },
		"OverrideControls": func(tx *store.Tx) error {
			control := PutControl(tx, ControlRecord{Kind: "aa-random", Study: env().StudyID, Engine: "v0.1.0"})
			_, err := OverrideControls(tx, env().StudyID, "v0.1.0", "x")
			return errors.Join(control, err)
		},
	}
	sound := map[string]any{}
	view(t, lib, func(tx *store.Tx) error {
		for name, read := range reads {
			got, err := read(tx)
			if err != nil {
				t.Fatalf("%s on a sound library: %v", name, err)
			}
			sound[name] = got
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
	fails := map[string]int{}
	for kind := range spoilt() {
		rolledBack(func(tx *store.Tx) {
			if n := spoil(t, tx, kind); n == 0 && kind != KindFigure && kind != principles.KindLink {
				t.Errorf("no record of kind %s to spoil", kind)
			}
			for name, read := range reads {
				got, err := read(tx)
				switch {
				case err == nil && !reflect.DeepEqual(got, sound[name]) && kind != KindFrame && kind != KindModelFamily && name != "ReadHistory":
					t.Errorf("%s with spoilt records of kind %s: no error and another answer", name, kind)
				case err != nil:
					fails[name]++
				}
			}
		})
		for name, act := range acts {
			rolledBack(func(tx *store.Tx) {
				spoil(t, tx, kind)
				if act(tx) != nil {
					fails[name]++
				}
			})
		}
	}
	for _, name := range append(sortedKeys(reads), sortedKeys(acts)...) {
		if fails[name] == 0 {
			t.Errorf("%s minded no spoilt record at all", name)
		}
	}
}
