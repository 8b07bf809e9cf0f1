package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Update runs fn in a write transaction and returns once its changes are on the disk, with the number of the last
// one. All changes of one Update are one batch. If fn fails or ctx ends before the commit, nothing has happened.
// fn must not call Update on the same library.
func (l *Library) Update(ctx context.Context, actor string, fn func(*Tx) error) (uint64, error) {
	if err := l.begin(ctx); err != nil {
		return l.Seq(), err
	}
	defer func() { l.writer <- struct{}{} }()
	before := l.Seq()
	seq, err := l.write(ctx, actor, fn)
	if err != nil {
		return before, err
	}
	if seq != before {
		l.seq.Store(seq)
		l.wakeAll()
	}
	return seq, nil
}

// begin takes the right to write or says why there is none.
func (l *Library) begin(ctx context.Context) error {
	if l.o.ReadOnly {
		return mark(ErrReadOnly, "%s is open for reading only", l.dir)
	}
	select {
	case <-l.writer:
	case <-ctx.Done():
		return fmt.Errorf("store: waiting to write: %w", ctx.Err())
	}
	l.stateMu.Lock()
	err := l.broken
	if l.closed {
		err = mark(ErrClosed, "%s is closed", l.dir)
	}
	l.stateMu.Unlock()
	if err != nil {
		l.writer <- struct{}{}
	}
	return err
}

func (l *Library) write(ctx context.Context, actor string, fn func(*Tx) error) (seq uint64, err error) {
	defer faultsPanic()()
	defer guard(&err)
	btx, err := l.db.Begin(true)
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	// After a commit this does nothing; after a panic inside one it gives bbolt's locks back.
	defer func() {
		if back := btx.Rollback(); back != nil && !errors.Is(back, berrors.ErrTxClosed) {
			err = errors.Join(err, back)
		}
	}()
	tx, err := l.newTx(btx, actor)
	if err != nil {
		return 0, err
	}
	if err := fn(tx); err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("store: nothing written: %w", err)
	}
	if tx.seq == tx.start {
		return tx.start, nil
	}
	if err := tx.seal(); err != nil {
		return 0, err
	}
	if err := btx.Commit(); err != nil {
		return 0, l.commitFailed(tx, err)
	}
	return tx.seq, nil
}

// commitFailed looks at what readers now see. Before the meta page is written a failed commit is as if it had never
// been, and the next may succeed (a full disk that was cleared). Once the new meta page is visible but not known to be
// on the disk, writing on could overwrite pages that the disk's older meta page still needs: no more writes then.
func (l *Library) commitFailed(tx *Tx, cause error) error {
	err := fmt.Errorf("store: %s: commit of change %d: %w", l.dir, tx.seq, cause)
	seen := tx.start
	look := l.view(func(btx *bbolt.Tx) error {
		b, err := openBuckets(btx)
		if err == nil {
			seen = b.last()
		}
		return err
	})
	if look == nil && seen == tx.start {
		return err
	}
	l.stateMu.Lock()
	l.broken = fmt.Errorf("store: %s: %w: %w", l.dir, errBroken, cause)
	l.stateMu.Unlock()
	return err
}

// View runs fn on the state of the last commit.
func (l *Library) View(fn func(*Tx) error) error {
	return l.view(func(btx *bbolt.Tx) error {
		tx, err := l.newTx(btx, "")
		if err != nil {
			return err
		}
		return fn(tx)
	})
}

func (l *Library) view(fn func(*bbolt.Tx) error) (err error) {
	defer faultsPanic()()
	defer guard(&err)
	btx, err := l.db.Begin(false)
	if err != nil {
		if errors.Is(err, berrors.ErrDatabaseNotOpen) {
			return mark(ErrClosed, "%s is closed", l.dir)
		}
		return fmt.Errorf("store: %w", err)
	}
	defer func() { err = errors.Join(err, btx.Rollback()) }()
	return fn(btx)
}

func (l *Library) newTx(btx *bbolt.Tx, actor string) (*Tx, error) {
	b, err := openBuckets(btx)
	if err != nil {
		return nil, err
	}
	tx := &Tx{
		lib: l, b: b, actor: Text(actor), writable: btx.Writable(),
		now: l.o.Now().UTC().Truncate(time.Millisecond),
	}
	tx.seq = b.last()
	tx.start, tx.batch = tx.seq, tx.seq+1
	return tx, nil
}
