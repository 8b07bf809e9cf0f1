package principles

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tenet/internal/store"
)

// drawText draws what people type, with a taste for what YAML reads as
// something else.
func drawText(t *rapid.T) string {
	trap := rapid.SampledFrom([]string{
		"yes", "null", "~", "1", "0x1F", "1e3", ".inf", "- a", "a: b", "# a", "'", `"`, "a\nb", "a\n\nb\n", " a", "a ", "%", "@x", "`",
		"[1]", "{a: b}", "|", ">", "!tag", "&a", "*a", "\ttab", "2024-01-01", "é", "a #b", "?", ":", "-", "---", "...", "=", "<<", "true", "\\", "a\\nb", "\u2028", "a\r\nb", "\r", "\x00", "\x07", "\ufeff", "\u0085", "0o7", "1_000", "+1", "12:30", "NaN", "off",
	})
	return store.Text(rapid.OneOf(trap, rapid.String(), rapid.StringMatching(`[ -~]{0,80}`)).Draw(t, "text"))
}

// ReadFile(WriteFile(f)) == f, whatever people type.
func TestAnyWordsSurviveThePack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := func() []string { return rapid.SliceOfN(rapid.Custom(drawText), 1, 3).Draw(t, "list") }
		f := &File{
			Schema:   1,
			Unified:  &Unified{Line: drawText(t), Formula: drawText(t), Reading: list(), HowToUse: list(), Doubts: list(), Terms: []Term{{drawText(t), drawText(t), []string{"P1"}}}},
			Criteria: []CriterionMet{{drawText(t), drawText(t)}},
			Principles: []PackPrinciple{{
				ID: "P1", Name: store.Text("N" + drawText(t)), Statement: store.Text("S" + drawText(t)), Intuition: drawText(t), Scope: drawText(t),
				Predicts: list(), WhenNotToUse: list(), Rivals: list(), RoleInUnified: drawText(t),
				Origin: Origin{Supports: []string{"a.c1"}, Contradicts: []string{"b.c1"}, Qualifies: []string{"c.c1"}},
			}},
		}
		data, err := WriteFile(f)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ReadFile("p.yaml", data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if d := cmp.Diff(f, back, cmpopts.IgnoreUnexported(File{})); d != "" {
			t.Fatalf("%s\n%s", d, data)
		}
	})
}
