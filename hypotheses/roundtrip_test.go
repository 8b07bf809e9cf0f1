package hypotheses

import (
	"errors"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
	"tenet/principles"
)

// drawText draws what people type, with a taste for what YAML or JSON read as
// something else.
func drawText(t *rapid.T) string {
	trap := rapid.SampledFrom([]string{
		"yes", "null", "~", "1", "0x1F", "1e-3", ".inf", "inf", "- a", "a: b", "# a", "'", `"`, "a\nb", " a", "a ", "all j<k", "&amp;",
		"[1]", "{a: b}", "|", "1/8", "1/sqrt(depth)", "\u2028", "\x00", "a\r\nb", "1_000", "1.0", "-0", "true", "\\n",
	})
	return store.Text(rapid.OneOf(trap, rapid.StringMatching(`[ -~]{0,40}`), rapid.String()).Draw(t, "text"))
}

func drawReal(t *rapid.T) store.Real {
	return 0 + store.Real(rapid.OneOf(rapid.Float64Range(-10, 10), rapid.Float64Range(-1e12, 1e12), rapid.Map(rapid.IntRange(-5, 100), func(i int) float64 { return float64(i) })).Draw(t, "real"))
}

// drawNet draws a net's tree: what it means is not this package's business.
func drawNet(t *rapid.T, depth int) any {
	switch rapid.IntRange(0, 6).Draw(t, "node") {
	case 0:
		return int64(rapid.IntRange(-1000, 1<<40).Draw(t, "whole"))
	case 1:
		return float64(drawReal(t))
	case 2:
		return rapid.Bool().Draw(t, "yes")
	case 3:
		return nil
	case 4, 5:
		if depth == 0 {
			return drawText(t)
		}
		m := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "keys") {
			m[drawText(t)] = drawNet(t, depth-1)
		}
		if rapid.Bool().Draw(t, "list") {
			return []any{m, drawNet(t, depth-1)}
		}
		return m
	}
	return drawText(t)
}

func drawPack(t *rapid.T) Pack {
	list := func() []string { return rapid.SliceOfN(rapid.Custom(drawText), 1, 3).Draw(t, "list") }
	table := func() map[string]string { return map[string]string{drawText(t): drawText(t), "k": "v"} }
	real := func() *store.Real { r := drawReal(t); return &r }
	h := PackHypothesis{
		ID: "H01", Kind: Confirmatory, Principle: "P1", Title: drawText(t), Statement: store.Text("S" + drawText(t)),
		Estimand: Estimand{drawText(t), drawText(t)}, Theta0: drawReal(t), Delta: drawReal(t), Metric: drawText(t), Task: "D1",
		Arms:      yaml.MapSlice{{Key: "b", Value: drawNet(t, 3)}, {Key: "a", Value: drawNet(t, 3)}},
		Controls:  ArmControls{Parameters: drawText(t), LearningRate: LearningRate{Protocol: drawText(t), Why: drawText(t)}},
		Budget:    Budget{CPUSPerTrial: drawReal(t), GFLOPPerTrial: real(), CPUSExpected: real(), Assumes: drawText(t)},
		Confounds: list(), Expected: Expected{drawText(t), drawReal(t)}, Pilot: &Pilot{drawReal(t), drawReal(t), 3, drawText(t)},
		Decision: &DecisionSpec{
			Kind: "greater", Reduction: "paired", Arms: []string{"a", "b"}, Metric: drawText(t), Better: "higher", Transform: "identity",
			Worst: Worst(drawReal(t)), Role: "core", Expect: "refuted", Setting: drawText(t), Delta: 1,
		},
	}
	switch rapid.IntRange(0, 2).Draw(t, "rate") {
	case 0:
		h.Controls.LearningRate.NoValue = true
	case 1:
		h.Controls.LearningRate.Value = store.Text("v" + drawText(t))
	case 2:
		h.Controls.LearningRate.Grid = []store.Real{drawReal(t), drawReal(t)}
	}
	again := h // a replication whose plan is written
	again.ID, again.Kind, again.Of, again.Change = "R2", Replication, "H01", store.Text("c"+drawText(t))
	training := Training{Note: store.Text("n" + drawText(t))}
	if rapid.Bool().Draw(t, "trained") {
		training = Training{Optimiser: store.Text("o" + drawText(t)), LearningRate: real(), Steps: 3}
	}
	return Pack{
		Hypotheses: &File{
			Schema: 1, Demo: &Demo{First: []string{"H01"}, Order: []string{"R1"}, Question: drawText(t)}, Rule: table(), Expressions: table(),
			Hypotheses: []PackHypothesis{h, again}, Replications: []PackReplication{{"R1", "H01", "D1", drawText(t)}},
		},
		Tasks: &TasksFile{
			Schema: 1, Engine: drawText(t), Conventions: table(),
			Tasks:    []PackTask{{ID: "D1", Name: store.Text("n" + drawText(t)), UsedBy: []string{"H01"}, Replications: []string{}, Split: drawText(t), Training: training, Metric: list(), Notes: list()}},
			Families: []PackFamily{{ID: "plain", System: drawText(t), Toy: drawNet(t, 2), Tasks: []string{"D1"}}},
		},
		Published: &PublishedFile{Schema: 1, HowToUse: drawText(t), Tables: []PackTable{{
			ID: "T1", Scale: "numeric", UsedBy: []string{"H01"}, MapToArms: map[string]string{"m": drawText(t)},
			Rows: []Row{{Model: "m", Value: real(), Note: drawText(t)}, {Model: "n", Status: drawText(t), Columns: map[string]string{"x": "null", "y": `"1"`, "z": "1.5"}}},
		}}},
	}
}

