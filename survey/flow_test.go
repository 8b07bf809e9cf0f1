package survey_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tenet/internal/store"
	"tenet/survey"
)

func flow(t testing.TB, lib *store.Library) survey.Flow {
	t.Helper()
	var f survey.Flow
	view(t, lib, func(tx *store.Tx) (err error) { f, err = survey.FlowOf(tx); return err })
	return f
}

// Wherever people move papers, and whatever they take back, the boxes add up and are those of the papers as they stand.
func TestTheFlowFollowsFromTheChanges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lib := newLibrary(t)
		bib := ""
		for i := range 6 {
			bib += fmt.Sprintf("@article{k%d, title={Title number %d of many}, year={20%02d}}\n", i, i, i)
		}
		importBib(t, lib, bib)
		for range rapid.IntRange(0, 25).Draw(rt, "moves") {
			key := fmt.Sprintf("k%d", rapid.IntRange(0, 5).Draw(rt, "paper"))
			to := rapid.SampledFrom(survey.States()).Draw(rt, "to")
			_, err := lib.Update(t.Context(), actor, func(tx *store.Tx) error {
				var err error
				if to == survey.Duplicate {
					_, err = survey.MarkDuplicate(tx, key, "k0", "the same")
				} else {
					_, err = survey.SetState(tx, key, to, "a reason")
				}
				return err
			})
			if err == nil && rapid.IntRange(0, 3).Draw(rt, "take it back") == 0 {
				if _, err := lib.Undo(t.Context(), actor); err != nil {
					rt.Fatal(err)
				}
			}
		}
		f, states := flow(t, lib), map[survey.State]int{}
		view(t, lib, func(tx *store.Tx) error {
			for p, err := range survey.Papers(tx) {
				if err != nil {
					return err
				}
				states[p.State]++
			}
			return nil
		})
		if f.Identified != 6 || f.Brought != 0 || len(f.Sources) != 1 || f.Sources[0] != (survey.Counted{What: "refs.bib", N: 6}) {
			rt.Fatalf("%+v", f)
		}
		if f.Included != states[survey.Included] || f.Excluded != states[survey.Excluded] || f.ScreenedOut != states[survey.ScreenedOut] ||
			f.NotRetrieved != states[survey.NotRetrieved] || f.Duplicates != states[survey.Duplicate] || f.Awaiting != states[survey.Identified] {
			rt.Fatalf("%+v of %v", f, states)
		}
		if f.Identified-f.Duplicates != f.Screened+f.Awaiting || f.Screened-f.ScreenedOut != f.Sought ||
			f.Sought-f.NotRetrieved != f.Assessed+f.Unassessed || f.Assessed-f.Excluded != f.Included {
			rt.Fatalf("the boxes do not add up: %+v", f)
		}
	})
}
