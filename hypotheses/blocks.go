package hypotheses

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// Block is one seed over all arms, as logged. PutBlock fills in everything
// below Trials; a caller's D is checked against what the trials give.
type Block struct {
	ID           string     `json:"id"`
	RunID        string     `json:"run_id"`
	HypothesisID string     `json:"hypothesis_id"`
	Exploratory  bool       `json:"exploratory,omitempty"`
	B            int        `json:"b"`               // seed index, from 0
	Retry        int        `json:"retry,omitempty"` // n-th repeat of a block that was logged missing; it stands in its place
	Trials       []TrialRef `json:"trials"`

	TrialIDs []string   `json:"trial_ids,omitempty"`
	D        string     `json:"d"` // decimal, "inf", "-inf", "void" or "missing"
	Diverged bool       `json:"diverged"`
	V        store.Real `json:"v"` // evidence after this block
	R        store.Real `json:"r"`
	TV       store.Real `json:"tv"` // thresholds in force at this block
	TR       store.Real `json:"tr"`
	Seq      uint64     `json:"seq"`
}

// TrialRef is the outcome of one training within a block.
type TrialRef struct {
	Arm      string     `json:"arm"`
	TrialID  string     `json:"trial"`
	Key      string     `json:"key"` // of the trial cache
	Metric   store.Real `json:"metric"`
	Diverged bool       `json:"diverged,omitempty"`
	Missing  bool       `json:"missing,omitempty"` // no outcome, for a reason outside the trained system
}

// decisionBlock is the block as the rule sees it.
func (b Block) decisionBlock() (decision.Block, error) {
	d, err := decision.ParseBlock(b.D)
	d.Diverged = d.Diverged || b.Diverged
	return d, err
}

// Progress is how a run stands after a block.
type Progress struct {
	B        int // of the block just taken; −1 before the first
	D        decision.Block
	V, R     float64 // evidence
	TV, TR   float64 // thresholds
	Estimate float64
	Bounds   decision.Interval // one-sided, at 1/α
	Done     bool              // a verdict is given: stop
	Full     bool              // the registered number of blocks is reached: stop
	Verdict  string            // "" until Done
	Reason   string
}

// ErrDecided tells a runner that the verdict is given and the block came too
// late to count.
var ErrDecided = errors.New("the verdict is given; later blocks do not change it")

// PutBlock logs the next block of a run. Blocks come in the order of their
// seeds; one that is logged already is checked and changes nothing, so that a
// resumed run may begin again from its first seed.
func PutBlock(tx *store.Tx, b Block) (Progress, error) {
	start, h, err := runOf(tx, b.RunID)
	if err != nil {
		return Progress{}, err
	}
	d, err := reduce(h, b)
	if err != nil {
		return Progress{}, err
	}
	logged, err := ledgerNow.loggedBlocks(tx, start)
	if err != nil {
		return Progress{}, err
	}
	switch {
	case b.B < 0 || b.B > len(logged):
		return Progress{}, fmt.Errorf("hypotheses: %s: block %d is out of order: the next is block %d", h.Alias, b.B, len(logged))
	case b.B < len(logged) && logged[b.B].D == missing && d.Kind != decision.Missing:
		return retry(tx, start, h, logged, b, d)
	case b.B < len(logged):
		old := logged[b.B]
		if old.D != d.String() || old.Diverged != d.Diverged {
			return Progress{}, fmt.Errorf("hypotheses: %s: block %d is logged with D %s; its repeat gave %s", h.Alias, b.B, old.D, d)
		}
		return progressAt(h, start, logged[:b.B+1])
	}
	seq, err := replay(h, start, logged)
	if err != nil {
		return Progress{}, err
	}
	if seq.Done() {
		return Progress{}, fmt.Errorf("hypotheses: %s: block %d: %w", h.Alias, b.B, ErrDecided)
	}
	// Evidence does not depend on thresholds, so the block is taken first and
	// judged under what the family asks for once it is known.
	if err := seq.Add(d); err != nil {
		return Progress{}, fmt.Errorf("hypotheses: %s: block %d: %w", h.Alias, b.B, err)
	}
	v, r := seq.Evidence()
	tv, tr, err := ledgerNow.thresholds(tx, h, start, logged, v, r)
	if err != nil {
		return Progress{}, err
	}
	b.V, b.R, b.TV, b.TR, b.Retry = store.Real(v), store.Real(r), store.Real(tv), store.Real(tr), 0
	if b, err = writeBlock(tx, start, h, b, d); err != nil {
		return Progress{}, err
	}
	return progressAt(h, start, append(logged, b))
}

