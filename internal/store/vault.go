package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
)

// Vault keeps files under the SHA-256 of their bytes: vault/ab/ab12…, written once and never changed. A file is there
// under its name only when it is complete and on the disk.
type Vault struct {
	dir      string
	fs       fileSystem
	readOnly bool
	spare    func(sha string) ([]byte, bool) // nil: none
}

const tempPattern = ".new-"

// Put stores what r gives and returns its name and size. The same bytes are stored once.
func (v *Vault) Put(ctx context.Context, r io.Reader) (sha string, n int64, err error) {
	if v.readOnly {
		return "", 0, mark(ErrReadOnly, "vault: the library is open for reading only")
	}
	if err := v.fs.MkdirAll(v.dir); err != nil {
		return "", 0, fmt.Errorf("store: vault: %w", err)
	}
	f, err := v.fs.CreateTemp(v.dir, tempPattern+"*")
	if err != nil {
		return "", 0, fmt.Errorf("store: vault: %w", err)
	}
	temp := f.Name()
	sum := sha256.New()
	n, err = io.Copy(io.MultiWriter(f, sum), &ctxReader{ctx, r})
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	sha = hex.EncodeToString(sum.Sum(nil))
	if err == nil {
		err = v.keep(temp, sha, n)
	}
	if err != nil {
		_ = v.fs.Remove(temp) // a leftover is removed at the next opening
		return "", 0, fmt.Errorf("store: vault: %w", err)
	}
	return sha, n, nil
}

// keep gives a synced file its name, unless a sound copy has it already; a damaged copy is replaced.
func (v *Vault) keep(temp, sha string, n int64) error {
	path := v.Path(sha)
	if info, err := v.fs.Stat(path); err == nil && info.Size() == n && v.check(sha) == nil {
		if err := v.fs.Remove(temp); err != nil {
			return err
		}
		// An earlier Put may have died between rename and here: its name must be on the disk before we promise it.
		return v.syncNames(path)
	}
	if err := v.fs.MkdirAll(filepath.Dir(path)); err != nil {
		return err
	}
	if err := v.fs.Rename(temp, path); err != nil {
		return err
	}
	return v.syncNames(path)
}

func (v *Vault) syncNames(path string) error {
	if err := v.fs.SyncDir(filepath.Dir(path)); err != nil {
		return err
	}
	if err := v.fs.SyncDir(v.dir); err != nil {
		return err
	}
	return v.fs.SyncDir(filepath.Dir(v.dir))
}

// PutBytes is Put for bytes in memory.
func (v *Vault) PutBytes(ctx context.Context, b []byte) (sha string, err error) {
	sha, _, err = v.Put(ctx, bytes.NewReader(b))
	return sha, err
}

// Path is where a file lies or would lie. A name that is no SHA-256 gives a path inside the vault that never exists.
func (v *Vault) Path(sha string) string {
	if !isSHA(sha) {
		return filepath.Join(v.dir, "no-such-file")
	}
	return filepath.Join(v.dir, sha[:2], sha)
}

// Has tells whether a file is there, without reading it.
func (v *Vault) Has(sha string) bool {
	if v.holds(sha) {
		return true
	}
	_, ok := v.lent(sha)
	return ok
}

// holds is Has without what is lent.
func (v *Vault) holds(sha string) bool {
	info, err := v.fs.Stat(v.Path(sha))
	return err == nil && info.Mode().IsRegular()
}

func (v *Vault) lent(sha string) ([]byte, bool) {
	if v.spare == nil {
		return nil, false
	}
	return v.spare(sha)
}

// Open reads a file. Its last Read gives ErrCorrupt instead of io.EOF where the bytes do not match the name.
func (v *Vault) Open(sha string) (io.ReadCloser, error) {
	f, err := v.fs.Open(v.Path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		if data, ok := v.lent(sha); ok {
			return &checkedReader{ReadCloser: io.NopCloser(bytes.NewReader(data)), sha: sha, sum: sha256.New()}, nil
		}
		return nil, mark(ErrNotFound, "vault: %.12s is not there", sha)
	}
	if err != nil {
		return nil, fmt.Errorf("store: vault: %w", err)
	}
	return &checkedReader{ReadCloser: f, sha: sha, sum: sha256.New()}, nil
}

// Bytes reads a whole file and checks it.
func (v *Vault) Bytes(sha string) ([]byte, error) {
	f, err := v.Open(sha)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return b, nil
}

func (v *Vault) check(sha string) error {
	f, err := v.Open(sha)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, f)
	return errors.Join(err, f.Close())
}

// list gives the paths inside the vault of all files but those being written.
func (v *Vault) list() ([]string, error) {
	var paths []string
	err := v.fs.WalkDir(v.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // an empty vault, or a file that a writer has just renamed
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(v.dir, path)
		if err == nil && !strings.HasPrefix(d.Name(), tempPattern) {
			paths = append(paths, filepath.ToSlash(rel))
		}
		return err
	})
	return paths, err
}

// fault tells what is wrong with a file found at a path inside the vault, "" where nothing is.
func (v *Vault) fault(path string) string {
	sha := path[strings.LastIndexByte(path, '/')+1:]
	if !isSHA(sha) || path != sha[:2]+"/"+sha {
		return "not a name of the vault"
	}
	err := v.check(sha)
	if errors.Is(err, ErrCorrupt) {
		return "its bytes do not match its name"
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// clean removes what writers that died have left.
func (v *Vault) clean() {
	var left []string
	_ = v.fs.WalkDir(v.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || path == v.dir:
			return err
		case d.IsDir():
			return fs.SkipDir
		case strings.HasPrefix(d.Name(), tempPattern):
			left = append(left, path)
		}
		return nil
	})
	for _, path := range left {
		_ = v.fs.Remove(path)
	}
}

func isSHA(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

type ctxReader struct {
	ctx context.Context //nolint:containedctx // lives for one Put
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

type checkedReader struct {
	io.ReadCloser
	sha string
	sum hash.Hash
}

func (c *checkedReader) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.sum.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(c.sum.Sum(nil)) != c.sha { //nolint:errorlint // io.EOF is never wrapped here
		return n, mark(ErrCorrupt, "vault: %.12s: its bytes do not match its name", c.sha)
	}
	return n, err
}
