package tui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tenet/index"
	"tenet/internal/store"
	"tenet/survey"
)

// facetsShown are the facets of the Claims screen and the most values of each.
func facetsShown() []string { return []string{"principle", "stance", "kind", "year"} }

const valuesShown = 8

// setIndex hands the index over once it is open.
func (d *desk) setIndex(x *index.Index, err error) {
	if err != nil {
		d.idxErr.Store(&err)
		return
	}
	d.idx.Store(x)
}

func (d *desk) Search(ctx context.Context, q searchOrder) (searchAnswer, error) {
	x := d.idx.Load()
	if x == nil {
		if e := d.idxErr.Load(); e != nil {
			return searchAnswer{Off: (*e).Error() + "; tenet doctor tells more"}, nil
		}
		if d.noIndex {
			return searchAnswer{Off: "this program was started without an index"}, nil
		}
		return searchAnswer{Off: "it is being opened"}, nil
	}
	res, err := searchIn(ctx, x, q)
	if pe, ok := errors.AsType[*index.ParseError](err); ok {
		return searchAnswer{BadPos: pe.Pos, BadToken: pe.Token, BadText: strings.TrimPrefix(pe.Error(), "index: ")}, nil
	}
	if err != nil {
		return searchAnswer{}, err
	}
	out := searchAnswer{Total: int(res.Total), Of: int(res.Of), Took: res.Took, Applied: res.Applied, Head: res.Head, Rebuilding: res.Rebuilding}
	for _, h := range res.Hits {
		out.Hits = append(out.Hits, hitOf(h))
	}
	if err := d.lib.View(func(tx *store.Tx) error { return standings(tx, out.Hits) }); err != nil {
		return searchAnswer{}, err
	}
	for _, f := range facetsShown() {
		all := res.Facets[f]
		if f == "kind" { // those of claims before those of passages
			slices.SortStableFunc(all, func(x, y index.Count) int { return ofPassage(x) - ofPassage(y) })
		}
		for _, c := range all[:min(len(all), valuesShown)] {
			out.Facets = append(out.Facets, facet{Field: f, Value: c.Value, N: c.N, On: c.On})
		}
	}
	return out, nil
}

func ofPassage(c index.Count) int {
	if survey.Kind(c.Value).Valid() {
		return 0
	}
	return 1
}

// searchIn asks the index. Without a query all fits equally well; then the
// claims lead and the passages follow, for it is the claims that were chosen.
func searchIn(ctx context.Context, x *index.Index, q searchOrder) (index.Results, error) {
	o := index.SearchOptions{
		Kinds: q.Kinds, Limit: q.Limit, Offset: q.Offset, Sort: q.Sort,
		Filters: q.Filters, Facets: facetsShown(), Typing: true,
	}
	res, err := x.Search(ctx, q.Query, o)
	if err != nil || strings.TrimSpace(q.Query) != "" || q.Sort != "" && q.Sort != "score" || len(q.Kinds) < 2 {
		return res, err
	}
	var hits []index.Hit
	before := 0 // hits of the kinds already asked for
	for _, kind := range q.Kinds {
		one := o
		one.Kinds, one.Facets = []string{kind}, nil
		one.Limit, one.Offset = q.Limit-len(hits), max(q.Offset-before, 0)
		if one.Limit <= 0 {
			break
		}
		part, err := x.Search(ctx, q.Query, one)
		if err != nil {
			return res, err
		}
		hits = append(hits, part.Hits...)
		before += int(part.Total)
	}
	res.Hits = hits
	return res, nil
}

// standings notes how sure the words of the claims are; a claim that went since it was indexed says nothing.
func standings(tx *store.Tx, hits []hit) error {
	for i := range hits {
		if hits[i].Kind != "claim" {
			continue
		}
		c, err := store.Get[survey.Claim](tx, survey.KindClaim, hits[i].ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err == nil {
			hits[i].Standing = c.Standing()
		}
	}
	return nil
}

func hitOf(h index.Hit) hit {
	out := hit{
		Kind: h.Kind, ID: h.ID, Alias: h.Alias, Title: h.Title, Snippet: h.Snippet, Paper: h.PaperKey, PaperID: h.PaperID,
		Page: h.Page, Start: h.Start, End: h.End, ClaimKind: h.ClaimKind, Principles: strings.Join(h.Principles, " "),
	}
	if out.Paper == "" {
		out.Paper = h.PaperAlias
	}
	if len(h.Stance) > 0 {
		out.Stance = h.Stance[0]
	}
	return out
}
