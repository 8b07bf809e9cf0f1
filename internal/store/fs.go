package store

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// fileSystem is every call with which vault and copies touch the disk, so that tests can let each of them fail, and
// lose what was not synced.
type fileSystem interface {
	MkdirAll(dir string) error
	CreateTemp(dir, pattern string) (file, error)
	Open(path string) (io.ReadCloser, error)
	Stat(path string) (fs.FileInfo, error)
	Rename(from, to string) error
	Link(from, to string) error
	Remove(path string) error
	SyncDir(dir string) error
	WalkDir(dir string, fn fs.WalkDirFunc) error
}

// file is a file being written.
type file interface {
	io.Writer
	Name() string
	Sync() error
	Close() error
}

// osFS is the real one.
type osFS struct{}

func (osFS) MkdirAll(dir string) error                    { return os.MkdirAll(dir, 0o755) }
func (osFS) CreateTemp(dir, pattern string) (file, error) { return os.CreateTemp(dir, pattern) }
func (osFS) Open(path string) (io.ReadCloser, error)      { return os.Open(path) }
func (osFS) Stat(path string) (fs.FileInfo, error)        { return os.Stat(path) }
func (osFS) Rename(from, to string) error                 { return os.Rename(from, to) }
func (osFS) Link(from, to string) error                   { return os.Link(from, to) }
func (osFS) Remove(path string) error                     { return os.Remove(path) }
func (osFS) SyncDir(dir string) error                     { return syncDir(dir) }
func (osFS) WalkDir(dir string, fn fs.WalkDirFunc) error  { return filepath.WalkDir(dir, fn) }
