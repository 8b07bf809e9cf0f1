package hypotheses

import (
	"bytes"
	"fmt"
	"math"

	"tenet/internal/store"
)

// Mismatch is something in the ledger that does not follow from the rest.
type Mismatch struct {
	Seq  uint64 // of the record that is wrong
	What string
}

// Replay computes every lock's digest, every block and every verdict in the
// library anew and lists what does not agree; n is the number of verdicts.
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
	for s, err := range store.All[StartRecord](tx, KindStart) {
		if err != nil {
			return n, wrong, err
		}
		if _, seq, err := tx.Raw(KindStart, s.ID); err != nil || seq != s.Seq {
			wrong = append(wrong, Mismatch{seq, fmt.Sprintf("hypotheses: the start of run %s says it is change %d; it is change %d", s.RunID, s.Seq, seq)})
		}
		if err := CheckStart(tx, s); err != nil {
			wrong = append(wrong, Mismatch{s.Seq, err.Error()})
		}
	}
	for b, err := range store.All[Block](tx, KindBlock) {
		if err != nil {
			return n, wrong, err
		}
		if err := CheckBlock(tx, b); err != nil {
			wrong = append(wrong, Mismatch{b.Seq, err.Error()})
		}
	}
	return n, wrong, nil
}

// CheckStart holds the world of a confirmatory start against its lock: what
// differs must be on record as a deviation.
func CheckStart(tx *store.Tx, s StartRecord) error {
	if s.Exploratory {
		return nil
	}
	l, err := store.Get[LockRecord](tx, KindLock, s.LockID)
	if err != nil {
		return fmt.Errorf("hypotheses: the start of run %s: its lock: %w", s.RunID, err)
	}
	r, err := l.Registration()
	if err != nil {
		return err
	}
	ds, err := deviationsOf(tx, s.HypothesisID)
	if err != nil {
		return err
	}
	return worldFault(r.Hypothesis, r.env(), s, ds)
}

// CheckBlock reduces the trials of a logged block anew, computes its evidence
// from the blocks before it and its thresholds from what the family had
// reached at that moment, and says what differs from the record.
func CheckBlock(tx *store.Tx, b Block) error {
	s, h, err := runOf(tx, b.RunID)
	if err != nil {
		return err
	}
	if _, err := reduce(h, b); err != nil {
		return err
	}
	if _, seq, err := tx.Raw(KindBlock, b.ID); err != nil || seq != b.Seq {
		return fmt.Errorf("hypotheses: %s: block %d says it is change %d; it is change %d", h.Alias, b.B, b.Seq, seq)
	}
	if b.Seq <= s.Seq || !s.Exploratory && (h.Lock == nil || s.Seq <= h.Lock.Seq) {
		return fmt.Errorf("hypotheses: %s: block %d at change %d, its run's start at %d: lock, start and block are not in order", h.Alias, b.B, b.Seq, s.Seq)
	}
	at := moment(b.Seq)
	before, err := at.loggedBlocks(tx, s)
	if err != nil {
		return err
	}
	return blockFault(h, s, b, before, func(before []Block, v, r float64) (float64, float64, error) {
		return at.thresholds(tx, h, s, before, v, r)
	})
}

// blockFault holds a block against those logged before it and the thresholds
// of its family at that moment.
func blockFault(h Hypothesis, s StartRecord, b Block, before []Block, family func(before []Block, v, r float64) (float64, float64, error)) error {
	switch {
	case b.B < 0 || len(before) < b.B:
		return fmt.Errorf("hypotheses: %s: block %d was logged after %d blocks: one is gone or out of order", h.Alias, b.B, len(before))
	case b.Retry == 0 && len(before) != b.B:
		return fmt.Errorf("hypotheses: %s: block %d is logged twice", h.Alias, b.B)
	case b.Retry > 0 && (b.B >= len(before) || before[b.B].D != missing || before[b.B].TV != b.TV || before[b.B].TR != b.TR):
		return fmt.Errorf("hypotheses: %s: block %d repeats one that was not missing", h.Alias, b.B)
	}
	before = before[:b.B:b.B]
	v, r, err := evidenceOf(h, s, append(before, b))
	if err != nil {
		return err
	}
	if !same(v, float64(b.V)) || !same(r, float64(b.R)) {
		return fmt.Errorf("hypotheses: %s: block %d says V %s and R %s; the blocks give %s and %s", h.Alias, b.B, short(float64(b.V)), short(float64(b.R)), short(v), short(r))
	}
	if s.Exploratory || b.Retry > 0 { // an exploratory run has no family; a repeat is judged as the block it repeats
		return nil
	}
	tv, tr, err := family(before, v, r)
	if err != nil {
		return err
	}
	if !same(tv, float64(b.TV)) || !same(tr, float64(b.TR)) {
		return fmt.Errorf("hypotheses: %s: block %d was judged under T %s and %s; its family asks for %s and %s", h.Alias, b.B, short(float64(b.TV)), short(float64(b.TR)), short(tv), short(tr))
	}
	return nil
}

// same allows for the last bits, in which the exponentials of two machines may
// differ.
func same(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b))
}

// CheckVerdict computes a verdict anew from the blocks, deviations and family
// that stood in the ledger before it, and says what differs from the record.
func CheckVerdict(tx *store.Tx, v Verdict) error {
	s, h, err := runOf(tx, v.RunID)
	if err != nil {
		return err
	}
	if _, seq, err := tx.Raw(KindVerdict, v.ID); err != nil || seq != v.Seq {
		return fmt.Errorf("hypotheses: %s: the verdict says it is change %d; it is change %d", h.Alias, v.Seq, seq)
	}
	at := moment(v.Seq)
	logged, err := at.loggedBlocks(tx, s)
	if err != nil {
		return err
	}
	deviation, err := at.worstDeviation(tx, h.ID, s)
	if err != nil {
		return err
	}
	return verdictFault(h, s, v, logged, deviation, func(ev, er float64) (float64, float64, error) {
		return at.thresholds(tx, h, s, logged, ev, er)
	})
}

// verdictFault judges the blocks anew and says in what the record departs.
func verdictFault(h Hypothesis, s StartRecord, v Verdict, logged []Block, deviation string, family func(v, r float64) (float64, float64, error)) error {
	if s.Exploratory { // its family is that of the drafts of the day
		family = func(float64, float64) (float64, float64, error) { return float64(v.TV), float64(v.TR), nil }
	}
	rec, err := judge(h, s, logged, deviation, family)
	if err != nil {
		return err
	}
	again := verdictOf(rec)
	again.ID, again.HypothesisID, again.RunID, again.LockID, again.Digest = v.ID, v.HypothesisID, v.RunID, v.LockID, v.Digest
	again.Seq, again.Log, again.At, again.Rejudged, again.M, again.Deviation = v.Seq, v.Log, v.At, v.Rejudged, v.M, deviation
	if !s.Exploratory {
		again.LockID, again.Digest, again.M = h.Lock.ID, h.Lock.Digest, h.Lock.M()
	}
	want, err := store.Canonical(v)
	if err != nil {
		return err
	}
	got, err := store.Canonical(again)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("hypotheses: %s: the record says %s (%s) after %d blocks with V %s of %s; the blocks give %s (%s) after %d with V %s of %s",
			h.Alias, v.Verdict, v.Reason, v.Stop, short(float64(v.V)), short(float64(v.TV)), rec.Verdict, rec.Reason, rec.Stop, short(rec.V), short(rec.TV))
	}
	return nil
}
