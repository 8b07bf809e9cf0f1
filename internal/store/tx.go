package store

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"
	"golang.org/x/text/unicode/norm"
)

// Tx is one transaction, valid until the function it was given to returns and only in that goroutine.
type Tx struct {
	lib      *Library
	b        buckets
	actor    string
	now      time.Time
	writable bool

	start, seq, batch uint64 // last change before this transaction, last change now, number of this batch
	undoes            uint64

	reserved map[string]uint64 // numbers given out by NewAlias, by prefix
}

// Actor is who writes; "" in a View.
func (tx *Tx) Actor() string { return tx.actor }

// Now is the time of this transaction, UTC, to the millisecond: the same for all its changes.
func (tx *Tx) Now() time.Time { return tx.now }

// Seq is the last change this transaction sees, its own included.
func (tx *Tx) Seq() uint64 { return tx.seq }

// Writable tells an Update from a View.
func (tx *Tx) Writable() bool { return tx.writable }

// Put stores v, a struct or map that has a canonical JSON object, as the new state of a thing and leaves one change
// record. Where nothing would change it leaves none.
func (tx *Tx) Put(verb, kind, id string, v any, why string) error {
	return tx.put(verb, kind, id, v, why, false)
}

// PutFinal is Put for what can never be undone: locks, blocks, verdicts. It leaves a record even where nothing changes.
func (tx *Tx) PutFinal(verb, kind, id string, v any, why string) error {
	return tx.put(verb, kind, id, v, why, true)
}

func (tx *Tx) put(verb, kind, id string, v any, why string, final bool) error {
	if err := tx.check(verb, kind, id); err != nil {
		return err
	}
	after, err := tx.lib.encoder.canonical(v)
	if err != nil {
		return fmt.Errorf("%w (%s %s)", err, kind, id)
	}
	if after[0] != '{' {
		return fmt.Errorf("store: %s %s: not a JSON object", kind, id)
	}
	for key, raw := range topFields(after) {
		if own := decodeText(raw); key == "id" && own != id {
			return fmt.Errorf("store: %s %s: its field id says %s", kind, id, raw)
		}
	}
	before := tx.state(kind, id)
	if !final && bytes.Equal(before, after) {
		return nil
	}
	return tx.apply(Change{Verb: verb, Kind: kind, ID: id, Before: before, After: after, Why: Text(why), Final: final})
}

// Delete removes a thing; its alias stays taken.
func (tx *Tx) Delete(verb, kind, id, why string) error {
	if err := tx.check(verb, kind, id); err != nil {
		return err
	}
	before := tx.state(kind, id)
	if before == nil {
		return mark(ErrNotFound, "%s %s: not found", kind, id)
	}
	return tx.apply(Change{Verb: verb, Kind: kind, ID: id, Before: before, Why: Text(why)})
}

func (tx *Tx) check(verb, kind, id string) error {
	if !tx.writable {
		return mark(ErrReadOnly, "%s %s: %s in a View", kind, id, verb)
	}
	return usable(verb, kind, id)
}

// usable says whether these may name what was done and to what.
func usable(verb, kind, id string) error {
	for _, name := range []string{verb, kind, id} {
		if name == "" || len(name) > 200 || strings.IndexByte(name, 0) >= 0 || !utf8.ValidString(name) || !norm.NFC.IsNormalString(name) {
			return fmt.Errorf("store: %q is no usable verb, kind or id", name)
		}
	}
	return nil
}

// state copies the canonical state of a thing, nil where there is none.
func (tx *Tx) state(kind, id string) []byte {
	v := tx.b.state.Get(stateKey(kind, id))
	if len(v) < 8 {
		return nil
	}
	return bytes.Clone(v[8:])
}

// apply is the one door for writes: the record, its hashes, the state and all that follows from it.
func (tx *Tx) apply(c Change) error {
	c.Seq, c.At, c.Actor, c.Batch, c.Undoes = tx.seq+1, tx.now, tx.actor, tx.batch, tx.undoes
	if err := tx.b.appendChange(c.Seq, c.record()); err != nil {
		return fmt.Errorf("store: change %d: %w", c.Seq, err)
	}
	if err := tx.follow(c); err != nil {
		return err
	}
	tx.seq = c.Seq
	return nil
}

// follow brings state, counts, index and aliases after a change.
func (tx *Tx) follow(c Change) error {
	var err error
	if c.After == nil {
		err = tx.b.state.Delete(stateKey(c.Kind, c.ID))
	} else {
		err = tx.b.state.Put(stateKey(c.Kind, c.ID), append(be64(c.Seq), c.After...))
	}
	if err == nil && (c.Before == nil) != (c.After == nil) {
		n := fromBE64(tx.b.counts.Get([]byte(c.Kind)))
		if c.Before == nil {
			n++
		} else {
			n--
		}
		err = tx.b.counts.Put([]byte(c.Kind), be64(n))
	}
	if err == nil {
		err = tx.b.reindex(c)
	}
	if err != nil {
		return fmt.Errorf("store: %s %s: %w", c.Kind, c.ID, err)
	}
	return tx.registerAlias(c)
}

// NewID gives a fresh ULID; ids of one library sort in the order they were made.
func (tx *Tx) NewID() string {
	tx.lib.idsMu.Lock()
	defer tx.lib.idsMu.Unlock()
	id, err := ulid.New(ulid.Timestamp(tx.now), tx.lib.ids)
	if err != nil { // the 2^80 ids of one millisecond are used up, or the source of chance is dry
		unreachable(err.Error())
	}
	return id.String()
}

// Count is the number of things of a kind.
func (tx *Tx) Count(kind string) int { return int(fromBE64(tx.b.counts.Get([]byte(kind)))) }
