package store

import (
	"golang.org/x/mod/sumdb/tlog"
)

// forest holds the roots of the complete subtrees over the leaves so far, by level; it is all that is needed to go on.
type forest [64]tlog.Hash

// add appends leaf number seq (from 1) and gives the hashes it completes, leaf first.
func (f *forest) add(seq uint64, leaf tlog.Hash, out []tlog.Hash) []tlog.Hash {
	out = append(out[:0], leaf)
	level := 0
	for ; seq&(1<<level) == 0; level++ {
		leaf = tlog.NodeHash(f[level], leaf)
		out = append(out, leaf)
	}
	f[level] = leaf
	return out
}

// root is the root over size leaves.
func (f *forest) root(size uint64) tlog.Hash {
	var root tlog.Hash
	first := true
	for level := range f {
		if size&(1<<level) == 0 {
			continue
		}
		if first {
			root, first = f[level], false
		} else {
			root = tlog.NodeHash(f[level], root)
		}
	}
	if first {
		root, _ = tlog.TreeHash(0, nil)
	}
	return root
}

// rehash computes the head from the records alone and refuses where a stored hash says otherwise.
func (b *buckets) rehash() (TreeHead, error) {
	var f forest
	var hashes []tlog.Hash
	seq := uint64(0)
	c := b.changes.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		seq++
		if fromBE64(k) != seq || !entry(v).sound() {
			return TreeHead{}, mark(ErrCorrupt, "library.db: change %d is missing", seq)
		}
		hashes = f.add(seq, tlog.RecordHash(entry(v).record()), hashes)
		if level := differs(hashes, entry(v).hashes()); level >= 0 {
			return TreeHead{}, mark(ErrCorrupt, "library.db: change %d does not match its hash of level %d", seq, level)
		}
	}
	return TreeHead{Size: seq, Root: f.root(seq)}, nil
}

// differs gives the first level at which the stored hashes are not these, -1 where all are.
func differs(hashes []tlog.Hash, stored []byte) int {
	for level, h := range hashes {
		if len(stored) < (level+1)*tlog.HashSize || string(h[:]) != string(stored[level*tlog.HashSize:(level+1)*tlog.HashSize]) {
			return level
		}
	}
	if len(stored) != len(hashes)*tlog.HashSize {
		return len(hashes)
	}
	return -1
}
