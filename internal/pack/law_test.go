package pack_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"tenet/internal/pack"
	"tenet/internal/store"
	"tenet/internal/yamlfile"
	"tenet/principles"
	"tenet/survey"
	"tenet/survey/bib"
)

// words are texts that a careless writer or reader of YAML would spoil.
var words = rapid.OneOf(
	rapid.StringMatching(`[A-Za-z][a-zA-Z0-9 :#,'"\[\]{}&*!|>%@.éß-]{0,30}[a-z.]`),
	rapid.SampledFrom([]string{"yes", "null", "1", "0.0", "- x", "a: b", "a #b", "line\nline", "2004-10-27", "\"quoted\"", "ends:"}),
)

func maybe(t *rapid.T, name string) string {
	if rapid.Bool().Draw(t, "has "+name) {
		return words.Draw(t, name)
	}
	return ""
}

// anyPack draws a small pack in which everything that is named exists.
func anyPack(t *rapid.T) map[string][]byte {
	rules := rapid.IntRange(1, 3).Draw(t, "principles")
	pf := &principles.File{Schema: 1}
	for i := range rules {
		pf.Principles = append(pf.Principles, principles.PackPrinciple{
			ID: fmt.Sprintf("P%d", i+1), Name: words.Draw(t, "name"), Statement: words.Draw(t, "statement"), Intuition: maybe(t, "intuition"),
			Predicts: rapid.SliceOfN(words, 0, 2).Draw(t, "predicts"), WhenNotToUse: []string{}, Rivals: []string{},
			Origin: principles.Origin{Supports: []string{}, Contradicts: []string{}, Qualifies: []string{}},
		})
	}
	var es bib.Entries
	f := survey.File{Schema: 1, Title: maybe(t, "title"), Question: maybe(t, "question"), Method: &survey.Method{
		Inclusion: []survey.Criterion{{ID: "I1", Text: words.Draw(t, "criterion")}}, Exclusion: []survey.Criterion{{ID: "X1", Text: words.Draw(t, "criterion")}},
	}, Papers: []survey.FilePaper{}}
	for i := range rapid.IntRange(0, 4).Draw(t, "papers") {
		key := fmt.Sprintf("paper%d", i)
		es = append(es, bib.Entry{Type: "misc", Key: key, Fields: []bib.Field{{Name: "title", Value: rapid.StringMatching(`[A-Za-z -]{1,20}`).Draw(t, "title")}}})
		if rapid.Bool().Draw(t, "coded") {
			f.Papers = append(f.Papers, anyPaper(t, key, pf))
		}
	}
	out := map[string][]byte{"notes.md": []byte(words.Draw(t, "notes"))}
	var b bytes.Buffer
	if err := bib.Write(&b, es); err != nil {
		t.Fatal(err)
	}
	out["references.bib"] = b.Bytes()
	var err error
	if out["survey.yaml"], err = survey.WriteFile(f); err != nil {
		t.Fatal(err)
	}
	if out["principles.yaml"], err = principles.WriteFile(pf); err != nil {
		t.Fatal(err)
	}
	return out
}

func anyPaper(t *rapid.T, key string, pf *principles.File) survey.FilePaper {
	p := survey.FilePaper{
		Key: key, Include: rapid.SampledFrom([]string{"", "core", "context", "excluded"}).Draw(t, "include"), Criteria: []string{},
		SkipType: maybe(t, "skip type"), Task: maybe(t, "task"), Note: maybe(t, "note"), Claims: []survey.FileClaim{},
	}
	if p.Include == "excluded" {
		p.Criteria = []string{"X1"}
		p.Reason = maybe(t, "reason")
	}
	for range rapid.IntRange(0, 2).Draw(t, "results") {
		p.Results = append(p.Results, survey.FileResult{
			Model: words.Draw(t, "model"), Metric: words.Draw(t, "metric"), Checked: rapid.Bool().Draw(t, "checked"),
			Value: rapid.SampledFrom([]yamlfile.Number{"0", "0.0", "-1.50", "89.18", "1000000"}).Draw(t, "value"),
		})
	}
	for j := range rapid.IntRange(0, 3).Draw(t, "claims") {
		p.Claims = append(p.Claims, anyClaim(t, fmt.Sprintf("%s.c%d", key, j+1), pf))
	}
	return p
}

func anyClaim(t *rapid.T, id string, pf *principles.File) survey.FileClaim {
	c := survey.FileClaim{
		ID: id, Text: words.Draw(t, "text"), Kind: rapid.SampledFrom(survey.Kinds()).Draw(t, "kind"),
		Stance: rapid.SampledFrom(append(survey.Stances(), "")).Draw(t, "stance"), Quote: maybe(t, "quote"), BearsOn: []survey.Bearing{},
		Comment: maybe(t, "comment"), State: rapid.SampledFrom([]survey.ClaimState{"", survey.Candidate, survey.Dropped}).Draw(t, "state"),
	}
	if c.Quote != "" {
		c.Verified, c.Page = rapid.Bool().Draw(t, "verified"), rapid.IntRange(0, 9).Draw(t, "page")
	}
	if rapid.Bool().Draw(t, "remarked") {
		c.Remarks = []survey.FileRemark{{By: words.Draw(t, "by"), At: "2026-01-01T00:00:00Z", Text: words.Draw(t, "remark")}}
	}
	if c.State == survey.Dropped {
		return c
	}
	for _, i := range rapid.Permutation(indices(len(pf.Principles))).Draw(t, "bears on")[:rapid.IntRange(0, len(pf.Principles)).Draw(t, "links")] {
		r := rapid.SampledFrom(survey.Relations()).Draw(t, "relation")
		c.BearsOn = append(c.BearsOn, survey.Bearing{Principle: pf.Principles[i].ID, Relation: r})
		o := &pf.Principles[i].Origin
		switch r {
		case "supports":
			o.Supports = append(o.Supports, id)
		case "contradicts":
			o.Contradicts = append(o.Contradicts, id)
		default:
			o.Qualifies = append(o.Qualifies, id)
		}
	}
	return c
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestAnyPackSurvivesTheRoundTrip(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		want := anyPack(rt)
		n++
		lib, err := store.Init(t.Context(), filepath.Join(dir, fmt.Sprint(n)), store.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		defer lib.Close()
		if _, err := pack.Import(t.Context(), lib, actor, asFS(want), "drawn"); err != nil {
			rt.Fatalf("%v\n%s\n%s", err, want["survey.yaml"], want["principles.yaml"])
		}
		got, err := pack.Files(lib)
		if err != nil {
			rt.Fatal(err)
		}
		for name, data := range want {
			if d := difference(name, data, got[name]); d != "" {
				rt.Fatalf("%s: %s\nwant\n%s\ngot\n%s", name, d, data, got[name])
			}
		}
		again, err := pack.Import(t.Context(), lib, actor, asFS(got), "drawn")
		if err != nil || !again.Unchanged() {
			rt.Fatalf("its own export changed it: %+v, error %v", again, err)
		}
	})
}
