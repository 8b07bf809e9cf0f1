package index

import (
	"context"
	"slices"

	"github.com/blevesearch/bleve/v2"
)

// Nearest looks for a query close to q that has hits, for a reader whose own has
// none: NEAR reaches farther, then a phrase becomes its words, a word is matched
// with a letter off, and at last one condition after the other is dropped. It
// returns "" when nothing near finds anything.
func (x *Index) Nearest(ctx context.Context, q string, o SearchOptions) (query string, total uint64, err error) {
	e, err := parse(q, o.Typing)
	if err != nil {
		return "", 0, err
	}
	if err := o.check(); err != nil {
		return "", 0, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.gen == nil {
		return "", 0, nil
	}
	for _, near := range relaxed(e) {
		req := bleve.NewSearchRequestOptions(o.narrow(near, ""), 0, 0, false)
		req.Score = "none"
		r, err := x.gen.b.SearchInContext(ctx, req)
		if err != nil {
			return "", 0, searchError(ctx, err)
		}
		if r.Total > 0 {
			return topmost(near), r.Total, nil
		}
	}
	return "", 0, nil
}

// topmost writes a query without the brackets around the whole of it.
func topmost(e expr) string {
	parts, ok := e.(and)
	switch {
	case ok && len(parts) == 1:
		return topmost(parts[0])
	case ok && len(parts) > 1:
		s := e.String()
		return s[1 : len(s)-1]
	}
	return e.String()
}

// relaxed lists the queries one step wider than e, the closest first.
func relaxed(e expr) []expr {
	parts, ok := e.(and)
	if !ok {
		parts = and{e}
	}
	var out []expr
	for _, widen := range []func(expr) expr{farther, loosened, misspelt} {
		changed := false
		next := slices.Clone(parts)
		for i, p := range parts {
			if w := widen(p); w != nil {
				next[i], changed = w, true
			}
		}
		if changed {
			out = append(out, next)
		}
	}
	if len(parts) > 1 {
		for i := range parts {
			out = append(out, slices.Delete(slices.Clone(parts), i, i+1))
		}
	}
	return out
}

func farther(e expr) expr {
	if n, ok := e.(near); ok && n.n < 20 {
		n.n = 20
		return n
	}
	return nil
}

// loosened gives the words of a phrase or NEAR without their order.
func loosened(e expr) expr {
	var out and
	switch e := e.(type) {
	case near:
		for _, t := range e.items {
			out = append(out, t)
		}
	case term:
		if len(e.words) == 1 {
			return nil
		}
		for i, w := range e.words {
			out = append(out, term{field: e.field, words: []string{w}, prefix: e.prefix && i == len(e.words)-1})
		}
	default:
		return nil
	}
	return out
}

// misspelt forgives one letter of a longer word.
func misspelt(e expr) expr {
	if t, ok := e.(term); ok && len(t.words) == 1 && t.fuzzy == 0 && len([]rune(t.words[0])) > 3 {
		t.prefix, t.fuzzy = false, 1
		return t
	}
	return nil
}
