package index

import (
	"context"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	bindex "github.com/blevesearch/bleve_index_api"
)

// maxExpansion bounds the words a prefix inside a phrase or NEAR may stand for;
// the first ones of the alphabet win.
const maxExpansion = 512

// places matches documents by where words stand: one item is a phrase, several
// are NEAR. bleve has no such query beyond exact phrases; here all words are
// asked for as usual and the positions of each candidate are looked at.
type places struct {
	field  string
	items  []term
	within int
}

func (p places) Searcher(ctx context.Context, r bindex.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (_ search.Searcher, err error) {
	o.IncludeTermVectors = true
	o.Score = "" // positions are only decoded together with frequencies
	var parts []search.Searcher
	defer func() {
		if err != nil {
			for _, s := range parts {
				_ = s.Close()
			}
		}
	}()
	add := func(s search.Searcher, e error) error {
		if e == nil {
			parts = append(parts, s)
		}
		return e
	}
	seen := map[string]bool{}
	for _, it := range p.items {
		for i, w := range it.words {
			if it.prefix && i == len(it.words)-1 {
				values, err := dictionary(ctx, r, p.field, w, nil, maxExpansion)
				if err != nil {
					return nil, err
				}
				if err := add(searcher.NewMultiTermSearcher(ctx, r, values, p.field, 1, o, false)); err != nil {
					return nil, err
				}
				continue
			}
			if seen[w] {
				continue
			}
			seen[w] = true
			if err := add(searcher.NewTermSearcher(ctx, r, w, p.field, 1, o)); err != nil {
				return nil, err
			}
		}
	}
	all, err := searcher.NewConjunctionSearcher(ctx, r, parts, o)
	if err != nil {
		return nil, err
	}
	at := map[string][]int{}
	return searcher.NewFilteringSearcher(ctx, all, func(_ *search.SearchContext, d *search.DocumentMatch) bool {
		for w := range at {
			at[w] = at[w][:0]
		}
		for _, l := range d.FieldTermLocations {
			if l.Field == p.field {
				at[l.Term] = append(at[l.Term], int(l.Location.Pos))
			}
		}
		d.FieldTermLocations = d.FieldTermLocations[:0]
		return p.holds(at)
	}), nil
}

// holds decides on the positions of each word.
func (p places) holds(at map[string][]int) bool {
	spots := make([][]int, len(p.items))
	for i, it := range p.items {
		if spots[i] = it.starts(at); len(spots[i]) == 0 {
			return false
		}
	}
	return len(p.items) == 1 || p.close(spots)
}

// starts lists the positions at which the words of t stand side by side, in order.
func (t term) starts(at map[string][]int) []int {
	var out []int
	first := t.at(0, at)
	for _, s := range first {
		ok := true
		for i := 1; i < len(t.words) && ok; i++ {
			ok = slices.Contains(t.at(i, at), s+i)
		}
		if ok {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (t term) at(i int, at map[string][]int) []int {
	if !t.prefix || i < len(t.words)-1 {
		return at[t.words[i]]
	}
	var out []int
	for w, ps := range at {
		if strings.HasPrefix(w, t.words[i]) {
			out = append(out, ps...)
		}
	}
	return out
}

// close tells whether one occurrence of each item fits: at most within words lie
// between the first word of one and the last of another.
func (p places) close(spots [][]int) bool {
	for i, starts := range spots {
		for _, lo := range starts { // item i is the leftmost, at lo
			hi, ok := lo+len(p.items[i].words)-1, true
			for j := range spots {
				if j == i {
					continue
				}
				k, _ := slices.BinarySearch(spots[j], lo)
				if k == len(spots[j]) {
					ok = false
					break
				}
				hi = max(hi, spots[j][k]+len(p.items[j].words)-1)
			}
			if ok && hi-lo <= p.within {
				return true
			}
		}
	}
	return false
}
