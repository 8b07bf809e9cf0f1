package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"
)

// Records writes every change record of the ledger, one a line, in order, and
// gives the signed checkpoint over exactly these and the key that signed it.
// All of it is hashed again first.
func (l *Library) Records(ctx context.Context, w io.Writer) (Evidence, error) {
	e, err := l.Prove(nil)
	if err != nil {
		return e, err
	}
	for seq := uint64(1); seq <= e.Head.Size; {
		var lines bytes.Buffer
		from := seq
		if err := l.View(func(tx *Tx) error {
			for ; seq <= e.Head.Size && seq < from+changesPerView; seq++ {
				entry, err := tx.b.entry(seq)
				if err != nil {
					return err
				}
				lines.Write(entry.record())
				lines.WriteByte('\n')
			}
			return ctx.Err()
		}); err != nil {
			return e, err
		}
		if _, err := w.Write(lines.Bytes()); err != nil {
			return e, fmt.Errorf("store: records: %w", err)
		}
	}
	return e, nil
}

// Root computes the head of the tree over records alone.
func Root(records [][]byte) TreeHead {
	return headOf(func(yield func(tlog.Hash) bool) {
		for _, r := range records {
			if !yield(tlog.RecordHash(r)) {
				return
			}
		}
	})
}

// headOf computes the head of the tree over leaves.
func headOf(leaves iter.Seq[tlog.Hash]) TreeHead {
	var f forest
	var hashes []tlog.Hash
	size := uint64(0)
	for leaf := range leaves {
		size++
		hashes = f.add(size, leaf, hashes)
	}
	return TreeHead{Size: size, Root: f.root(size)}
}

// Restore makes a library in an empty folder whose ledger is these records,
// byte for byte, and whose state follows from them. Its key is a new one: it
// is a copy to look into, not the library. A record that cannot follow those
// before it is named.
func Restore(ctx context.Context, dir string, records [][]byte, o Options) (*Library, error) {
	read, err := readAll(ctx, records, readRecord)
	if err != nil {
		return nil, err
	}
	return restore(ctx, dir, read, nil, o)
}

// Origin is the ledger that a library was restored from: its first changes, as another key signed them.
type Origin struct {
	Key        string // verifier key, as note.NewVerifier reads it
	Checkpoint []byte // signed; C2SP tlog-checkpoint
}

// Head checks the signature and gives what was signed.
func (o Origin) Head() (TreeHead, error) { return OpenCheckpoint(o.Checkpoint, o.Key) }

// RestoreSigned is Restore for records that a checkpoint signs. It trusts the signature for the form of each record,
// which makes it several times as fast, and the library remembers it. Where the records are not those that were signed
// nothing is made, and the first one that shows it is named.
func RestoreSigned(ctx context.Context, dir string, records [][]byte, from Origin, o Options) (*Library, error) {
	head, err := from.Head()
	if err != nil {
		return nil, err
	}
	read, err := readAll(ctx, records, readSigned)
	if err == nil && read.head() != head {
		err = mark(ErrCorrupt, "the ledger is not the one that was signed: %d records of %d, or their tree has another root", len(records), head.Size)
	}
	if err != nil && ctx.Err() == nil { // which of them is it? Only reading each in full can tell
		if _, named := readAll(ctx, records, readRecord); named != nil {
			err = named
		}
	}
	if err != nil {
		return nil, err
	}
	return restore(ctx, dir, read, &from, o)
}

func restore(ctx context.Context, dir string, read *readings, from *Origin, o Options) (*Library, error) {
	r, err := rebuild(ctx, read)
	if err != nil {
		return nil, err
	}
	return initWith(ctx, dir, o, func(btx *bbolt.Tx) error {
		if from != nil {
			if err := from.put(btx.Bucket([]byte(bucketMeta))); err != nil {
				return err
			}
		}
		return r.write(ctx, btx)
	})
}

func (o *Origin) put(meta *bbolt.Bucket) error {
	return errors.Join(meta.Put([]byte(metaOriginKey), []byte(o.Key)), meta.Put([]byte(metaOrigin), o.Checkpoint))
}

// Origin gives what the library was restored from; ok is false where it was made here.
func (tx *Tx) Origin() (from Origin, ok bool) {
	key, signed := tx.b.meta.Get([]byte(metaOriginKey)), tx.b.meta.Get([]byte(metaOrigin))
	return Origin{Key: string(key), Checkpoint: bytes.Clone(signed)}, key != nil && signed != nil
}

// readSigned reads a record whose bytes somebody signed: its members are looked at, not the form of the states in it.
func readSigned(seq uint64, record []byte) (Change, error) {
	c, ok := splitRecord(record)
	if !ok {
		return readRecord(seq, record)
	}
	if c.Seq != seq {
		return Change{}, mark(ErrCorrupt, "change %d: its record says it is change %d", seq, c.Seq)
	}
	return c, nil
}

// splitRecord takes a record apart where it stands; ok is false where it is not, byte for byte, what record writes.
func splitRecord(raw []byte) (c Change, ok bool) {
	n, bad := 0, false
	number := func(raw []byte) (v uint64) {
		for _, d := range raw {
			if d < '0' || d > '9' {
				bad = true
				return 0
			}
			v = v*10 + uint64(d-'0')
		}
		return v
	}
	for key, v := range topFields(raw) {
		n++
		switch key {
		case "actor":
			c.Actor = decodeText(v)
		case "after":
			c.After = notNull(v)
		case "at":
			t, err := time.Parse(time.RFC3339Nano, decodeText(v))
			c.At, bad = t.UTC(), bad || err != nil
		case "batch":
			c.Batch = number(v)
		case "before":
			c.Before = notNull(v)
		case "final":
			c.Final = string(v) == "true"
		case "id":
			c.ID = decodeText(v)
		case "kind":
			c.Kind = decodeText(v)
		case "seq":
			c.Seq = number(v)
		case "undoes":
			c.Undoes = number(v)
		case "verb":
			c.Verb = decodeText(v)
		case "why":
			c.Why = decodeText(v)
		}
	}
	return c, n == 12 && !bad && bytes.Equal(c.record(), raw)
}
