package store

import (
	"bytes"
	"fmt"
	"strings"

	"go.etcd.io/bbolt"
)

// state compares every stored state with the record of its last change.
func (v *verifier) state(b *buckets, f *fold) error {
	for key, val := range walk(b.state, nil, false) {
		if err := v.step(1); err != nil {
			return err
		}
		name := strings.Replace(string(key), "\x00", " ", 1)
		if !f.alive[string(key)] {
			v.emit(Finding{Where: name, Text: "it is in the state but not in the changes"})
			continue
		}
		last := f.last[string(key)]
		if len(val) < 8 || fromBE64(val) != last {
			v.emit(Finding{Where: name, Seq: last, Text: fmt.Sprintf("its state is of change %d, its last change is %d", fromBE64(val), last)})
			continue
		}
		e, err := b.entry(last)
		if err != nil {
			continue // reported with the changes
		}
		if c, err := parseChange(e.record()); err == nil && !bytes.Equal(c.After, val[8:]) {
			v.emit(Finding{Where: name, Seq: last, Text: fmt.Sprintf("its state is not what change %d made it", last)})
		}
	}
	for _, key := range sortedKeys(f.alive) {
		if !f.alive[key] || b.state.Get([]byte(key)) != nil {
			continue
		}
		v.emit(Finding{Where: strings.Replace(key, "\x00", " ", 1), Seq: f.last[key], Text: "it is in the changes but not in the state"})
	}
	return nil
}

// index compares the index with the one the stored states give rise to.
func (v *verifier) index(b *buckets) error {
	want := 0
	for key, val := range walk(b.state, nil, false) {
		if err := v.step(1); err != nil {
			return err
		}
		kind, id, _ := strings.Cut(string(key), "\x00")
		if len(val) < 8 {
			continue
		}
		for entry := range indexKeys(kind, id, val[8:]) {
			want++
			if k, _ := b.index.Cursor().Seek([]byte(entry)); string(k) != entry {
				v.emit(Finding{Where: kind + " " + id, Text: "it is missing in the index: " + strings.ReplaceAll(entry, "\x00", " ")})
			}
		}
	}
	have := 0
	for range walk(b.index, nil, false) {
		have++
	}
	if have != want {
		v.emit(Finding{Where: "library.db", Text: fmt.Sprintf("the index has %d entries, the state makes %d", have, want)})
	}
	return v.step(0)
}

// small compares the small buckets with the fold.
func (v *verifier) small(b *buckets, f *fold) error {
	differ := func(what, key string, got, want any) {
		if got != want {
			v.emit(Finding{Where: "library.db", Text: fmt.Sprintf("%s of %s is %v, the changes say %v", what, strings.ReplaceAll(key, "\x00", " "), got, want)})
		}
	}
	for _, kind := range sortedKeys(f.counts) {
		differ("count", kind, fromBE64(b.counts.Get([]byte(kind))), f.counts[kind])
	}
	for _, alias := range sortedKeys(f.alias) {
		differ("alias", alias, string(b.alias.Get([]byte(alias))), f.alias[alias])
	}
	for _, prefix := range sortedKeys(f.numbers) {
		differ("highest number", prefix, fromBE64(b.numbers.Get([]byte(prefix))), f.numbers[prefix])
	}
	for _, actor := range sortedKeys(f.actors) {
		differ("undo and redo", actor, b.stacks(actor), f.actors[actor])
	}
	for _, part := range []struct {
		name string
		have int
		want int
	}{
		{bucketCounts, count(b.counts), len(f.counts)},
		{bucketAlias, count(b.alias), len(f.alias)},
		{bucketNumbers, count(b.numbers), len(f.numbers)},
		{bucketActors, count(b.actors), len(f.actors)},
	} {
		if part.have != part.want {
			v.emit(Finding{Where: "library.db", Text: fmt.Sprintf("%s has %d entries, the changes make %d", part.name, part.have, part.want)})
		}
	}
	return v.step(0)
}

func count(b *bbolt.Bucket) int {
	n := 0
	for range walk(b, nil, false) {
		n++
	}
	return n
}
