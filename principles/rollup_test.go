package principles

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// rollupVector is one vector of kind rollup of the decision procedure, whose
// file lies with the package that implements the rest of it.
type rollupVector struct {
	ID, Kind, Note string
	In             struct {
		Scope      []string
		Hypotheses []struct {
			ID, Role, Verdict, Expect, Setting, Reason, Region, Deviation string
			Regions                                                       []string
			Effect                                                        any
			Bounds                                                        []any   `json:"std_bounds"`
			DivergedShare                                                 float64 `json:"diverged_share"`
			Imprecise, Asymmetric, Proxy                                  bool
		}
		Controls []Control
	}
	Out struct {
		Status, Reason, Grade               string
		Scope, Excluded, Untested, Guidance []string
		Down                                Down
	}
}

func real(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case string:
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return math.NaN()
		}
		return f
	}
	return 0
}

func (v rollupVector) input() RollUpInput {
	in := RollUpInput{Scope: v.In.Scope, Controls: v.In.Controls}
	for _, h := range v.In.Hypotheses {
		x := Tested{
			ID: h.ID, Role: h.Role, Verdict: h.Verdict, Reason: h.Reason, Expect: h.Expect, Setting: h.Setting,
			Regions: h.Regions, Effect: real(h.Effect), Imprecise: h.Imprecise, Asymmetric: h.Asymmetric,
			DivergedShare: h.DivergedShare, Deviation: h.Deviation, Proxy: h.Proxy,
		}
		if h.Region != "" {
			x.Regions = append(x.Regions, h.Region)
		}
		if len(h.Bounds) == 2 {
			x.Bounds = &[2]float64{real(h.Bounds[0]), real(h.Bounds[1])}
		}
		in.Hypotheses = append(in.Hypotheses, x)
	}
	return in
}

func rollupVectors(t testing.TB) []rollupVector {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "hypotheses", "decision", "testdata", "vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var f struct{ Vectors []json.RawMessage }
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	var out []rollupVector
	for _, raw := range f.Vectors {
		var kind struct{ Kind string }
		if err := json.Unmarshal(raw, &kind); err != nil {
			t.Fatal(err)
		}
		if kind.Kind != "rollup" {
			continue
		}
		var v rollupVector
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func TestEveryRollUpVectorIsReproduced(t *testing.T) {
	vectors := rollupVectors(t)
	if len(vectors) != 27 {
		t.Errorf("%d vectors of kind rollup, want 27", len(vectors))
	}
	for _, v := range vectors {
		t.Run(v.ID, func(t *testing.T) {
			s := RollUp(v.input())
			guidance := []string{}
			for _, r := range s.Refuted {
				guidance = append(guidance, r.ID+"|"+r.Reason)
			}
			got := v.Out
			got.Status, got.Reason, got.Grade, got.Down = s.Status, s.Reason, s.Grade, s.Down
			got.Scope, got.Excluded, got.Untested, got.Guidance = s.Scope, s.Excluded, s.Untested, guidance
			if !reflect.DeepEqual(got, v.Out) {
				t.Errorf("%s (%s)\nin   %+v\ngot  %+v\nwant %+v", v.ID, v.Note, v.In, got, v.Out)
			}
		})
	}
}

func TestRollUpDoesNotSeeTheOrder(t *testing.T) {
	vectors := rollupVectors(t)
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom(vectors).Draw(t, "vector").input()
		want := RollUp(in)
		in.Hypotheses = rapid.Permutation(in.Hypotheses).Draw(t, "hypotheses")
		in.Controls = rapid.Permutation(in.Controls).Draw(t, "controls")
		if got := RollUp(in); !reflect.DeepEqual(got, want) {
			t.Fatalf("in %+v\ngot  %+v\nwant %+v", in, got, want)
		}
	})
}

// A principle is called validated only when nothing at all stands against it.
func TestValidatedNeedsReplicationControlsAndNoLoss(t *testing.T) {
	verdicts := []string{"validated", "refuted", "inconclusive", "invalid", "exploratory"}
	rapid.Check(t, func(t *rapid.T) {
		var in RollUpInput
		for i := range rapid.IntRange(0, 5).Draw(t, "n") {
			in.Hypotheses = append(in.Hypotheses, Tested{
				ID: "h" + strconv.Itoa(i), Role: rapid.SampledFrom([]string{"core", "boundary"}).Draw(t, "role"),
				Verdict: rapid.SampledFrom(verdicts).Draw(t, "verdict"), Expect: rapid.SampledFrom(verdicts[:2]).Draw(t, "expect"),
				Setting: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "setting"), Regions: []string{"r" + strconv.Itoa(i)},
			})
		}
		for _, k := range ControlKinds() {
			if rapid.Bool().Draw(t, k) {
				in.Controls = append(in.Controls, Control{k, rapid.Bool().Draw(t, "passed")})
			}
		}
		s := RollUp(in)
		wins, losses := map[string]bool{}, 0
		for _, h := range in.Hypotheses {
			o, weighs := h.outcome()
			if h.Role == "core" && o > 0 {
				wins[h.Setting] = true
			}
			if h.Role == "core" && weighs && o <= 0 {
				losses++
			}
		}
		complete, failed := controlsOf(in.Controls)
		if s.Status == "validated" && (len(wins) < 2 || losses > 0 || !complete || failed) {
			t.Fatalf("in %+v\ngot %+v", in, s)
		}
		for _, r := range s.Excluded {
			if slices.Contains(s.Scope, r) {
				t.Fatalf("in %+v\n%s is in scope and excluded", in, r)
			}
		}
	})
}

// A lost step of the grade says what cost it, and which hypotheses did.
func TestADoubtNamesItsCauses(t *testing.T) {
	win := func(id, setting string) Tested {
		return Tested{ID: id, Role: "core", Verdict: "validated", Setting: setting, Effect: 1, Bounds: &[2]float64{0.5, 1.5}}
	}
	a, b, c := win("H01", "x"), win("H02", "x"), win("H03", "x")
	a.Asymmetric, b.DivergedShare, b.Imprecise, c.Imprecise = true, 0.2, true, true
	c.Verdict, c.Reason = "refuted", "absent"
	st := RollUp(RollUpInput{Hypotheses: []Tested{a, b, c, {ID: "H04", Role: "boundary", Verdict: "validated", Asymmetric: true}}})
	var got []string
	for _, d := range st.Doubts {
		got = append(got, fmt.Sprintf("%d %s", d.Steps, d))
	}
	want := []string{
		"2 risk of bias: more than a tenth of the blocks diverged (H02), skewed D (H01), controls that are missing or did not all pass",
		"1 inconsistency: verdicts in both directions",
		"1 indirectness: one setting only",
		"1 imprecision: bounds wider than the effect (H02, H03)",
	}
	if diff := cmp.Diff(want, got); diff != "" || st.Down != (Down{2, 1, 1, 1}) || st.Grade != "very-low" {
		t.Errorf("%s\n%+v, grade %s", diff, st.Down, st.Grade)
	}
}
