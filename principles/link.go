package principles

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"tenet/internal/store"
	"tenet/survey"
)

// Relation is what a claim does to a principle.
type Relation string

// The three relations.
const (
	Supports    Relation = "supports"
	Contradicts Relation = "contradicts"
	Qualifies   Relation = "qualifies"
)

// Relations lists them in the order in which people read them.
func Relations() []Relation { return []Relation{Supports, Contradicts, Qualifies} }

// Link says that a claim bears on a principle, and who said so.
type Link struct {
	ID          string   `json:"id"`
	ClaimID     string   `json:"claim_id"`
	PrincipleID string   `json:"principle_id"`
	Relation    Relation `json:"relation"`
	Reviewer    string   `json:"reviewer"`
	At          string   `json:"at"` // RFC 3339, UTC
}

// LinkClaim joins a claim and a principle, each given by id, alias or key. The
// same link twice is one; another relation replaces the first.
func LinkClaim(tx *store.Tx, claim, principle string, r Relation) (Link, error) {
	if !slices.Contains(Relations(), r) {
		return Link{}, fmt.Errorf("principles: %q is no relation; a claim supports, contradicts or qualifies", r)
	}
	p, err := Find(tx, principle)
	if err != nil {
		return Link{}, err
	}
	c, err := survey.FindClaim(tx, claim)
	if err != nil {
		return Link{}, fmt.Errorf("principles: link to %s: %w", p.Alias, err)
	}
	if !c.State.Live() {
		return Link{}, fmt.Errorf("principles: %s is %s and bears on nothing", c.Alias, c.State)
	}
	for l, err := range Links(tx, p.ID) {
		switch {
		case err != nil:
			return Link{}, err
		case l.ClaimID != c.ID:
			continue
		case l.Relation == r:
			return l, nil
		}
		l.Relation, l.Reviewer, l.At = r, tx.Actor(), tx.Now().UTC().Format(time.RFC3339)
		return l, tx.Put("link.changed", KindLink, l.ID, l, "")
	}
	l := Link{
		ID: tx.NewID(), ClaimID: c.ID, PrincipleID: p.ID, Relation: r,
		Reviewer: tx.Actor(), At: tx.Now().UTC().Format(time.RFC3339),
	}
	return l, tx.Put("link.added", KindLink, l.ID, l, "")
}

// Unlink takes the link between a claim and a principle away.
func Unlink(tx *store.Tx, claim, principle, why string) error {
	p, err := Find(tx, principle)
	if err != nil {
		return err
	}
	c, err := survey.FindClaim(tx, claim)
	if err != nil {
		return err
	}
	for l, err := range Links(tx, p.ID) {
		if err != nil {
			return err
		}
		if l.ClaimID == c.ID {
			return tx.Delete("link.removed", KindLink, l.ID, why)
		}
	}
	return fmt.Errorf("principles: %s does not bear on %s: %w", c.Alias, p.Alias, store.ErrNotFound)
}

// Links gives the links of a principle, by its id, in the order they were made.
func Links(tx *store.Tx, principleID string) iter.Seq2[Link, error] {
	return store.Refs[Link](tx, KindLink, "principle_id", principleID)
}

// LinksOfClaim gives the links of a claim, by its id.
func LinksOfClaim(tx *store.Tx, claimID string) iter.Seq2[Link, error] {
	return store.Refs[Link](tx, KindLink, "claim_id", claimID)
}

// Linked is a live claim and the link that ties it to a principle.
type Linked struct {
	Link  Link
	Claim survey.Claim
}

// LiveClaims gives the claims on a principle that still count, by its id. Links of claims that were dropped,
// superseded or taken away are passed over.
func LiveClaims(tx *store.Tx, principleID string) iter.Seq2[Linked, error] {
	return live(tx, Links(tx, principleID))
}

func live(tx *store.Tx, links iter.Seq2[Link, error]) iter.Seq2[Linked, error] {
	return func(yield func(Linked, error) bool) {
		for l, err := range links {
			if err != nil {
				yield(Linked{}, err)
				return
			}
			c, err := store.Get[survey.Claim](tx, survey.KindClaim, l.ClaimID)
			if errors.Is(err, store.ErrNotFound) || err == nil && !c.State.Live() {
				continue
			}
			if !yield(Linked{l, c}, err) || err != nil {
				return
			}
		}
	}
}

// Support counts the live claims on a principle by relation.
func Support(tx *store.Tx, principleID string) (map[Relation]int, error) {
	out := map[Relation]int{}
	for c, err := range LiveClaims(tx, principleID) {
		if err != nil {
			return nil, err
		}
		out[c.Link.Relation]++
	}
	return out, nil
}
