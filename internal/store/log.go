package store

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// A change is stored with the hashes which it completes in the Merkle tree: its leaf and, for each level k ≥ 1 such that
// 2^k divides seq, the node over the last 2^k leaves. That is the order in which tlog stores hashes, cut per record. They
// lie beside the record and not in a bucket of their own because every further tree costs each commit three pages.

// entry is one stored value of the changes bucket: 8 bytes, the batch under this one on its actor's stack; 1 byte, the
// number n of hashes; n·32 bytes; the record.
type entry []byte

const entryHead = 9

// newEntry lays out a record with its hashes, leaf first.
func newEntry(hashes []tlog.Hash, record []byte) entry {
	e := make(entry, entryHead, entryHead+len(hashes)*tlog.HashSize+len(record))
	e[entryHead-1] = byte(len(hashes))
	for _, h := range hashes {
		e = append(e, h[:]...)
	}
	return append(e, record...)
}

// sound tells whether the parts have their lengths.
func (e entry) sound() bool {
	return len(e) > entryHead && e[entryHead-1] > 0 && len(e) > entryHead+int(e[entryHead-1])*tlog.HashSize
}

func (e entry) prev() uint64   { return fromBE64(e) }
func (e entry) hashes() []byte { return e[entryHead : entryHead+int(e[entryHead-1])*tlog.HashSize] }
func (e entry) record() []byte { return e[entryHead+int(e[entryHead-1])*tlog.HashSize:] }

// appendChange stores a record under its number.
func (b *buckets) appendChange(seq uint64, record []byte) error {
	hashes, err := tlog.StoredHashes(int64(seq-1), record, b)
	if err != nil {
		return err
	}
	return b.changes.Put(be64(seq), newEntry(hashes, record))
}

// entry reads what is stored of one change.
func (b *buckets) entry(seq uint64) (entry, error) {
	e := entry(b.changes.Get(be64(seq)))
	if !e.sound() {
		return nil, mark(ErrCorrupt, "library.db: change %d is missing or cut short", seq)
	}
	return e, nil
}

// ReadHashes makes the bucket a tlog.HashReader.
func (b *buckets) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		seq := uint64(n+1) << level
		e, err := b.entry(seq)
		if err != nil {
			return nil, err
		}
		if h := e.hashes(); len(h) >= (level+1)*tlog.HashSize {
			copy(out[i][:], h[level*tlog.HashSize:])
			continue
		}
		return nil, mark(ErrCorrupt, "library.db: the hash of level %d at change %d is missing", level, seq)
	}
	return out, nil
}

// checkLeaf hashes a record again.
func checkLeaf(seq uint64, e entry) error {
	if got := tlog.RecordHash(e.record()); string(got[:]) != string(e.hashes()[:tlog.HashSize]) {
		return mark(ErrCorrupt, "library.db: change %d does not match its leaf: hash %x, leaf %x", seq, got[:6], e.hashes()[:6])
	}
	return nil
}

// TreeHead names the first Size changes by the root of their Merkle tree.
type TreeHead struct {
	Size uint64   `json:"size"`
	Root [32]byte `json:"root"`
}

func (b *buckets) head() (TreeHead, error) {
	size := b.last()
	root, err := tlog.TreeHash(int64(size), b)
	if err != nil {
		return TreeHead{}, fmt.Errorf("store: tree of %d changes: %w", size, err)
	}
	return TreeHead{Size: size, Root: root}, nil
}
