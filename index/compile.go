package index

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/blevesearch/bleve/v2/search/searcher"
	bindex "github.com/blevesearch/bleve_index_api"
)

// compile turns a parsed query into bleve's. Only bare words and phrases weigh
// in the score: fields, ranges and prefixes narrow, and say nothing about how
// well a text fits.
func compile(e expr) query.Query {
	switch e := e.(type) {
	case and:
		return compileAll(e)
	case or:
		alts := make([]query.Query, len(e))
		for i, a := range e {
			alts[i] = compile(a)
		}
		return query.NewDisjunctionQuery(alts)
	case not:
		return compileAll(and{e})
	case term:
		return compileTerm(e)
	case sign:
		return anyOf{e.field, func(v string) bool { return v == e.value }, e.value}
	case span:
		return anyOf{e.field, func(v string) bool {
			n, err := strconv.Atoi(v)
			return err == nil && e.lo <= n && n <= e.hi
		}, ""}
	case near:
		return places{field: e.items[0].field, items: e.items, within: e.n}
	}
	panic("index: unreachable: unknown expression")
}

func compileAll(parts and) query.Query {
	var must, mustNot []query.Query
	for _, p := range parts {
		if n, ok := p.(not); ok {
			mustNot = append(mustNot, unscored{compile(n.of)})
		} else {
			must = append(must, compile(p))
		}
	}
	var q query.Query
	switch len(must) {
	case 0:
		q = query.NewMatchAllQuery()
	case 1:
		q = must[0]
	default:
		q = query.NewConjunctionQuery(must)
	}
	if len(mustNot) == 0 {
		return q
	}
	b := query.NewBooleanQuery([]query.Query{q}, nil, mustNot)
	return b
}

func compileTerm(t term) query.Query {
	last := t.words[len(t.words)-1]
	var q query.Query
	switch {
	case len(t.words) > 1:
		q = places{field: t.field, items: []term{t}}
	case t.fuzzy > 0:
		q = similar{t.field, last, t.fuzzy}
	case t.prefix:
		return anyOf{t.field, nil, last}
	default:
		w := query.NewTermQuery(last)
		w.SetField(t.field)
		q = w
	}
	if t.field != textField {
		return unscored{q}
	}
	return q
}

// unscored finds the same documents without weighing them, which lets bleve
// work on whole bitmaps.
type unscored struct{ of query.Query }

func (u unscored) Searcher(ctx context.Context, r bindex.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	o.Score = "none"
	o.IncludeTermVectors = false
	return u.of.Searcher(ctx, r, m, o)
}

// anyOf matches documents with any value of the field that begins with prefix and that keep accepts.
type anyOf struct {
	field  string
	keep   func(string) bool // nil keeps all
	prefix string
}

func (a anyOf) Searcher(ctx context.Context, r bindex.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	values, err := dictionary(ctx, r, a.field, a.prefix, a.keep, 0)
	if err != nil {
		return nil, err
	}
	o.Score = "none"
	o.IncludeTermVectors = false
	return searcher.NewMultiTermSearcher(ctx, r, values, a.field, 1, o, false)
}

// dictionary lists the values of a field, at most limit of them when limit is positive.
func dictionary(ctx context.Context, r bindex.IndexReader, field, prefix string, keep func(string) bool, limit int) ([]string, error) {
	d, err := openDictionary(r, field, prefix)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var out []string
	for n := 0; ; n++ {
		e, err := d.Next()
		if err != nil {
			return nil, err
		}
		if e == nil || limit > 0 && len(out) >= limit {
			return out, nil
		}
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if (len(out) == 0 || out[len(out)-1] != e.Term) && (keep == nil || keep(e.Term)) {
			out = append(out, e.Term)
		}
	}
}

// openDictionary walks a field's values from a prefix on. The expression way is
// taken because the others look up how often each value occurs, which costs
// more than all the rest.
func openDictionary(r bindex.IndexReader, field, prefix string) (bindex.FieldDict, error) {
	if e, ok := r.(bindex.IndexReaderRegexp); ok {
		return e.FieldDictRegexp(field, regexp.QuoteMeta(prefix)+".*")
	}
	if prefix == "" { // which FieldDictPrefix takes for no word at all
		return r.FieldDict(field)
	}
	return r.FieldDictPrefix(field, []byte(prefix))
}

// kindsQuery keeps documents of the given types.
func kindsQuery(kinds []string) query.Query {
	return valuesQuery("type", kinds)
}

// valuesQuery keeps documents whose facet has one of the values.
func valuesQuery(facet string, values []string) query.Query {
	return anyOf{facetPrefix + facet, func(v string) bool { return slices.Contains(values, v) }, commonPrefix(values)}
}

func commonPrefix(vs []string) string {
	if len(vs) == 0 {
		return ""
	}
	p := vs[0]
	for _, v := range vs[1:] {
		for !strings.HasPrefix(v, p) {
			p = p[:len(p)-1]
		}
	}
	return p
}
