package survey

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"tenet/internal/store"
)

// Papers gives every paper in the order in which they came in.
func Papers(tx *store.Tx) iter.Seq2[Paper, error] { return store.All[Paper](tx, KindPaper) }

// Claims gives every claim in the order in which they came in.
func Claims(tx *store.Tx) iter.Seq2[Claim, error] { return store.All[Claim](tx, KindClaim) }

// ClaimsOf gives the claims of one paper, through the index.
func ClaimsOf(tx *store.Tx, paperID string) iter.Seq2[Claim, error] {
	return store.Refs[Claim](tx, KindClaim, "paper_id", paperID)
}

// FindPaper gives the paper with this id, alias or bibliography key.
func FindPaper(tx *store.Tx, name string) (Paper, error) {
	return find[Paper](tx, KindPaper, name)
}

// FindClaim gives the claim with this id, alias or pack key.
func FindClaim(tx *store.Tx, name string) (Claim, error) {
	return find[Claim](tx, KindClaim, name)
}

func find[T any](tx *store.Tx, kind, name string) (T, error) {
	var zero T
	if v, err := store.Get[T](tx, kind, name); err == nil {
		return v, nil
	} else if !errors.Is(err, store.ErrNotFound) {
		return zero, err
	}
	v, ok, err := byKey[T](tx, kind, name)
	if err != nil || ok {
		return v, err
	}
	k, id, err := tx.Resolve(name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return zero, fmt.Errorf("survey: no %s is called %q: %w", kind, name, store.ErrNotFound)
	case err != nil:
		return zero, err
	case k != kind:
		return zero, fmt.Errorf("survey: %s is a %s, not a %s: %w", name, k, kind, store.ErrNotFound)
	}
	return store.Get[T](tx, kind, id)
}

// byKey gives the first entity of a kind with this key.
func byKey[T any](tx *store.Tx, kind, key string) (T, bool, error) {
	for v, err := range store.Refs[T](tx, kind, "key", key) {
		return v, err == nil, err
	}
	var zero T
	return zero, false, nil
}

// aliasNumber gives the number in an alias, so that C10 comes after C9.
func aliasNumber(alias string) int {
	for i, r := range alias {
		if r >= '0' && r <= '9' {
			n, err := strconv.Atoi(alias[i:])
			if err != nil {
				return 0
			}
			return n
		}
	}
	return 0
}

// sortClaims puts claims in the order of their pack, later ones after.
func sortClaims(cs []Claim) {
	slices.SortStableFunc(cs, func(a, b Claim) int {
		return cmp.Or(cmp.Compare(orderKey(a.Order), orderKey(b.Order)), cmp.Compare(aliasNumber(a.Alias), aliasNumber(b.Alias)))
	})
}

func orderKey(order int) int {
	if order == 0 {
		return int(^uint(0) >> 1)
	}
	return order
}
