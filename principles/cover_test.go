package principles

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTheSmallestSetOfPrinciplesIsFound(t *testing.T) {
	c := cover(map[string][]string{"a": {"P1", "P2"}, "b": {"P2", "P3"}, "c": {"P3", "P1"}, "d": {"P4"}, "e": {"P4", "P1"}})
	if !slices.Equal(c.Smallest, []string{"P1", "P2", "P4"}) || c.Only["P4"] != 1 || c.Claims != 5 || c.All != 4 {
		t.Errorf("got %+v", c)
	}
	if c := cover(nil); len(c.Smallest) != 0 || c.Claims != 0 {
		t.Errorf("of no claims: %+v", c)
	}
	// No set of fewer covers: compared with trying all.
	rng := rand.New(rand.NewPCG(1, 4))
	for range 200 {
		claims, masks := map[string][]string{}, []int{}
		for i := range 1 + rng.IntN(12) {
			mask := 1 + rng.IntN(127)
			masks = append(masks, mask)
			for p := range 7 {
				if mask>>p&1 == 1 {
					key := fmt.Sprint(i)
					claims[key] = append(claims[key], fmt.Sprintf("P%d", p))
				}
			}
		}
		fewest := 7
		for set := range 128 {
			ok := true
			for _, m := range masks {
				ok = ok && m&set != 0
			}
			if ok {
				fewest = min(fewest, bits.OnesCount(uint(set)))
			}
		}
		if got := cover(claims); len(got.Smallest) != fewest {
			t.Fatalf("%v: %v, the fewest are %d", claims, got.Smallest, fewest)
		}
	}
}
