package store

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Options say how a library is opened; the zero value opens for writing and does not wait for a lock.
type Options struct {
	ReadOnly bool             // no write will be made; several readers may share the library
	Now      func() time.Time // clock; nil is time.Now
	Rand     io.Reader        // source for ids and the signing key; nil is crypto/rand
	Doing    string           // what this process does, told to whoever finds the library locked
	// Spare gives files that may be read as if the vault had them, while PutAll brings them; nil is none. It is called
	// from any goroutine.
	Spare    func(sha string) ([]byte, bool)
	LockWait time.Duration // how long to wait for another process to let go

	// For tests: the file layer under vault and copies, the migrations, and how bbolt opens its file.
	fs         fileSystem
	migrations []migration
	openFile   func(string, int, os.FileMode) (*os.File, error)
}

func (o Options) filled() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.fs == nil {
		o.fs = osFS{}
	}
	if o.migrations == nil {
		o.migrations = migrations()
	}
	return o
}

// allocSize is how far library.db grows at once, so that most commits need neither truncate nor its fsync.
const allocSize = 4 << 20

// bolt opens the ledger file under bbolt's own lock, asking again until LockWait is over.
func (o Options) bolt(ctx context.Context, path string) (*bbolt.DB, error) {
	b := *bbolt.DefaultOptions
	b.ReadOnly = o.ReadOnly
	b.OpenFile = o.openFile
	b.FreelistType = bbolt.FreelistArrayType // takes the lowest free page, so a commit touches fewer places of the disk
	b.InitialMmapSize = mmapSize
	b.PageSize = 4096 // the same on every machine; the file says it too
	b.NoStatistics = true
	b.Timeout = time.Millisecond // bbolt reads 0 as "for ever"
	for end := time.Now().Add(o.LockWait); ; {
		db, err := openBolt(path, b)
		if outOfAddresses(err) && b.InitialMmapSize > 0 { // under ulimit -v; then the map moves as the file grows
			b.InitialMmapSize = 0
			continue
		}
		if err != berrors.ErrTimeout {
			if err == nil {
				db.AllocSize = allocSize
			}
			return db, err
		}
		if !time.Now().Before(end) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// openBolt closes the file where bbolt panics on what it finds in it, which bbolt does not.
func openBolt(path string, b bbolt.Options) (db *bbolt.DB, err error) {
	open, opened := b.OpenFile, (*os.File)(nil)
	if open == nil {
		open = os.OpenFile
	}
	b.OpenFile = func(name string, flag int, mode os.FileMode) (*os.File, error) {
		f, err := open(name, flag, mode)
		opened = f
		return f, err
	}
	finished := false
	defer guard(&err)
	defer func() {
		if !finished && opened != nil {
			_ = opened.Close()
		}
	}()
	defer faultsPanic()()
	db, err = bbolt.Open(path, 0o644, &b)
	finished = true
	return db, err
}
