//go:build slow && unix

package index

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenet/internal/store"
	"tenet/survey"
)

// zipf draws words as texts have them: the n-th most common word n times rarer.
type zipf struct {
	z *rand.Zipf
	r *rand.Rand
}

func newZipf() zipf {
	r := rand.New(rand.NewPCG(1, 2))
	return zipf{rand.NewZipf(r, 1.07, 2.7, 25_000), r}
}

// word spells a number as letters, the common ones short.
func word(n uint64) string {
	var b strings.Builder
	for n += 1; n > 0; n /= 20 {
		b.WriteByte("bcdfghjklmnpqrstvwxz"[n%20])
		b.WriteByte("aeiou"[n%5])
	}
	return b.String()
}

func (z zipf) text(words int) string {
	out := make([]string, words)
	for i := range out {
		out[i] = word(z.z.Uint64())
	}
	return strings.Join(out, " ")
}

// bigLibrary has 100,000 claims of 15 to 35 words in 1,000 papers.
func bigLibrary(t testing.TB, claims int) *store.Library {
	t.Helper()
	lib := newLibrary(t)
	z := newZipf()
	var ids []string
	update(t, lib, func(tx *store.Tx) {
		for n := range 1000 {
			p := survey.Paper{ID: tx.NewID(), Alias: fmt.Sprintf("D%d", n+1), Key: fmt.Sprintf("key%d", n), Title: z.text(8), Year: 1990 + n%36, State: survey.Included}
			ids = append(ids, p.ID)
			put(t, tx, survey.KindPaper, p.ID, p)
		}
	})
	for from := 0; from < claims; from += 5000 {
		update(t, lib, func(tx *store.Tx) {
			for n := from; n < from+5000; n++ {
				c := survey.Claim{ID: tx.NewID(), Alias: fmt.Sprintf("C%d", n+1), PaperID: ids[n%1000], Text: z.text(15 + n%21), Kind: survey.Conjecture, Stance: []string{"pro", "con", "mixed"}[n%3], State: survey.Tagged, Reviewer: []string{"ann", "ben"}[n%2]}
				put(t, tx, survey.KindClaim, c.ID, c)
			}
		})
	}
	return lib
}

// queries of each class, from words of every commonness.
func benchQueries() map[string][]string {
	z := newZipf()
	out := map[string][]string{}
	for _, rank := range []uint64{0, 1, 4, 9, 19, 49, 99, 199, 499, 999, 1999, 4999} {
		out["term"] = append(out["term"], word(rank))
		out["prefix"] = append(out["prefix"], word(rank + 500)[:3]+"*")
		out["fuzzy"] = append(out["fuzzy"], word(rank+3000)+"~")
		out["fields"] = append(out["fields"], fmt.Sprintf("stance:- year:%d..%d %s", 1995+rank%20, 2005+rank%20, word(rank)))
		w := strings.Fields(z.text(3))
		out["and"] = append(out["and"], w[0]+" "+w[1])
		out["phrase"] = append(out["phrase"], `"`+w[0]+" "+w[1]+`"`)
		out["near"] = append(out["near"], fmt.Sprintf("NEAR/5(%s %s)", w[0], w[2]))
	}
	return out
}

func percentile(ds []time.Duration, p float64) time.Duration {
	slices.Sort(ds)
	return ds[min(len(ds)-1, int(math.Ceil(p*float64(len(ds)))))].Round(10 * time.Microsecond)
}

// processor is the time this process has had. On a machine that others use too
// it is the figure that means something; on an idle one it is the wall's.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// The target of the design: 30 ms at the 95th percentile over 100,000 claims,
// for every class of query the language has.
func TestSearchStaysQuickOverAHundredThousandClaims(t *testing.T) {
	lib := bigLibrary(t, 100_000)
	start := time.Now()
	x := openIndex(t, lib)
	t.Logf("built %d documents in %v", len(contents(t, x)), time.Since(start).Round(time.Millisecond))
	must(t, x.Close())
	start = time.Now()
	x = openIndex(t, lib)
	t.Logf("opened in %v", time.Since(start).Round(10*time.Microsecond))
	for _, facets := range [][]string{nil, {"principle", "stance", "year", "by"}} {
		var all []time.Duration
		for class, qs := range benchQueries() {
			var own []time.Duration
			for range 10 {
				for _, q := range qs {
					before := processor()
					if _, err := x.Search(t.Context(), q, SearchOptions{Kinds: []string{"claim"}, Facets: facets}); err != nil {
						t.Fatalf("%s: %v", q, err)
					}
					own = append(own, processor()-before)
				}
			}
			all = append(all, own...)
			t.Logf("facets %v %-7s p50 %v p95 %v", facets != nil, class, percentile(own, .5), percentile(own, .95))
		}
		p95 := percentile(all, .95)
		t.Logf("facets %v all     p50 %v p95 %v", facets != nil, percentile(all, .5), p95)
		// Counting four facets over words that stand in half of all claims is bleve's
		// slowest part; it gets more, and a screen may ask for the hits first.
		most := 30 * time.Millisecond
		if facets != nil {
			most = 50 * time.Millisecond
		}
		if p95 > most {
			t.Errorf("facets %v: p95 is %v, over %v", facets != nil, p95, most)
		}
	}
	var adds []time.Duration
	p := somePaper(t, lib, "late", "late", 2020)
	for range 50 {
		start := time.Now()
		someClaim(t, lib, p, "a late claim", nil)
		wait(t, x, lib)
		adds = append(adds, time.Since(start))
	}
	t.Logf("add one claim until visible: p50 %v p95 %v", percentile(adds, .5), percentile(adds, .95))
}

func BenchmarkRebuild(b *testing.B) {
	lib := bigLibrary(b, 10_000)
	dir := filepath.Join(lib.Dir(), "index")
	b.ReportAllocs()
	for b.Loop() {
		x, err := Open(b.Context(), lib, dir)
		must(b, err)
		wait(b, x, lib)
		must(b, x.Close())
		must(b, os.RemoveAll(dir))
	}
}
