package store

import (
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Head is the tree head over all changes, from the stored hashes.
func (l *Library) Head() (TreeHead, error) {
	var head TreeHead
	err := l.view(func(btx *bbolt.Tx) error {
		b, err := openBuckets(btx)
		if err == nil {
			head, err = b.head()
		}
		return err
	})
	return head, err
}

// Head is the tree head over the changes this transaction sees.
func (tx *Tx) Head() (TreeHead, error) { return tx.b.head() }

// HeadAt is the tree head over the first size changes, from the stored hashes.
func (tx *Tx) HeadAt(size uint64) (TreeHead, error) {
	if size > tx.seq {
		return TreeHead{}, mark(ErrNotFound, "no tree of %d changes: the ledger has %d", size, tx.seq)
	}
	root, err := tlog.TreeHash(int64(size), &tx.b)
	if err != nil {
		return TreeHead{}, fmt.Errorf("store: tree of %d changes: %w", size, err)
	}
	return TreeHead{Size: size, Root: root}, nil
}

// ProveInclusion proves that change seq is in the tree of the first size changes; size 0 means all.
// Check it with tlog.CheckRecord(proof, size, root, seq-1, leaf).
func (l *Library) ProveInclusion(seq, size uint64) (proof []tlog.Hash, err error) {
	err = l.view(func(btx *bbolt.Tx) error {
		b, err := openBuckets(btx)
		if err != nil {
			return err
		}
		if size == 0 {
			size = b.last()
		}
		if seq == 0 || seq > size || size > b.last() {
			return mark(ErrNotFound, "no proof of change %d in a tree of %d: the ledger has %d", seq, size, b.last())
		}
		p, err := tlog.ProveRecord(int64(size), int64(seq-1), &b)
		proof = p
		return err
	})
	return proof, err
}

// ProveConsistency proves that the tree of the first older changes is a beginning of that of the first newer ones.
// Check it with tlog.CheckTree(proof, newer, newRoot, older, oldRoot).
func (l *Library) ProveConsistency(older, newer uint64) (proof []tlog.Hash, err error) {
	err = l.view(func(btx *bbolt.Tx) error {
		b, err := openBuckets(btx)
		if err != nil {
			return err
		}
		if older == 0 || older > newer || newer > b.last() {
			return mark(ErrNotFound, "no proof from %d to %d changes: the ledger has %d", older, newer, b.last())
		}
		p, err := tlog.ProveTree(int64(newer), int64(older), &b)
		proof = p
		return err
	})
	return proof, err
}

// SignedHead hashes every record again, compares the tree with the stored one, and only then signs its head with the
// library's key. The result is a note (golang.org/x/mod/sumdb/note) whose text is tlog.FormatTree.
func (l *Library) SignedHead() (signed []byte, head TreeHead, err error) {
	err = l.view(func(btx *bbolt.Tx) error {
		b, err := openBuckets(btx)
		if err != nil {
			return err
		}
		if head, err = b.rehash(); err != nil {
			return err
		}
		signer, err := note.NewSigner(string(b.meta.Get([]byte(metaSigner))))
		if err != nil {
			return mark(ErrCorrupt, "library.db: signing key: %w", err)
		}
		text := tlog.FormatTree(tlog.Tree{N: int64(head.Size), Hash: head.Root})
		signed, err = note.Sign(&note.Note{Text: string(text)}, signer)
		return err
	})
	return signed, head, err
}

// VerifierKey is the public half of the library's key, in the form note.NewVerifier reads.
func (l *Library) VerifierKey() (string, error) {
	var key string
	err := l.view(func(btx *bbolt.Tx) error {
		key = string(btx.Bucket([]byte(bucketMeta)).Get([]byte(metaVerifier)))
		return nil
	})
	return key, err
}

// ID is the library's own id, given at Init.
func (l *Library) ID() (string, error) {
	var id string
	err := l.view(func(btx *bbolt.Tx) error {
		id = string(btx.Bucket([]byte(bucketMeta)).Get([]byte(metaLibrary)))
		return nil
	})
	return id, err
}

// OpenHead checks a signed head against a library's verifier key.
func OpenHead(signed []byte, verifierKey string) (TreeHead, error) {
	v, err := note.NewVerifier(verifierKey)
	if err != nil {
		return TreeHead{}, fmt.Errorf("store: verifier key: %w", err)
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return TreeHead{}, mark(ErrCorrupt, "signed head: %w", err)
	}
	tree, err := tlog.ParseTree([]byte(n.Text))
	if err != nil || tree.N < 0 {
		return TreeHead{}, mark(ErrCorrupt, "signed head: %w", errors.Join(err, errors.New("no tree")))
	}
	return TreeHead{Size: uint64(tree.N), Root: tree.Hash}, nil
}
