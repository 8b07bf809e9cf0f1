package hypotheses

import (
	"fmt"
	"slices"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// missing is the D of a block of which a trial was lost.
const missing = "missing"

// moment is a place in the ledger: what was logged before change n, or, for
// ledgerNow, all of it. Checks look back with it.
type moment uint64

const ledgerNow moment = 0

func (at moment) had(seq uint64) bool { return at == ledgerNow || seq < uint64(at) }

// MissingBlocks lists the blocks that a run may repeat: logged missing, with
// the verdict still open.
func MissingBlocks(tx *store.Tx, runID string) ([]int, error) {
	s, h, err := runOf(tx, runID)
	if err != nil {
		return nil, err
	}
	logged, err := ledgerNow.loggedBlocks(tx, s)
	if err != nil {
		return nil, err
	}
	seq, err := replay(h, s, logged)
	if err != nil || seq.Done() {
		return nil, err
	}
	var out []int
	for _, b := range logged {
		if b.D == missing {
			out = append(out, b.B)
		}
	}
	return out, nil
}

// retry logs the repeat of a block that was missing (DECISION.md §8: the same
// streams, and never because of an outcome). It stands in the place of the
// missing one, under the thresholds that were in force there, and everything
// after it is read again in order.
func retry(tx *store.Tx, s StartRecord, h Hypothesis, logged []Block, b Block, d decision.Block) (Progress, error) {
	seq, err := replay(h, s, logged)
	if err != nil {
		return Progress{}, err
	}
	if seq.Done() {
		return Progress{}, fmt.Errorf("hypotheses: %s: block %d: %w", h.Alias, b.B, ErrDecided)
	}
	old := logged[b.B]
	b.TV, b.TR, b.Retry = old.TV, old.TR, old.Retry+1
	b.D, b.Diverged = d.String(), d.Diverged
	after := slices.Clone(logged)
	after[b.B] = b
	v, r, err := evidenceOf(h, s, after[:b.B+1])
	if err != nil {
		return Progress{}, err
	}
	b.V, b.R = store.Real(v), store.Real(r)
	if after[b.B], err = writeBlock(tx, s, h, b, d); err != nil {
		return Progress{}, err
	}
	return progressAt(h, s, after)
}

// evidenceOf gives V and R of logged blocks, whatever the thresholds.
func evidenceOf(h Hypothesis, s StartRecord, logged []Block) (v, r float64, err error) {
	seq, err := replay(h, s, logged)
	if err != nil {
		return 1, 1, err
	}
	v, r = seq.Evidence()
	return v, r, nil
}
