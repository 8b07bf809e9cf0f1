package store

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// The hash bucket keeps, under the number of a change, the hashes which that change completes in the Merkle tree: its
// leaf and, for each level k ≥ 1 such that 2^k divides seq, the node over the last 2^k leaves. That is the order in
// which tlog stores hashes, cut per record.

// appendHashes stores what change seq completes.
func (b *buckets) appendHashes(seq uint64, record []byte) error {
	hashes, err := tlog.StoredHashes(int64(seq-1), record, b)
	if err != nil {
		return err
	}
	v := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		v = append(v, h[:]...)
	}
	return b.hashes.Put(be64(seq), v)
}

// ReadHashes makes the bucket a tlog.HashReader.
func (b *buckets) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		seq := uint64(n+1) << level
		v := b.hashes.Get(be64(seq))
		if len(v) < (level+1)*tlog.HashSize {
			return nil, mark(ErrCorrupt, "library.db: the hash of level %d at change %d is missing", level, seq)
		}
		copy(out[i][:], v[level*tlog.HashSize:])
	}
	return out, nil
}

func (b *buckets) checkLeaf(seq uint64, record []byte) error {
	stored, err := b.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(seq-1))})
	if err != nil {
		return err
	}
	if got := tlog.RecordHash(record); got != stored[0] {
		return mark(ErrCorrupt, "library.db: change %d does not match its leaf: hash %x, leaf %x", seq, got[:6], stored[0][:6])
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
