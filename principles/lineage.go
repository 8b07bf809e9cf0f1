package principles

import (
	"fmt"
	"slices"
	"strings"

	"tenet/internal/store"
)

// Lineage is what a principle narrows and what narrows it.
type Lineage struct {
	Parent *Principle  // nil for one that stands on its own
	Next   []Principle // by number
}

// LineageOf finds the parent and the narrower revisions of p.
func LineageOf(tx *store.Tx, p Principle) (Lineage, error) {
	var l Lineage
	for q, err := range All(tx) {
		switch {
		case err != nil:
			return l, err
		case p.ParentID != "" && q.ID == p.ParentID:
			l.Parent = &q
		case q.ParentID == p.ID:
			l.Next = append(l.Next, q)
		}
	}
	slices.SortStableFunc(l.Next, func(a, b Principle) int { return aliasNumber(a.Alias) - aliasNumber(b.Alias) })
	return l, nil
}

// Words says it in a line, "" where there is nothing to say.
func (l Lineage) Words() string {
	var out []string
	if l.Parent != nil {
		out = append(out, fmt.Sprintf("Narrows %s.", l.Parent.Alias))
	}
	if len(l.Next) > 0 {
		var names []string
		for _, q := range l.Next {
			names = append(names, q.Alias)
		}
		out = append(out, fmt.Sprintf("Narrowed to %s.", strings.Join(names, ", ")))
	}
	return strings.Join(out, " ")
}

// Word is what a list says of a principle: what people decided about it, else the status that follows from
// its verdicts.
func (p Principle) Word(s Status) string {
	if p.State != Standing {
		return string(p.State)
	}
	return s.Status
}
