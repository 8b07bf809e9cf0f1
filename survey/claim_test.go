package survey_test

import (
	"errors"
	"strings"
	"testing"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/survey"
)

var paperMeta = papers.Meta{Title: "Deep Residual Learning for Image Recognition", Authors: []string{"Kaiming He"}, ArXiv: "1512.03385v1"}

func tag(t testing.TB, lib *store.Library, n survey.NewClaim) survey.Claim {
	t.Helper()
	var c survey.Claim
	update(t, lib, func(tx *store.Tx) (err error) {
		c, err = survey.Tag(tx, n)
		return err
	})
	return c
}

func TestATaggedSentenceIsAClaimWithItsPlace(t *testing.T) {
	lib := onePaper(t)
	path, d := pdf(t, "he.pdf", "v1", paperMeta, "We argue a point. The degradation is not caused by overfitting. More text.")
	add(t, lib, path, d)
	a := papers.MakeAnchor(d, 1, 18, 63)
	c := tag(t, lib, survey.NewClaim{PaperID: "he2015", Anchor: &a, Kind: survey.NegativeResult, Stance: "pro"})
	if c.Quote != "The degradation is not caused by overfitting." || c.Page != 1 || c.Located != papers.Found || !c.Verified || c.Reviewer != actor || c.State != survey.Tagged || c.Alias != "C1" {
		t.Errorf("got %+v", c)
	}
	if got := claim(t, lib, "c1"); got.ID != c.ID {
		t.Errorf("alias c1 gives %q, want %q", got.ID, c.ID)
	}
}

func TestAClaimWithoutSenseIsRefused(t *testing.T) {
	lib := onePaper(t)
	for _, c := range []struct {
		name, want string
		n          survey.NewClaim
	}{
		{"no paper", `no paper is called "D7"`, survey.NewClaim{PaperID: "D7", Quote: "x", Kind: survey.Conjecture}},
		{"no kind", `"proof" is not a kind of claim`, survey.NewClaim{PaperID: "D1", Quote: "x", Kind: "proof"}},
		{"no stance", `"neutral" is not a stance`, survey.NewClaim{PaperID: "D1", Quote: "x", Kind: survey.Conjecture, Stance: "neutral"}},
		{"no words", "needs words", survey.NewClaim{PaperID: "D1", Quote: " \n", Kind: survey.Conjecture}},
		{"no page", "pages count from 1", survey.NewClaim{PaperID: "D1", Quote: "x", Page: -1, Kind: survey.Conjecture}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := lib.Update(t.Context(), actor, func(tx *store.Tx) error {
				_, err := survey.Tag(tx, c.n)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestADroppedClaimStaysDropped(t *testing.T) {
	lib := onePaper(t)
	a := tag(t, lib, survey.NewClaim{PaperID: "D1", Quote: "one", Kind: survey.Conjecture, State: survey.Candidate})
	b := tag(t, lib, survey.NewClaim{PaperID: "D1", Quote: "two", Kind: survey.Conjecture})
	update(t, lib, func(tx *store.Tx) error {
		if _, err := survey.Accept(tx, a.ID); err != nil {
			return err
		}
		if err := survey.Supersede(tx, a.ID, b.ID, "better words"); err != nil {
			return err
		}
		return survey.Drop(tx, b.ID, "out of scope")
	})
	text := "changed"
	for name, fn := range map[string]func(*store.Tx) error{
		"edit":      func(tx *store.Tx) error { _, err := survey.EditClaim(tx, a.ID, survey.Edit{Text: &text}); return err },
		"accept":    func(tx *store.Tx) error { _, err := survey.Accept(tx, b.ID); return err },
		"drop":      func(tx *store.Tx) error { return survey.Drop(tx, b.ID, "") },
		"supersede": func(tx *store.Tx) error { return survey.Supersede(tx, b.ID, a.ID, "") },
	} {
		if _, err := lib.Update(t.Context(), actor, fn); err == nil {
			t.Errorf("%s changed a claim that no longer counts", name)
		}
	}
	if _, err := lib.Undo(t.Context(), actor); err != nil {
		t.Fatal(err)
	}
	if c := claim(t, lib, a.ID); c.State != survey.Candidate {
		t.Errorf("undo left it %s", c.State)
	}
}

func TestAnEditedQuoteLosesItsPlace(t *testing.T) {
	lib := onePaper(t)
	_, d := pdf(t, "he.pdf", "v1", paperMeta, "One sentence stands here. Another one stands there.")
	a := papers.MakeAnchor(d, 1, 0, 25)
	c := tag(t, lib, survey.NewClaim{PaperID: "D1", Anchor: &a, Kind: survey.Conjecture})
	update(t, lib, func(tx *store.Tx) error {
		stance := "con"
		e, err := survey.EditClaim(tx, c.ID, survey.Edit{Stance: &stance})
		if err == nil && (e.Anchor == nil || e.Stance != "con") {
			t.Errorf("a new stance gave %+v", e)
		}
		return err
	})
	update(t, lib, func(tx *store.Tx) error {
		quote := "Another one"
		e, err := survey.EditClaim(tx, c.ID, survey.Edit{Quote: &quote})
		if err == nil && (e.Anchor != nil || e.Located != "") {
			t.Errorf("a new quote kept the place: %+v", e)
		}
		return err
	})
}

func TestCommentsStandOnWhatTheyAreAbout(t *testing.T) {
	lib := onePaper(t)
	id := paper(t, lib, "D1").ID
	update(t, lib, func(tx *store.Tx) error {
		if _, err := survey.AddComment(tx, survey.KindPaper, id, " read again "); err != nil {
			return err
		}
		if _, err := survey.AddComment(tx, survey.KindPaper, id, "\n"); err == nil {
			t.Error("an empty comment was taken")
		}
		_, err := survey.AddComment(tx, survey.KindPaper, "nothing", "x")
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a comment on nothing: got %v", err)
		}
		return nil
	})
	view(t, lib, func(tx *store.Tx) error {
		n := 0
		for c, err := range survey.CommentsOn(tx, id) {
			if err != nil {
				return err
			}
			if c.Text != "read again" || c.Reviewer != actor {
				t.Errorf("got %+v", c)
			}
			n++
		}
		if n != 1 {
			t.Errorf("got %d comments, want 1", n)
		}
		return nil
	})
}
