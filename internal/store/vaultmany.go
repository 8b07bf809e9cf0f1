package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
)

// atOnce is how many files PutAll writes before it gives them their names.
const atOnce = 256

// PutAll stores many files; one that is there under its name is left as it is. Of some hundred at a time all are written and
// synced before the first gets its name, and the folders are synced once for all: for many small files that is several
// times as fast as Put for each.
func (v *Vault) PutAll(ctx context.Context, files [][]byte) error {
	if v.readOnly {
		return mark(ErrReadOnly, "vault: the library is open for reading only")
	}
	if err := v.fs.MkdirAll(v.dir); err != nil {
		return fmt.Errorf("store: vault: %w", err)
	}
	var batch []incoming
	held := map[string]bool{} // folders of files that are there: an earlier call may have died before their names were on the disk
	for i, data := range files {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("store: vault: %d of %d files looked at: %w", i, len(files), err)
		}
		sum := sha256.Sum256(data)
		if sha := hex.EncodeToString(sum[:]); v.holds(sha) {
			held[filepath.Dir(v.Path(sha))] = true
		} else {
			batch = append(batch, incoming{sha: sha, data: data})
		}
		if len(batch) == atOnce || i == len(files)-1 {
			if err := v.putBatch(batch); err != nil {
				return fmt.Errorf("store: vault: %w", err)
			}
			batch = batch[:0]
		}
	}
	if err := v.syncDirs(held); err != nil {
		return fmt.Errorf("store: vault: %w", err)
	}
	return nil
}

// incoming is a file on its way into the vault.
type incoming struct {
	sha, temp string
	data      []byte
}

func (v *Vault) putBatch(batch []incoming) (err error) {
	if len(batch) == 0 {
		return nil
	}
	defer func() {
		if err != nil { // leftovers are removed at the next opening too
			for _, p := range batch {
				if p.temp != "" {
					_ = v.fs.Remove(p.temp)
				}
			}
		}
	}()
	open := make([]file, 0, len(batch))
	for i := range batch {
		f, err := v.fs.CreateTemp(v.dir, tempPattern+"*")
		if err != nil {
			return errors.Join(err, closeAll(open))
		}
		open, batch[i].temp = append(open, f), f.Name()
		if _, err := f.Write(batch[i].data); err != nil {
			return errors.Join(err, closeAll(open))
		}
	}
	for _, f := range open { // by now the system has begun to write; the first sync takes most of the others along
		if err := f.Sync(); err != nil {
			return errors.Join(err, closeAll(open))
		}
	}
	if err := closeAll(open); err != nil {
		return err
	}
	dirs := map[string]bool{v.dir: true, filepath.Dir(v.dir): true}
	for _, p := range batch {
		path := v.Path(p.sha)
		if err := v.fs.MkdirAll(filepath.Dir(path)); err != nil {
			return err
		}
		if err := v.fs.Rename(p.temp, path); err != nil {
			return err
		}
		dirs[filepath.Dir(path)] = true
	}
	return v.syncDirs(dirs)
}

// syncDirs puts the names in dirs on the disk.
func (v *Vault) syncDirs(dirs map[string]bool) error {
	for _, dir := range sortedKeys(dirs) {
		if err := v.fs.SyncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

func closeAll(files []file) error {
	var errs []error
	for _, f := range files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
