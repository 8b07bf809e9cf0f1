package survey_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenet/internal/store"
	"tenet/survey"
)

const packed = `schema: 1
title: A study
question: Why?
method:
  inclusion:
  - id: I1
    text: Gives a reason.
  exclusion:
  - id: X1
    text: Gives none.
papers:
- key: he2015
  include: core
  criteria:
  - I1
  skip_type: additive
  results:
  - model: plain-18
    metric: error %
    value: 27.90
    where: Table 2
    confidence: high
    checked_against_text: true
  remarks:
  - by: bob
    at: "2026-01-01T00:00:00Z"
    text: "read: twice"
  claims:
  - id: he2015.c1
    text: Depth hurts.
    kind: conjecture
    stance: pro
    bears_on:
    - principle: P1
      relation: supports
    quote: degradation is not caused by overfitting
    verified: true
    page: 1
    source: paper PDF
    anchor:
      file: abc
      page: 1
      start: 3
      end: 9
      exact: degradation is not caused by overfitting
      quads: [1, 2, 3, 4]
      located: found
  - id: he2015.c2
    text: Old words.
    kind: conjecture
    bears_on: []
    verified: false
    state: superseded
    superseded_by: he2015.c1
    reviewer: bob
    tags:
    - depth
`

func TestASurveyFileSurvivesTheRoundTrip(t *testing.T) {
	f, err := survey.ReadFile("survey.yaml", []byte(packed))
	if err != nil {
		t.Fatal(err)
	}
	lib := onePaper(t)
	store1 := func() survey.Stored {
		var n survey.Stored
		update(t, lib, func(tx *store.Tx) (err error) {
			n, err = survey.Store(tx, f, "test")
			return err
		})
		return n
	}
	if n := store1(); n != (survey.Stored{Added: 2}) {
		t.Errorf("got %+v", n)
	}
	if p := paper(t, lib, "he2015"); p.State != survey.Included {
		t.Errorf("got %s", p.State)
	}
	var got survey.File
	view(t, lib, func(tx *store.Tx) (err error) {
		got, err = survey.Collect(tx)
		return err
	})
	got.Papers[0].Claims[0].BearsOn = f.Papers[0].Claims[0].BearsOn // links are made and read by internal/pack
	if d := cmp.Diff(f, got); d != "" {
		t.Errorf("collected (-read +got)\n%s", d)
	}
	data, err := survey.WriteFile(got)
	if err != nil {
		t.Fatal(err)
	}
	again, err := survey.ReadFile("survey.yaml", data)
	if d := cmp.Diff(f, again); err != nil || d != "" {
		t.Errorf("error %v\n%s\n%s", err, d, data)
	}
	if !strings.Contains(string(data), "value: 27.90") || !strings.Contains(string(data), "quads: [1, 2, 3, 4]") {
		t.Errorf("written\n%s", data)
	}
}

func TestStoringTwiceChangesNothing(t *testing.T) {
	f, err := survey.ReadFile("survey.yaml", []byte(packed))
	if err != nil {
		t.Fatal(err)
	}
	lib := onePaper(t)
	for i := range 2 {
		seq := lib.Seq()
		update(t, lib, func(tx *store.Tx) error {
			_, err := survey.Store(tx, f, "test")
			return err
		})
		if changed := lib.Seq() != seq; changed != (i == 0) {
			t.Errorf("storing for time %d: %d changes", i+1, lib.Seq()-seq)
		}
	}
}

func TestFaultsOfASurveyFileAreNamedWithTheirPlace(t *testing.T) {
	cases := []struct{ name, old, new, want string }{
		{"schema", "schema: 1", "schema: 2", "survey.yaml:1:1: schema: is 2; this program reads schema 1"},
		{"unknown field", "skip_type: additive", "skiptype: additive", `survey.yaml:16:3: papers[0].skiptype: unknown field "skiptype"; did you mean "skip_type"?`},
		{"criterion", "  - I1\n  skip", "  - I7\n  skip", "survey.yaml:15:5: papers[0].criteria[0]: criterion I7 is not defined under method"},
		{"criterion twice", "id: X1", "id: I1", "survey.yaml:4:1: method: criterion I1 is given twice"},
		{"include", "include: core", "include: maybe", `survey.yaml:13:3: papers[0].include: "maybe" is not one of: core, context, excluded`},
		{"kind", "kind: conjecture\n    stance", "kind: proof\n    stance", `survey.yaml:31:5: papers[0].claims[0].kind: "proof" is not a kind of claim`},
		{"stance", "stance: pro", "stance: for", `papers[0].claims[0].stance: "for" is not one of: pro, con, mixed`},
		{"relation", "relation: supports", "relation: proves", `papers[0].claims[0].bears_on[0].relation: "proves" is not one of`},
		{"claim twice", "id: he2015.c2", "id: he2015.c1", "papers[0].claims[1].id: claim he2015.c1 is given twice"},
		{"dangling claim", "superseded_by: he2015.c1", "superseded_by: he2015.c9", "papers[0].claims[1].superseded_by: there is no claim he2015.c9"},
		{"missing id", "id: he2015.c2", "id: ''", "papers[0].claims[1].id: is missing"},
		{"verified nothing", "    verified: false", "    verified: true", "papers[0].claims[1].verified: only a quote can be verified"},
		{"value", "value: 27.90", "value: high", "papers[0].results[0].value: is text where a number is wanted"},
		{"quads", "quads: [1, 2, 3, 4]", "quads: [1, 2, 3]", "papers[0].claims[0].anchor.quads: needs four numbers a line"},
		{"excluded without reason", "  include: core\n  criteria:\n  - I1\n", "  include: excluded\n  criteria: []\n", "an excluded paper needs a reason or a criterion"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := strings.Replace(packed, c.old, c.new, 1)
			if in == packed {
				t.Fatal("the case changes nothing")
			}
			_, err := survey.ReadFile("survey.yaml", []byte(in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add([]byte(packed))
	if data, err := os.ReadFile("../studies/skip/survey.yaml"); err == nil {
		f.Add(data[:4000])
	}
	f.Add([]byte("schema: 1\npapers:\n- {key: a, criteria: [], claims: []}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := survey.ReadFile("survey.yaml", data)
		if err != nil {
			return
		}
		out, err := survey.WriteFile(in)
		if err != nil {
			t.Fatal(err)
		}
		again, err := survey.ReadFile("survey.yaml", out)
		if err != nil {
			t.Fatalf("input %q\nwritten %q\n%v", data, out, err)
		}
		second, err := survey.WriteFile(again)
		if err != nil || string(second) != string(out) {
			t.Errorf("input %q\nwritten %q\nand then %q, error %v", data, out, second, err)
		}
	})
}
