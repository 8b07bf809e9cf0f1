package hypotheses

import (
	"tenet/internal/store"
)

// Mismatch is something in the ledger that does not follow from the rest.
type Mismatch struct {
	Seq  uint64 // of the record that is wrong
	What string
}

// Replay computes every lock's digest and every verdict in the library anew
// and lists what does not agree; n is the number of verdicts.
func Replay(tx *store.Tx) (n int, wrong []Mismatch, err error) {
	for h, err := range All(tx) {
		if err != nil {
			return n, wrong, err
		}
		if h.Lock != nil {
			if err := CheckLock(tx, h); err != nil {
				wrong = append(wrong, Mismatch{h.Lock.Seq, err.Error()})
			}
		}
		for v, err := range Verdicts(tx, h.ID) {
			if err != nil {
				return n, wrong, err
			}
			n++
			if err := CheckVerdict(tx, v); err != nil {
				wrong = append(wrong, Mismatch{v.Seq, err.Error()})
			}
		}
	}
	for b, err := range store.All[Block](tx, KindBlock) {
		if err != nil {
			return n, wrong, err
		}
		if err := checkBlock(tx, b); err != nil {
			wrong = append(wrong, Mismatch{b.Seq, err.Error()})
		}
	}
	return n, wrong, nil
}

// checkBlock reduces the trials of a logged block anew.
func checkBlock(tx *store.Tx, b Block) error {
	_, h, err := runOf(tx, b.RunID)
	if err != nil {
		return err
	}
	_, err = reduce(h, b)
	return err
}
