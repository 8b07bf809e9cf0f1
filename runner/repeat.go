package runner

import (
	"context"
	"errors"
	"fmt"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// repeat trains anew, with the same streams, what earlier runs lost: the trials of blocks that are logged
// missing. It comes before the first new block, and what it finds cannot choose whether it is done.
func (r *run) repeat(ctx context.Context) (over bool, err error) {
	var lost []int
	if err := r.ledger.lib.View(func(tx *store.Tx) error {
		lost, err = hypotheses.MissingBlocks(tx, r.rec.ID)
		return err
	}); err != nil {
		return false, err
	}
	for _, b := range lost {
		if r.options.MaxBlocks > 0 && b >= r.options.MaxBlocks {
			break
		}
		r.show.note(fmt.Sprintf("block %d was logged missing: its trials are repeated with the same seeds", b+1))
		blk := hypotheses.Block{RunID: r.rec.ID, HypothesisID: r.plan.h.ID, B: b}
		var slots []*slot
		for _, a := range r.plan.arms {
			s, err := r.slot(a, r.plan.job(a, b))
			if err != nil {
				return false, err
			}
			slots = append(slots, s)
		}
		if err := r.all(ctx, slots); err != nil {
			return false, err
		}
		for _, s := range slots {
			blk.Trials = append(blk.Trials, s.ref(r.plan.metric))
		}
		var p hypotheses.Progress
		err := r.ledger.update(ctx, func(tx *store.Tx) (err error) { p, err = hypotheses.PutBlock(tx, blk); return err })
		switch {
		case errors.Is(err, hypotheses.ErrDecided):
			return true, nil
		case err != nil:
			return false, fmt.Errorf("runner: %s: %w", r.rec.Alias, err)
		case p.Done:
			r.show.block(p.B+1, p)
			return true, nil
		}
	}
	return false, nil
}
