package survey_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenet/internal/store"
	"tenet/survey"
)

func TestAStateMovesOnlyAlongItsArrows(t *testing.T) {
	path, d := pdf(t, "x.pdf", "v1", paperMeta, "Some text that is long enough.")
	rapid.Check(t, func(rt *rapid.T) {
		lib := onePaper(t)
		if rapid.Bool().Draw(rt, "with a PDF") {
			add(t, lib, path, d)
		}
		state := survey.Identified
		for range rapid.IntRange(1, 12).Draw(rt, "moves") {
			to := rapid.SampledFrom(append(survey.States(), "read")).Draw(rt, "to")
			reason := rapid.SampledFrom([]string{"", "off topic"}).Draw(rt, "reason")
			_, err := lib.Update(t.Context(), actor, func(tx *store.Tx) error {
				p, err := survey.SetState(tx, "he2015", to, reason)
				if err == nil && p.State != to {
					rt.Fatalf("asked for %s, got %s", to, p.State)
				}
				return err
			})
			now := paper(t, lib, "he2015").State
			switch {
			case err == nil && to != state && !state.May(to):
				rt.Fatalf("%s went to %s, which no arrow allows", state, to)
			case err == nil && now != to:
				rt.Fatalf("asked for %s, stored %s", to, now)
			case err != nil && now != state:
				rt.Fatalf("refused with %v, but %s became %s", err, state, now)
			case err == nil && reason == "" && slices.Contains([]survey.State{survey.ScreenedOut, survey.Excluded, survey.NotRetrieved}, to):
				rt.Fatalf("went to %s without a reason", to)
			}
			if _, ok := errors.AsType[*survey.StateError](err); err != nil && !ok {
				rt.Fatalf("got %v, want a StateError", err)
			}
			state = now
		}
	})
}

func TestEveryStateCanBeReached(t *testing.T) {
	path, d := pdf(t, "x.pdf", "v1", paperMeta, "Some text that is long enough.")
	for _, to := range survey.States()[2:] {
		lib := onePaper(t)
		if to != survey.NotRetrieved {
			add(t, lib, path, d)
		}
		update(t, lib, func(tx *store.Tx) error {
			p, err := survey.Advance(tx, "he2015", to, "a reason")
			if err == nil && p.State != to {
				t.Errorf("got %s, want %s", p.State, to)
			}
			return err
		})
	}
}

func TestNoPaperIsExcludedWithoutAReason(t *testing.T) {
	lib := onePaper(t)
	_, err := lib.Update(t.Context(), actor, func(tx *store.Tx) error {
		_, err := survey.Screen(tx, "he2015", survey.Out, "")
		return err
	})
	want := "survey: D1: cannot go from identified to screened-out: give a reason"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestScreeningIsEachReviewersOwn(t *testing.T) {
	lib := onePaper(t)
	screen := func(who string, d survey.Decision, want survey.State) {
		t.Helper()
		updateAs(t, lib, who, func(tx *store.Tx) error {
			p, err := survey.Screen(tx, "D1", d, "a reason")
			if err == nil && p.State != want {
				t.Errorf("%s says %s: got %s, want %s", who, d, p.State, want)
			}
			return err
		})
	}
	screen("ada", survey.Maybe, survey.Identified)
	screen("ada", survey.In, survey.ScreenedIn)
	screen("bob", survey.Maybe, survey.ScreenedIn)
	screen("bob", survey.Out, survey.Identified) // a conflict waits
	if p := paper(t, lib, "D1"); !strings.HasPrefix(p.Reason, "conflict") {
		t.Errorf("the conflict is not said: %q", p.Reason)
	}
	screen("ada", survey.Out, survey.ScreenedOut)
	screen("ada", survey.In, survey.Identified)
	screen("bob", survey.In, survey.ScreenedIn)
	n := 0
	view(t, lib, func(tx *store.Tx) error {
		for s, err := range survey.ScreeningsOf(tx, paper(t, lib, "D1").ID) {
			if err != nil {
				return err
			}
			if s.Decision != survey.In {
				t.Errorf("%s says %s, want in", s.Reviewer, s.Decision)
			}
			n++
		}
		return nil
	})
	if n != 2 {
		t.Errorf("got %d screenings, want one for each of two reviewers", n)
	}
}

func TestAPaperScreenedInWithItsPDFIsRetrieved(t *testing.T) {
	lib := onePaper(t)
	path, d := pdf(t, "x.pdf", "v1", paperMeta, "Some text that is long enough.")
	add(t, lib, path, d)
	update(t, lib, func(tx *store.Tx) error {
		p, err := survey.Screen(tx, "D1", survey.In, "")
		if err == nil && p.State != survey.Retrieved {
			t.Errorf("got %s, want retrieved", p.State)
		}
		return err
	})
	_, err := lib.Update(t.Context(), actor, func(tx *store.Tx) error {
		_, err := survey.Screen(tx, "D1", survey.Out, "too late")
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "past screening") {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestADuplicatePointsToThePaperThatCounts(t *testing.T) {
	lib := onePaper(t)
	importBib(t, lib, "@misc{other, title = {Something Else Altogether Here}}")
	update(t, lib, func(tx *store.Tx) error {
		_, err := survey.MarkDuplicate(tx, "other", "he2015", "same text")
		return err
	})
	p := paper(t, lib, "other")
	if p.State != survey.Duplicate || p.DuplicateOf != paper(t, lib, "he2015").ID {
		t.Errorf("got %s of %q", p.State, p.DuplicateOf)
	}
	for _, pair := range [][2]string{{"he2015", "he2015"}, {"he2015", "other"}} {
		_, err := lib.Update(t.Context(), actor, func(tx *store.Tx) error {
			_, err := survey.MarkDuplicate(tx, pair[0], pair[1], "")
			return err
		})
		if err == nil {
			t.Errorf("%s became a duplicate of %s", pair[0], pair[1])
		}
	}
	update(t, lib, func(tx *store.Tx) error {
		p, err := survey.SetState(tx, "other", survey.Identified, "not the same after all")
		if p.DuplicateOf != "" {
			t.Errorf("still a duplicate of %s", p.DuplicateOf)
		}
		return err
	})
}
