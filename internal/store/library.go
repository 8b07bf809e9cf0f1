package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/oklog/ulid/v2"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// The names inside a library folder.
const (
	ledgerName = "library.db"
	vaultName  = "vault"
	holderName = "library.lock"
)

// Library is an open library. All methods may be called from any goroutine; Updates run one after another, Views
// beside them on the state of the last commit.
type Library struct {
	dir     string
	o       Options
	db      *bbolt.DB
	vault   *Vault
	encoder encoder
	seq     atomic.Uint64
	writer  chan struct{} // holds one token: the right to write

	idsMu sync.Mutex
	ids   *ulid.MonotonicEntropy

	stateMu sync.Mutex
	closed  bool
	broken  error // set when a commit failed in a way that leaves the disk unknown
	waiters map[chan struct{}]struct{}
}

// smallest is less than any ledger has: two pages of the smallest size.
const smallest = 1024

// Open opens the library in dir, migrating an older schema first. It does not replay the ledger.
func Open(ctx context.Context, dir string, o Options) (*Library, error) {
	o = o.filled()
	path := filepath.Join(dir, ledgerName)
	info, err := os.Stat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, mark(ErrNotFound, "%s: no library here; tenet init makes one", dir)
		}
		return nil, fmt.Errorf("store: %w", err)
	}
	if info.IsDir() {
		return nil, mark(ErrCorrupt, "%s is a folder, no ledger", path)
	}
	if info.Size() < smallest { // bbolt would make an empty file its own
		return nil, mark(ErrCorrupt, "%s is no ledger: it has only %d bytes", path, info.Size())
	}
	db, err := o.bolt(ctx, path)
	if err != nil {
		return nil, openError(dir, path, err)
	}
	l := &Library{
		dir: dir, o: o, db: db,
		vault:   &Vault{dir: filepath.Join(dir, vaultName), fs: o.fs, readOnly: o.ReadOnly, spare: o.Spare},
		writer:  make(chan struct{}, 1),
		ids:     ulid.Monotonic(o.Rand, 0),
		waiters: map[chan struct{}]struct{}{},
	}
	l.writer <- struct{}{}
	if err := l.ready(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if !o.ReadOnly {
		l.vault.clean()
		cleanInit(dir)
		writeHolder(dir, o.Doing, o.Now())
	}
	return l, nil
}

func openError(dir, path string, err error) error {
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return lockedBy(dir)
	case errors.Is(err, fs.ErrPermission), isReadOnlyFS(err):
		return mark(ErrReadOnly, "%s cannot be opened for writing: %w", path, err)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return mark(ErrCorrupt, "%s is no ledger: %w", path, err)
	case strings.HasPrefix(err.Error(), "file size too small"): // bbolt has no sentinel for it
		return mark(ErrCorrupt, "%s is cut off: %w", path, err)
	}
	return fmt.Errorf("store: %s: %w", path, err)
}

// ready checks the schema before anything else, migrates, and reads where the ledger ends.
func (l *Library) ready(ctx context.Context) error {
	if err := l.migrate(ctx); err != nil {
		return err
	}
	return l.view(func(btx *bbolt.Tx) error {
		b, err := openBuckets(btx)
		if err != nil {
			return err
		}
		seq, err := b.checkEnd()
		l.seq.Store(seq)
		return err
	})
}

// Close waits for running transactions, then lets the library go. Closing twice is no error.
func (l *Library) Close() error {
	l.stateMu.Lock()
	was := l.closed
	l.closed = true
	l.stateMu.Unlock()
	if was {
		return nil
	}
	<-l.writer
	if !l.o.ReadOnly {
		removeHolder(l.dir)
	}
	err := l.db.Close()
	l.writer <- struct{}{}
	if err != nil {
		return fmt.Errorf("store: close %s: %w", l.dir, err)
	}
	return nil
}

// Dir is the library's folder as it was given to Open.
func (l *Library) Dir() string { return l.dir }

// Vault holds the library's files.
func (l *Library) Vault() *Vault { return l.vault }

// Seq is the number of the last change, 0 in an empty library.
func (l *Library) Seq() uint64 { return l.seq.Load() }

// Find gives the nearest folder at or above start that holds a library.
func Find(start string) (string, error) {
	dir, err := filepath.Abs(start)
	if err != nil {
		return "", fmt.Errorf("store: %w", err)
	}
	for {
		if info, err := os.Stat(filepath.Join(dir, ledgerName)); err == nil && info.Mode().IsRegular() {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", mark(ErrNotFound, "no library at or above %s; tenet init makes one", start)
		}
		dir = up
	}
}

func be64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func fromBE64(b []byte) uint64 {
	if len(b) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}