// Import(Export(x)) == x: written, read, stored, collected and written again,
// a pack is the same tree, whatever people type.
func TestAnyPackSurvivesTheLibrary(t *testing.T) {
	lib, back := library(t), errors.New("taken back")
	update(t, lib, func(tx *store.Tx) error {
		_, err := principles.Add(tx, principles.Principle{Name: "N", Alias: "P1"})
		return err
	})
	rapid.Check(t, func(rt *rapid.T) {
		files := written(t, drawPack(rt))
		_, err := lib.Update(t.Context(), "ada", func(tx *store.Tx) error {
			var p Pack
			var errs [3]error
			p.Hypotheses, errs[0] = ReadFile(FileName, files[FileName])
			p.Tasks, errs[1] = ReadTasks(TasksName, files[TasksName])
			p.Published, errs[2] = ReadPublished(PublishedName, files[PublishedName])
			if err := errors.Join(errs[:]...); err != nil {
				return err
			}
			if _, err := Store(tx, p); err != nil {
				return err
			}
			got, err := Collect(tx)
			if err != nil {
				return err
			}
			for name, out := range written(t, got) {
				if d, err := yamlfile.Difference(files[name], out); d != "" || err != nil {
					rt.Fatalf("%s: %s %v\n%s\n%s", name, d, err, files[name], out)
				}
			}
			return back
		})
		if !errors.Is(err, back) {
			rt.Fatalf("%v\n%s%s%s", err, files[FileName], files[TasksName], files[PublishedName])
		}
	})
}

func TestToJSONKeepsATree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, err := toJSON(drawNet(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		v, err := fromJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		data, err := yamlfile.Encode("", map[string]any{"net": v})
		if err != nil {
			t.Fatal(err)
		}
		var again struct{ Net any }
		if err := yamlfile.Decode("n.yaml", data, &again); err != nil {
			t.Fatal(err)
		}
		if text2, err := toJSON(again.Net); err != nil || text2 != text {
			t.Fatalf("%s %v", cmp.Diff(text, text2), err)
		}
	})
}
