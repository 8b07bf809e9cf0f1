package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"syscall"

	"tenet/internal/store"
)

// chunk is how many things are read in one view of the ledger: views hold back
// the reuse of pages, so they stay short.
const chunk = 250

// leaf is the hash of a change's record, "" for change 0.
func (x *Index) leaf(seq uint64) (string, error) {
	if seq == 0 {
		return "", nil
	}
	var sum [32]byte
	err := x.lib.View(func(tx *store.Tx) error {
		c, err := tx.Change(seq)
		if err != nil {
			return err
		}
		raw, err := store.Canonical(c)
		sum = sha256.Sum256(raw)
		return err
	})
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(sum[:]), nil
}

// rebuild draws everything anew beside the old generation and swaps.
//
// Things are read in many short views while the ledger may go on growing. The
// new generation claims only the change that was the last before the first
// view; following from there redraws whatever moved since, and drawing the
// later state twice is the same as drawing it once.
func (x *Index) rebuild(ctx context.Context, why string) (err error) {
	x.change(func() { x.st.Rebuilding, x.st.Why, x.st.Done, x.st.Total = true, why, 0, 0 })
	defer x.change(func() { x.st.Rebuilding = x.st.Rebuilding && err != nil })
	g, err := x.draw(ctx)
	if err != nil {
		return fmt.Errorf("index: rebuilding: %w", err)
	}
	if g.name != "" {
		if err := point(x.dir, g.name); err != nil {
			_ = g.b.Close()
			return fmt.Errorf("index: rebuilding: %w", err)
		}
	}
	var old *generation
	x.change(func() {
		old, x.gen = x.gen, g
		x.st.Applied, x.st.Rebuilding, x.st.Err = g.st.Applied, false, nil
	})
	if old != nil {
		_ = old.b.Close()
	}
	if g.name != "" {
		sweep(x.dir, g.name)
	}
	return nil
}

func (x *Index) draw(ctx context.Context) (*generation, error) {
	w, err := x.newWriter()
	if err != nil {
		return nil, err
	}
	g, err := x.drawInto(ctx, w)
	if err != nil {
		w.abandon()
	}
	return g, err
}

func (x *Index) drawInto(ctx context.Context, w *writer) (*generation, error) {
	st := state{Mapping: mappingHash()}
	var refs []ref
	err := x.lib.View(func(tx *store.Tx) (err error) {
		st.Applied = tx.Seq()
		refs, err = everyRef(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if st.Leaf, err = x.leaf(st.Applied); err != nil {
		return nil, err
	}
	x.change(func() { x.st.Total = len(refs) })
	internal := map[string][]byte{}
	for at := 0; at < len(refs); at += chunk {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		part := refs[at:min(at+chunk, len(refs))]
		drawn, err := x.read(part)
		if err != nil {
			return nil, err
		}
		for _, d := range drawn {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if err := d.each(x.lib, func(d *doc) error { return w.add(d) }); err != nil {
				return nil, err
			}
			if d.sig != "" {
				internal[passagesKey(d.id)] = d.stored()
			}
		}
		x.change(func() { x.st.Done = at + len(part) })
	}
	return w.finish(st, internal)
}

// newWriter prefers the folder and falls back to memory where that cannot be written.
func (x *Index) newWriter() (*writer, error) {
	err := os.MkdirAll(x.dir, 0o700)
	if err == nil {
		var name string
		if name, err = fresh(x.dir); err == nil {
			var w *writer
			if w, err = newWriter(x.dir, name); err == nil {
				return w, nil
			}
		}
	}
	if errors.Is(err, syscall.ENOSPC) {
		return nil, err // memory would only hide it
	}
	return newWriter("", "")
}
