package principles

import (
	"errors"
	"strings"
	"testing"

	"tenet/internal/store"
	"tenet/survey"
)

func TestALinkNeedsBothEnds(t *testing.T) {
	update(t, library(t), func(tx *store.Tx) error {
		twoClaims(t, tx)
		if _, err := LinkClaim(tx, "C9", "P1", Supports); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a missing claim: got %v, want not found", err)
		}
		if _, err := LinkClaim(tx, "C1", "P9", Supports); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a missing principle: got %v, want not found", err)
		}
		if _, err := LinkClaim(tx, "C1", "P1", "proves"); err == nil {
			t.Error("a relation that does not exist was taken")
		}
		if err := survey.Drop(tx, mustClaim(t, tx, "C2").ID, "wrong page"); err != nil {
			return err
		}
		if _, err := LinkClaim(tx, "C2", "P1", Supports); err == nil {
			t.Error("a dropped claim was linked")
		}
		if n := tx.Count(KindLink); n != 0 {
			t.Errorf("%d links were made", n)
		}
		return nil
	})
}

func mustClaim(t *testing.T, tx *store.Tx, name string) survey.Claim {
	t.Helper()
	c, err := survey.FindClaim(tx, name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheSameLinkTwiceIsOne(t *testing.T) {
	update(t, library(t), func(tx *store.Tx) error {
		twoClaims(t, tx)
		first, err := LinkClaim(tx, "C1", "P1", Supports)
		if err != nil {
			return err
		}
		second, err := LinkClaim(tx, "c1", "p1", Supports)
		if err != nil || second != first {
			t.Errorf("got %+v %v, want %+v", second, err, first)
		}
		changed, err := LinkClaim(tx, "C1", "P1", Qualifies)
		if err != nil || changed.ID != first.ID || changed.Relation != Qualifies || changed.Reviewer != "ada" {
			t.Errorf("another relation: got %+v %v", changed, err)
		}
		if n := tx.Count(KindLink); n != 1 {
			t.Errorf("%d links, want 1", n)
		}
		by, err := Support(tx, first.PrincipleID)
		if err != nil || by[Qualifies] != 1 || len(by) != 1 {
			t.Errorf("support %v %v", by, err)
		}
		for l, err := range LinksOfClaim(tx, first.ClaimID) {
			if err != nil || l.ID != first.ID {
				t.Errorf("link of the claim: %+v %v", l, err)
			}
		}
		if err := Unlink(tx, "C1", "P1", "read again"); err != nil {
			return err
		}
		if err := Unlink(tx, "C1", "P1", ""); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unlinking twice: %v", err)
		}
		return nil
	})
}

func TestDiscardingAsksForAReason(t *testing.T) {
	update(t, library(t), func(tx *store.Tx) error {
		twoClaims(t, tx)
		if _, err := Discard(tx, "P1", "  "); err == nil {
			t.Error("discarded without a reason")
		}
		p, err := Discard(tx, "P1", "three refutations")
		if err != nil || p.State != Discarded || p.Reason != "three refutations" {
			t.Errorf("got %+v %v", p, err)
		}
		if _, err := Discard(tx, "P1", "again"); err == nil {
			t.Error("discarded twice")
		}
		return nil
	})
}

func TestARefinedPrincipleNamesItsParent(t *testing.T) {
	update(t, library(t), func(tx *store.Tx) error {
		twoClaims(t, tx)
		if _, err := Refine(tx, "P1", func(p *Principle) { p.Name = "Identity again" }); err == nil {
			t.Error("a refinement that narrows nothing was taken")
		}
		child, err := Refine(tx, "P1", func(p *Principle) {
			p.Name, p.Statement = "Identity in deep nets", "Keep a path in nets of eight layers or more."
		})
		if err != nil {
			return err
		}
		parent, err := Find(tx, "P1")
		if err != nil {
			return err
		}
		if child.ParentID != parent.ID || child.Revision != 2 || child.Alias != "P2" || parent.State != Refined {
			t.Errorf("child %+v\nparent %+v", child, parent)
		}
		return nil
	})
}

func TestAPrincipleIsFoundByAnyFormOfItsAlias(t *testing.T) {
	update(t, library(t), func(tx *store.Tx) error {
		twoClaims(t, tx)
		want, err := Find(tx, "P1")
		if err != nil {
			return err
		}
		for _, name := range []string{"p1", "P01", want.ID} {
			if got, err := Find(tx, name); err != nil || got.ID != want.ID {
				t.Errorf("%s: got %+v %v", name, got, err)
			}
		}
		if _, err := Find(tx, "C1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a claim was found as a principle: %v", err)
		}
		return nil
	})
}

func TestEditingKeepsWhatIsNotForPeopleToChange(t *testing.T) {
	update(t, library(t), func(tx *store.Tx) error {
		twoClaims(t, tx)
		p, err := Edit(tx, "P1", func(p *Principle) { p.Statement, p.Alias, p.State = "Keep e\u0301 path.", "P7", Discarded })
		if err != nil || p.Alias != "P1" || p.State != Standing || p.Statement != "Keep \u00e9 path." {
			t.Errorf("got %+v %v", p, err)
		}
		return nil
	})
}

func TestALaterMarkReplacesAnEarlierOne(t *testing.T) {
	update(t, library(t), func(tx *store.Tx) error {
		twoClaims(t, tx)
		for _, bad := range []int{-1, 5} {
			if _, err := SetScore(tx, "P1", Validity, bad, ""); err == nil {
				t.Errorf("a mark of %d was taken", bad)
			}
		}
		if _, err := SetScore(tx, "P1", "beauty", 3, ""); err == nil || !strings.Contains(err.Error(), "beauty") {
			t.Errorf("a criterion that does not exist: %v", err)
		}
		first, err := SetScore(tx, "P1", Accessibility, 2, "")
		if err != nil {
			return err
		}
		if _, err := SetScore(tx, "P1", Accessibility, 4, "clear now"); err != nil {
			return err
		}
		rows, err := Scorecard(tx, first.PrincipleID)
		if err != nil || len(rows) != 5 {
			t.Fatalf("rows %v %v", rows, err)
		}
		if rows[1] != (Rating{Accessibility, 4, 1}) {
			t.Errorf("got %+v", rows[1])
		}
		return nil
	})
}
