package store

import (
	"iter"

	"go.etcd.io/bbolt"
)

// changesPerView bounds how long one reading transaction of Changes stays open: an open one keeps old pages from reuse.
const changesPerView = 256

// Changes reads the ledger after a number up to its end at the time of reading. It may be stopped at any point and
// Updates may run beside it; with [Library.Wake] a reader can follow for ever.
func (l *Library) Changes(after uint64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for {
			chunk, err := l.changeChunk(after)
			for _, c := range chunk {
				if !yield(c, nil) {
					return
				}
				after = c.Seq
			}
			if err != nil {
				yield(Change{}, err)
				return
			}
			if len(chunk) < changesPerView {
				return
			}
		}
	}
}

func (l *Library) changeChunk(after uint64) ([]Change, error) {
	var chunk []Change
	err := l.view(func(btx *bbolt.Tx) error {
		b, err := openBuckets(btx)
		if err != nil {
			return err
		}
		c := b.changes.Cursor()
		for k, v := c.Seek(be64(after + 1)); k != nil && len(chunk) < changesPerView; k, v = c.Next() {
			seq := fromBE64(k)
			if seq != after+uint64(len(chunk))+1 || !entry(v).sound() {
				return mark(ErrCorrupt, "library.db: change %d is missing", after+uint64(len(chunk))+1)
			}
			change, err := parseChange(entry(v).record())
			if err != nil {
				return mark(ErrCorrupt, "change %d: %w", seq, err)
			}
			chunk = append(chunk, change)
		}
		return nil
	})
	return chunk, err
}

// Wake subscribes to commits: the channel holds one token after any number of commits since the last receive. The
// second result ends the subscription.
func (l *Library) Wake() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	l.stateMu.Lock()
	l.waiters[ch] = struct{}{}
	l.stateMu.Unlock()
	return ch, func() {
		l.stateMu.Lock()
		delete(l.waiters, ch)
		l.stateMu.Unlock()
	}
}

func (l *Library) wakeAll() {
	l.stateMu.Lock()
	defer l.stateMu.Unlock()
	for ch := range l.waiters {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
