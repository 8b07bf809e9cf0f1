package hypotheses

import (
	"fmt"
	"slices"

	"tenet/internal/store"
	"tenet/principles"
)

// testFamily is the set of hypotheses whose error is controlled together.
type testFamily struct {
	id      string
	members []string
}

// familyAtLock gives the family of h. The first lock of a family fixes its
// members: every hypothesis of the principle whose plan is complete. One that
// is added or edited later opens a further family.
func familyAtLock(tx *store.Tx, h Hypothesis, p principles.Principle) (testFamily, error) {
	taken := map[string]bool{}
	count := map[string]bool{}
	for l, err := range store.Refs[LockRecord](tx, KindLock, "principle_id", p.ID) {
		if err != nil {
			return testFamily{}, err
		}
		if slices.Contains(l.Members, h.Alias) {
			return testFamily{l.FamilyID, l.Members}, nil
		}
		count[l.FamilyID] = true
		for _, m := range l.Members {
			taken[m] = true
		}
	}
	f := testFamily{id: fmt.Sprintf("%s/r%d/f%d", p.Alias, p.Revision, len(count)+1)}
	for other, err := range Of(tx, p.ID) {
		if err != nil {
			return testFamily{}, err
		}
		if other.ID == h.ID || !taken[other.Alias] && other.NextID == "" && other.Complete() {
			f.members = append(f.members, other.Alias)
		}
	}
	slices.Sort(f.members)
	return f, nil
}

// sameRule refuses a family whose members register different rules: error is
// controlled over all of them or over none.
func sameRule(tx *store.Tx, h Hypothesis, f testFamily) error {
	for other, err := range Of(tx, h.PrincipleID) {
		if err != nil {
			return err
		}
		if other.Decision == nil || !slices.Contains(f.members, other.Alias) {
			continue
		}
		if a, b := h.Decision.FamilyRule(), other.Decision.FamilyRule(); a != b {
			return fmt.Errorf("hypotheses: %s: its family %s needs one rule: %s registers %s, %s registers %s", h.Alias, f.id, h.Alias, a, other.Alias, b)
		}
	}
	return nil
}
