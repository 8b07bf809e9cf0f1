package index

import (
	"cmp"
	"context"
	"slices"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
)

// facetSize is the most values of a facet that are listed.
const facetSize = 200

// facets fills in the counts. A facet whose own boxes are ticked is counted as
// if they were not: its other lines say what ticking them would bring.
func (g *generation) facets(ctx context.Context, e expr, o SearchOptions, found *bleve.SearchResult, res *Results) error {
	if len(o.Facets) == 0 {
		return nil
	}
	res.Facets = map[string][]Count{}
	for _, f := range o.Facets {
		r := found.Facets[f]
		bare, named := without(e, f)
		if len(o.Filters[f]) > 0 || named {
			req := bleve.NewSearchRequestOptions(o.narrow(bare, f), 0, 0, false)
			req.Score = "none"
			req.AddFacet(f, bleve.NewFacetRequest(facetPrefix+f, facetSize))
			own, err := g.b.SearchInContext(ctx, req)
			if err != nil {
				return err
			}
			r = own.Facets[f]
		}
		res.Facets[f] = counts(r, o.Filters[f])
	}
	return nil
}

// without takes the conditions on a field out of a query's topmost words.
func without(e expr, field string) (expr, bool) {
	parts, ok := e.(and)
	if !ok {
		parts = and{e}
	}
	var kept and
	for _, p := range parts {
		if fieldOf(p) != field {
			kept = append(kept, p)
		}
	}
	return kept, len(kept) < len(parts)
}

// fieldOf names the field that a whole expression is about, "" when there is no single one.
func fieldOf(e expr) string {
	switch e := e.(type) {
	case term:
		return e.field
	case sign:
		return e.field
	case span:
		return e.field
	case near:
		return e.items[0].field
	case and:
		return commonField(e)
	case or:
		return commonField(e)
	}
	return ""
}

func commonField(es []expr) string {
	if len(es) == 0 {
		return ""
	}
	f := fieldOf(es[0])
	for _, e := range es[1:] {
		if fieldOf(e) != f {
			return ""
		}
	}
	return f
}

func counts(r *search.FacetResult, on []string) []Count {
	out := []Count{}
	if r != nil && r.Terms != nil {
		for _, t := range r.Terms.Terms() {
			out = append(out, Count{Value: t.Term, N: t.Count, On: slices.Contains(on, t.Term)})
		}
	}
	for _, v := range on { // a ticked value that nothing has any more stays visible
		if !slices.ContainsFunc(out, func(c Count) bool { return c.Value == v }) {
			out = append(out, Count{Value: v, On: true})
		}
	}
	slices.SortStableFunc(out, func(a, b Count) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value)) })
	return out
}
