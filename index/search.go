package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
)

// maxHits is the farthest hit that can be asked for.
const maxHits = 1_000_000

// orders are the ways to sort. Equal scores stay in the index's own order: asking
// for a document's name on every hit would double the cost of a search.
var orders = map[string][]string{
	"":       {"-_score"},
	"score":  {"-_score"},
	"year":   {"-" + facetPrefix + "year", "-_score"},
	"paper":  {orderPaper, "_id"},
	"newest": {"-" + orderTime, "-_id"},
}

// Sorts lists what SearchOptions.Sort may be.
func Sorts() []string { return []string{"score", "year", "paper", "newest"} }

// Search answers a query. An empty query finds everything. It ends early with
// ctx's error when ctx does; it never waits for the ledger, see Wait, only for
// the first generation to be there.
func (x *Index) Search(ctx context.Context, q string, o SearchOptions) (Results, error) {
	start := time.Now()
	e, err := parse(q, o.Typing)
	if err != nil {
		return Results{}, err
	}
	if err := o.check(); err != nil {
		return Results{}, err
	}
	err = x.until(ctx, func() (bool, error) { return x.gen != nil || x.st.Rebuilding, x.st.Err })
	if err != nil {
		return Results{}, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	res := Results{Query: q, Hits: []Hit{}, Applied: x.st.Applied, Head: x.lib.Seq(), Rebuilding: x.st.Rebuilding}
	if x.gen != nil {
		if err := x.gen.search(ctx, e, o, &res); err != nil {
			return Results{}, err
		}
	}
	res.Took = time.Since(start)
	return res, nil
}

func (o SearchOptions) check() error {
	if _, ok := orders[o.Sort]; !ok {
		return fmt.Errorf("index: sort %q; there are %s", o.Sort, strings.Join(Sorts(), " "))
	}
	for _, k := range o.Kinds {
		if !slices.Contains(Kinds(), k) {
			return fmt.Errorf("index: kind %q; there are %s", k, strings.Join(Kinds(), " "))
		}
	}
	for _, f := range append(slices.Collect(maps.Keys(o.Filters)), o.Facets...) {
		if !slices.Contains(FacetFields(), f) {
			return fmt.Errorf("index: facet %q; there are %s", f, strings.Join(FacetFields(), " "))
		}
	}
	if o.Limit < 0 || o.Offset < 0 || o.Limit > maxHits || o.Offset > maxHits {
		return fmt.Errorf("index: hits %d to %d; there may be %d", o.Offset, o.Offset+o.Limit, maxHits)
	}
	return nil
}

// search fills res from one generation.
func (g *generation) search(ctx context.Context, e expr, o SearchOptions, res *Results) (err error) {
	defer func() {
		if r := recover(); r != nil { // a file that changed under bleve, not the query: queries are fuzzed
			err = fmt.Errorf("index: damaged: %v; remove the folder index and it is rebuilt", r)
		}
	}()
	limit := o.Limit
	if limit == 0 {
		limit = 20
	}
	req := bleve.NewSearchRequestOptions(o.narrow(e, ""), limit, o.Offset, false)
	req.Fields = []string{recordField}
	req.Sort = search.ParseSortOrderStrings(orders[o.Sort])
	if o.Sort == "newest" || o.Sort == "paper" {
		req.Score = "none"
	}
	for _, f := range o.Facets {
		if len(o.Filters[f]) == 0 {
			req.AddFacet(f, bleve.NewFacetRequest(facetPrefix+f, facetSize))
		}
	}
	found, err := g.b.SearchInContext(ctx, req)
	if err != nil {
		return searchError(ctx, err)
	}
	res.Total = found.Total
	if res.Of, err = g.of(ctx, o.Kinds); err != nil {
		return searchError(ctx, err)
	}
	if err := g.facets(ctx, e, o, found, res); err != nil {
		return searchError(ctx, err)
	}
	h := newHighlighter(e)
	for _, m := range found.Hits {
		hit, err := h.hit(m, o)
		if err != nil {
			return err
		}
		res.Hits = append(res.Hits, hit)
	}
	return nil
}

func searchError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("index: search stopped: %w", ctx.Err())
	}
	return fmt.Errorf("index: %w", err)
}

// narrow adds kinds and ticked facets, but for the facet that is being counted.
func (o SearchOptions) narrow(e expr, counted string) query.Query {
	qs := []query.Query{compile(e)}
	if len(o.Kinds) > 0 && counted != "type" {
		qs = append(qs, kindsQuery(o.Kinds))
	}
	for _, f := range slices.Sorted(maps.Keys(o.Filters)) {
		if vs := o.Filters[f]; len(vs) > 0 && f != counted {
			qs = append(qs, valuesQuery(f, vs))
		}
	}
	if len(qs) == 1 {
		return qs[0]
	}
	return query.NewConjunctionQuery(qs)
}

// of counts the documents that could have matched; the counts of one change are kept.
func (g *generation) of(ctx context.Context, kinds []string) (uint64, error) {
	if len(kinds) == 0 {
		return g.b.DocCount()
	}
	key := strings.Join(kinds, " ")
	g.countsMu.Lock()
	defer g.countsMu.Unlock()
	if g.countsAt != g.st.Applied {
		g.countsAt, g.counts = g.st.Applied, nil
	}
	if n, ok := g.counts[key]; ok {
		return n, nil
	}
	req := bleve.NewSearchRequestOptions(kindsQuery(kinds), 0, 0, false)
	req.Score = "none"
	r, err := g.b.SearchInContext(ctx, req)
	if err != nil {
		return 0, err
	}
	if g.counts == nil {
		g.counts = map[string]uint64{}
	}
	g.counts[key] = r.Total
	return r.Total, nil
}

// hit shows one match.
func (h highlighter) hit(m *search.DocumentMatch, o SearchOptions) (Hit, error) {
	raw, ok := m.Fields[recordField].(string)
	if !ok {
		return Hit{}, errors.New("index: " + m.ID + ": document without its record")
	}
	var r record
	if err := json.Unmarshal([]byte(raw), &r); err != nil {
		return Hit{}, fmt.Errorf("index: %s: %w", m.ID, err)
	}
	out := Hit(r.hit)
	out.Score = m.Score
	var weight int
	out.Snippet, weight = h.snippet(r.Text, o.SnippetRunes)
	if r.QuoteText != "" {
		if s, w := h.snippet(r.QuoteText, o.SnippetRunes); w > weight || r.Text == "" {
			out.Snippet, out.Quote = s, true
		}
	}
	return out, nil
}
