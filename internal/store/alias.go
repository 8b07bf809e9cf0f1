package store

import (
	"fmt"
	"strconv"
	"strings"
)

// aliasLength is how many bytes an alias may have.
const aliasLength = 200

// aliasOf is the alias in a state, "" where it has none.
func aliasOf(state []byte) (alias string) {
	for key, raw := range topFields(state) {
		if key == "alias" {
			alias = decodeText(raw)
		}
	}
	return alias
}

// registerAlias gives the alias of a new state to its thing, for ever.
func (tx *Tx) registerAlias(c Change) error {
	alias := aliasOf(c.After)
	if alias == "" {
		return nil
	}
	folded, owner := []byte(strings.ToLower(alias)), string(stateKey(c.Kind, c.ID))
	if len(folded) > aliasLength {
		return fmt.Errorf("store: %s %s: an alias has at most %d bytes", c.Kind, c.ID, aliasLength)
	}
	if held := tx.b.alias.Get(folded); held != nil {
		if string(held) == owner {
			return nil
		}
		kind, id, _ := strings.Cut(string(held), "\x00")
		return mark(ErrConflict, "%s %s: the alias %s belongs to %s %s and is never used again", c.Kind, c.ID, alias, kind, id)
	}
	if err := tx.b.alias.Put(folded, []byte(owner)); err != nil {
		return fmt.Errorf("store: alias %s: %w", alias, err)
	}
	prefix, n := splitAlias(string(folded))
	if n <= fromBE64(tx.b.numbers.Get([]byte(prefix))) {
		return nil
	}
	if err := tx.b.numbers.Put([]byte(prefix), be64(n)); err != nil {
		return fmt.Errorf("store: alias %s: %w", alias, err)
	}
	return nil
}

// splitAlias takes the number off the end: "h07" is "h" and 7; without a number, or with a huge one, it is 0.
func splitAlias(alias string) (prefix string, n uint64) {
	prefix = strings.TrimRight(alias, "0123456789")
	n, err := strconv.ParseUint(alias[len(prefix):], 10, 32)
	if err != nil {
		return prefix, 0
	}
	return prefix, n
}

// NewAlias gives prefix and the number after the highest ever used with it, "C" → "C139". The alias is taken once a
// thing with it is Put; two calls in one Update give two aliases.
func (tx *Tx) NewAlias(prefix string) (string, error) {
	if !tx.writable {
		return "", mark(ErrReadOnly, "alias %s: no new alias in a View", prefix)
	}
	folded := strings.ToLower(prefix)
	if p, _ := splitAlias(folded); folded == "" || p != folded {
		return "", fmt.Errorf("store: %q is no alias prefix", prefix)
	}
	n := max(fromBE64(tx.b.numbers.Get([]byte(folded))), tx.reserved[folded]) + 1
	if tx.reserved == nil {
		tx.reserved = map[string]uint64{}
	}
	tx.reserved[folded] = n
	return prefix + strconv.FormatUint(n, 10), nil
}

// Resolve finds a thing by its alias in any case, its id, or its field key where only one thing has that key.
func (tx *Tx) Resolve(name string) (kind, id string, err error) {
	if owner := tx.b.alias.Get([]byte(strings.ToLower(name))); owner != nil {
		kind, id, _ = strings.Cut(string(owner), "\x00")
		if tx.b.state.Get(owner) != nil {
			return kind, id, nil
		}
		return "", "", mark(ErrNotFound, "%s was the alias of a %s that is no longer there", name, kind)
	}
	if len(name) > 0 && len(name) <= 200 {
		for _, k := range tx.Kinds() {
			for _, try := range []string{name, strings.ToUpper(name)} {
				if tx.b.state.Get(stateKey(k, try)) != nil {
					return k, try, nil
				}
			}
		}
	}
	var found []string
	for _, k := range tx.Kinds() {
		prefix := indexKey(k, "key", name, "")
		for key := range walk(tx.b.index, prefix, tx.writable) {
			kind, id = k, string(key[len(prefix):])
			found = append(found, k+" "+id)
		}
	}
	switch len(found) {
	case 0:
		return "", "", mark(ErrNotFound, "%s: no alias, id or key of this name", name)
	case 1:
		return kind, id, nil
	}
	return "", "", mark(ErrConflict, "%s: the key of %s; name one of them", name, strings.Join(found, " and "))
}
