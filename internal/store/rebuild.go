package store

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"
)

// readings are records with what they say and their leaves in the tree.
type readings struct {
	records [][]byte
	changes []Change
	leaves  []tlog.Hash
}

// readAll reads records on all cores. The error is that of the first record that has one.
func readAll(ctx context.Context, records [][]byte, read func(seq uint64, record []byte) (Change, error)) (*readings, error) {
	const some = 64
	r := &readings{records: records, changes: make([]Change, len(records)), leaves: make([]tlog.Hash, len(records))}
	errs := make([]error, len(records)/some+1)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(errs)) {
		wg.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(errs) || ctx.Err() != nil {
					return
				}
				for i := n * some; i < min((n+1)*some, len(records)); i++ {
					if r.changes[i], errs[n] = read(uint64(i+1), records[i]); errs[n] != nil {
						return // those before it are done or being done
					}
					r.leaves[i] = tlog.RecordHash(records[i])
				}
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("store: reading %d records: %w", len(records), err)
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *readings) head() TreeHead { return headOf(slices.Values(r.leaves)) }

// rebuilt is the whole of a library as its records make it, held in memory: what many changes write to one key is
// written once, and in the order of the keys.
type rebuilt struct {
	*fold
	entries []entry
	state   map[string]Change // state key → last change of that thing
}

// rebuild lets records follow one another and names the first that cannot.
func rebuild(ctx context.Context, read *readings) (*rebuilt, error) {
	r := &rebuilt{fold: newFold(), entries: make([]entry, len(read.records)), state: make(map[string]Change, len(read.records))}
	var tree forest
	var hashes []tlog.Hash
	for i, c := range read.changes {
		if i%ctxEvery == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("store: restored %d of %d records: %w", i, len(read.records), ctx.Err())
		}
		seq := uint64(i + 1)
		prev, err := r.follows(seq, c)
		if err != nil {
			return nil, err
		}
		hashes = tree.add(seq, read.leaves[i], hashes)
		r.entries[i] = newEntry(hashes, read.records[i])
		copy(r.entries[i], be64(prev))
		r.add(seq, c, prev)
		r.state[string(stateKey(c.Kind, c.ID))] = c
	}
	r.endBatch()
	return r, nil
}

// follows says what of a change cannot follow those before it, and which batch lies under the one it begins.
func (r *rebuilt) follows(seq uint64, c Change) (prev uint64, err error) {
	if err := usable(c.Verb, c.Kind, c.ID); err != nil {
		return 0, fmt.Errorf("change %d: %w", seq, err)
	}
	switch {
	case c.Batch == seq && c.Undoes < seq:
		r.endBatch()
		r.batch = 0
		s := r.actors[c.Actor]
		_, prev = pushed(s, stepOf(s, c.Undoes), seq, func(batch uint64) uint64 { return r.links[batch] })
	case c.Batch == 0 || c.Batch != r.batch || c.Actor != r.actor || c.Undoes != r.undid:
		return 0, mark(ErrCorrupt, "change %d: it is not of the batch %d that was begun", seq, r.batch)
	}
	key := string(stateKey(c.Kind, c.ID))
	if !bytes.Equal(r.state[key].After, c.Before) {
		return 0, mark(ErrCorrupt, "change %d: its state before is not what the changes before it made", seq)
	}
	if alias := strings.ToLower(aliasOf(c.After)); len(alias) > aliasLength {
		return 0, mark(ErrCorrupt, "change %d: its alias has more than %d bytes", seq, aliasLength)
	} else if held := r.alias[alias]; held != "" && held != key {
		return 0, mark(ErrCorrupt, "change %d: the alias %s belongs to %s", seq, alias, strings.ReplaceAll(held, "\x00", " "))
	}
	return prev, nil
}

// write fills the empty buckets of a new library.
func (r *rebuilt) write(ctx context.Context, btx *bbolt.Tx) error {
	b, err := openBuckets(btx)
	if err != nil {
		return err
	}
	for i, e := range r.entries {
		if err := b.changes.Put(be64(uint64(i+1)), e); err != nil {
			return err
		}
	}
	index := map[string]bool{}
	for _, key := range sortedKeys(r.state) {
		c := r.state[key]
		if c.After == nil {
			continue
		}
		if err := b.state.Put([]byte(key), append(be64(c.Seq), c.After...)); err != nil {
			return err
		}
		for entry := range indexKeys(c.Kind, c.ID, c.After) {
			index[entry] = true
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, key := range sortedKeys(index) {
		if err := b.index.Put([]byte(key), nil); err != nil {
			return err
		}
	}
	for _, key := range sortedKeys(r.alias) {
		if err := b.alias.Put([]byte(key), []byte(r.alias[key])); err != nil {
			return err
		}
	}
	for _, kind := range sortedKeys(r.counts) {
		if err := b.counts.Put([]byte(kind), be64(r.counts[kind])); err != nil {
			return err
		}
	}
	for _, prefix := range sortedKeys(r.numbers) {
		if err := b.numbers.Put([]byte(prefix), be64(r.numbers[prefix])); err != nil {
			return err
		}
	}
	for _, actor := range sortedKeys(r.actors) {
		if err := b.setStacks(actor, r.actors[actor]); err != nil {
			return err
		}
	}
	return ctx.Err()
}
