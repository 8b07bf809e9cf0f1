package survey

import (
	"context"

	"tenet/internal/store"
	"tenet/papers"
)

// Counts says how the quotes of a paper fared in a text.
type Counts struct{ Found, Moved, Ambiguous, Lost int }

func (c *Counts) add(o papers.Outcome) {
	switch o {
	case papers.Found:
		c.Found++
	case papers.Moved:
		c.Moved++
	case papers.Ambiguous:
		c.Ambiguous++
	default:
		c.Lost++
	}
}

// Total is the number of quotes looked for.
func (c Counts) Total() int { return c.Found + c.Moved + c.Ambiguous + c.Lost }

// Relocate looks for the quote of every live claim of a paper in a text and
// notes where it stands now: after its PDF came, or was read anew. A claim
// without a quote has nothing to look for.
func Relocate(tx *store.Tx, paperID string, d *papers.Document) (Counts, error) {
	var n Counts
	find := papers.NewFinder(d)
	for c, err := range ClaimsOf(tx, paperID) {
		if err != nil {
			return n, err
		}
		if c.Quote == "" && c.Anchor == nil || !c.State.Live() {
			continue
		}
		before := c.Located
		c.Anchor, c.Located = locate(find, d, c)
		n.add(c.Located)
		why := "was not located before"
		if before != "" {
			why = "was " + string(before)
		}
		if err := tx.Put("claim.located", KindClaim, c.ID, c, why); err != nil {
			return n, err
		}
	}
	return n, nil
}

// locate gives the anchor of a claim in this text and how it was found.
func locate(find *papers.Finder, d *papers.Document, c Claim) (*papers.Anchor, papers.Outcome) {
	want := papers.Anchor{Page: c.Page, Exact: c.Quote}
	if c.Anchor != nil {
		want = *c.Anchor
		if want.Exact == "" {
			want.Exact = c.Quote
		}
	}
	at := find.Locate(want)
	if at.Outcome == papers.Found || at.Outcome == papers.Moved {
		a := cleanAnchor(papers.MakeAnchor(d, at.Page, at.Start, at.End))
		return &a, at.Outcome
	}
	// The words and the page stay; a position that no longer holds does not.
	want.File, want.Version, want.Engine = d.SHA256, d.Version, ""
	want.RuneStart, want.RuneEnd, want.Quads = 0, 0, nil
	want = cleanAnchor(want)
	return &want, at.Outcome
}

// RelocateWaiting looks for the quotes of claims that have not been looked for
// although their paper's text is here, as after the import of a study whose
// PDFs came first.
func RelocateWaiting(ctx context.Context, lib *store.Library, actor string) (Counts, error) {
	var all Counts
	waiting, err := waitingPapers(lib)
	if err != nil {
		return all, err
	}
	for _, p := range waiting {
		d, err := LoadDocument(lib, p)
		if err != nil {
			return all, err
		}
		_, err = lib.Update(ctx, actor, func(tx *store.Tx) error {
			n, err := Relocate(tx, p.ID, d)
			all = Counts{all.Found + n.Found, all.Moved + n.Moved, all.Ambiguous + n.Ambiguous, all.Lost + n.Lost}
			return err
		})
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

func waitingPapers(lib *store.Library) ([]Paper, error) {
	var out []Paper
	err := lib.View(func(tx *store.Tx) error {
		for p, err := range Papers(tx) {
			if err != nil {
				return err
			}
			if !p.HasText() {
				continue
			}
			for c, err := range ClaimsOf(tx, p.ID) {
				if err != nil {
					return err
				}
				if c.Quote != "" && c.Located == "" && c.State.Live() {
					out = append(out, p)
					break
				}
			}
		}
		return nil
	})
	return out, err
}