// writeBlock fills in what the ledger knows and logs the block.
func writeBlock(tx *store.Tx, start StartRecord, h Hypothesis, b Block, d decision.Block) (Block, error) {
	b.ID, b.HypothesisID, b.Exploratory, b.TrialIDs = tx.NewID(), h.ID, start.Exploratory, nil
	for _, t := range b.Trials {
		if t.TrialID != "" {
			b.TrialIDs = append(b.TrialIDs, t.TrialID)
		}
	}
	b.D, b.Diverged, b.Seq = d.String(), d.Diverged, tx.Seq()+1
	if start.Seq >= b.Seq || start.LockSeq >= start.Seq {
		return b, fmt.Errorf("hypotheses: %s: run %s began at change %d, lock at %d, block at %d: not in order", h.Alias, b.RunID, start.Seq, start.LockSeq, b.Seq)
	}
	verb := "block.logged"
	if b.Retry > 0 {
		verb = "block.retried"
	}
	return b, tx.PutFinal(verb, KindBlock, b.ID, b, "")
}

// runOf gives the start of a run and its hypothesis.
func runOf(tx *store.Tx, runID string) (StartRecord, Hypothesis, error) {
	s, err := store.Get[StartRecord](tx, KindStart, runID)
	if err != nil {
		return s, Hypothesis{}, fmt.Errorf("hypotheses: run %q has not begun: %w", runID, err)
	}
	h, err := store.Get[Hypothesis](tx, KindHypothesis, s.HypothesisID)
	if err != nil {
		return s, h, fmt.Errorf("hypotheses: run %s: %w", runID, err)
	}
	if h.Decision == nil {
		return s, h, fmt.Errorf("hypotheses: %s: incomplete: needs decision", h.Alias)
	}
	return s, h, nil
}

// reduce makes the D of a block from its trials.
func reduce(h Hypothesis, b Block) (decision.Block, error) {
	trials := make([]decision.Trial, len(h.Decision.Arms))
	for i, arm := range h.Decision.Arms {
		at := slices.IndexFunc(b.Trials, func(t TrialRef) bool { return t.Arm == arm })
		if at < 0 {
			return decision.Block{}, fmt.Errorf("hypotheses: %s: block %d has no trial of arm %s", h.Alias, b.B, arm)
		}
		t := b.Trials[at]
		trials[i] = decision.Trial{Metric: float64(t.Metric), Diverged: t.Diverged, Missing: t.Missing}
	}
	if len(b.Trials) != len(trials) {
		return decision.Block{}, fmt.Errorf("hypotheses: %s: block %d has %d trials; the plan has %d arms", h.Alias, b.B, len(b.Trials), len(trials))
	}
	d, err := decision.Reduce(h.Decision.Spec(), trials)
	if err != nil {
		return d, fmt.Errorf("hypotheses: %s: block %d: %w", h.Alias, b.B, err)
	}
	if b.D != "" && b.D != d.String() {
		return d, fmt.Errorf("hypotheses: %s: block %d says D = %s; its trials give %s", h.Alias, b.B, b.D, d)
	}
	return d, nil
}

// loggedBlocks gives what a run builds on: its own blocks when exploratory,
// else all confirmatory blocks of the hypothesis, over all its runs. A repeat
// stands in the place of the missing block that it repeats.
func (at moment) loggedBlocks(tx *store.Tx, s StartRecord) ([]Block, error) {
	if s.Exploratory {
		return at.inOrder(Blocks(tx, s.RunID), func(Block) bool { return true })
	}
	return at.confirmatory(tx, s.HypothesisID)
}

