package index

import (
	"context"
	"math/bits"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	bindex "github.com/blevesearch/bleve_index_api"
)

// maxScored is how many similar words are still weighed one by one.
const maxScored = 64

// similar matches documents with a word at most n edits away from word.
//
// bleve has such a query. Its automaton (vellum 1.2.1) knows swaps of neighbours,
// but a walk over a dictionary gives up in the middle of one: sikp~ does not
// find skip, concatenatoin~ does find concatenation. So the dictionary is read
// from end to end here; of 60,000 words all but a few are dropped at a glance.
type similar struct {
	field, word string
	n           int
}

func (s similar) Searcher(ctx context.Context, r bindex.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	var away []uint8 // the nearer word weighs more
	letters := lettersOf(s.word)
	words, err := dictionary(ctx, r, s.field, "", func(v string) bool {
		if d := len(v) - len(s.word); d > s.n*utf8.UTFMax || -d > s.n*utf8.UTFMax || bits.OnesCount64(letters^lettersOf(v)) > 2*s.n {
			return false
		}
		n := edits(s.word, v, s.n)
		if n <= s.n {
			away = append(away, uint8(n))
		}
		return n <= s.n
	}, 0)
	if err != nil {
		return nil, err
	}
	o.IncludeTermVectors = false
	if len(words) > maxScored {
		o.Score = "none"
	}
	return searcher.NewMultiTermSearcherBoosted(ctx, r, words, s.field, 1, away, o, false)
}

// lettersOf is the set of letters of a word, folded into 64. One edit changes at
// most two members, which rules most words out at the cost of a glance.
func lettersOf(w string) uint64 {
	var set uint64
	for _, r := range w {
		set |= 1 << (uint(r) & 63)
	}
	return set
}

// edits counts the insertions, deletions, replacements of one letter and swaps of
// two neighbours that lead from a to b; beyond most it may stop and say most+1.
func edits(a, b string, most int) int {
	if isASCII(a) && isASCII(b) {
		return editsOf([]byte(a), []byte(b), most)
	}
	if d := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); d > most || -d > most {
		return most + 1
	}
	return editsOf([]rune(a), []rune(b), most)
}

func editsOf[T byte | rune](a, b []T, most int) int {
	if d := len(a) - len(b); d > most || -d > most || len(a) > maxTerm || len(b) > maxTerm {
		return most + 1
	}
	var rows [3][maxTerm + 1]uint8
	for j := range len(b) + 1 {
		rows[0][j] = uint8(j)
	}
	for i := range a {
		before, last, row := &rows[(i+2)%3], &rows[i%3], &rows[(i+1)%3]
		row[0] = uint8(i + 1)
		least := row[0]
		for j := range b {
			cost := last[j]
			if a[i] != b[j] {
				cost++
			}
			cost = min(cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				cost = min(cost, before[j-1]+1)
			}
			row[j+1] = cost
			least = min(least, cost)
		}
		if int(least) > most {
			return most + 1
		}
	}
	return int(rows[len(a)%3][len(b)])
}
