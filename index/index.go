package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"tenet/internal/store"
)

// ErrClosed says that the index was used after Close.
var ErrClosed = errors.New("index: closed")

// Index answers searches and follows the ledger.
type Index struct {
	lib  *store.Library
	dir  string
	stop context.CancelFunc
	done chan struct{}

	// mu guards what follows. Searches hold it for reading as long as they use a generation.
	mu  sync.RWMutex
	gen *generation // nil until one is open
	st  Status
	// moved is closed and replaced whenever st or gen changed.
	moved chan struct{}
}

// Status is how far the index is.
type Status struct {
	// Applied is the change the answers are as of, Head the ledger's last.
	Applied, Head uint64
	// Rebuilding: Done of Total things are drawn anew; the old answers go on meanwhile.
	Rebuilding  bool
	Done, Total int
	// Why the last rebuild was needed, in words.
	Why string
	// Err is what keeps the index from following, nil when nothing does. It is tried again.
	Err error
}

// Open starts an index over lib in the folder dir and returns at once; opening,
// catching up and rebuilding go on behind. A search waits until the first
// answer is possible. Where dir cannot be written the index lives in memory.
func Open(ctx context.Context, lib *store.Library, dir string) (*Index, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("index: %s is a file, not a folder", dir)
	}
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	x := &Index{lib: lib, dir: dir, stop: stop, done: make(chan struct{}), moved: make(chan struct{})}
	wake, unsubscribe := lib.Wake()
	go func() {
		defer close(x.done)
		defer unsubscribe()
		x.live(life, wake)
	}()
	return x, nil
}

// Close ends following and lets go of the folder.
func (x *Index) Close() error {
	x.stop()
	<-x.done
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.gen == nil {
		return nil
	}
	err := x.gen.b.Close()
	x.gen = nil
	return err
}

// State tells how far the answers are, for a status line.
func (x *Index) State() (applied, head uint64, rebuilding bool) {
	s := x.Status()
	return s.Applied, s.Head, s.Rebuilding
}

// Status tells more.
func (x *Index) Status() Status {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s := x.st
	s.Head = x.lib.Seq()
	return s
}

// Wait returns when searches see change seq. It gives up when ctx ends, the
// index is closed, or following failed.
func (x *Index) Wait(ctx context.Context, seq uint64) error {
	return x.until(ctx, func() (bool, error) {
		if x.gen != nil && x.st.Applied >= seq && !x.stale() {
			return true, nil
		}
		return false, x.st.Err
	})
}

// stale: an old generation answers while the new one is drawn. mu is held.
func (x *Index) stale() bool { return x.st.Rebuilding }

// until blocks until holds is true or fails; holds runs with mu held for reading.
func (x *Index) until(ctx context.Context, holds func() (bool, error)) error {
	for {
		x.mu.RLock()
		ok, err := holds()
		moved := x.moved
		x.mu.RUnlock()
		if ok || err != nil {
			return err
		}
		select {
		case <-moved:
		case <-x.done:
			return ErrClosed
		case <-ctx.Done():
			return fmt.Errorf("index: waiting for the ledger's last change: %w", ctx.Err())
		}
	}
}

// change edits what mu guards and wakes whoever waits.
func (x *Index) change(edit func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	edit()
	close(x.moved)
	x.moved = make(chan struct{})
}

// live opens or rebuilds, then follows until ctx ends.
func (x *Index) live(ctx context.Context, wake <-chan struct{}) {
	b := backoff{}
	for why := x.open(); ; {
		if why != "" {
			err := x.rebuild(ctx, why)
			if ctx.Err() != nil {
				return
			}
			x.change(func() { x.st.Err = err })
			if err != nil {
				if !b.wait(ctx, wake) {
					return
				}
				continue
			}
			why = ""
		}
		err := x.catchUp(ctx)
		if ctx.Err() != nil {
			return
		}
		if damaged, ok := errors.AsType[*damageError](err); ok {
			why = damaged.Error()
			continue
		}
		if x.failed() != err { //nolint:errorlint // the same value, or another
			x.change(func() { x.st.Err = err })
		}
		if err != nil {
			if !b.wait(ctx, wake) {
				return
			}
			continue
		}
		b = backoff{}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
	}
}

func (x *Index) failed() error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.st.Err
}

// open tries the generation on disk; why says in words what forbids using it.
func (x *Index) open() (why string) {
	g, err := current(x.dir)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			if _, err := os.Stat(filepath.Join(x.dir, "CURRENT")); err != nil {
				return "there was none"
			}
		}
		return fmt.Sprintf("it could not be opened: %v", err)
	}
	switch leaf, err := x.leaf(g.st.Applied); {
	case err != nil || leaf != g.st.Leaf:
		_ = g.b.Close() // of another library, or of a future this one never had
		return "it belongs to other changes than the ledger's"
	case g.st.Mapping != mappingHash():
		why = "this program reads texts in another way than the one that made it"
	}
	x.change(func() { x.gen, x.st.Applied = g, g.st.Applied })
	return why
}
