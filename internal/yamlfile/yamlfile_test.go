package yamlfile_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tenet/internal/yamlfile"
)

type row struct {
	Name  string          `yaml:"name"`
	Count int             `yaml:"count,omitempty"`
	Value yamlfile.Number `yaml:"value"`
	Year  *int            `yaml:"year,omitempty"`
	Flags []bool          `yaml:"flags,omitempty"`
}

type sheet struct {
	Schema int               `yaml:"schema"`
	Delta  float64           `yaml:"delta,omitempty"`
	Words  map[string]string `yaml:"words,omitempty"`
	Rows   []row             `yaml:"rows"`
	Free   any               `yaml:"free,omitempty"`
}

func TestAnUnknownFieldIsNamedWithItsPlace(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"unknown field", "schema: 1\nrows:\n- name: a\n  value: 1\n  cuont: 2\n", `f.yaml:5:3: rows[0].cuont: unknown field "cuont"; did you mean "count"?`},
		{"unlike any field", "schema: 1\nzzzzzz: 2\n", `f.yaml:2:1: zzzzzz: unknown field "zzzzzz"`},
		{"list for text", "rows:\n- name: [x]\n", `f.yaml:2:9: rows[0].name: is a list where text is wanted`},
		{"number for text", "rows:\n- name: 0.0\n", `f.yaml:2:9: rows[0].name: is a number where text is wanted; put it in quotes`},
		{"nothing for text", "rows:\n- name:\n", `is empty where text is wanted`},
		{"text for a number", "rows:\n- value: high\n", `f.yaml:2:10: rows[0].value: is text where a number is wanted`},
		{"quoted number", "rows:\n- value: \"1\"\n", `rows[0].value: is text where a number is wanted`},
		{"real for a whole number", "schema: 1.5\n", `f.yaml:1:9: schema: is a number where a whole number is wanted`},
		{"text for a list", "rows: none\n", `f.yaml:1:7: rows: is text where a list is wanted`},
		{"list for a mapping", "rows:\n- [1, 2]\n", `rows[0]: is a list where a mapping is wanted`},
		{"text for yes or no", "rows:\n- flags: [true, maybe]\n", `f.yaml:2:17: rows[0].flags[1]: is text where true or false is wanted`},
		{"a key twice", "schema: 1\nschema: 2\n", `f.yaml:2:1: schema: is given at line 1 already`},
		{"a key twice in free form", "free:\n  a: 1\n  a: 2\n", `f.yaml:3:3: free.a: is given at line 2 already`},
		{"an alias", "words:\n  a: &x y\n  b: *x\n", `anchors and aliases are not read`},
		{"two documents", "schema: 1\n---\nschema: 2\n", `f.yaml:3:`},
		{"nothing", "", `f.yaml: is empty`},
		{"a comment only", "# nothing\n", `f.yaml: is empty`},
		{"an open bracket", "rows: [\n", `f.yaml:1:7:`},
		{"bad indentation", "rows:\n - name: a\n- name: b\n", `f.yaml:`},
		{"Latin-1", "schema: 1\nwords:\n  a: \xe9\n", `f.yaml:3:6: is not UTF-8 here`},
		{"brackets without end", strings.Repeat("[", 5000), `is nested more than 200 deep`},
		{"lists in lists", strings.Repeat("- ", 5000) + "x", `is nested more than 200 deep`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got sheet
			err := yamlfile.Decode("f.yaml", []byte(c.in), &got)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("input %q\n got %v\nwant %s", c.in, err, c.want)
			}
		})
	}
}

func TestAllFaultsOfAFileComeBackAtOnceInItsOrder(t *testing.T) {
	in := "shcema: 1\nrows:\n- name: 1\n  extra: 2\n- value: x\n"
	var v sheet
	err := yamlfile.Decode("f.yaml", []byte(in), &v)
	all, ok := errors.AsType[yamlfile.Errors](err)
	if !ok || len(all) != 4 {
		t.Fatalf("input %q\n got %v\nwant four faults", in, err)
	}
	for i := 1; i < len(all); i++ {
		if all[i].Line < all[i-1].Line {
			t.Errorf("line %d comes after line %d", all[i].Line, all[i-1].Line)
		}
	}
	if one, ok := errors.AsType[*yamlfile.Error](err); !ok || one.Line != 1 || one.Field != "shcema" {
		t.Errorf("got %+v, want the fault of line 1", one)
	}
}

func TestAProblemIsPlacedAtItsFieldOrTheNearestParent(t *testing.T) {
	in := "schema: 1\nrows:\n- name: a\n  value: 1\n- value: 2\n"
	var ps yamlfile.Problems
	ps.Need("rows[1].name", "")
	ps.OneOf("rows[0].name", "a", "b", "c")
	err := yamlfile.Locate("f.yaml", []byte(in), ps)
	want := "f.yaml:3:3: rows[0].name: \"a\" is not one of: b, c\nf.yaml:5:3: rows[1].name: is missing"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if err := yamlfile.Locate("f.yaml", []byte(in), nil); err != nil {
		t.Errorf("no problems gave %v", err)
	}
}

