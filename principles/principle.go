package principles

import (
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tenet/internal/store"
)

// Kind names of the records this package keeps.
const (
	KindPrinciple = "principle"
	KindLink      = "link"
	KindScore     = "score"
	KindUnified   = "unified"
)

// State is what people decided about a principle; its status is something
// else and comes from verdicts.
type State string

// The states of a principle.
const (
	Standing  State = ""
	Discarded State = "discarded"
	Refined   State = "refined" // a narrower principle took its place
)

// Principle is a rule that the survey proposes.
type Principle struct {
	ID    string `json:"id"`
	Alias string `json:"alias"`

	Name          string   `json:"name"`
	Statement     string   `json:"statement"`
	Intuition     string   `json:"intuition,omitempty"`
	Scope         string   `json:"scope,omitempty"` // where it is said to hold, as registered
	Predicts      []string `json:"predicts,omitempty"`
	WhenNotToUse  []string `json:"when_not_to_use,omitempty"`
	Rivals        []string `json:"rivals,omitempty"`
	RoleInUnified string   `json:"role_in_unified,omitempty"`

	Revision int    `json:"revision"` // from 1
	ParentID string `json:"parent_id,omitempty"`
	Order    int    `json:"order,omitempty"` // place in its pack, from 1; 0 stands after those that have one

	State  State  `json:"state,omitempty"`
	Reason string `json:"reason,omitempty"` // of a discarded principle
}

// Add stores a new principle under the next alias P1, P2, …; a pack brings its
// own alias.
func Add(tx *store.Tx, p Principle) (Principle, error) {
	p, err := Clean(p)
	if err != nil {
		return Principle{}, err
	}
	if p.Name == "" && p.Statement == "" {
		return Principle{}, fmt.Errorf("principles: a principle needs a name or a statement")
	}
	p.ID, p.Revision = tx.NewID(), max(1, p.Revision)
	if p.Alias == "" {
		if p.Alias, err = tx.NewAlias("P"); err != nil {
			return Principle{}, err
		}
	}
	return p, tx.Put("principle.added", KindPrinciple, p.ID, p, "")
}

// Edit changes the words of a principle; id, alias, revision and state stay.
func Edit(tx *store.Tx, name string, change func(*Principle)) (Principle, error) {
	old, err := Find(tx, name)
	if err != nil {
		return Principle{}, err
	}
	p := old
	change(&p)
	p.ID, p.Alias, p.Revision, p.ParentID, p.State, p.Reason = old.ID, old.Alias, old.Revision, old.ParentID, old.State, old.Reason
	if p, err = Clean(p); err != nil {
		return Principle{}, err
	}
	return p, tx.Put("principle.edited", KindPrinciple, p.ID, p, "")
}

// Discard takes a principle out of the running. The reason stays on record.
func Discard(tx *store.Tx, name, reason string) (Principle, error) {
	p, err := Find(tx, name)
	if err != nil {
		return Principle{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return Principle{}, fmt.Errorf("principles: %s: discarding needs a reason", p.Alias)
	}
	if p.State == Discarded {
		return Principle{}, fmt.Errorf("principles: %s is discarded already: %s", p.Alias, p.Reason)
	}
	p.State, p.Reason = Discarded, store.Text(strings.TrimSpace(reason))
	return p, tx.Put("principle.discarded", KindPrinciple, p.ID, p, reason)
}

// Refine opens a narrower principle in the place of parent: the next revision,
// which starts as proposed and needs hypotheses of its own. What narrow leaves alone is the parent's.
func Refine(tx *store.Tx, parent string, narrow func(*Principle)) (Principle, error) {
	old, err := Find(tx, parent)
	if err != nil {
		return Principle{}, err
	}
	if old.State == Discarded {
		return Principle{}, fmt.Errorf("principles: %s is discarded (%s); undo that before it is narrowed", old.Alias, old.Reason)
	}
	narrowed := old
	narrowed.Predicts, narrowed.WhenNotToUse, narrowed.Rivals = slices.Clone(old.Predicts), slices.Clone(old.WhenNotToUse), slices.Clone(old.Rivals)
	narrow(&narrowed)
	if narrowed.Statement == "" || narrowed.Statement == old.Statement && narrowed.Scope == old.Scope {
		return Principle{}, fmt.Errorf("principles: %s: a refined principle needs a narrower statement or scope", old.Alias)
	}
	narrowed.ParentID, narrowed.Revision, narrowed.Alias, narrowed.State, narrowed.Reason, narrowed.Order = old.ID, old.Revision+1, "", Standing, "", 0
	p, err := Add(tx, narrowed)
	if err != nil {
		return Principle{}, err
	}
	old.State, old.Reason = Refined, "see "+p.Alias
	return p, tx.Put("principle.refined", KindPrinciple, old.ID, old, "")
}

// All gives every principle in the order of entry.
func All(tx *store.Tx) iter.Seq2[Principle, error] { return store.All[Principle](tx, KindPrinciple) }

// Find gives the principle with the id or alias; case and leading zeros of the
// number do not matter.
func Find(tx *store.Tx, name string) (Principle, error) {
	kind, id, err := tx.Resolve(name)
	if errors.Is(err, store.ErrNotFound) || err == nil && kind != KindPrinciple {
		for p, err := range All(tx) {
			if err != nil {
				return Principle{}, err
			}
			if SameAlias(p.Alias, name) {
				return p, nil
			}
		}
		return Principle{}, fmt.Errorf("principles: no principle %q: %w", name, store.ErrNotFound)
	}
	if err != nil {
		return Principle{}, err
	}
	return store.Get[Principle](tx, KindPrinciple, id)
}

var numbered = regexp.MustCompile(`^([[:alpha:]]+)0*(\d+)$`)

// SameAlias reports whether two aliases name the same thing for a person: H1
// is H01, and h01 too.
func SameAlias(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	x, y := numbered.FindStringSubmatch(a), numbered.FindStringSubmatch(b)
	return x != nil && y != nil && strings.EqualFold(x[1], y[1]) && x[2] == y[2]
}

// aliasNumber is the number in an alias, so that P10 follows P9.
func aliasNumber(alias string) int {
	m := numbered.FindStringSubmatch(alias)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[2])
	if err != nil {
		return 0
	}
	return n
}
