package task

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Data is a folder that holds the data files somebody brought, each packed by gzip under its own name. What
// was read once stays in memory, so that a worker unpacks a file for its first trial only.
type Data struct {
	dir string

	mu   sync.Mutex // guards what follows
	read map[string][]byte
}

// OpenData names a folder; it need not exist until something is added.
func OpenData(dir string) *Data { return &Data{dir: dir, read: map[string][]byte{}} }

// Added is what came of one file offered to a folder.
type Added struct {
	Path string // as offered
	File string // name of the data file that it is; "" where it is none
	Was  bool   // it was there already
}

// maxOffered bounds a file that is looked at: a larger one holds no data of these tasks.
const maxOffered = 1 << 28

// Add looks at a file, or at every file below a folder, and keeps those it knows by the SHA-256 of their
// unpacked bytes, packed or not, whatever they are called. Of MNIST's full files it keeps the first rows.
func (d *Data) Add(ctx context.Context, path string) ([]Added, error) {
	var all []Added
	err := filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		a, err := d.offer(p)
		if err != nil {
			return err
		}
		all = append(all, a)
		return nil
	})
	if err != nil {
		return all, fmt.Errorf("runner/task: data: %w", err)
	}
	return all, nil
}

func (d *Data) offer(path string) (Added, error) {
	a := Added{Path: path}
	info, err := os.Stat(path)
	if err != nil || info.Size() > maxOffered {
		return a, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return a, err
	}
	var packed []byte // as offered, if that will do
	if plain, err := unpacked(b); err == nil {
		packed, b = b, plain
	}
	f, own, ok := recognised(b)
	if !ok {
		return a, nil
	}
	if len(own) != len(b) {
		packed = nil
	}
	a.File = f.Name
	if d.Has(f.Name) {
		a.Was = true
		return a, nil
	}
	if packed == nil {
		if packed, err = pack(own); err != nil {
			return a, err
		}
	}
	return a, d.keep(f, packed)
}

func pack(b []byte) ([]byte, error) {
	var packed bytes.Buffer
	zw := gzip.NewWriter(&packed)
	_, err := zw.Write(b)
	err = errors.Join(err, zw.Close())
	return packed.Bytes(), err
}

// unpacked is what a gzip file holds.
func unpacked(b []byte) ([]byte, error) {
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(zr, maxOffered+1))
	if err == nil && len(plain) > maxOffered {
		err = errors.New("larger than any data file")
	}
	return plain, err
}

// recognised finds the file whose bytes these are, or whose bytes their first rows are.
func recognised(b []byte) (File, []byte, bool) {
	for _, f := range Files() {
		cut := b
		if f.head > 0 && len(b) > f.Size && bytes.Equal(b[:4], []byte{0, 0, 8, b[3]}) {
			cut = slices.Clone(b[:f.Size])
			binary.BigEndian.PutUint32(cut[4:], uint32(f.head))
		}
		if len(cut) == f.Size && shaOf(cut) == f.SHA {
			return f, cut, true
		}
	}
	return File{}, nil, false
}

func shaOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// keep writes a file beside its place and moves it there, so that a name never stands for half a file.
func (d *Data) keep(f File, packed []byte) error {
	if err := os.MkdirAll(d.dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(d.dir, f.Name+".*.new")
	if err != nil {
		return err
	}
	_, err = temp.Write(packed)
	if err = errors.Join(err, temp.Close()); err == nil {
		err = os.Rename(temp.Name(), d.path(f.Name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

func (d *Data) path(name string) string { return filepath.Join(d.dir, name+".gz") }

// Has says whether a file is there. Whether its bytes are right is seen when it is read.
func (d *Data) Has(name string) bool {
	if d == nil || d.dir == "" {
		return false
	}
	info, err := os.Stat(d.path(name))
	return err == nil && info.Mode().IsRegular()
}

// Missing says what t needs that d has not, and how to get it or do without; nil where all is there.
func (t Task) Missing(d *Data) error {
	for _, name := range t.needs() {
		if _, ok := brought(name); ok && !d.Has(name) {
			return t.missing(name)
		}
	}
	return nil
}

func brought(name string) (File, bool) {
	all := Files()
	i := slices.IndexFunc(all, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}, false
	}
	return all[i], true
}

// MissingError names a data file that is not here.
type MissingError struct {
	Task, File, From string
	Instead          string // the source of data that a plan could name instead; "" for none
}

func (e *MissingError) Error() string {
	s := fmt.Sprintf("runner/task: %s: %s (%s) is not in the data folder; tenet data add DIR brings it from wherever it lies", e.Task, e.File, e.From)
	if e.Instead != "" {
		s += fmt.Sprintf("; data: %s in every arm does without it and says so", e.Instead)
	}
	return s
}

func (t Task) missing(name string) error {
	f, _ := brought(name)
	e := &MissingError{Task: t.Name, File: name, From: f.From}
	if may := sources[t.rules()]; len(may) > 1 && t.Options.Data == "" && t.Options.Split == "" {
		e.Instead = may[1]
	}
	return e
}

// bytes gives the unpacked bytes of a file t needs, checked.
func (d *Data) bytes(t Task, name string) ([]byte, error) {
	if !d.Has(name) {
		return nil, t.missing(name)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if b, ok := d.read[name]; ok {
		return b, nil
	}
	packed, err := os.ReadFile(d.path(name))
	if err != nil {
		return nil, fmt.Errorf("runner/task: %s: %w", t.Name, err)
	}
	b, err := unpacked(packed)
	f, _ := brought(name)
	if err == nil && shaOf(b) != f.SHA {
		err = errors.New("its bytes are not the published ones")
	}
	if err != nil {
		return nil, fmt.Errorf("runner/task: %s: %s: %w; delete it and bring it again with tenet data add DIR", t.Name, d.path(name), err)
	}
	d.read[name] = b
	return b, nil
}