func TestANumberKeepsItsSpelling(t *testing.T) {
	for _, s := range []string{"0", "0.0", "89.18", "-1", "1e-3", "8.70", ".inf", "-.inf", "null"} {
		var in sheet
		if err := yamlfile.Decode("f.yaml", []byte("rows:\n- name: a\n  value: "+s+"\n"), &in); err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		out, err := yamlfile.Encode("", in)
		if err != nil || !strings.Contains(string(out), "value: "+s+"\n") {
			t.Errorf("%s: got %s, error %v", s, out, err)
		}
	}
	for s, want := range map[yamlfile.Number]float64{"0.0": 0, "1e-3": 0.001, ".inf": math.Inf(1), "-.inf": math.Inf(-1)} {
		if got, err := s.Float(); err != nil || got != want {
			t.Errorf("%s: got %v, error %v, want %v", s, got, err, want)
		}
		if back, err := yamlfile.NumberOf(want).Float(); err != nil || back != want {
			t.Errorf("NumberOf(%v) reads back as %v, error %v", want, back, err)
		}
	}
}

func TestEncodeThenDecodeIsIdentity(t *testing.T) {
	text := rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z0-9 :#,'"\-\[\]{}&*!|>%@.éß]{1,40}`),
		rapid.SampledFrom([]string{"yes", "no", "null", "~", "1", "0.5", "1e3", "true", "- a", "a: b", "2004-10-27", "=", "<<", ".inf", "line\nline", " lead", "trail ", "a\n\nb\n", "\ttab"}),
	).Filter(func(s string) bool { return s != "" })
	rapid.Check(t, func(t *rapid.T) {
		in := sheet{Schema: 1, Rows: []row{}}
		for range rapid.IntRange(0, 4).Draw(t, "rows") {
			in.Rows = append(in.Rows, row{
				Name: text.Draw(t, "name"), Count: rapid.IntRange(-5, 5).Draw(t, "count"),
				Value: yamlfile.NumberOf(rapid.Float64Range(-1e6, 1e6).Draw(t, "value")),
			})
		}
		if rapid.Bool().Draw(t, "words") {
			in.Words = rapid.MapOfN(rapid.OneOf(text, rapid.SampledFrom([]string{"A<<", "<<", "a<<b"})), text, 1, 3).Draw(t, "words")
		}
		data, err := yamlfile.Encode("a comment", in)
		if err != nil {
			t.Fatal(err)
		}
		var out sheet
		if err := yamlfile.Decode("f.yaml", data, &out); err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if d := cmp.Diff(in, out); d != "" {
			t.Fatalf("%s\n%s", d, data)
		}
	})
}

func TestDifferenceSeesWhatDiffersAndNothingElse(t *testing.T) {
	cases := []struct{ name, a, b, want string }{
		{"order of fields", "a: 1\nb: x\n", "b: x\na: 1\n", ""},
		{"spelling of a number", "a: 0\n", "a: 0.0\n", ""},
		{"a number and text", "a: 1\n", "a: \"1\"\n", ".a: "},
		{"order of a list", "a: [1, 2]\n", "a: [2, 1]\n", ".a[0]: "},
		{"one field more", "a: 1\n", "a: 1\nb: 2\n", ".b: only in the second"},
		{"one field less", "a: 1\nb: 2\n", "a: 1\n", ".b: only in the first"},
		{"null and empty", "a: null\n", "a: ''\n", ".a: "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := yamlfile.Difference([]byte(c.a), []byte(c.b))
			if err != nil || (got == "") != (c.want == "") || !strings.HasPrefix(got, c.want) {
				t.Errorf("%q and %q\n got %q, error %v\nwant %q", c.a, c.b, got, err, c.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		"schema: 1\nrows:\n- name: a\n  value: 0.0\n", "rows: [", "a: &x [*x]\n", "- - - -", "? a\n: b\n", "!!binary x", "%YAML 1.2\n---\na: b\n",
		"words: {a: b, c: 'd'}\n", "free: |\n  text\n", "\xff", "schema: 1 # c\n...\n", "<<: {a: 1}\n", "a:\n\t- b\n",
		strings.Repeat("- ", 199) + "x", strings.Repeat("[", 150) + strings.Repeat("]", 150),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v sheet
		if err := yamlfile.Decode("f.yaml", data, &v); err != nil && err.Error() == "" {
			t.Errorf("input %q: an error without words", data)
		}
	})
}
