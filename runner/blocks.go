package runner

import (
	"context"
	"errors"
	"fmt"
	"math"

	"tenet/hypotheses"
	"tenet/internal/store"
)

func notANumber() float64 { return math.NaN() }

// inFlight is how many trials are with the workers: one in each and one that waits, so that a worker trains
// on while the result before is committed.
func (r *run) inFlight() int { return 2 * r.options.Jobs }

// ahead is by how many blocks trials may run before the block that is decided next. It keeps all workers
// busy at the end of a block without training much that a verdict then makes needless.
func (r *run) ahead() int {
	arms := len(r.plan.arms)
	return max(2, (r.inFlight()+arms-1)/arms)
}

// board is the blocks that are under way.
type board struct {
	next   int                // the block that is logged next
	blocks map[int][]*slot    // by seed index, in the order of arms
	wait   map[string][]*slot // slots that wait for the key of another
	row    int                // the slot to be given out next
	column int
	flying int
}

// blocks trains and logs blocks until the rule or a limit ends it, and returns how many were logged.
func (r *run) blocks(ctx context.Context) (int, error) {
	b := &board{blocks: map[int][]*slot{}, wait: map[string][]*slot{}}
	err := r.ledger.lib.View(func(tx *store.Tx) (err error) {
		b.next, err = hypotheses.NextBlock(tx, r.rec.ID)
		return err
	})
	b.row = b.next
	first := b.next
	r.show.begin(first)
	if err == nil {
		var over bool
		if over, err = r.repeat(ctx); over {
			return 0, err
		}
	}
	for err == nil {
		if r.options.MaxBlocks > 0 && b.next >= r.options.MaxBlocks || b.next >= r.plan.params.NMax {
			break
		}
		if err = r.fill(ctx, b); err != nil {
			break
		}
		if ready(b.blocks[b.next], len(r.plan.arms)) {
			var over bool
			over, err = r.log(ctx, b)
			if over || err != nil {
				break
			}
			continue
		}
		err = r.settle(ctx, b)
	}
	return b.next - first, err
}

// fill gives trials to idle workers, in the order of seeds and arms.
func (r *run) fill(ctx context.Context, b *board) error {
	last := r.plan.params.NMax
	if r.options.MaxBlocks > 0 {
		last = min(last, r.options.MaxBlocks)
	}
	for b.flying < r.inFlight() && b.row < min(last, b.next+1+r.ahead()) {
		if err := ctx.Err(); err != nil {
			return err
		}
		a := r.plan.arms[b.column]
		s, err := r.slot(a, r.plan.job(a, b.row))
		if err != nil {
			return err
		}
		b.blocks[b.row] = append(b.blocks[b.row], s)
		if b.column++; b.column == len(r.plan.arms) {
			b.row, b.column = b.row+1, 0
		}
		if _, ok := b.wait[s.key]; ok { // two arms that are one net: trained once
			b.wait[s.key] = append(b.wait[s.key], s)
			continue
		}
		if ok, err := r.cached(s); ok || err != nil {
			if err != nil {
				return err
			}
			r.show.reused(s)
			continue
		}
		b.wait[s.key] = nil
		if err := r.give(ctx, s); err != nil {
			return err
		}
		b.flying++
	}
	return nil
}

// settle waits for trials to end and gives what they brought to the slots that wait for it.
func (r *run) settle(ctx context.Context, b *board) error {
	ended, err := r.hear(ctx)
	b.flying -= len(ended)
	for _, s := range ended {
		for _, other := range b.wait[s.key] {
			other.trial, other.missing, other.done = s.trial, s.missing, true
		}
		delete(b.wait, s.key)
	}
	return err
}

func ready(slots []*slot, arms int) bool {
	for _, s := range slots {
		if !s.done {
			return false
		}
	}
	return len(slots) == arms
}

// log puts the next block into the ledger and asks the rule.
func (r *run) log(ctx context.Context, b *board) (over bool, err error) {
	blk := hypotheses.Block{RunID: r.rec.ID, HypothesisID: r.plan.h.ID, B: b.next}
	for _, s := range b.blocks[b.next] {
		blk.Trials = append(blk.Trials, s.ref(r.plan.metric))
	}
	var p hypotheses.Progress
	if err := r.ledger.update(ctx, func(tx *store.Tx) error {
		p, err = hypotheses.PutBlock(tx, blk)
		return err
	}); errors.Is(err, hypotheses.ErrDecided) {
		return true, nil // a run that died between its last block and its verdict
	} else if err != nil {
		return false, fmt.Errorf("runner: %s: %w", r.rec.Alias, err)
	}
	delete(b.blocks, b.next)
	b.next++
	r.show.block(b.next, p)
	return p.Done || p.Full, nil
}
