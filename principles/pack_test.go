package principles

import (
	"bytes"
	"strings"
	"testing"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
)

func TestThePackOfTheStudySurvivesTheRoundTrip(t *testing.T) {
	data := studyFile(t, FileName)
	f, err := ReadFile(FileName, data)
	if err != nil {
		t.Fatal(err)
	}
	lib := library(t)
	update(t, lib, func(tx *store.Tx) error {
		storeClaims(t, tx)
		n, err := Store(tx, f)
		if n.Added != 9 {
			t.Errorf("added %d principles, want 9", n.Added)
		}
		return err
	})
	view(t, lib, func(tx *store.Tx) error {
		back, err := Collect(tx)
		if err != nil {
			return err
		}
		out, err := WriteFile(back)
		if err != nil {
			return err
		}
		if diff, err := yamlfile.Difference(data, out); diff != "" || err != nil {
			t.Errorf("the pack came back different: %s %v", diff, err)
		}
		again, err := ReadFile(FileName, out)
		if err != nil || len(again.Principles) != 9 {
			t.Errorf("the written pack does not read: %v", err)
		}
		return nil
	})
}

func TestStoringTheSamePackTwiceChangesNothing(t *testing.T) {
	lib := library(t)
	f, err := ReadFile(FileName, studyFile(t, FileName))
	if err != nil {
		t.Fatal(err)
	}
	update(t, lib, func(tx *store.Tx) error {
		storeClaims(t, tx)
		_, err := Store(tx, f)
		return err
	})
	before := lib.Seq()
	update(t, lib, func(tx *store.Tx) error {
		n, err := Store(tx, f)
		if n.Same != 9 || n.Added+n.Changed != 0 {
			t.Errorf("got %+v, want nine the same", n)
		}
		return err
	})
	if lib.Seq() != before {
		t.Errorf("%d changes were written", lib.Seq()-before)
	}
}

func TestAPackThatComesAgainLeavesWhatWasRefinedOrDiscarded(t *testing.T) {
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
		if _, err := Refine(tx, "P7", func(p *Principle) { p.Statement = "A narrower one." }); err != nil {
			return err
		}
		_, err := Discard(tx, "P3", "tired of it")
		return err
	})
	update(t, lib, func(tx *store.Tx) error {
		if n, err := Store(tx, f); err != nil || n.Same != 9 {
			t.Errorf("got %+v, %v, want nine the same", n, err)
		}
		for alias, want := range map[string]State{"P7": Refined, "P3": Discarded, "P1": Standing} {
			if p, err := Find(tx, alias); err != nil || p.State != want {
				t.Errorf("%s is %q, want %q (%v)", alias, p.State, want, err)
			}
		}
		return nil
	})
}

// A pack of later plans brings the principles that they test: narrower ones of another pack's.
func TestAPackMayRefineWhatAnotherBrought(t *testing.T) {
	lib := library(t)
	first, err := ReadFile(FileName, studyFile(t, FileName))
	if err != nil {
		t.Fatal(err)
	}
	next, err := ReadFile("later.yaml", []byte("schema: 1\nprinciples:\n"+
		"- {id: P10, name: N, statement: narrower, parent: P7}\n- {id: P11, name: N, statement: narrower still, parent: P10}\n"))
	if err != nil {
		t.Fatal(err)
	}
	update(t, lib, func(tx *store.Tx) error {
		if _, err := Store(tx, next); err == nil || !strings.Contains(err.Error(), "later.yaml:3:") || !strings.Contains(err.Error(), "no principle P7 in this file or in the library") {
			t.Errorf("without P7: %v", err)
		}
		storeClaims(t, tx)
		if _, err := Store(tx, first); err != nil {
			return err
		}
		_, err := Store(tx, next)
		return err
	})
	before := lib.Seq()
	update(t, lib, func(tx *store.Tx) error {
		for alias, want := range map[string]Principle{
			"P7":  {Revision: 1, State: Refined, Reason: "see P10"},
			"P10": {Revision: 2, State: Refined, Reason: "see P11"},
			"P11": {Revision: 3},
		} {
			p, err := Find(tx, alias)
			if err != nil || p.Revision != want.Revision || p.State != want.State || p.Reason != want.Reason {
				t.Errorf("%s is %+v, want %+v (%v)", alias, p, want, err)
			}
		}
		round, err := ReadFile("round.yaml", []byte("schema: 1\nprinciples:\n- {id: P7, name: N, statement: S, parent: P11}\n"))
		if err != nil {
			return err
		}
		if _, err := Store(tx, round); err == nil || !strings.Contains(err.Error(), "P7 would refine itself") {
			t.Errorf("a circle by way of the library: %v", err)
		}
		all, err := inOrder(tx)
		if err != nil || all[9].Alias != "P10" || all[10].Alias != "P11" {
			t.Errorf("the refined ones do not stand behind the others: %v", err)
		}
		for _, f := range []*File{first, next} {
			if n, err := Store(tx, f); err != nil || n.Added+n.Changed != 0 {
				t.Errorf("again: %+v, %v", n, err)
			}
		}
		return nil
	})
	if lib.Seq() != before {
		t.Errorf("storing both again wrote %d changes", lib.Seq()-before)
	}
	view(t, lib, func(tx *store.Tx) error { // and both come back from one file
		f, err := Collect(tx)
		if err != nil {
			return err
		}
		data, err := WriteFile(f)
		if err != nil {
			return err
		}
		back, err := ReadFile(FileName, data)
		if err != nil || back.Principles[9].Parent != "P7" || back.Principles[10].Revision != 3 {
			t.Errorf("came back otherwise (%v)", err)
		}
		return nil
	})
}

