package hypotheses

import (
	"fmt"
	"slices"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// thresholds gives T_v and T_r of h at evidence v and r: Holm over the family
// with the other members' present evidence, and never above what was in force
// at an earlier block (DECISION.md §6).
func thresholds(tx *store.Tx, h Hypothesis, s StartRecord, logged []Block, v, r float64) (tv, tr float64, err error) {
	members, err := familyNow(tx, h, s)
	if err != nil {
		return 0, 0, err
	}
	own := slices.Index(members, h.Alias)
	if own < 0 {
		return 0, 0, fmt.Errorf("hypotheses: %s is not in its own family %v", h.Alias, members)
	}
	vs, rs, err := familyEvidence(tx, h, members)
	if err != nil {
		return 0, 0, err
	}
	vs[own], rs[own] = v, r
	tv, tr = decision.Thresholds(vs, rs, own, len(members), Alpha)
	for _, b := range logged {
		tv, tr = min(tv, float64(b.TV)), min(tr, float64(b.TR))
	}
	return tv, tr, nil
}

// familyNow is the family of a lock, or the one that a lock would open: an
// exploratory run shows the thresholds that would await it.
func familyNow(tx *store.Tx, h Hypothesis, s StartRecord) ([]string, error) {
	if h.Lock != nil {
		return h.Lock.Members, nil
	}
	p, err := principleOf(tx, h)
	if err != nil {
		return nil, err
	}
	f, err := familyAtLock(tx, h, p)
	return f.members, err
}

// familyEvidence gives V and R of each member; 1 where none has begun.
func familyEvidence(tx *store.Tx, h Hypothesis, members []string) (v, r []float64, err error) {
	v, r = make([]float64, len(members)), make([]float64, len(members))
	for i := range members {
		v[i], r[i] = 1, 1
	}
	for other, err := range Of(tx, h.PrincipleID) {
		if err != nil {
			return nil, nil, err
		}
		i := slices.Index(members, other.Alias)
		if i < 0 || other.ID == h.ID || other.Lock == nil {
			continue
		}
		blocks, err := confirmatoryBlocks(tx, other.ID)
		if err != nil {
			return nil, nil, err
		}
		if n := len(blocks); n > 0 {
			v[i], r[i] = float64(blocks[n-1].V), float64(blocks[n-1].R)
		}
	}
	return v, r, nil
}

// Thresholds gives T_v and T_r that a hypothesis faces now: before it runs,
// m/α or less where members of its family have reached theirs.
func Thresholds(tx *store.Tx, name string) (tv, tr float64, err error) {
	h, err := Find(tx, name)
	if err != nil {
		return 0, 0, err
	}
	s := StartRecord{HypothesisID: h.ID}
	logged, err := confirmatoryBlocks(tx, h.ID)
	if err != nil {
		return 0, 0, err
	}
	v, r := 1.0, 1.0
	if n := len(logged); n > 0 {
		v, r = float64(logged[n-1].V), float64(logged[n-1].R)
	}
	return thresholds(tx, h, s, logged, v, r)
}
