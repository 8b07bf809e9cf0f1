package store

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// fold is what the changes alone say the rest of the library must be.
type fold struct {
	last    map[string]uint64 // state key → last change of that thing
	alive   map[string]bool   // state key → it exists
	counts  map[string]uint64
	alias   map[string]string
	numbers map[string]uint64
	actors  map[string]stacks
	links   map[uint64]uint64 // batch → batch under it

	batch uint64 // the batch being read, and what is known of it
	actor string
	undid uint64
}

func newFold() *fold {
	return &fold{
		last: map[string]uint64{}, alive: map[string]bool{}, counts: map[string]uint64{}, alias: map[string]string{},
		numbers: map[string]uint64{}, actors: map[string]stacks{}, links: map[uint64]uint64{},
	}
}

// changes walks the whole ledger: numbers, hashes, form of the records, and Before against what came earlier.
func (v *verifier) changes(b *buckets, f *fold) error {
	var tree forest
	var hashes []tlog.Hash
	want := uint64(0)
	c := b.changes.Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		if err := v.step(1); err != nil {
			return err
		}
		want++
		if seq := fromBE64(k); seq != want {
			v.change(want, "missing, %d follows", seq)
			want = seq
		}
		e := entry(raw)
		if !e.sound() {
			v.change(want, "cut short")
			continue
		}
		hashes = v.leaf(want, e, &tree, hashes)
		v.record(b, want, e, f)
	}
	f.endBatch()
	return nil
}

func (v *verifier) change(seq uint64, format string, args ...any) {
	v.emit(Finding{Where: fmt.Sprintf("change %d", seq), Seq: seq, Text: fmt.Sprintf(format, args...)})
}

// leaf compares the record with its leaf and the nodes above with what they are made of. It goes on from the stored
// hashes, so that a fault is reported where it is and not at every node above it.
func (v *verifier) leaf(seq uint64, e entry, tree *forest, hashes []tlog.Hash) []tlog.Hash {
	var stored tlog.Hash
	copy(stored[:], e.hashes())
	if got := tlog.RecordHash(e.record()); got != stored {
		v.change(seq, "the record does not match its leaf in the Merkle log (hash %x, leaf %x)", got[:6], stored[:6])
	}
	hashes = tree.add(seq, stored, hashes)
	if level := differs(hashes, e.hashes()); level > 0 {
		v.change(seq, "the Merkle hash of level %d does not match those below it", level)
		for level := range hashes {
			if h := e.hashes(); len(h) >= (level+1)*tlog.HashSize {
				copy(tree[level][:], h[level*tlog.HashSize:])
			}
		}
	}
	return hashes
}

// record checks one record's form and its place among the others.
func (v *verifier) record(b *buckets, seq uint64, e entry, f *fold) {
	canonical, err := canonicalJSON(e.record())
	if err != nil || !bytes.Equal(canonical, e.record()) {
		v.change(seq, "the record is not canonical JSON")
	}
	c, err := parseChange(e.record())
	if err != nil {
		v.change(seq, "%v", err)
		return
	}
	if c.Seq != seq {
		v.change(seq, "the record says it is change %d", c.Seq)
	}
	if c.Batch > seq || c.Undoes >= max(seq, 1) {
		v.change(seq, "batch %d or undone batch %d lies after it", c.Batch, c.Undoes)
	}
	if text := f.beforeFault(b, c); text != "" {
		v.change(seq, "%s", text)
	}
	f.add(seq, c, e.prev())
}

// beforeFault compares Before with After of the thing's last change.
func (f *fold) beforeFault(b *buckets, c Change) string {
	was := []byte(nil)
	last := f.last[string(stateKey(c.Kind, c.ID))]
	if last != 0 {
		e, err := b.entry(last)
		if err != nil {
			return "" // reported where it is
		}
		earlier, err := parseChange(e.record())
		if err != nil {
			return ""
		}
		was = earlier.After
	}
	if !bytes.Equal(was, c.Before) {
		return fmt.Sprintf("its state before is not the state after change %d", last)
	}
	return ""
}

func (f *fold) add(seq uint64, c Change, prev uint64) {
	if c.Batch != f.batch {
		f.endBatch()
		f.batch, f.actor, f.undid = c.Batch, c.Actor, c.Undoes
		f.links[c.Batch] = prev
	}
	key := string(stateKey(c.Kind, c.ID))
	f.last[key] = seq
	if was := f.alive[key]; was != (c.After != nil) {
		if was {
			f.counts[c.Kind]--
		} else {
			f.counts[c.Kind]++
		}
	}
	f.alive[key] = c.After != nil
	alias := strings.ToLower(aliasOf(c.After))
	if alias == "" || f.alias[alias] != "" {
		return
	}
	f.alias[alias] = key
	prefix, n := splitAlias(alias)
	if n > f.numbers[prefix] {
		f.numbers[prefix] = n
	}
}

// endBatch moves the actor's stacks as seal did.
func (f *fold) endBatch() {
	if f.batch == 0 {
		return
	}
	s := f.actors[f.actor]
	after, _ := pushed(s, stepOf(s, f.undid), f.batch, func(batch uint64) uint64 { return f.links[batch] })
	f.actors[f.actor] = after
}