func TestAFaultOfThePackIsNamedWithItsPlace(t *testing.T) {
	head := "schema: 1\nprinciples:\n- id: P1\n  name: N\n  statement: S\n"
	for name, c := range map[string]struct{ text, want string }{
		"unknown field":     {head + "  statment: x\n", `p.yaml:6:3: principles[0].statment`},
		"id twice":          {head + "- id: P1\n  name: M\n  statement: S\n", `p.yaml:6:3: principles[1].id: P1 is the id of principles[0] too`},
		"no statement":      {"schema: 1\nprinciples:\n- id: P1\n  name: N\n", `principles[0].statement: is missing`},
		"other schema":      {"schema: 2\nprinciples: []\n", `p.yaml:1:1: schema: is 2; this program reads schema 1`},
		"unknown principle": {"schema: 1\nunified:\n  terms:\n  - term: a\n    principles:\n    - P9\n" + head[10:], `unified.terms[0].principles[0]: no principle P9 in this file`},
		"own parent":        {head + "  parent: P1\n", `principles[0].parent: P1 would refine itself`},
		"circle":            {head + "  parent: P2\n- {id: P2, name: M, statement: S, parent: P1}\n", `principles[1].parent: P2 would refine itself`},
		"claim twice":       {head + "  origin:\n    supports: [a.c1, a.c1]\n", `principles[0].origin.supports[1]: claim a.c1 bears on P1 twice`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadFile("p.yaml", []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("for\n%s\ngot  %v\nwant %s", c.text, err, c.want)
			}
		})
	}
}

func TestAClaimThatIsNotThereIsNamedWithItsPlace(t *testing.T) {
	lib := library(t)
	f, err := ReadFile("p.yaml", []byte("schema: 1\nprinciples:\n- id: P1\n  name: N\n  statement: S\n  origin:\n    supports:\n    - he2015.c9\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = lib.Update(t.Context(), "ada", func(tx *store.Tx) error { _, err := Store(tx, f); return err })
	const want = "p.yaml:8:7: principles[0].origin.supports[0]: no claim he2015.c9 in survey.yaml or in the library"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// excerpt is the first lines of a file: the fuzzer shrinks what it finds, and
// a whole study would take it minutes.
func excerpt(data []byte) []byte {
	cut := min(len(data), 4000)
	return data[:bytes.LastIndexByte(data[:cut], '\n')+1]
}

func FuzzReadFile(f *testing.F) {
	f.Add(excerpt(studyFile(f, FileName)))
	f.Add([]byte("schema: 1\nprinciples:\n- id: P1\n  name: N\n  statement: S\n  state: discarded\n"))
	f.Add([]byte("principles: {a: b}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ReadFile("p.yaml", data)
		if err != nil {
			return
		}
		out, err := WriteFile(file)
		if err != nil {
			t.Fatalf("a file that reads does not write: %v", err)
		}
		if _, err := ReadFile("p.yaml", out); err != nil {
			t.Fatalf("a written file does not read: %v\n%s", err, out)
		}
	})
}
