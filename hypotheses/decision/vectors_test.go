package decision

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// vectorFile is testdata/vectors.json, made by the reference implementation of
// the decision procedure; DECISION.md §11 says what its kinds hold.
type vectorFile struct {
	Format    string
	Tolerance struct{ Relative, Absolute float64 }
	Vectors   []vector
}

type vector struct {
	ID, Kind, Note string
	In, Out        map[string]any
}

func readVectors(t testing.TB) vectorFile {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var f vectorFile
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case string:
		f, err := strconv.ParseFloat(v, 64)
		return f, err == nil && (math.IsInf(f, 0) || math.IsNaN(f))
	}
	return 0, false
}

func numbers(v any) []float64 {
	list, _ := v.([]any)
	out := make([]float64, len(list))
	for i, x := range list {
		out[i], _ = number(x)
	}
	return out
}

func text(m map[string]any, key, or string) string {
	if s, ok := m[key].(string); ok {
		return s
	}
	return or
}

func blocksOf(t *testing.T, list, flags any) []Block {
	t.Helper()
	var out []Block
	div, _ := flags.([]any)
	for i, x := range list.([]any) {
		s, isText := x.(string)
		if !isText {
			s = strconv.FormatFloat(x.(float64), 'g', -1, 64)
		}
		b, err := ParseBlock(s)
		if err != nil {
			t.Fatal(err)
		}
		if i < len(div) {
			b.Diverged = b.Diverged || div[i].(bool)
		}
		out = append(out, b)
	}
	return out
}

func paramsOf(in map[string]any) Params {
	real := func(key string) float64 { f, _ := number(in[key]); return f }
	p := Params{
		Kind: Kind(text(in, "kind", "")), Theta0: real("theta0"), Delta: real("delta"),
		Alpha: real("alpha"), TVal: real("t_val"), TRef: real("t_ref"),
		NMin: int(real("n_min")), NMax: int(real("n_max")), Center: text(in, "center", ""),
		MissingMax: real("missing_max"), UnstableMax: real("unstable_max"),
		Divergence: text(in, "divergence", ""), Constant: text(in, "constant", ""),
		ConstantStop: int(real("constant_stop")), NotBefore: int(real("not_before")),
		Deviation: text(in, "deviation", ""),
	}
	if locked, ok := in["locked"].(bool); ok {
		p.Unlocked = !locked
	}
	return p
}

func specOf(in map[string]any) Spec {
	s := Spec{
		Reduction: Reduction(text(in, "reduction", "")), Lower: text(in, "better", "higher") == "lower",
		Log: text(in, "transform", "id") == "log", Worst: math.Inf(-1),
		Levels: numbers(in["x"]), Table: numbers(in["table"]),
	}
	if w, ok := in["worst"].(float64); ok {
		s.Worst = w
	}
	s.Baseline, _ = number(in["baseline"])
	return s
}

func trialOf(x any) Trial {
	switch x {
	case "missing":
		return Trial{Missing: true}
	case "diverged":
		return Trial{Diverged: true}
	}
	m, _ := number(x)
	return Trial{Metric: m}
}

// shape turns what a vector asks for into the tree that its "out" is.
func shape(t *testing.T, v vector) map[string]any {
	t.Helper()
	in := v.In
	switch v.Kind {
	case "decide":
		r, err := Decide(blocksOf(t, in["blocks"], in["diverged"]), paramsOf(in["params"].(map[string]any)))
		if err != nil {
			t.Fatal(err)
		}
		return shapeRecord(r)
	case "estimate":
		d := numbers(in["d"])
		s, h := Scale(d), HodgesLehmann(d)
		return map[string]any{"hl": h, "median": SampleMedian(d), "scale": s, "effect": EffectSize(h, s), "superiority": Superiority(d)}
	case "bounds":
		b := Bounds(numbers(in["d"]), in["t"].(float64), in["center"].(string))
		return map[string]any{"lower": b.Lower, "upper": b.Upper}
	case "reduce":
		var out []any
		for _, block := range in["blocks"].([]any) {
			var trials []Trial
			for _, x := range block.([]any) {
				trials = append(trials, trialOf(x))
			}
			b, err := Reduce(specOf(in["spec"].(map[string]any)), trials)
			if err != nil {
				t.Fatal(err)
			}
			d := any(b.D)
			if b.Kind != Informative {
				d = b.String()
			}
			out = append(out, map[string]any{"d": d, "diverged": b.Diverged})
		}
		return map[string]any{"blocks": out}
	case "holm":
		h := Holm(numbers(in["maxima"]), in["alpha"].(float64))
		return map[string]any{"rejected": list(h.Rejected), "threshold": list(h.Threshold), "p_adjusted": list(h.Adjusted)}
	case "e_holm":
		h := EHolm(numbers(in["e"]), in["alpha"].(float64))
		return map[string]any{"adjusted": list(h.Adjusted), "rejected": list(h.Rejected)}
	case "family":
		var members []Member
		for _, m := range in["members"].([]any) {
			m := m.(map[string]any)
			members = append(members, Member{blocksOf(t, m["blocks"], m["diverged"]), paramsOf(m["params"].(map[string]any))})
		}
		verdicts, err := Family(members, in["alpha"].(float64))
		if err != nil {
			t.Fatal(err)
		}
		var out []any
		for _, m := range verdicts {
			out = append(out, map[string]any{"verdict": m.Verdict, "reason": m.Reason, "stop": m.Stop, "t_val": m.TVal, "t_ref": m.TRef})
		}
		return map[string]any{"members": out}
	case "stream":
		key := Stream(in["study"].(string), in["hypothesis"].(string), int(in["block"].(float64)), in["stream"].(string), in["scope"].(string))
		return shapeStream(key)
	}
	return nil
}

