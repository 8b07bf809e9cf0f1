package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"

	"go.etcd.io/bbolt"
)

// schemaNow is the schema this program writes.
const schemaNow = 1

// migration brings a library from schema to-1 to schema to.
type migration struct {
	to  int
	run func(*bbolt.Tx) error
}

// migrations in order, each one transaction. Schema 1 is the first, so there is nothing to bring forward yet.
func migrations() []migration { return []migration{} }

// known is the newest schema that these options can read.
func (o Options) known() int {
	newest := schemaNow
	for _, m := range o.migrations {
		newest = max(newest, m.to)
	}
	return newest
}

// migrate brings an older library forward after a copy of library.db, and refuses a newer one untouched.
func (l *Library) migrate(ctx context.Context) error {
	have, err := l.schema()
	if err != nil {
		return err
	}
	known := l.o.known()
	switch {
	case have > known:
		return mark(ErrSchemaTooNew, "%s has schema %d, this program knows up to %d; use a newer tenet", l.dir, have, known)
	case have == known:
		return nil
	case l.o.ReadOnly:
		return mark(ErrReadOnly, "%s has schema %d and must be brought to %d; open it for writing once", l.dir, have, known)
	}
	if err := l.backup(ctx, have); err != nil {
		return fmt.Errorf("store: copy of library.db before migration: %w", err)
	}
	for _, m := range l.o.migrations {
		if m.to <= have {
			continue
		}
		if err := l.migrateOne(m); err != nil {
			return fmt.Errorf("store: migration to schema %d: %w", m.to, err)
		}
	}
	return nil
}

func (l *Library) migrateOne(m migration) (err error) {
	defer faultsPanic()()
	defer guard(&err)
	return l.db.Update(func(btx *bbolt.Tx) error {
		if err := m.run(btx); err != nil {
			return err
		}
		return btx.Bucket([]byte(bucketMeta)).Put([]byte(metaSchema), []byte(strconv.Itoa(m.to)))
	})
}

func (l *Library) schema() (n int, err error) {
	err = l.view(func(btx *bbolt.Tx) error {
		meta := btx.Bucket([]byte(bucketMeta))
		if meta == nil {
			return mark(ErrCorrupt, "%s: library.db is no ledger of tenet", l.dir)
		}
		n, err = strconv.Atoi(string(meta.Get([]byte(metaSchema))))
		if err != nil || n < 1 {
			return mark(ErrCorrupt, "%s: library.db: schema %q", l.dir, meta.Get([]byte(metaSchema)))
		}
		return nil
	})
	return n, err
}

// backup writes library.db.schema-N, complete or not at all.
func (l *Library) backup(ctx context.Context, schema int) error {
	f, err := l.o.fs.CreateTemp(l.dir, ".backup-*")
	if err != nil {
		return err
	}
	err = l.view(func(btx *bbolt.Tx) error {
		w := &ctxWriter{ctx: ctx, w: f}
		_, err := btx.WriteTo(w)
		if w.err != nil {
			return w.err // bbolt keeps only its text
		}
		return err
	})
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = l.o.fs.Rename(f.Name(), filepath.Join(l.dir, fmt.Sprintf("%s.schema-%d", ledgerName, schema)))
	}
	if err != nil {
		_ = l.o.fs.Remove(f.Name())
		return err
	}
	return l.o.fs.SyncDir(l.dir)
}

type ctxWriter struct {
	ctx context.Context //nolint:containedctx // lives for one copy
	w   io.Writer
	err error // the first
}

func (c *ctxWriter) Write(p []byte) (int, error) {
	if c.err = c.ctx.Err(); c.err != nil {
		return 0, c.err
	}
	var n int
	n, c.err = c.w.Write(p)
	return n, c.err
}