func (at moment) confirmatory(tx *store.Tx, hypothesisID string) ([]Block, error) {
	return at.inOrder(store.Refs[Block](tx, KindBlock, "hypothesis_id", hypothesisID), func(b Block) bool { return !b.Exploratory })
}

// inOrder gives the blocks that stood at the moment, by seed; of a block and
// its repeats the last.
func (at moment) inOrder(blocks iter.Seq2[Block, error], counts func(Block) bool) ([]Block, error) {
	var all []Block
	for b, err := range blocks {
		if err != nil {
			return nil, err
		}
		if at.had(b.Seq) && counts(b) {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b Block) int { return cmp.Or(cmp.Compare(a.B, b.B), cmp.Compare(a.Seq, b.Seq)) })
	var out []Block
	for _, b := range all {
		if n := len(out); n > 0 && b.Retry > 0 && out[n-1].B == b.B {
			out[n-1] = b
			continue
		}
		out = append(out, b)
	}
	return out, nil
}

// Blocks gives the blocks that a run logged, repeats among them.
func Blocks(tx *store.Tx, runID string) iter.Seq2[Block, error] {
	return store.Refs[Block](tx, KindBlock, "run_id", runID)
}

// BlocksOf gives the confirmatory blocks of a hypothesis, by its id, in the
// order of their seeds, over all its runs.
func BlocksOf(tx *store.Tx, hypothesisID string) ([]Block, error) {
	return ledgerNow.confirmatory(tx, hypothesisID)
}

// BlocksAt gives the blocks that a verdict of a run rests on: those logged
// before change seq.
func BlocksAt(tx *store.Tx, s StartRecord, seq uint64) ([]Block, error) {
	return moment(seq).loggedBlocks(tx, s)
}

// NextBlock is the seed index of the block that a run must log next.
func NextBlock(tx *store.Tx, runID string) (int, error) {
	s, err := store.Get[StartRecord](tx, KindStart, runID)
	if err != nil {
		return 0, fmt.Errorf("hypotheses: run %q has not begun: %w", runID, err)
	}
	logged, err := ledgerNow.loggedBlocks(tx, s)
	return len(logged), err
}

// params are the rule's inputs for a run.
func params(h Hypothesis, s StartRecord) decision.Params {
	p := h.Decision.Params()
	p.Unlocked = s.Exploratory
	return p
}

// replay judges logged blocks, each under the thresholds that were in force
// when it was logged.
func replay(h Hypothesis, s StartRecord, logged []Block) (*decision.Sequence, error) {
	seq, err := decision.NewSequence(params(h, s))
	if err != nil {
		return nil, fmt.Errorf("hypotheses: %s: %w", h.Alias, err)
	}
	return seq, take(h, seq, logged)
}

func take(h Hypothesis, seq *decision.Sequence, logged []Block) error {
	for _, b := range logged {
		d, err := b.decisionBlock()
		if err != nil {
			return fmt.Errorf("hypotheses: %s: block %d: %w", h.Alias, b.B, err)
		}
		if seq.Done() { // a repeat of an earlier block brought the verdict; what follows does not count
			return nil
		}
		seq.SetThresholds(float64(b.TV), float64(b.TR))
		if err := seq.Add(d); err != nil {
			return fmt.Errorf("hypotheses: %s: block %d: %w", h.Alias, b.B, err)
		}
	}
	return nil
}

func progressAt(h Hypothesis, s StartRecord, logged []Block) (Progress, error) {
	seq, err := replay(h, s, logged)
	if err != nil {
		return Progress{}, err
	}
	p := Progress{B: len(logged) - 1, Estimate: seq.Estimate(), Bounds: seq.Bounds(1 / Alpha)}
	p.V, p.R = seq.Evidence()
	if n := len(logged); n > 0 {
		if p.D, err = logged[n-1].decisionBlock(); err != nil {
			return Progress{}, err
		}
		p.TV, p.TR = float64(logged[n-1].TV), float64(logged[n-1].TR)
	}
	p.Full = len(logged) >= h.Decision.Params().NMax
	if p.Done = seq.Done(); p.Done {
		rec := seq.Record()
		p.Verdict, p.Reason = rec.Verdict, rec.Reason
	}
	return p, nil
}
