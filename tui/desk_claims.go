package tui

import (
	"context"
	"fmt"

	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

// mostFound is how many claims an act on all hits takes at most; the index
// gives no more.
const mostFound = 10_000

// ByHand makes a claim in the reader's own words, with a page for a place and
// no anchor. A principle, where one is named, is linked in the same change.
func (d *desk) ByHand(ctx context.Context, o handOrder) (saved, error) {
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		n := survey.NewClaim{PaperID: o.PaperID, Page: o.Page, Text: o.Text, Kind: survey.Kind(o.Kind)}
		if o.PrincipleID != "" {
			n.Stance = stanceOf(o.Stance)
		}
		c, err := survey.Tag(tx, n)
		if err != nil {
			return saved{}, err
		}
		text := fmt.Sprintf("%s by hand, %s", c.Alias, kindWord(o.Kind))
		if o.PrincipleID != "" {
			if _, err := principles.LinkClaim(tx, c.ID, o.PrincipleID, principles.Relation(o.Stance)); err != nil {
				return saved{}, err
			}
			text += ", " + o.Stance + " " + o.PrincipleAlias
		}
		return saved{ID: c.ID, Alias: c.Alias, Text: text + " · u undoes"}, nil
	})
}

// ClaimsFound gives the ids of all claims that a query finds, in its order.
func (d *desk) ClaimsFound(ctx context.Context, q searchOrder) ([]string, error) {
	q.Kinds, q.Limit = []string{"claim"}, 500
	var ids []string
	for q.Offset = 0; q.Offset < mostFound; q.Offset += q.Limit {
		got, err := d.Search(ctx, q)
		switch {
		case err != nil:
			return nil, err
		case got.Off != "":
			return nil, fmt.Errorf("the search index cannot answer: %s", got.Off)
		case got.BadText != "":
			return nil, fmt.Errorf("the query is not understood: %s", got.BadText)
		}
		for _, h := range got.Hits {
			ids = append(ids, h.ID)
		}
		if len(got.Hits) < q.Limit {
			break
		}
	}
	return ids, nil
}

// LinkAll links claims to a principle in one change, so that one undo takes
// all of it back. Claims that no longer stand are left out and counted.
func (d *desk) LinkAll(ctx context.Context, claimIDs []string, stance, principleID string) (saved, error) {
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		p, err := principles.Find(tx, principleID)
		if err != nil {
			return saved{}, err
		}
		linked, left := 0, 0
		for _, id := range claimIDs {
			c, err := survey.FindClaim(tx, id)
			if err != nil {
				return saved{}, err
			}
			if !c.State.Live() {
				left++
				continue
			}
			if _, err := principles.LinkClaim(tx, id, principleID, principles.Relation(stance)); err != nil {
				return saved{}, err
			}
			linked++
		}
		text := fmt.Sprintf("%s: %s %s", plural(linked, "claim"), stance, p.Alias)
		if left > 0 {
			text += fmt.Sprintf(", %d that no longer stand left out", left)
		}
		return saved{ID: p.ID, Text: text + " · u undoes all"}, nil
	})
}
