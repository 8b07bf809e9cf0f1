package survey

import (
	"fmt"
	"slices"
	"strings"

	"tenet/internal/store"
	"tenet/papers"
)

// NewClaim is what a reviewer says when tagging a sentence. Text may stay
// empty: then the quote speaks for itself.
type NewClaim struct {
	PaperID string
	Anchor  *papers.Anchor
	Page    int
	Quote   string
	Text    string
	Kind    Kind
	Stance  string
	Comment string
	Tags    []string
	State   ClaimState // Tagged when empty
}

// Tag makes a claim. With an anchor the quote stands where the anchor says,
// so the claim counts as found and verified: the words were taken from the
// text itself.
func Tag(tx *store.Tx, n NewClaim) (Claim, error) {
	p, err := FindPaper(tx, n.PaperID)
	if err != nil {
		return Claim{}, err
	}
	c := Claim{
		PaperID: p.ID, Page: n.Page, Kind: n.Kind, Stance: n.Stance,
		Text: clean(n.Text), Quote: clean(n.Quote), Comment: clean(n.Comment), Tags: cleanAll(n.Tags),
		State: n.State, Reviewer: tx.Actor(),
	}
	if c.State == "" {
		c.State = Tagged
	}
	if n.Anchor != nil {
		a := cleanAnchor(*n.Anchor)
		c.Anchor, c.Located = &a, papers.Found
		c.Verified, c.Source = true, "paper PDF"
		if c.Quote == "" {
			c.Quote = clean(a.Exact)
		}
		if c.Page == 0 {
			c.Page = a.Page
		}
	}
	if c.Text == "" {
		c.Text = c.Quote
	}
	if err := c.check(p.Alias); err != nil {
		return Claim{}, err
	}
	c.ID = tx.NewID()
	if c.Alias, err = tx.NewAlias("C"); err != nil {
		return Claim{}, err
	}
	return c, tx.Put("claim."+string(c.State), KindClaim, c.ID, c, "")
}

func (c Claim) check(name string) error {
	switch {
	case !c.Kind.Valid():
		return fmt.Errorf("survey: %s: %q is not a kind of claim; there are: %s", name, c.Kind, joinKinds())
	case c.Stance != "" && !slices.Contains(Stances(), c.Stance):
		return fmt.Errorf("survey: %s: %q is not a stance; say pro, con or mixed", name, c.Stance)
	case c.Text == "":
		return fmt.Errorf("survey: %s: a claim needs words", name)
	case c.Page < 0:
		return fmt.Errorf("survey: %s: page %d: pages count from 1", name, c.Page)
	case !c.State.Valid():
		return fmt.Errorf("survey: %s: %q is not a state of a claim", name, c.State)
	}
	return nil
}

func joinKinds() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// An Edit changes a claim; nil fields stay as they are.
type Edit struct {
	Text, Quote, Stance, Comment *string
	Kind                         *Kind
	Page                         *int
	Verified                     *bool
	Tags                         *[]string
	Why                          string
}

// EditClaim changes a live claim. A new quote or page loses the old anchor;
// it is located again when the paper's text is at hand (see [Relocate]).
func EditClaim(tx *store.Tx, claimID string, e Edit) (Claim, error) {
	c, err := live(tx, claimID)
	if err != nil {
		return Claim{}, err
	}
	set(&c.Text, e.Text, clean)
	set(&c.Stance, e.Stance, clean)
	set(&c.Comment, e.Comment, clean)
	if e.Quote != nil && clean(*e.Quote) != c.Quote || e.Page != nil && *e.Page != c.Page {
		c.Anchor, c.Located = nil, ""
	}
	set(&c.Quote, e.Quote, clean)
	if e.Kind != nil {
		c.Kind = *e.Kind
	}
	if e.Page != nil {
		c.Page = *e.Page
	}
	if e.Verified != nil {
		c.Verified = *e.Verified
	}
	if e.Tags != nil {
		c.Tags = cleanAll(*e.Tags)
	}
	if err := c.check(c.Alias); err != nil {
		return Claim{}, err
	}
	return c, tx.Put("claim.edited", KindClaim, c.ID, c, e.Why)
}

// Accept turns a candidate into a tagged claim.
func Accept(tx *store.Tx, claimID string) (Claim, error) {
	c, err := live(tx, claimID)
	if err != nil {
		return Claim{}, err
	}
	if c.State != Candidate {
		return Claim{}, fmt.Errorf("survey: %s is %s already", c.Alias, c.State)
	}
	c.State, c.Reviewer = Tagged, tx.Actor()
	return c, tx.Put("claim.tagged", KindClaim, c.ID, c, "")
}

// Drop takes a claim out of the count. It stays readable, with the reason.
func Drop(tx *store.Tx, claimID, why string) error {
	c, err := live(tx, claimID)
	if err != nil {
		return err
	}
	c.State = Dropped
	return tx.Put("claim.dropped", KindClaim, c.ID, c, store.Text(why))
}

// Supersede replaces a claim by another one of the same library.
func Supersede(tx *store.Tx, claimID, byID, why string) error {
	c, err := live(tx, claimID)
	if err != nil {
		return err
	}
	by, err := live(tx, byID)
	if err != nil {
		return err
	}
	if by.ID == c.ID {
		return fmt.Errorf("survey: %s cannot supersede itself", c.Alias)
	}
	c.State, c.SupersededBy = Superseded, by.ID
	return tx.Put("claim.superseded", KindClaim, c.ID, c, store.Text(why))
}

// live gives a claim that may still change.
func live(tx *store.Tx, name string) (Claim, error) {
	c, err := FindClaim(tx, name)
	if err != nil {
		return Claim{}, err
	}
	if !c.State.Live() {
		return Claim{}, fmt.Errorf("survey: %s is %s and does not change any more; undo brings it back", c.Alias, c.State)
	}
	return c, nil
}

func set(dst *string, v *string, through func(string) string) {
	if v != nil {
		*dst = through(*v)
	}
}

// clean makes text from outside fit for the ledger: NFC, one line, trimmed.
func clean(s string) string { return strings.Join(strings.Fields(store.Text(s)), " ") }

func cleanAll(in []string) []string {
	var out []string
	for _, s := range in {
		if s = clean(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// cleanAnchor makes an anchor's words fit for the ledger without moving them.
func cleanAnchor(a papers.Anchor) papers.Anchor {
	a.Exact, a.Prefix, a.Suffix = store.Text(a.Exact), store.Text(a.Prefix), store.Text(a.Suffix)
	return a
}