func shapeRecord(r Record) map[string]any {
	var computed, bounds any
	if r.Computed != "" {
		computed = r.Computed
	}
	if b := r.Grading.Bounds; b != nil {
		bounds = []any{b.Lower, b.Upper}
	}
	wealth := map[string]any{}
	for name, path := range r.Wealth {
		wealth[name] = list(path)
	}
	return map[string]any{
		"verdict": r.Verdict, "reason": r.Reason, "computed": computed, "stop": r.Stop, "informative": r.Informative,
		"missing": r.Missing, "void": r.Void, "diverged": r.Diverged, "estimate": r.Estimate, "scale": r.Scale,
		"effect": r.Effect, "superiority": r.Superiority, "max_for": r.V, "max_against": r.R,
		"sign_for": r.SignV, "sign_against": r.SignR, "lower": r.Lower, "upper": r.Upper,
		"cs": []any{r.Confidence.Lower, r.Confidence.Upper}, "asymmetry": r.Asymmetry, "wealth": wealth,
		"grading": map[string]any{
			"effect": r.Grading.Effect, "std_bounds": bounds, "imprecise": r.Grading.Imprecise,
			"asymmetric": r.Grading.Asymmetric, "diverged_share": r.Grading.DivergedShare,
		},
	}
}

func shapeStream(key Seed) map[string]any {
	pcg, floats, cha := key.PCG(), rand.New(key.PCG()), key.ChaCha8()
	var p, c []any
	for range 4 {
		p = append(p, strconv.FormatUint(pcg.Uint64(), 10))
		c = append(c, strconv.FormatUint(cha.Uint64(), 10))
	}
	for range 4 {
		floats.Uint64() // the two floats follow the four integers
	}
	return map[string]any{
		"key": hex.EncodeToString(key[:]), "pcg_uint64": p, "chacha8_uint64": c,
		"pcg_float64": []any{floats.Float64(), floats.Float64()},
	}
}

func list[T any](x []T) []any {
	out := make([]any, len(x))
	for i, v := range x {
		out[i] = v
	}
	return out
}

// largest finite |number| of the input sets the absolute tolerance.
func largest(v any) float64 {
	top := 0.0
	switch v := v.(type) {
	case float64:
		if !math.IsInf(v, 0) {
			top = math.Abs(v)
		}
	case []any:
		for _, x := range v {
			top = max(top, largest(x))
		}
	case map[string]any:
		for _, x := range v {
			top = max(top, largest(x))
		}
	}
	return top
}

func compare(path string, got, want any, rel, abs float64) error {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || len(g) != len(w) {
			return fmt.Errorf("%s: got %v, want %v", path, got, want)
		}
		for k := range w {
			if err := compare(path+"."+k, g[k], w[k], rel, abs); err != nil {
				return err
			}
		}
		return nil
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return fmt.Errorf("%s: got %v, want %v", path, got, want)
		}
		for i := range w {
			if err := compare(path+"["+strconv.Itoa(i)+"]", g[i], w[i], rel, abs); err != nil {
				return err
			}
		}
		return nil
	}
	g, okg := number(got)
	w, okw := number(want)
	switch {
	case okg != okw:
	case !okg && got == want:
		return nil
	case okg && (g == w || math.IsNaN(g) && math.IsNaN(w) || math.Abs(g-w) <= max(rel*math.Abs(w), abs)):
		return nil
	}
	return fmt.Errorf("%s: got %v, want %v", path, got, want)
}

func TestEveryVectorIsReproduced(t *testing.T) {
	f := readVectors(t)
	// Status, encoding and log belong to principles and internal/store.
	elsewhere := map[string]bool{"rollup": true, "canonical": true, "merkle": true}
	want := map[string]int{"decide": 60, "estimate": 11, "bounds": 10, "reduce": 17, "holm": 8, "e_holm": 8, "family": 6, "stream": 10}
	seen := map[string]int{}
	for _, v := range f.Vectors {
		if elsewhere[v.Kind] {
			continue
		}
		seen[v.Kind]++
		t.Run(v.ID, func(t *testing.T) {
			abs := f.Tolerance.Absolute * max(1, largest(v.In))
			if err := compare("out", shape(t, v), v.Out, f.Tolerance.Relative, abs); err != nil {
				t.Errorf("%s (%s): %v", v.ID, v.Note, err)
			}
		})
	}
	for kind, n := range want {
		if seen[kind] != n {
			t.Errorf("%d vectors of kind %s, want %d", seen[kind], kind, n)
		}
	}
}

func TestTheDigestIsTheOneOfTheVectors(t *testing.T) {
	n := 0
	for _, v := range readVectors(t).Vectors {
		if v.Kind != "canonical" || v.Out["error"] == true {
			continue
		}
		n++
		canonical, err := hex.DecodeString(v.Out["canonical_hex"].(string))
		if err != nil {
			t.Fatal(err)
		}
		if got := Digest(canonical); got != v.Out["digest"] {
			t.Errorf("%s: got %s, want %s", v.ID, got, v.Out["digest"])
		}
	}
	if n == 0 {
		t.Error("no canonical vectors found")
	}
}
