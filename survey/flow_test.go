package survey_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/survey"
	"tenet/survey/bib"
)

func flow(t testing.TB, lib *store.Library) survey.Flow {
	t.Helper()
	var f survey.Flow
	view(t, lib, func(tx *store.Tx) (err error) {
		f, err = survey.FlowOf(tx)
		return err
	})
	return f
}

// The counts were added up by hand: twelve records of three sources, three of them known already.
func TestTheFlowIsCountedFromTheDecisions(t *testing.T) {
	lib := newLibrary(t)
	for source, keys := range map[string]string{"scopus.bib": "a1 a2 a3 a4 a5 a6", "pubmed.bib": "b1 b2 b3 b4 b5", "register.bib": "c1"} {
		text := ""
		for i := 0; i < len(keys); i += 3 {
			k := keys[i : i+2]
			text += fmt.Sprintf("@misc{%s, title = {The entirely different work called %s %s}, author = {%s, A.}, year = {2000}}\n", k, k, k, k)
		}
		if rep := importBibAs(t, lib, source, text); rep.Merged != 0 {
			t.Fatalf("%s: %+v", source, rep)
		}
	}
	update(t, lib, func(tx *store.Tx) error {
		for drop, keep := range map[string]string{"b1": "a1", "b2": "a2", "c1": "a2"} {
			if _, err := survey.MarkDuplicate(tx, drop, keep, ""); err != nil {
				return err
			}
		}
		for key, d := range map[string]survey.Decision{
			"a1": survey.In, "a2": survey.In, "a3": survey.In, "b3": survey.In,
			"a4": survey.Out, "a5": survey.Out, "a6": survey.Out, "b4": survey.Out, "b5": survey.Out,
		} {
			if _, err := survey.Screen(tx, key, d, "off topic"); err != nil {
				return err
			}
		}
		_, err := survey.Advance(tx, "b3", survey.NotRetrieved, "the library has it no more")
		return err
	})
	for i, key := range []string{"a1", "a2", "a3"} {
		path, d := pdf(t, key+".pdf", "v1", papers.Meta{Title: fmt.Sprintf("The entirely different work called %s %s", key, key), Authors: []string{"A. " + key}, Year: 2000},
			fmt.Sprintf("Text number %d.", i))
		if a := add(t, lib, path, d); a.Paper.Key != key {
			t.Fatalf("%s became %s", key, a.Paper.Key)
		}
	}
	update(t, lib, func(tx *store.Tx) error {
		for key, to := range map[string]survey.State{"a1": survey.Included, "a2": survey.Included, "a3": survey.Excluded} {
			if _, err := survey.Advance(tx, key, to, "wrong outcome"); err != nil {
				return err
			}
		}
		return nil
	})
	want := survey.Flow{
		Identified: 12, Sources: []survey.Counted{{Text: "scopus.bib", N: 6}, {Text: "pubmed.bib", N: 5}, {Text: "register.bib", N: 1}}, Duplicates: 3,
		Screened: 9, ScreenedOut: 5, Out: []survey.Counted{{Text: "off topic", N: 5}},
		Sought: 4, NoPDF: 1, Missing: []survey.Counted{{Text: "the library has it no more", N: 1}},
		Assessed: 3, Excluded: 1, Against: []survey.Counted{{Text: "wrong outcome", N: 1}}, Included: 2,
	}
	if d := cmp.Diff(want, flow(t, lib)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// importBibAs is importBib from a file of a name.
func importBibAs(t testing.TB, lib *store.Library, name, text string) survey.ImportReport {
	t.Helper()
	es, _ := bib.Parse(name, strings.NewReader(text))
	var rep survey.ImportReport
	update(t, lib, func(tx *store.Tx) (err error) {
		rep, err = survey.StoreBib(tx, name, es, false)
		return err
	})
	return rep
}

// PRISMA's identities hold whatever was decided.
func TestEveryBoxOfTheFlowIsAccountedFor(t *testing.T) {
	path, d := pdf(t, "x.pdf", "v1", paperMeta, "Some text that is long enough.")
	rapid.Check(t, func(rt *rapid.T) {
		lib := onePaper(t)
		importBib(t, lib, "@misc{other, title = {Identity Mappings in Deep Residual Networks}, year = {2016}}")
		if rapid.Bool().Draw(rt, "with a PDF") {
			add(t, lib, path, d)
		}
		for range rapid.IntRange(0, 8).Draw(rt, "moves") {
			to := rapid.SampledFrom(survey.States()).Draw(rt, "to")
			key := rapid.SampledFrom([]string{"he2015", "other"}).Draw(rt, "paper")
			_, _ = lib.Update(t.Context(), actor, func(tx *store.Tx) error { // many moves are refused, and change nothing
				_, err := survey.SetState(tx, key, to, "a reason")
				return err
			})
		}
		f := flow(t, lib)
		if f.Identified != 2 || f.Identified-f.Duplicates != f.Screened+f.ToScreen || f.Screened-f.ScreenedOut != f.Sought ||
			f.Sought-f.NoPDF != f.Assessed+f.Awaited+f.ToAssess || f.Assessed-f.Excluded != f.Included {
			rt.Fatalf("%+v", f)
		}
		for _, s := range f.Steps() {
			for _, side := range s.Side {
				n := 0
				for _, w := range side.Why {
					n += w.N
				}
				if side.Why != nil && n != side.N {
					rt.Fatalf("%s: %d papers, reasons for %d", side.Name, side.N, n)
				}
			}
		}
	})
}
