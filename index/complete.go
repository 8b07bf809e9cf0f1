package index

import (
	"context"
	"strings"

	bindex "github.com/blevesearch/bleve_index_api"
)

// maxCompletions is the most endings that are offered.
const maxCompletions = 50

// Complete offers endings for the last word of a query: field names, and after a
// colon the values the library has. Each is the whole word to put in its place.
func (x *Index) Complete(ctx context.Context, q string) ([]string, error) {
	word := q[strings.LastIndexAny(q, " (\t")+1:]
	minus := ""
	if strings.HasPrefix(word, "-") {
		minus, word = "-", word[1:]
	}
	name, value, colon := strings.Cut(word, ":")
	if !colon {
		var out []string
		for _, f := range fields {
			if name != "" && strings.HasPrefix(f.name, strings.ToLower(name)) {
				out = append(out, minus+f.name+":")
			}
		}
		return out, nil
	}
	f, ok := fieldNamed(name)
	if !ok || !f.facet {
		return nil, nil
	}
	values, err := x.values(ctx, f, strings.TrimPrefix(value, `"`))
	if err != nil {
		return nil, err
	}
	for i, v := range values {
		if len(terms(v)) != 1 && f.kind == wordsField || strings.ContainsAny(v, " ()") {
			v = `"` + strings.ReplaceAll(v, `"`, "") + `"`
		}
		values[i] = minus + f.name + ":" + v
	}
	return values, nil
}

// values lists what a facet has that begins with prefix, whatever the case.
func (x *Index) values(ctx context.Context, f field, prefix string) ([]string, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.gen == nil {
		return nil, nil
	}
	advanced, err := x.gen.b.Advanced()
	if err != nil {
		return nil, err
	}
	r, err := advanced.Reader()
	if err != nil {
		return nil, err
	}
	defer func(r bindex.IndexReader) { _ = r.Close() }(r)
	prefix = strings.ToLower(prefix)
	return dictionary(ctx, r, facetPrefix+f.name, "", func(v string) bool {
		return strings.HasPrefix(strings.ToLower(v), prefix)
	}, maxCompletions)
}
