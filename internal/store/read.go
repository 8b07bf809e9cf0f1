package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"

	"go.etcd.io/bbolt"
)

// Get reads one thing.
func Get[T any](tx *Tx, kind, id string) (T, error) {
	var v T
	raw := tx.b.state.Get(stateKey(kind, id))
	if len(raw) < 8 {
		return v, mark(ErrNotFound, "%s %s: not found", kind, id)
	}
	if err := json.Unmarshal(raw[8:], &v); err != nil {
		return v, mark(ErrCorrupt, "%s %s: %w", kind, id, err)
	}
	return v, nil
}

// All reads every thing of a kind in the order of ids. Things may be written during the iteration.
func All[T any](tx *Tx, kind string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		prefix := stateKey(kind, "")
		for key := range walk(tx.b.state, prefix, tx.writable) {
			if v, err := Get[T](tx, kind, string(key[len(prefix):])); !yield(v, err) {
				return
			}
		}
	}
}

// Refs reads the things of a kind whose indexed field has this value, in the order of ids. Indexed are the field key,
// strings whose name ends in _id and string arrays whose name ends in _ids, all at the top level.
func Refs[T any](tx *Tx, kind, field, value string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		prefix := indexKey(kind, field, value, "")
		for key := range walk(tx.b.index, prefix, tx.writable) {
			if v, err := Get[T](tx, kind, string(key[len(prefix):])); !yield(v, err) {
				return
			}
		}
	}
}

// Raw gives the canonical JSON of a thing and the number of the change that wrote it.
func (tx *Tx) Raw(kind, id string) (canonical []byte, seq uint64, err error) {
	v := tx.b.state.Get(stateKey(kind, id))
	if len(v) < 8 {
		return nil, 0, mark(ErrNotFound, "%s %s: not found", kind, id)
	}
	return bytes.Clone(v[8:]), fromBE64(v), nil
}

// Kinds are the kinds that have or had things, in byte order.
func (tx *Tx) Kinds() []string {
	var kinds []string
	for key := range walk(tx.b.counts, nil, tx.writable) {
		kinds = append(kinds, string(key))
	}
	return kinds
}

// Change reads one change record.
func (tx *Tx) Change(seq uint64) (Change, error) {
	if seq == 0 || seq > tx.seq {
		return Change{}, mark(ErrNotFound, "change %d: the ledger has %d", seq, tx.seq)
	}
	e, err := tx.b.entry(seq)
	if err != nil {
		return Change{}, err
	}
	c, err := parseChange(e.record())
	if err != nil {
		return Change{}, mark(ErrCorrupt, "change %d: %w", seq, err)
	}
	return c, nil
}

// walk yields the keys with a prefix. In a write transaction it seeks anew for each key, because a bbolt cursor does
// not survive a Put; the key is valid until the next step.
func walk(b *bbolt.Bucket, prefix []byte, writable bool) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		c := b.Cursor()
		k, v := c.Seek(prefix)
		for k != nil && bytes.HasPrefix(k, prefix) {
			at := k
			if writable {
				at = bytes.Clone(k)
			}
			if !yield(at, v) {
				return
			}
			if !writable {
				k, v = c.Next()
				continue
			}
			c = b.Cursor()
			if k, v = c.Seek(at); bytes.Equal(k, at) {
				k, v = c.Next()
			}
		}
	}
}

// textOf is for messages: the alias of a thing, or its kind and id.
func (tx *Tx) textOf(kind, id string, states ...[]byte) string {
	for _, s := range states {
		for key, raw := range topFields(s) {
			if alias := decodeText(raw); key == "alias" && alias != "" {
				return fmt.Sprintf("%s %s", kind, alias)
			}
		}
	}
	return fmt.Sprintf("%s %s", kind, id)
}
