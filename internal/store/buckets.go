package store

import (
	"fmt"

	"go.etcd.io/bbolt"
)

// The top-level buckets of library.db and the keys of meta; FORMAT.md says what they hold.
const (
	bucketMeta    = "meta"    // small facts about the library
	bucketChanges = "changes" // seq → entry: link of its actor's stack, Merkle hashes, change record
	bucketState   = "state"   // kind 00 id → seq, canonical JSON
	bucketCounts  = "counts"  // kind → number of things
	bucketIndex   = "index"   // kind 00 field 00 value 00 id → nothing
	bucketAlias   = "alias"   // alias in lower case → kind 00 id
	bucketNumbers = "numbers" // alias prefix in lower case → highest number ever used
	bucketActors  = "actors"  // actor → top of the undo stack, top of the redo stack

	metaSchema   = "schema"
	metaLibrary  = "library"
	metaCreated  = "created"
	metaSigner   = "signer"
	metaVerifier = "verifier"

	metaOriginKey = "origin-key" // of a restored library: who signed the changes it began with,
	metaOrigin    = "origin"     // and the signed checkpoint over them
)

func bucketNames() []string {
	return []string{
		bucketMeta, bucketChanges, bucketState, bucketCounts,
		bucketIndex, bucketAlias, bucketNumbers, bucketActors,
	}
}

// buckets are the opened buckets of one transaction.
type buckets struct {
	meta, changes, state, counts, index, alias, numbers, actors *bbolt.Bucket
}

func openBuckets(btx *bbolt.Tx) (buckets, error) {
	var b buckets
	for _, want := range []struct {
		name string
		at   **bbolt.Bucket
	}{
		{bucketMeta, &b.meta},
		{bucketChanges, &b.changes},
		{bucketState, &b.state},
		{bucketCounts, &b.counts},
		{bucketIndex, &b.index},
		{bucketAlias, &b.alias},
		{bucketNumbers, &b.numbers},
		{bucketActors, &b.actors},
	} {
		if *want.at = btx.Bucket([]byte(want.name)); *want.at == nil {
			return b, mark(ErrCorrupt, "library.db: bucket %s is missing", want.name)
		}
	}
	b.changes.FillPercent = 0.95                                                  // it only ever grows at the end: full pages instead of half-empty ones
	b.state.FillPercent, b.index.FillPercent, b.alias.FillPercent = 0.8, 0.8, 0.8 // ids and aliases mostly grow
	return b, nil
}

// last is the number of the last change.
func (b *buckets) last() uint64 {
	key, _ := b.changes.Cursor().Last()
	return fromBE64(key)
}

// checkEnd compares the last record with its leaf: the cheap part of Verify, done at every opening.
func (b *buckets) checkEnd() (uint64, error) {
	seq := b.last()
	if seq == 0 {
		return 0, nil
	}
	e, err := b.entry(seq)
	if err != nil {
		return seq, err
	}
	return seq, checkLeaf(seq, e)
}

func stateKey(kind, id string) []byte {
	return fmt.Appendf(nil, "%s\x00%s", kind, id)
}
