package survey

import (
	"fmt"
	"iter"
	"time"

	"tenet/internal/store"
)

// KindScreening is the ledger's name for screenings.
const KindScreening = "screening"

// Decision is what one reviewer says about one paper.
type Decision string

// The decisions.
const (
	In    Decision = "in"
	Out   Decision = "out"
	Maybe Decision = "maybe"
)

// A Screening is one reviewer's current decision on one paper. Deciding again
// replaces it; the ledger keeps what it was.
type Screening struct {
	ID       string   `json:"id"`
	PaperID  string   `json:"paper_id"`
	Reviewer string   `json:"reviewer"`
	Decision Decision `json:"decision"`
	Reason   string   `json:"reason,omitempty"`
	At       string   `json:"at"` // RFC 3339, UTC
}

// ScreeningsOf gives the decisions on a paper, one a reviewer.
func ScreeningsOf(tx *store.Tx, paperID string) iter.Seq2[Screening, error] {
	return store.Refs[Screening](tx, KindScreening, "paper_id", paperID)
}

// Screen notes the decision of the transaction's actor. The paper moves when
// all reviewers who decided agree; when they do not it waits as identified
// and the conflict stands in its reason. A paper that is screened in and has
// its PDF already goes on to retrieved. Leaving a paper out needs a reason.
func Screen(tx *store.Tx, paperID string, d Decision, reason string) (Paper, error) {
	p, err := FindPaper(tx, paperID)
	if err != nil {
		return Paper{}, err
	}
	reason = store.Text(reason)
	switch {
	case d != In && d != Out && d != Maybe:
		return Paper{}, fmt.Errorf("survey: %s: %q is not a decision; say in, out or maybe", p.Alias, d)
	case d == Out && reason == "":
		return Paper{}, &StateError{Paper: p.Alias, From: p.State, To: ScreenedOut, Text: "give a reason"}
	case p.State != Identified && p.State != ScreenedIn && p.State != ScreenedOut:
		return Paper{}, &StateError{Paper: p.Alias, From: p.State, To: stateOf(d), Text: "it is past screening"}
	}
	agreed, err := putScreening(tx, p, d, reason)
	if err != nil {
		return Paper{}, err
	}
	to := stateOf(d)
	if !agreed {
		to, reason = Identified, "conflict: the reviewers disagree"
	}
	if d == Maybe && agreed {
		return p, nil
	}
	if p.State != to || p.Reason != reason {
		if p, err = move(tx, p, to, reason); err != nil {
			return Paper{}, err
		}
	}
	if p.State == ScreenedIn && p.FileSHA != "" {
		return retrieve(tx, p)
	}
	return p, nil
}

// putScreening stores the actor's decision and says whether all decisions
// that take a side agree with it.
func putScreening(tx *store.Tx, p Paper, d Decision, reason string) (bool, error) {
	s := Screening{PaperID: p.ID, Reviewer: tx.Actor()}
	agreed := true
	for other, err := range ScreeningsOf(tx, p.ID) {
		if err != nil {
			return false, err
		}
		if other.Reviewer == s.Reviewer {
			s.ID = other.ID
		} else if other.Decision != Maybe && d != Maybe && other.Decision != d {
			agreed = false
		}
	}
	if s.ID == "" {
		s.ID = tx.NewID()
	}
	s.Decision, s.Reason = d, reason
	s.At = tx.Now().UTC().Format(time.RFC3339)
	return agreed, tx.Put("paper.screened", KindScreening, s.ID, s, reason)
}

func stateOf(d Decision) State {
	switch d {
	case In:
		return ScreenedIn
	case Out:
		return ScreenedOut
	}
	return Identified
}

// SetState moves a paper one arrow on. See [Advance] for several.
func SetState(tx *store.Tx, paperID string, to State, reason string) (Paper, error) {
	p, err := FindPaper(tx, paperID)
	if err != nil {
		return Paper{}, err
	}
	return move(tx, p, to, reason)
}

// Advance moves a paper along the shortest way of arrows to a state; every
// arrow leaves its own change.
func Advance(tx *store.Tx, paperID string, to State, reason string) (Paper, error) {
	p, err := FindPaper(tx, paperID)
	if err != nil || p.State == to && p.Reason == reason {
		return p, err
	}
	way := p.State.way(to)
	if way == nil {
		return Paper{}, &StateError{Paper: p.Alias, From: p.State, To: to, Text: "no way leads there; undo instead"}
	}
	for _, s := range way {
		if p, err = move(tx, p, s, reason); err != nil {
			return Paper{}, err
		}
	}
	return p, nil
}

// way gives the states to pass on the shortest way, nil when there is none.
func (s State) way(to State) []State {
	type step struct {
		at   State
		path []State
	}
	seen := map[State]bool{s: true}
	for queue := []step{{at: s}}; len(queue) > 0; queue = queue[1:] {
		for _, next := range arrows[queue[0].at] {
			path := append(append([]State{}, queue[0].path...), next)
			if next == to {
				return path
			}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, step{next, path})
			}
		}
	}
	return nil
}

// MarkDuplicate says that a paper is the same work as another.
func MarkDuplicate(tx *store.Tx, paperID, ofID, why string) (Paper, error) {
	p, err := FindPaper(tx, paperID)
	if err != nil {
		return Paper{}, err
	}
	of, err := FindPaper(tx, ofID)
	if err != nil {
		return Paper{}, err
	}
	switch {
	case p.ID == of.ID:
		return Paper{}, &StateError{Paper: p.Alias, From: p.State, To: Duplicate, Text: "a paper is no duplicate of itself"}
	case of.State == Duplicate:
		return Paper{}, &StateError{Paper: p.Alias, From: p.State, To: Duplicate, Text: of.Alias + " is a duplicate itself"}
	}
	p.DuplicateOf = of.ID
	return move(tx, p, Duplicate, why)
}

// move is the one door through which a state changes.
func move(tx *store.Tx, p Paper, to State, reason string) (Paper, error) {
	reason = store.Text(reason)
	switch {
	case !to.Valid():
		return Paper{}, &StateError{Paper: p.Alias, From: p.State, To: to, Text: "there is no such state"}
	case to == p.State && to.needsReason() && reason != "":
		// the same decision for another reason
	case !p.State.May(to):
		return Paper{}, &StateError{Paper: p.Alias, From: p.State, To: to, Text: fmt.Sprintf("from here it may go to %v", p.State.Next())}
	case to.needsReason() && reason == "":
		return Paper{}, &StateError{Paper: p.Alias, From: p.State, To: to, Text: "give a reason"}
	case to == Duplicate && p.DuplicateOf == "":
		return Paper{}, &StateError{Paper: p.Alias, From: p.State, To: to, Text: "say of which paper"}
	case to == Retrieved && p.FileSHA == "":
		return Paper{}, &StateError{Paper: p.Alias, From: p.State, To: to, Text: "add its PDF first"}
	}
	if to != Duplicate {
		p.DuplicateOf = ""
	}
	p.State, p.Reason = to, reason
	return p, putPaper(tx, "paper."+string(to), &p, reason)
}

// retrieve takes a screened-in or sought paper that has its PDF to retrieved.
func retrieve(tx *store.Tx, p Paper) (Paper, error) {
	const why = "the PDF is here"
	for _, to := range p.State.way(Retrieved) {
		var err error
		if p, err = move(tx, p, to, why); err != nil {
			return Paper{}, err
		}
	}
	return p, nil
}
