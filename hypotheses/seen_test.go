package hypotheses

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

func moments(t testing.TB, lib *store.Library, name string) (out []Moment) {
	t.Helper()
	h := find(t, lib, name)
	view(t, lib, func(tx *store.Tx) error {
		hist := must(ReadHistory(tx))(t)
		out = hist.Moments(h)
		return nil
	})
	return out
}

// Nobody declares what had been seen: it follows from the order of the changes.
func TestWhatHadBeenSeenFollowsFromTheLedger(t *testing.T) {
	lib := studyLibrary(t)
	claim := func(key, principle string) (c survey.Claim) {
		update(t, lib, func(tx *store.Tx) error {
			c = survey.Claim{ID: tx.NewID(), Alias: must(tx.NewAlias("C"))(t), Text: key, State: survey.Tagged}
			if err := tx.Put("claim.tagged", survey.KindClaim, c.ID, c, ""); err != nil {
				return err
			}
			_, err := principles.LinkClaim(tx, c.ID, principle, principles.Supports)
			return err
		})
		return c
	}
	c1 := claim("one", "P1")
	claim("two", "P1")
	claim("three", "P2")
	update(t, lib, func(tx *store.Tx) error {
		must(Edit(tx, "H01", func(h *Hypothesis) { h.Title = "amended" }))(t)
		return nil
	})
	update(t, lib, func(tx *store.Tx) error { return principles.Unlink(tx, c1.ID, "P1", "not about it") })

	start(t, lib, "H01", "r1", true)
	feed(t, lib, "H01", "r1", 0, 3, 0.1)
	lock(t, lib, "H23")
	start(t, lib, "H23", "r2", false)
	feed(t, lib, "H23", "r2", 0, 60, -0.2)
	rec := lock(t, lib, "H01")
	claim("too late", "P1")

	got := moments(t, lib, "H01")
	if len(got) != 3 {
		t.Fatalf("%d moments: %v", len(got), got)
	}
	if m := got[0]; m.Did != "brought in" || m.Claims != 0 || len(m.Results)+len(m.Own) != 0 {
		t.Errorf("at first: %+v", m)
	}
	if m := got[1]; m.Did != "amended" || m.Claims != 3 || m.Bearing != 2 || m.OwnBlocks != 0 {
		t.Errorf("when amended: %+v", m)
	}
	m := got[2]
	if m.Did != "locked" || m.Seq != rec.Seq || m.Claims != 3 || m.Bearing != 1 || m.OwnBlocks != 3 ||
		!slices.Equal(m.Own, []string{"H01 explored over 3 blocks"}) || !slices.Equal(m.Results, []string{"H23 refuted"}) {
		t.Errorf("when locked: %+v", m)
	}
	if !strings.Contains(m.String(), "seen before: of itself H01 explored over 3 blocks; of others H23 refuted; 3 claims, 1 on its principle") {
		t.Errorf("in words: %s", m)
	}

	// A new version knows what the old one gave.
	start(t, lib, "H01", "r3", false)
	feed(t, lib, "H01", "r3", 0, 60, 0.2)
	update(t, lib, func(tx *store.Tx) error {
		must(Edit(tx, "H01", func(h *Hypothesis) { h.Decision.Delta = 0.02 }))(t)
		return nil
	})
	next := moments(t, lib, "H01v2")
	if len(next) != 1 || next[0].Did != "written as a new version" || !slices.Contains(next[0].Own, "H01 validated") {
		t.Errorf("the new version: %+v", next)
	}
}

// Claims and links come and go in any order; at every change the tally must be what counting by hand gives.
func TestClaimsThatCameAndWentAreCountedAsByHand(t *testing.T) {
	lib := studyLibrary(t)
	r := rand.New(rand.NewPCG(3, 9))
	h := find(t, lib, "H01")
	var claims, links []string
	for range 150 {
		update(t, lib, func(tx *store.Tx) error {
			put := func(id string) error {
				return tx.Put("claim.tagged", survey.KindClaim, id, survey.Claim{ID: id, Text: fmt.Sprint(r.IntN(99)), State: survey.Tagged}, "")
			}
			pick := func(ids []string) string { return ids[r.IntN(len(ids))] }
			switch act := r.IntN(6); {
			case act == 0 || len(claims) < 4:
				claims = append(claims, tx.NewID())
				return put(claims[len(claims)-1])
			case act == 1: // edited, or made again after it was gone
				return put(pick(claims))
			case act == 2:
				id := pick(claims)
				if _, _, err := tx.Raw(survey.KindClaim, id); err != nil {
					return nil
				}
				return tx.Delete("claim.removed", survey.KindClaim, id, "")
			case act == 3 && len(links) > 0:
				id := pick(links)
				if _, _, err := tx.Raw(principles.KindLink, id); err != nil {
					return nil
				}
				return tx.Delete("link.removed", principles.KindLink, id, "")
			}
			links = append(links, tx.NewID())
			p := h.PrincipleID
			if r.IntN(3) == 0 {
				p = "another"
			}
			id := links[len(links)-1]
			return tx.Put("link.added", principles.KindLink, id, principles.Link{ID: id, ClaimID: pick(claims), PrincipleID: p, Relation: principles.Supports}, "")
		})
		update(t, lib, func(tx *store.Tx) error {
			must(Edit(tx, "H01", func(h *Hypothesis) { h.Title = fmt.Sprint("at ", tx.Seq()) }))(t)
			return nil
		})
	}
	view(t, lib, func(tx *store.Tx) error {
		there, linked := map[string]bool{}, map[string]principles.Link{}
		at := map[uint64][2]int{}
		for seq := uint64(1); seq <= tx.Seq(); seq++ {
			n, bearing := 0, map[string]bool{}
			for _, yes := range there {
				n += boolInt(yes)
			}
			for _, l := range linked {
				if there[l.ClaimID] && l.PrincipleID == h.PrincipleID {
					bearing[l.ClaimID] = true
				}
			}
			at[seq] = [2]int{n, len(bearing)}
			c := must(tx.Change(seq))(t)
			switch c.Kind {
			case survey.KindClaim:
				there[c.ID] = c.After != nil
			case principles.KindLink:
				if delete(linked, c.ID); c.After != nil {
					var l principles.Link
					if err := json.Unmarshal(c.After, &l); err != nil {
						return err
					}
					linked[c.ID] = l
				}
			}
		}
		ms := must(ReadHistory(tx))(t).Moments(h)
		if len(ms) < 100 {
			t.Fatalf("%d moments", len(ms))
		}
		for _, m := range ms {
			if got := [2]int{m.Claims, m.Bearing}; got != at[m.Seq] {
				t.Errorf("before change %d: got %v claims and bearing, by hand %v", m.Seq, got, at[m.Seq])
			}
		}
		return nil
	})
}
