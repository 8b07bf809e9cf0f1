package hypotheses

import (
	"errors"
	"fmt"
	"math"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

// What differs in a replication that keeps the whole plan, and in one whose plan
// was edited after that.
const (
	changeSeeds = "new seeds"
	changeMore  = "new seeds and an edited plan"
)

// Anew reports an independent run of another hypothesis' plan: nothing but the
// seeds differs.
func (h Hypothesis) Anew() bool { return h.Kind == Replication && h.Change == changeSeeds }

// Final reports a hypothesis whose run is over for good: further blocks would
// not change it, or there are none left to run.
func (h Hypothesis) Final() bool {
	return h.Verdict != nil && (h.State.Decided() || h.State == Inconclusive && !h.Resumable())
}

// Resumable reports a run that ended early, before its last block.
func (h Hypothesis) Resumable() bool {
	return h.State == Inconclusive && h.Verdict != nil && h.Verdict.Reason == decision.ReasonBudget &&
		h.Decision != nil && h.Verdict.Stop < h.Decision.Params().NMax
}

// Replicate makes the draft of an independent run: the plan of a hypothesis
// that is decided, word for word, as a hypothesis of its own. The name of a
// hypothesis is in the key of every seed, so another name is other seeds; its
// lock, its family and its verdict are its own too. One that was made before and
// has not come to its end is given back instead of a second one. What is
// replicated is always the first in a row of independent runs.
func Replicate(tx *store.Tx, name string) (h Hypothesis, fresh bool, err error) {
	of, err := Find(tx, name)
	if err != nil {
		return Hypothesis{}, false, err
	}
	if of.Anew() && !of.Final() {
		return of, false, nil
	}
	switch {
	case of.Lock == nil || of.Verdict == nil:
		return Hypothesis{}, false, fmt.Errorf("hypotheses: %s has no verdict to replicate; it is %s", of.Alias, of.State)
	case !of.Final():
		return Hypothesis{}, false, fmt.Errorf("hypotheses: %s stopped early, after %s; it goes on before it is replicated", of.Alias, counting(of.Verdict.Stop, "block"))
	}
	if of, err = firstOf(tx, of); err != nil {
		return Hypothesis{}, false, err
	}
	for o, err := range replicationsOf(tx, of) {
		if err != nil {
			return Hypothesis{}, false, err
		}
		if o.Anew() && !o.Final() && o.NextID == "" {
			return o, false, nil
		}
	}
	h, err = principles.Clean(of) // a copy down to the last pointer
	if err != nil {
		return Hypothesis{}, false, err
	}
	h.Alias, h.Kind, h.OfID, h.Change = "", Replication, of.ID, changeSeeds
	h.PreviousID, h.NextID, h.Order, h.Version = "", "", 0, 1
	h.Title = of.Alias + " again, under new seeds"
	h.Statement = fmt.Sprintf("An independent run of %s under seeds of its own. %s", of.Alias, of.Statement)
	h, err = Add(tx, h)
	return h, true, err
}

// firstOf is the hypothesis that a row of independent runs began with.
func firstOf(tx *store.Tx, h Hypothesis) (Hypothesis, error) {
	for seen := map[string]bool{}; h.Anew() && !seen[h.ID]; {
		seen[h.ID] = true
		of, err := store.Get[Hypothesis](tx, KindHypothesis, h.OfID)
		if errors.Is(err, store.ErrNotFound) {
			break
		} else if err != nil {
			return h, err
		}
		h = of
	}
	return h, nil
}

// replicationsOf gives the replications of a hypothesis, in the order of entry.
func replicationsOf(tx *store.Tx, of Hypothesis) func(func(Hypothesis, error) bool) {
	return func(yield func(Hypothesis, error) bool) {
		for o, err := range All(tx) {
			if (err != nil || o.OfID == of.ID) && !yield(o, err) {
				return
			}
		}
	}
}

// Beside is one run of a plan, or of a replication of it, among the others.
type Beside struct {
	Alias   string
	Change  string // what differs from the first; "" for the first
	Own     bool   // the one that was asked for
	Verdict *Verdict
}

// RunsBeside gives a hypothesis and its replications, wherever in the row one
// asks, with the verdicts that they have. One without company has none.
func RunsBeside(tx *store.Tx, h Hypothesis) ([]Beside, error) {
	first := h
	if h.OfID != "" {
		of, err := store.Get[Hypothesis](tx, KindHypothesis, h.OfID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil, nil
		case err != nil:
			return nil, err
		}
		first = of
	}
	out := []Beside{{Alias: first.Alias, Own: first.ID == h.ID, Verdict: first.Verdict}}
	for o, err := range replicationsOf(tx, first) {
		if err != nil {
			return nil, err
		}
		if o.Verdict != nil || o.ID == h.ID {
			out = append(out, Beside{o.Alias, o.Change, o.ID == h.ID, o.Verdict})
		}
	}
	if len(out) == 1 {
		return nil, nil
	}
	return out, nil
}

// Columns are the verdict and its numbers: alias, verdict, estimate, bounds,
// blocks and what differs.
func (b Beside) Columns() []string {
	v := b.Verdict
	if v == nil {
		return []string{b.Alias, "no verdict yet", "", "", "", b.Change}
	}
	word := v.Verdict
	if v.Verdict == decision.Invalid && v.Computed != "" {
		word += ", its blocks say " + v.Computed
	}
	return []string{b.Alias, word, short(float64(v.Estimate)), boundsText(float64(v.Lower), float64(v.Upper)), counting(v.Stop, "block"), b.Change}
}

// String says it in one line.
func (b Beside) String() string {
	c := b.Columns()
	if b.Verdict == nil {
		return c[0] + ": " + c[1]
	}
	s := fmt.Sprintf("%s: %s, estimate %s, %s, %s", c[0], c[1], c[2], c[3], c[4])
	if b.Change != "" {
		s += " (" + b.Change + ")"
	}
	return s
}

// boundsText says what bounds allow; a side that is open is said in words.
func boundsText(lower, upper float64) string {
	switch {
	case math.IsInf(lower, -1) && math.IsInf(upper, 1):
		return "no bounds"
	case math.IsInf(upper, 1):
		return "at least " + short(lower)
	case math.IsInf(lower, -1):
		return "at most " + short(upper)
	}
	return short(lower) + " to " + short(upper)
}
