package hypotheses

import (
	"fmt"
	"slices"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// The two rules by which the error of a family is controlled (DECISION.md §6).
const (
	RuleHolm  = "holm"
	RuleEHolm = "eholm"
)

// FamilyRule is the registered rule; holm where none is named.
func (d DecisionSpec) FamilyRule() string { return orElse(d.Rule, RuleHolm) }

// peer is another member of the family, as far as it has come.
type peer struct {
	h      Hypothesis
	blocks []Block
}

// thresholds gives T_v and T_r of h at evidence v and r, from what the family
// had logged at that moment.
func (at moment) thresholds(tx *store.Tx, h Hypothesis, s StartRecord, logged []Block, v, r float64) (tv, tr float64, err error) {
	members, err := familyNow(tx, h, s)
	if err != nil {
		return 0, 0, err
	}
	peers, err := at.peers(tx, h, members)
	if err != nil {
		return 0, 0, err
	}
	return thresholdsAmong(h, s, members, peers, logged, v, r)
}

// thresholdsAmong is the rule of the family. Under holm: Holm over the family
// with the other members' evidence, and never above what was in force at an
// earlier block.
func thresholdsAmong(h Hypothesis, s StartRecord, members []string, peers map[string]peer, logged []Block, v, r float64) (tv, tr float64, err error) {
	own := slices.Index(members, h.Alias)
	if own < 0 {
		return 0, 0, fmt.Errorf("hypotheses: %s is not in its own family %v", h.Alias, members)
	}
	if h.Decision.FamilyRule() == RuleEHolm {
		return closed(h, s, members, peers, logged)
	}
	vs, rs := make([]float64, len(members)), make([]float64, len(members))
	for i, name := range members {
		vs[i], rs[i] = 1, 1 // has not begun
		if p, ok := peers[name]; ok {
			if vs[i], rs[i], err = latestEvidence(p.h, StartRecord{HypothesisID: p.h.ID}, p.blocks); err != nil {
				return 0, 0, err
			}
		}
	}
	vs[own], rs[own] = v, r
	tv, tr = decision.Thresholds(vs, rs, own, len(members), Alpha)
	for _, b := range logged {
		tv, tr = min(tv, float64(b.TV)), min(tr, float64(b.TR))
	}
	return tv, tr, nil
}

// closed gives the thresholds of rule eholm. A hypothesis stops on its own
// blocks alone, at m/α; at its last block its e-values are frozen, and T falls
// to what the closed test asks beside the frozen e-values of the others.
// Members that are not frozen yet count as 0, which can only ask for more.
func closed(h Hypothesis, s StartRecord, members []string, peers map[string]peer, logged []Block) (tv, tr float64, err error) {
	tv = float64(len(members)) / Alpha
	tr = tv
	if s.Exploratory || len(logged) < h.Decision.Params().NMax {
		return tv, tr, nil
	}
	var vs, rs []float64
	for _, name := range members {
		if name == h.Alias {
			continue
		}
		v, r := 0.0, 0.0
		if p, ok := peers[name]; ok {
			if v, r, err = frozen(p); err != nil {
				return 0, 0, err
			}
		}
		vs, rs = append(vs, v), append(rs, r)
	}
	seq, err := replay(h, s, logged)
	if err != nil {
		return 0, 0, err
	}
	ev, er := seq.Wealth()
	if t := decision.EHolmThreshold(vs, Alpha); ev >= t {
		tv = min(tv, t)
	}
	if t := decision.EHolmThreshold(rs, Alpha); er >= t {
		tr = min(tr, t)
	}
	return tv, tr, nil
}

// frozen gives the e-values of a member that has stopped by its own blocks or
// reached the last; 0 for one that has not.
func frozen(p peer) (v, r float64, err error) {
	seq, err := replay(p.h, StartRecord{HypothesisID: p.h.ID}, p.blocks)
	if err != nil || !seq.Done() && len(p.blocks) < p.h.Decision.Params().NMax {
		return 0, 0, err
	}
	v, r = seq.Wealth()
	return v, r, nil
}

// peers gives the other members that are locked, with the blocks they had.
func (at moment) peers(tx *store.Tx, h Hypothesis, members []string) (map[string]peer, error) {
	out := map[string]peer{}
	for other, err := range Of(tx, h.PrincipleID) {
		if err != nil {
			return nil, err
		}
		if other.ID == h.ID || other.Lock == nil || !slices.Contains(members, other.Alias) {
			continue
		}
		blocks, err := at.confirmatory(tx, other.ID)
		if err != nil {
			return nil, err
		}
		out[other.Alias] = peer{other, blocks}
	}
	return out, nil
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

// Thresholds gives T_v and T_r that a hypothesis faces now: before it runs,
// m/α or less where members of its family have reached theirs.
func Thresholds(tx *store.Tx, name string) (tv, tr float64, err error) {
	h, err := Find(tx, name)
	if err != nil {
		return 0, 0, err
	}
	s := StartRecord{HypothesisID: h.ID}
	logged, err := ledgerNow.confirmatory(tx, h.ID)
	if err != nil {
		return 0, 0, err
	}
	v, r, err := latestEvidence(h, s, logged)
	if err != nil {
		return 0, 0, err
	}
	return ledgerNow.thresholds(tx, h, s, logged, v, r)
}

// latestEvidence is V and R after the last block. The last record holds them,
// unless an earlier block was repeated after it.
func latestEvidence(h Hypothesis, s StartRecord, blocks []Block) (v, r float64, err error) {
	n := len(blocks)
	switch {
	case n == 0:
		return 1, 1, nil
	case slices.ContainsFunc(blocks, func(b Block) bool { return b.Seq > blocks[n-1].Seq }):
		return evidenceOf(h, s, blocks)
	}
	return float64(blocks[n-1].V), float64(blocks[n-1].R), nil
}
