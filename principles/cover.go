package principles

import (
	"math/bits"
	"slices"

	"tenet/internal/store"
)

// Coverage says how few principles explain the claims that support any: the
// measured side of one unified explanation.
type Coverage struct {
	Claims   int            // live claims that support a principle
	Smallest []string       // aliases of a smallest set that covers them all; the first such set by alias
	Only     map[string]int // claims that this principle alone explains
	All      int            // principles that any claim supports
}

// Cover reads the links of the library.
func Cover(tx *store.Tx) (Coverage, error) {
	names := map[string]string{}
	for p, err := range All(tx) {
		if err != nil {
			return Coverage{}, err
		}
		if p.State != Discarded {
			names[p.ID] = p.Alias
		}
	}
	claims := map[string][]string{}
	for c, err := range live(tx, store.All[Link](tx, KindLink)) {
		if err != nil {
			return Coverage{}, err
		}
		if name := names[c.Link.PrincipleID]; c.Link.Relation == Supports && name != "" {
			claims[c.Claim.ID] = append(claims[c.Claim.ID], name)
		}
	}
	return cover(claims), nil
}

// cover finds a smallest set of principles that meets each claim's set. The
// principles of a study are few, so it searches all sets by size, with the
// forced ones first.
func cover(claims map[string][]string) Coverage {
	out := Coverage{Claims: len(claims), Smallest: []string{}, Only: map[string]int{}}
	var names []string
	for _, ps := range claims {
		names = append(names, ps...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	out.All = len(names)
	if len(names) > 64 { // beyond any study; a mask no longer holds them
		out.Smallest = names
		return out
	}
	need := map[uint64]bool{}
	forced := uint64(0)
	for _, ps := range claims {
		var m uint64
		for _, p := range ps {
			m |= 1 << slices.Index(names, p)
		}
		need[m] = true
		if bits.OnesCount64(m) == 1 {
			forced |= m
			out.Only[names[bits.TrailingZeros64(m)]]++
		}
	}
	var open []uint64
	for m := range need {
		if m&forced == 0 {
			open = append(open, m)
		}
	}
	slices.Sort(open)
	best := uint64(1)<<len(names) - 1
	if len(names) == 64 {
		best = ^uint64(0)
	}
	var search func(chosen uint64)
	search = func(chosen uint64) {
		if n, b := bits.OnesCount64(chosen), bits.OnesCount64(best); n > b || n == b && !before(chosen, best) {
			return
		}
		for _, m := range open {
			if m&chosen == 0 { // one of these must come
				for ; m != 0; m &= m - 1 {
					search(chosen | m&-m)
				}
				return
			}
		}
		best = chosen
	}
	search(forced)
	for i, name := range names {
		if best>>i&1 == 1 {
			out.Smallest = append(out.Smallest, name)
		}
	}
	return out
}

// before orders sets of one size by their first different name.
func before(a, b uint64) bool {
	d := a ^ b
	return d != 0 && a&(d&-d) != 0
}
