package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

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
	var f forest
	var hashes []tlog.Hash
	for i, r := range records {
		hashes = f.add(uint64(i+1), tlog.RecordHash(r), hashes)
	}
	return TreeHead{Size: uint64(len(records)), Root: f.root(uint64(len(records)))}
}

// Restore makes a library in an empty folder whose ledger is these records,
// byte for byte, and whose state follows from them. Its key is a new one: it
// is a copy to look into, not the library. A record that cannot follow those
// before it is named.
func Restore(ctx context.Context, dir string, records [][]byte, o Options) (*Library, error) {
	lib, err := Init(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return lib, nil
	}
	if _, err := lib.Update(ctx, "", func(tx *Tx) error {
		for i, record := range records {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("store: restored %d of %d records: %w", i, len(records), err)
			}
			if err := tx.replay(uint64(i+1), record); err != nil {
				return err
			}
		}
		return nil // the last batch is sealed with the transaction
	}); err != nil {
		return nil, errors.Join(err, lib.Close())
	}
	return lib, nil
}

// replay appends a record as it stands. The first of a batch seals the one before.
func (tx *Tx) replay(seq uint64, record []byte) error {
	c, err := readRecord(seq, record)
	if err != nil {
		return err
	}
	if err := tx.check(c.Verb, c.Kind, c.ID); err != nil {
		return fmt.Errorf("change %d: %w", seq, err)
	}
	switch {
	case c.Batch == seq:
		if seq > 1 {
			if err := tx.seal(); err != nil {
				return err
			}
		}
		tx.actor, tx.batch, tx.undoes = c.Actor, c.Batch, c.Undoes
	case c.Batch != tx.batch || c.Actor != tx.actor || c.Undoes != tx.undoes:
		return mark(ErrCorrupt, "change %d: it is not of the batch %d that was begun", seq, tx.batch)
	}
	if !bytes.Equal(tx.state(c.Kind, c.ID), c.Before) {
		return mark(ErrCorrupt, "change %d: its state before is not what the changes before it made", seq)
	}
	if err := tx.b.appendChange(seq, bytes.Clone(record)); err != nil {
		return fmt.Errorf("store: change %d: %w", seq, err)
	}
	if err := tx.follow(c); err != nil {
		return fmt.Errorf("store: change %d: %w", seq, err)
	}
	tx.seq = seq
	return nil
}
