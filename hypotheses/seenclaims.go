package hypotheses

import (
	"cmp"
	"slices"
	"sort"

	"tenet/internal/store"
)

// counts is a number as it changed over the ledger, ascending.
type counts []struct {
	seq uint64
	n   int
}

func (c counts) last() int {
	if len(c) == 0 {
		return 0
	}
	return c[len(c)-1].n
}

func (c *counts) add(seq uint64, by int) {
	*c = append(*c, struct {
		seq uint64
		n   int
	}{seq, c.last() + by})
}

// before is the number as it stood before a change.
func (c counts) before(seq uint64) int {
	n := sort.Search(len(c), func(i int) bool { return c[i].seq >= seq })
	return c[:n].last()
}

type (
	flip struct {
		seq  uint64
		gone bool
	}
	linkEvent struct {
		seq       uint64
		id, claim string
		gone      bool
	}
)

// claimTally counts claims, and those linked to each principle, along the
// ledger. Most claims are made once and stay: only the others are kept by name.
type claimTally struct {
	claims  counts
	dropped map[string][]flip      // claims that ceased to be or came back
	links   map[string][]linkEvent // by principle
	of      map[string]string      // principle of a link
}

func (t *claimTally) claim(g store.Glance) {
	switch {
	case g.Made:
		t.claims.add(g.Seq, 1)
		if _, left := t.dropped[g.ID]; left {
			t.dropped[g.ID] = append(t.dropped[g.ID], flip{g.Seq, false})
		}
	case g.Gone:
		t.claims.add(g.Seq, -1)
		t.dropped[g.ID] = append(t.dropped[g.ID], flip{g.Seq, true})
	}
}

func (t *claimTally) link(c store.Change, principle, claim string) {
	if c.After == nil {
		principle = t.of[c.ID]
	}
	t.of[c.ID] = principle
	t.links[principle] = append(t.links[principle], linkEvent{c.Seq, c.ID, claim, c.After == nil})
}

// bearing counts the claims that are there and linked to each principle.
func (t *claimTally) bearing() map[string]counts {
	out := map[string]counts{}
	for principle, links := range t.links {
		out[principle] = t.onOne(links)
	}
	return out
}

func (t *claimTally) onOne(events []linkEvent) counts {
	events = slices.Clone(events)
	seen := map[string]bool{}
	for _, e := range events {
		for _, f := range t.dropped[e.claim] {
			if !seen[e.claim] {
				events = append(events, linkEvent{seq: f.seq, claim: e.claim, gone: f.gone})
			}
		}
		seen[e.claim] = true
	}
	slices.SortStableFunc(events, func(a, b linkEvent) int { return cmp.Compare(a.seq, b.seq) })
	linked := map[string]string{} // claim of a link
	ties := map[string]int{}      // links of a claim
	gone := map[string]bool{}
	counted := func(claim string) int { return boolInt(ties[claim] > 0 && !gone[claim]) }
	var out counts
	for _, e := range events {
		if e.id != "" && e.gone {
			e.claim = linked[e.id]
		}
		was := counted(e.claim)
		switch {
		case e.id == "":
			gone[e.claim] = e.gone
		case e.gone:
			delete(linked, e.id)
			ties[e.claim]--
		case linked[e.id] != e.claim:
			linked[e.id] = e.claim
			ties[e.claim]++
		}
		if by := counted(e.claim) - was; by != 0 {
			out.add(e.seq, by)
		}
	}
	return out
}
