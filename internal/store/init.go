package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"
)

// Init makes an empty library in dir, and dir where it is missing, and opens it. It refuses a folder that holds one.
// library.db appears under its name only when it is complete and on the disk.
func Init(ctx context.Context, dir string, o Options) (*Library, error) {
	return initWith(ctx, dir, o, func(*bbolt.Tx) error { return nil })
}

// initWith is Init for a library that begins with something in it, which fill writes.
func initWith(ctx context.Context, dir string, o Options, fill func(*bbolt.Tx) error) (*Library, error) {
	o = o.filled()
	if o.ReadOnly {
		return nil, mark(ErrReadOnly, "%s: a library cannot be made read-only", dir)
	}
	path := filepath.Join(dir, ledgerName)
	if _, err := os.Lstat(path); err == nil {
		return nil, mark(ErrExists, "%s already holds a library", dir)
	}
	if err := os.MkdirAll(filepath.Join(dir, vaultName), 0o755); err != nil {
		return nil, initError(dir, err)
	}
	temp, err := os.MkdirTemp(dir, initPattern)
	if err != nil {
		return nil, initError(dir, err)
	}
	defer os.RemoveAll(temp)
	err = writeNew(ctx, filepath.Join(temp, ledgerName), o, fill)
	if err == nil {
		err = publish(o.fs, filepath.Join(temp, ledgerName), path)
	}
	if err != nil {
		// Another process was quicker; it may have taken our file for a leftover.
		if _, there := os.Lstat(path); errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) && there == nil {
			return nil, mark(ErrExists, "%s already holds a library", dir)
		}
		return nil, initError(dir, err)
	}
	return Open(ctx, dir, o)
}

// cleanInit removes what an Init that died has left. It is called where the library is there and held: whoever is still
// making another one in this folder fails in any case.
func cleanInit(dir string) {
	all, _ := os.ReadDir(dir)
	for _, e := range all {
		if strings.HasPrefix(e.Name(), initPattern) {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

const initPattern = ".init-"

func initError(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) || isReadOnlyFS(err) {
		return mark(ErrReadOnly, "no library can be made in %s: %w", dir, err)
	}
	return fmt.Errorf("store: no library can be made in %s: %w", dir, err)
}

// publish gives the finished file its name without ever replacing another. Where the file system has no hard links
// it falls back to a rename, whose small race is closed by bbolt's lock on the file that won.
func publish(f fileSystem, temp, path string) error {
	err := f.Link(temp, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = f.Rename(temp, path)
	}
	if err != nil {
		return err
	}
	return f.SyncDir(filepath.Dir(path))
}

func writeNew(ctx context.Context, path string, o Options, fill func(*bbolt.Tx) error) (err error) {
	db, err := o.bolt(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Update(func(btx *bbolt.Tx) error {
		if err := makeBuckets(btx, o); err != nil {
			return err
		}
		return fill(btx)
	})
}

func makeBuckets(btx *bbolt.Tx, o Options) error {
	for _, name := range bucketNames() {
		if _, err := btx.CreateBucket([]byte(name)); err != nil {
			return err
		}
	}
	now := o.Now()
	id, err := ulid.New(ulid.Timestamp(now), o.Rand)
	if err != nil {
		return err
	}
	skey, vkey, err := note.GenerateKey(o.Rand, "tenet/"+id.String())
	if err != nil {
		return err
	}
	meta := btx.Bucket([]byte(bucketMeta))
	for _, kv := range [][2]string{
		{metaSchema, strconv.Itoa(schemaNow)},
		{metaLibrary, id.String()},
		{metaCreated, now.UTC().Format(time.RFC3339)},
		{metaSigner, skey},
		{metaVerifier, vkey},
	} {
		if err := meta.Put([]byte(kv[0]), []byte(kv[1])); err != nil {
			return err
		}
	}
	return nil
}
