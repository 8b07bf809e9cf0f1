package principles

import (
	"errors"
	"fmt"
	"slices"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
	"tenet/survey"
)

// unknownClaims finds the claims that a file names and the library lacks.
func (f *File) unknownClaims(tx *store.Tx) yamlfile.Problems {
	var ps yamlfile.Problems
	for i, p := range f.Principles {
		for _, r := range Relations() {
			for j, key := range *p.Origin.claims(r) {
				at := fmt.Sprintf("principles[%d].origin.%s[%d]", i, r, j)
				switch _, err := survey.FindClaim(tx, key); {
				case errors.Is(err, store.ErrNotFound):
					ps.Add(at, "no claim %s in survey.yaml or in the library", key)
				case err != nil:
					ps.Add(at, "claim %s: %v", key, err)
				}
			}
		}
	}
	return ps
}

// taken finds the ids under which people have made another principle in the library: a pack never takes
// the place of what came from no pack.
func (f *File) taken(byAlias map[string]Principle) yamlfile.Problems {
	var ps yamlfile.Problems
	for i, pp := range f.Principles {
		if have, ok := byAlias[pp.ID]; ok && have.Order == 0 && have.Name != pp.Name {
			ps.Add(fmt.Sprintf("principles[%d].id", i), "%s is “%s” in this library; give the pack's principle another id, or import into a library of its own", pp.ID, have.Name)
		}
	}
	return ps
}

// originOf lists the claims on a principle by relation, in the order in which
// survey.yaml has them.
func originOf(tx *store.Tx, principleID string) (Origin, error) {
	o := Origin{Supports: []string{}, Contradicts: []string{}, Qualifies: []string{}}
	claims := map[Relation][]survey.Claim{}
	for l, err := range Links(tx, principleID) {
		if err != nil {
			return o, err
		}
		c, err := store.Get[survey.Claim](tx, survey.KindClaim, l.ClaimID)
		if err != nil {
			return o, fmt.Errorf("principles: link %s: %w", l.ID, err)
		}
		if c.State.Live() {
			claims[l.Relation] = append(claims[l.Relation], c)
		}
	}
	for r, cs := range claims {
		slices.SortStableFunc(cs, func(a, b survey.Claim) int {
			return later(a.Order, aliasNumber(a.Alias), b.Order, aliasNumber(b.Alias))
		})
		for _, c := range cs {
			into := o.claims(r)
			*into = append(*into, c.PackID())
		}
	}
	return o, nil
}
