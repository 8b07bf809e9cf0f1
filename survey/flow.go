package survey

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"tenet/internal/store"
)

// Flow counts what became of the papers, in the boxes of a PRISMA 2020 flow. It follows from the changes of the
// ledger alone. These hold always: Identified − Duplicates = Screened + Awaiting, Screened − ScreenedOut = Sought,
// Sought − NotRetrieved = Assessed + Unassessed, Assessed − Excluded = Included.
type Flow struct {
	Identified  int
	Sources     []Counted // files and packs that the papers came from
	Duplicates  int
	Screened    int
	Awaiting    int // not screened, or the reviewers disagree
	ScreenedOut int
	Sought      int
	// Unassessed are sought, on their way, or here and not yet decided on.
	NotRetrieved, Assessed, Unassessed int
	Excluded                           int
	Reasons                            []Counted // of the exclusions
	Included                           int
	// Brought counts papers whose decision came with a pack: the steps before it were taken where the pack was made,
	// and this ledger holds their outcome alone.
	Brought int
}

// Counted is how often something was said.
type Counted struct {
	What string
	N    int
}

// FlowOf follows every paper through the changes of the ledger.
func FlowOf(tx *store.Tx) (Flow, error) {
	type stand struct {
		State   State  `json:"state"`
		Reason  string `json:"reason"`
		Source  string `json:"source"`
		brought bool
	}
	papers := map[string]stand{}
	for g, err := range tx.Glances(0, KindPaper) {
		if err != nil {
			return Flow{}, fmt.Errorf("survey: flow: %w", err)
		}
		c, err := tx.Change(g.Seq)
		if err != nil {
			return Flow{}, fmt.Errorf("survey: flow: %w", err)
		}
		if c.After == nil {
			delete(papers, c.ID)
			continue
		}
		was := papers[c.ID]
		now := stand{brought: was.brought}
		if err := json.Unmarshal(c.After, &now); err != nil {
			return Flow{}, fmt.Errorf("survey: flow: change %d: %w", c.Seq, err)
		}
		switch from := cmp.Or(was.State, Identified); {
		case c.Undoes != 0 || now.State == from:
		case from.May(now.State):
			now.brought = false
		default:
			now.brought = true
		}
		papers[c.ID] = now
	}
	var f Flow
	sources, reasons := map[string]int{}, map[string]int{}
	for _, p := range papers {
		f.Identified++
		sources[cmp.Or(p.Source, "added one by one")]++
		if p.brought && p.State != Identified {
			f.Brought++
		}
		if p.State == Excluded {
			reasons[p.Reason]++
		}
		f.take(p.State)
	}
	f.Sources, f.Reasons = counted(sources), counted(reasons)
	return f, nil
}

// take adds a paper to the boxes that it passed on the way to its state.
func (f *Flow) take(s State) {
	switch s {
	case Duplicate:
		f.Duplicates++
		return
	case Identified:
		f.Awaiting++
		return
	}
	f.Screened++
	if s == ScreenedOut {
		f.ScreenedOut++
		return
	}
	f.Sought++
	switch s {
	case NotRetrieved:
		f.NotRetrieved++
	case Excluded:
		f.Assessed++
		f.Excluded++
	case Included:
		f.Assessed++
		f.Included++
	default:
		f.Unassessed++
	}
}

func counted(n map[string]int) []Counted {
	var out []Counted
	for what, k := range n {
		out = append(out, Counted{what, k})
	}
	slices.SortFunc(out, func(a, b Counted) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.What, b.What)) })
	return out
}
