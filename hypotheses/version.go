package hypotheses

import (
	"fmt"

	"tenet/internal/store"
	"tenet/principles"
)

// Edit changes a hypothesis. A draft changes in place. A locked one stays as
// it is, with its lock; the change makes a new draft, the next version, under
// an alias of its own (H01v2) and hence with seeds of its own.
func Edit(tx *store.Tx, name string, change func(*Hypothesis)) (Hypothesis, error) {
	old, err := Find(tx, name)
	if err != nil {
		return Hypothesis{}, err
	}
	if old.NextID != "" {
		next, err := store.Get[Hypothesis](tx, KindHypothesis, old.NextID)
		if err != nil {
			return Hypothesis{}, err
		}
		return Hypothesis{}, fmt.Errorf("hypotheses: %s has the newer version %s; change that one", old.Alias, next.Alias)
	}
	// A copy down to the last pointer: what the change touches must not be the
	// locked plan's own.
	h, err := principles.Clean(old)
	if err != nil {
		return Hypothesis{}, err
	}
	change(&h)
	if h.Anew() { // nothing is known of what else differs now
		h.Change = changeMore
	}
	h.ID, h.Alias, h.State, h.Version, h.Lock, h.Verdict = old.ID, old.Alias, old.State, old.Version, old.Lock, old.Verdict
	h.PreviousID, h.NextID, h.Order = old.PreviousID, old.NextID, old.Order
	if h, err = principles.Clean(h); err != nil {
		return Hypothesis{}, err
	}
	if old.Lock == nil {
		return h, tx.Put("hypothesis.edited", KindHypothesis, h.ID, h, "")
	}
	base := old.Alias
	if old.Version > 1 {
		base = base[:len(base)-len(fmt.Sprintf("v%d", old.Version))]
	}
	h.ID, h.Version, h.State, h.Lock, h.Verdict = tx.NewID(), old.Version+1, Draft, nil, nil
	h.Alias, h.PreviousID, h.Order = fmt.Sprintf("%sv%d", base, h.Version), old.ID, 0
	if err := tx.Put("hypothesis.versioned", KindHypothesis, h.ID, h, "follows "+old.Alias); err != nil {
		return Hypothesis{}, err
	}
	old.NextID = h.ID
	return h, tx.Put("hypothesis.superseded", KindHypothesis, old.ID, old, "see "+h.Alias)
}
